"""Reading: every filter, page after page without gap or repeat, one's own writes, and what waits for whom."""

from __future__ import annotations

from time import monotonic
from typing import Any

import httpx
import pytest

from tests import town
from tests.case_calls import at, call, dispatch, done, receive, refused, report, seen
from tests.served import Served
from tests.town import COMMUNITY, DISTRICT, GRID, LAMPS, NEXT_GRID, NOISE, OTHER_GRID, ROADS, RUBBISH, STREET, WATER

DAY = 24 * 60


def caught_up(served: Served) -> None:
    async def wait(services: Any) -> None:
        for log in services.logs.every():
            await services.reach(log.log_id, await log.last_position())

    served.run(wait)


def found(served: Served, kind: str, staff: str = "receiver", **query: Any) -> set[str]:
    """The paths of what a question finds."""
    caught_up(served)
    answer = served.client(staff).get(f"/{kind}", params={"limit": 200} | query)
    assert answer.status_code == 200, answer.text
    return {f"/{kind}/{item['id']}" for item in answer.json()["items"]}


def queue(served: Served, staff: str, **query: Any) -> list[str]:
    """The paths of what waits, most urgent first."""
    caught_up(served)
    answer = served.client(staff).get("/work", params={"limit": 500} | query)
    assert answer.status_code == 200, answer.text
    return [f"/{item['case']}s/{item['id']}" for item in answer.json()]


# --- filters -------------------------------------------------------------------------------------


def test_issues_are_found_by_each_of_their_marks(served: Served) -> None:
    here, next_door = report(served), report(served, grid=NEXT_GRID, category=NOISE, channel="sensor")
    away = f"/issues/{done(served.client('elsewhere'), '/issues', grid=OTHER_GRID, text='噪声')['id']}"
    led = dispatch(served, receive(served))
    mine = {here, next_door, away, led}
    cases: list[tuple[dict[str, Any], set[str]]] = [
        ({"grid": GRID}, {here, led}),
        ({"community": COMMUNITY}, {here, next_door, led}),
        ({"street": STREET}, {here, next_door, led}),
        ({"street": "150785002"}, {away}),
        ({"grid": OTHER_GRID, "street": STREET}, set()),
        ({"status": "reported"}, {here, next_door, away}),
        ({"status": ["reported", "assigned"]}, mine),
        ({"status": "closed"}, set()),
        ({"unit": ROADS}, {led}),
        ({"category": NOISE}, {next_door}),
        ({"category": LAMPS}, {here, led}),
        ({"channel": "sensor"}, {next_door}),
        ({"channel": "hotline"}, {led}),
    ]
    for query, expected in cases:
        assert found(served, "issues", "auditor", **query) & mine == expected, query


def test_requests_are_found_by_each_of_their_marks(served: Served) -> None:
    plain = receive(served)
    imported = receive(served, channel="imported", source="12345", external_id="A-17", category=RUBBISH)
    coarse = receive(served, place=STREET)
    attached = receive(served)
    issue = dispatch(served, attached)
    mine = {plain, imported, coarse, attached}
    cases: list[tuple[dict[str, Any], set[str]]] = [
        ({"grid": GRID}, {plain, imported, attached}),
        ({"community": COMMUNITY}, {plain, imported, attached}),
        ({"street": STREET}, mine),
        ({"status": "attached"}, {attached}),
        ({"status": ["attached", "received"]}, mine),
        ({"unit": ROADS}, {attached}),
        ({"category": RUBBISH}, {imported}),
        ({"channel": "imported"}, {imported}),
        ({"external_id": "A-17"}, {imported}),
        ({"external_id": "A-1"}, set()),
        ({"issue": issue.removeprefix("/issues/")}, {attached}),
    ]
    for query, expected in cases:
        assert found(served, "requests", "auditor", **query) & mine == expected, query


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("满100%退", ["满100元退", "满1000退"]),
        ("井盖_07", ["井盖A07", "井盖07"]),
        (r"东\西", ["东西", "东西路"]),
        (r"\%_", ["%_", r"\x"]),
        ("'; DROP TABLE log; --", ["DROP"]),
    ],
)
def test_a_text_is_searched_for_as_it_is(served: Served, text: str, others: list[str]) -> None:
    request, issue = receive(served, text=f"前{text}后"), report(served, text=f"前{text}后")
    titled = receive(served, text="见标题", title=f"关于{text}")
    for other in others:
        receive(served, text=f"前{other}后")
        report(served, text=f"前{other}后")
    assert found(served, "requests", text=text) == {request, titled}
    assert found(served, "issues", text=text) == {issue}


def test_letters_are_found_in_either_case(served: Served) -> None:
    issue = report(served, text="LED屏不亮")
    assert found(served, "issues", text="led屏") == {issue}


def test_due_and_overdue_are_asked_at_an_instant(served: Served) -> None:
    roads, dispatcher = served.client("roads"), served.client("dispatcher")
    late, in_time, running = (dispatch(served, receive(served), minutes=10) for _ in range(3))
    waiting = report(served)
    fresh = f"/issues/{call(dispatcher, f'{receive(served)}/dispatch', 1).json()['id']}"
    for issue, minutes in ((late, 3 * DAY), (in_time, 60)):
        done(roads, f"{issue}/accept", 4, happened_at=at(30))
        done(roads, f"{issue}/resolve", 5, measure="更换灯具", happened_at=at(minutes))
    mine = {late, in_time, running, waiting, fresh}
    deadline = "2026-11-04T01:10:00Z"  # two workdays after ten past nine
    cases: list[tuple[dict[str, Any], set[str]]] = [
        ({"overdue": "true"}, {late, running}),
        ({"overdue": "false"}, {in_time, waiting, fresh}),
        ({"due": deadline}, set()),
        ({"due": "2026-11-04T09:10:01+08:00"}, {late, in_time, running}),
    ]
    for query, expected in cases:
        assert found(served, "issues", "auditor", **query) & mine == expected, query
        if "overdue" in query:
            requests = found(served, "requests", "auditor", **query)
            assert len(requests & {f"/requests/{_voice(served, issue)}" for issue in (late, running)}) == (
                2 if query["overdue"] == "true" else 0
            )


def _voice(served: Served, issue: str) -> str:
    query = {"issue": issue.removeprefix("/issues/")}
    voice: str = served.client("receiver").get("/requests", params=query).json()["items"][0]["id"]
    return voice


# --- pages ---------------------------------------------------------------------------------------


def test_120_cases_are_paged_without_gap_or_repeat_while_new_ones_arrive(served: Served) -> None:
    # Seven a minute: a page ends in the middle of cases of one instant.
    expected = [report(served, minutes=-number // 7, category=RUBBISH, text="翻页") for number in range(120)]
    caught_up(served)
    client = served.client("receiver")
    query: dict[str, Any] = {"text": "翻页", "limit": 17}
    pages: list[list[dict[str, Any]]] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = client.get("/issues", params=query | ({"cursor": cursor} if cursor else {})).json()
        pages.append(answer["items"])
        cursor = answer["next"]
        report(served, minutes=len(pages), category=RUBBISH, text="翻页")
        caught_up(served)
    shown = [item for page in pages for item in page]
    assert [len(page) for page in pages] == [17] * 7 + [1]
    assert sorted(f"/issues/{item['id']}" for item in shown) == sorted(expected)
    assert [item["reported_at"] for item in shown] == sorted((item["reported_at"] for item in shown), reverse=True)


def test_the_last_page_says_so_also_when_it_is_full(served: Served) -> None:
    for _ in range(4):
        receive(served, text="恰好两页")
    caught_up(served)
    client = served.client("receiver")
    query: dict[str, Any] = {"text": "恰好两页", "limit": 2}
    first = client.get("/requests", params=query).json()
    last = client.get("/requests", params=query | {"cursor": first["next"]}).json()
    assert (len(first["items"]), len(last["items"]), last["next"]) == (2, 2, None)


# --- one's own writes ----------------------------------------------------------------------------


def test_who_waits_for_a_position_reads_their_write(served: Served) -> None:
    receiver = served.client("receiver")
    for number in range(10):
        written = done(receiver, "/requests", kind="help", place=GRID, text=f"读己之写{number}")
        shown = seen(receiver, f"/requests/{written['id']}", written)
        assert (shown["request"]["version"], shown["details"]) == (1, {"text": f"读己之写{number}"})
        answered = done(receiver, f"/requests/{written['id']}/answer", 1, reply="好")
        assert seen(receiver, f"/requests/{written['id']}", answered)["request"]["stage"] == "answered"


def test_a_position_far_ahead_is_not_yet_visible(served: Served) -> None:
    started = monotonic()
    answer = served.client("receiver").get("/requests", params={"wait": f"{DISTRICT}:1000000000"})
    problem = refused(answer, 503, "not-yet-visible")
    assert 4 < monotonic() - started < 9
    assert int(answer.headers["Retry-After"]) >= 1
    assert problem["facts"]["wanted"] == 1_000_000_000


@pytest.mark.parametrize("path", ["/issues", "/requests", "/work", "/stats/rates"])
def test_every_list_waits(served: Served, path: str) -> None:
    query = {"start": "2026-11-01T00:00:00Z", "end": "2026-12-01T00:00:00Z"} if "stats" in path else {}
    wait = {"wait": f"{town.CITY}:1"}
    assert served.client("supervisor").get(path, params=query | wait).status_code == 200


def test_the_version_read_is_the_version_to_change(served: Served) -> None:
    receiver = served.client("receiver")
    for path, step, body in [
        (receive(served), "answer", {"reply": "好"}),
        (report(served), "void", {"reason": "误报"}),
    ]:
        caught_up(served)
        tag = receiver.get(path).headers["ETag"]
        assert tag == '"1"'
        assert receiver.post(f"{path}/{step}", json=body, headers={"If-Match": tag}).headers["ETag"] == '"2"'


def test_a_timeline_is_read_from_a_version_on(served: Served) -> None:
    issue = dispatch(served, receive(served))
    caught_up(served)
    client = served.client("receiver")

    def versions(**query: Any) -> list[int]:
        answer: httpx.Response = client.get(f"{issue}/timeline", params=query)
        return [step["version"] for step in answer.json()]

    assert (versions(), versions(after=2), versions(after=1, limit=2)) == ([1, 2, 3, 4], [3, 4], [2, 3])
    assert versions(after=4) == []


# --- what waits for whom -------------------------------------------------------------------------


def test_a_case_waits_for_whoever_is_next(served: Served) -> None:
    request = receive(served)
    assert request in queue(served, "receiver")
    opened = done(served.client("receiver"), f"{request}/open-issue", 1, happened_at=at(1))
    issue = f"/issues/{opened['id']}"
    steps: list[tuple[str, str, int, dict[str, Any], set[str], set[str]]] = [
        ("receiver", "file", 2, {}, {"dispatcher", "dispatcher-2"}, {"roads", "verifier"}),
        ("dispatcher", "assign", 3, {}, {"roads"}, {"water", "dispatcher", "receiver"}),
        ("roads", "accept", 4, {}, {"roads"}, {"water", "verifier"}),
        ("roads", "resolve", 5, {"measure": "更换灯具"}, {"verifier"}, {"roads", "receiver"}),
        ("verifier", "check", 6, {"passed": True}, {"verifier", "receiver"}, {"dispatcher", "roads"}),
        ("receiver", "close", 7, {}, set(), {"verifier", "receiver", "dispatcher", "roads"}),
    ]
    for minutes, (staff, step, version, body, wanted, unwanted) in enumerate(steps, start=2):
        done(served.client(staff), f"{issue}/{step}", version, happened_at=at(minutes), **body)
        assert {one for one in wanted | unwanted if issue in queue(served, one)} == wanted, step
    assert request in queue(served, "verifier")  # its limit has ended
    answers: dict[str, Any] = {"valid": True, "contacted": True, "solved": "solved", "satisfaction": "satisfied"}
    done(served.client("verifier"), f"{request}/call-back", 2, happened_at=at(4 * DAY), **answers)
    done(served.client("verifier"), f"{request}/close", 3, happened_at=at(4 * DAY + 1))
    assert not [one for one in ("receiver", "verifier", "roads") if request in queue(served, one)]


def test_the_requester_of_what_was_solved_on_the_spot_is_called_back(served: Served) -> None:
    request = receive(served)
    opened = done(served.client("worker"), f"{request}/attach", 1, issue=report(served).removeprefix("/issues/"))
    issue = f"/issues/{seen(served.client('receiver'), request, opened)['request']['issue']}"
    assert request not in queue(served, "verifier")
    done(served.client("worker"), f"{issue}/solve-on-spot", 2, measure="劝离")
    assert request in queue(served, "verifier")


def test_the_most_urgent_waits_first(served: Served) -> None:
    later, sooner = (dispatch(served, receive(served), minutes=minutes) for minutes in (2 * DAY, 12))
    waiting = [path for path in queue(served, "roads") if path in (later, sooner)]
    assert waiting == [sooner, later]


def test_an_exemption_waits_for_the_supervisor(served: Served) -> None:
    issue = dispatch(served, receive(served))
    assert issue not in queue(served, "supervisor")
    done(served.client("roads"), f"{issue}/ask-exemption", 4, reason="等待备件", happened_at=at(20))
    assert issue in queue(served, "supervisor")
    done(served.client("supervisor"), f"{issue}/grant-exemption", 5, happened_at=at(30))
    assert issue not in queue(served, "supervisor")


def test_the_queue_of_a_unit_is_what_waits_for_its_next_step(served: Served) -> None:
    request = receive(served)
    issue = dispatch(served, request)
    for staff in ("supervisor", "dispatcher", "roads"):
        assert {issue, request} <= set(queue(served, staff, unit=ROADS))
        assert not {issue, request} & set(queue(served, staff, unit=WATER))
    assert queue(served, "water", unit=ROADS) == []
    assert not {issue, request} & set(queue(served, "elsewhere", unit=ROADS))
    done(served.client("roads"), f"{issue}/accept", 4, happened_at=at(20))
    done(served.client("roads"), f"{issue}/resolve", 5, measure="更换灯具", happened_at=at(30))
    assert issue not in queue(served, "supervisor", unit=ROADS)
