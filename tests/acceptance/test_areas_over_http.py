"""Who sees and touches what: by area, by unit, by role, and never the one a resident complains about."""

from __future__ import annotations

import secrets
from typing import Any

import httpx
import pytest

from domain.actor import Act, Role
from tests import town
from tests.case_calls import at, call, dispatch, done, nothing_written, receive, refused, report, seen
from tests.served import Served
from tests.town import DISTRICT, GRID, NEXT_GRID, OTHER_STREET, ROADS, STREET, STREET_OFFICE, WATER

IDENTITY = {"name": "反映人甲", "phone": "13800000000", "address": "一号楼二单元"}
WORDS = {"text": "路灯三天不亮", "title": "路灯"}
SAID: dict[str, Any] = WORDS | {"requester": IDENTITY}


def listed(client: httpx.Client, path: str) -> set[str]:
    """The ids a list shows."""
    kind = path.split("/")[1]
    answer = client.get(f"/{kind}", params={"limit": 200})
    assert answer.status_code == 200, answer.text
    return {item["id"] for item in answer.json()["items"]}


def waiting(client: httpx.Client) -> set[str]:
    """The ids in the work queue."""
    answer = client.get("/work", params={"limit": 500})
    assert answer.status_code == 200, answer.text
    return {item["id"] for item in answer.json()}


def sees(served: Served, staff: str, path: str) -> bool:
    """Whether a member of staff sees a case: all ways of looking must agree."""
    served.run(_caught_up)
    client, case = served.client(staff), path.rpartition("/")[2]
    ways = {
        client.get(path).status_code == 200,
        client.get(f"{path}/timeline").status_code == 200,
        case in listed(client, path),
    }
    assert len(ways) == 1, ways
    if ways != {True}:
        refused(client.get(path), 404, "no-such-case")
        refused(client.get(f"{path}/timeline"), 404, "no-such-case")
        assert case not in waiting(client)
    return True in ways


async def _caught_up(services: Any) -> None:
    for log in services.logs.every():
        await services.reach(log.log_id, await log.last_position())


def details(served: Served, staff: str, request: str) -> dict[str, str]:
    served.run(_caught_up)
    found: dict[str, str] = served.client(staff).get(request).json()["details"]
    return found


# --- areas ---------------------------------------------------------------------------------------


def test_intake_of_another_street_sees_and_touches_nothing_here(served: Served) -> None:
    request, issue, elsewhere = receive(served), report(served), served.client("elsewhere")
    assert not sees(served, "elsewhere", request)
    assert not sees(served, "elsewhere", issue)
    with nothing_written(served):
        for step, body in {
            f"{request}/answer": {"reply": "好"},
            f"{request}/divert": {"code": "beyond_duty", "reply": "好"},
            f"{request}/open-issue": {},
            f"{request}/dispatch": {},
            f"{request}/attach": {"issue": issue.removeprefix("/issues/")},
            f"{request}/ask-exemption": {"reason": "不计"},
            f"{issue}/file": {},
            f"{issue}/void": {"reason": "误报"},
            f"{issue}/ask-exemption": {"reason": "不计"},
        }.items():
            refused(call(elsewhere, step, 1, **body), 403, "outside-area")
        refused(call(elsewhere, "/issues", grid=GRID, text="x"), 403, "outside-area")
        refused(call(elsewhere, "/requests", kind="help", place=STREET, text="x"), 403, "outside-area")


def test_a_case_at_home_is_not_tied_to_one_outside(served: Served) -> None:
    elsewhere, issue = served.client("elsewhere"), report(served)
    home = done(elsewhere, "/requests", kind="help", place=OTHER_STREET, text="x", happened_at=at(0))
    other = done(elsewhere, "/issues", grid=town.OTHER_GRID, text="x", happened_at=at(0))
    with nothing_written(served):
        body = {"issue": issue.removeprefix("/issues/")}
        refused(call(elsewhere, f"/requests/{home['id']}/attach", 1, **body), 403, "outside-area")
        refused(call(elsewhere, f"/issues/{other['id']}/merge", 1, into=body["issue"]), 403, "outside-area")
        refused(call(elsewhere, f"/requests/{home['id']}/open-issue", 1, grid=GRID), 403, "outside-area")


def test_a_grid_worker_sees_their_grids_and_no_request_above_them(served: Served) -> None:
    assert sees(served, "worker", report(served, grid=NEXT_GRID))
    assert sees(served, "worker", receive(served))
    assert not sees(served, "worker", receive(served, place=STREET))
    other = done(served.client("elsewhere"), "/issues", grid=town.OTHER_GRID, text="x")
    assert not sees(served, "worker", f"/issues/{other['id']}")


def test_a_filter_never_widens_what_is_seen(served: Served) -> None:
    report(served)
    for query in ({"grid": GRID}, {"street": STREET}, {"unit": ROADS}, {"text": "路灯"}, {"overdue": "false"}):
        shown = served.client("elsewhere").get("/issues", params=query).json()["items"]
        assert all(item["grid"].startswith(OTHER_STREET) for item in shown)


# --- units ---------------------------------------------------------------------------------------


def test_a_handler_sees_what_their_unit_leads_copies_or_assists(served: Served) -> None:
    lone, first, second = receive(served), receive(served), receive(served)
    led = dispatch(served, lone)
    copied = dispatch(served, first, copies=[WATER])
    assisted = dispatch(served, second, assists=[WATER])
    assert all(sees(served, "roads", path) for path in (led, copied, assisted, lone, first, second))
    assert all(sees(served, "water", path) for path in (copied, assisted, first, second))
    assert not sees(served, "water", led)
    assert not sees(served, "water", lone)
    assert not sees(served, "roads", report(served))
    assert not sees(served, "roads", receive(served))


def test_only_the_lead_handles(served: Served) -> None:
    request = receive(served)
    issue = dispatch(served, request, copies=[WATER], assists=[WATER])
    with nothing_written(served):
        water = served.client("water")
        refused(call(water, f"{issue}/accept", 4, happened_at=at(20)), 403, "not-lead")
        refused(call(water, f"{request}/contact", 2, reached=True, happened_at=at(20)), 403, "not-lead")
        refused(call(served.client("receiver"), f"{issue}/accept", 4, happened_at=at(20)), 403, "wrong-role")


def test_the_lead_reads_a_request_known_only_by_its_district(served: Served) -> None:
    async def join(services: Any) -> None:
        act = Act(town.ADMIN, town.START)
        await services.staff.join(
            act, code="street-roads", name="东街道养护岗", unit=ROADS, roles=[Role.HANDLER], areas=[STREET]
        )
        await services.sign_in.register("street-roads", "street-roads", served.passwords["street-roads"])

    served.passwords["street-roads"] = secrets.token_urlsafe(16)
    served.run(join)
    request = receive(served, place=DISTRICT, **SAID)
    assert not sees(served, "street-roads", request)
    issue = dispatch(served, request, grid=GRID)
    assert sees(served, "street-roads", request)
    assert details(served, "street-roads", request) == WORDS | IDENTITY
    assert {issue.rpartition("/")[2], request.rpartition("/")[2]} <= waiting(served.client("street-roads"))
    done(served.client("street-roads"), f"{request}/contact", 2, reached=True, happened_at=at(20))


def test_after_a_merger_the_voices_are_the_other_leads(served: Served) -> None:
    request, dispatcher = receive(served, **SAID), served.client("dispatcher")
    issue = dispatch(served, request, minutes=1)
    into = dispatch(served, receive(served), minutes=1, lead=WATER)
    target = into.removeprefix("/issues/")
    done(dispatcher, f"{issue}/merge", 4, into=target, happened_at=at(2))
    assert sees(served, "water", request)
    assert details(served, "water", request) == WORDS | IDENTITY
    assert not sees(served, "roads", request)
    assert request.rpartition("/")[2] in waiting(served.client("water"))
    found = served.client("water").get("/requests", params={"issue": target}).json()["items"]
    assert request.rpartition("/")[2] in {item["id"] for item in found}
    done(dispatcher, f"{issue}/unmerge", 5, into=target, reason="不是一件事", happened_at=at(3))
    assert sees(served, "roads", request)
    assert not sees(served, "water", request)


# --- who is complained about ---------------------------------------------------------------------


def test_the_unit_complained_about_never_sees_the_complaint(served: Served) -> None:
    complaint = receive(served, complained_about=ROADS, kind="complaint", **SAID)
    assert not sees(served, "roads", complaint)
    dispatch(served, complaint, lead=WATER)
    assert sees(served, "water", complaint)
    assert not sees(served, "roads", complaint)
    about_street = receive(served, complained_about=STREET_OFFICE, **SAID)
    assert not sees(served, "worker", about_street)
    shown = served.client("worker").get("/requests", params={"text": WORDS["text"], "limit": 200}).json()["items"]
    assert about_street.rpartition("/")[2] not in {item["id"] for item in shown}


@pytest.mark.parametrize("given", [{"lead": ROADS}, {"copies": [ROADS]}, {"assists": [ROADS]}, {}])
def test_the_unit_complained_about_is_never_sent_the_case(served: Served, given: dict[str, Any]) -> None:
    complaint, dispatcher = receive(served, complained_about=ROADS), served.client("dispatcher")
    if given:
        given = {"lead": WATER} | given
    with nothing_written(served):
        refused(call(dispatcher, f"{complaint}/dispatch", 1, happened_at=at(5), **given), 403, "complained-about")
    opened = done(dispatcher, f"{complaint}/open-issue", 1, happened_at=at(5))
    issue = f"/issues/{opened['id']}"
    done(dispatcher, f"{issue}/file", 2, happened_at=at(6))
    with nothing_written(served):
        refused(call(dispatcher, f"{issue}/assign", 3, happened_at=at(7), **given), 403, "complained-about")


def test_a_complaint_is_not_brought_to_the_unit_by_a_tie(served: Served) -> None:
    theirs, dispatcher = dispatch(served, receive(served)), served.client("dispatcher")
    target, complaint = theirs.removeprefix("/issues/"), receive(served, complained_about=ROADS)
    with nothing_written(served):
        refused(call(dispatcher, f"{complaint}/attach", 1, issue=target, happened_at=at(20)), 403, "complained-about")
    opened = done(dispatcher, f"{complaint}/open-issue", 1, happened_at=at(5))
    with nothing_written(served):
        path = f"/issues/{opened['id']}/merge"
        refused(call(dispatcher, path, 2, into=target, happened_at=at(20)), 403, "complained-about")


def test_staff_complained_about_do_not_touch_the_complaint(served: Served) -> None:
    complaint, issue = receive(served, complained_about=STREET_OFFICE), report(served)
    with nothing_written(served):
        body = {"issue": issue.removeprefix("/issues/")}
        refused(call(served.client("worker"), f"{complaint}/attach", 1, **body), 403, "complained-about")


# --- what is disclosed ---------------------------------------------------------------------------


def test_intake_and_the_lead_read_who_asked_and_others_the_words_alone(served: Served) -> None:
    request = receive(served, **SAID)
    dispatch(served, request, assists=[WATER])
    for staff in ("receiver", "dispatcher", "verifier", "roads"):
        assert details(served, staff, request) == WORDS | IDENTITY, staff
    for staff in ("worker", "water"):
        assert details(served, staff, request) == WORDS, staff


def test_a_requester_who_wants_secrecy_is_unknown_to_the_lead(served: Served) -> None:
    request = receive(served, confidential=True, **SAID)
    dispatch(served, request)
    assert details(served, "roads", request) == WORDS
    assert details(served, "receiver", request) == WORDS | IDENTITY


@pytest.mark.parametrize("staff", ["auditor", "supervisor", "admin"])
def test_who_counts_and_replays_reads_no_words(served: Served, staff: str) -> None:
    request, issue = receive(served, **SAID), report(served)
    assert sees(served, staff, request)
    assert sees(served, staff, issue)
    client = served.client(staff)
    shown = client.get(request).json()
    assert (shown["request"]["title"], shown["request"]["text"], shown["details"]) == (None, None, {})
    assert client.get(issue).json()["text"] is None
    for path in ("/requests", "/issues"):
        assert client.get(path, params={"text": "路灯"}).json()["items"] == []
    for path in (f"{request}/timeline", f"{issue}/timeline"):
        told = client.get(path)
        assert told.status_code == 200
        assert not [word for word in (*WORDS.values(), *IDENTITY.values(), "路灯不亮") if word in told.text]


def test_replies_are_words_of_the_request(served: Served) -> None:
    request = receive(served, **SAID)
    receipt = done(served.client("receiver"), f"{request}/answer", 1, reply="已派人查看", happened_at=at(1))
    shown = seen(served.client("worker"), request, receipt)["details"]
    assert shown == WORDS | {"reply_2": "已派人查看"}
