"""吹哨报到, 上报上级 over HTTP: who may, who sees it waiting, what a retry gets, what lists and timelines tell."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from domain.actor import Act, Role
from tests import town
from tests.case_calls import at, call, dispatch, done, events_of, nothing_written, receive, refused, report, seen
from tests.served import Served
from tests.town import COMMUNITY, ROADS, STREET, STREET_OFFICE, WATER

COMMUNITY_OFFICE = "U-COMMUNITY-1"
POSTS = {
    "street-desk": (STREET_OFFICE, [Role.DISPATCHER], STREET),
    "street-handler": (STREET_OFFICE, [Role.HANDLER], STREET),
    "community-handler": (COMMUNITY_OFFICE, [Role.HANDLER], COMMUNITY),
    "contact": ("U-CENTRE", [Role.HANDLER], COMMUNITY),
}
WHY = "路面塌陷，需多家到场"


@pytest.fixture(scope="module", autouse=True)
def staffed(served: Served) -> None:
    """The posts a street needs to call others and to coordinate."""

    async def join(services: Any) -> None:
        act = Act(town.ADMIN, town.START)
        await services.units.register(
            act, code=COMMUNITY_OFFICE, name="第一社区居委会", level="community", place=COMMUNITY, phone="0470-5220009"
        )
        for code, (unit, roles, area) in POSTS.items():
            await services.staff.join(act, code=code, name=f"{code}岗", unit=unit, roles=roles, areas=[area])
            await services.sign_in.register(code, code, served.passwords[code])
        await services.contacts.assign(act, community=COMMUNITY, leader="contact", since=town.SINCE)

    served.passwords |= {code: secrets.token_urlsafe(16) for code in POSTS}
    served.run(join)


def blown(served: Served, issue: str, minutes: float = 20, key: str = "", **given: Any) -> dict[str, Any]:
    body = {"issue": issue.removeprefix("/issues/"), "units": [ROADS, WATER], "occasion": "emergency", "reason": WHY}
    return done(served.client("street-desk"), "/whistles", key=key, **body | given, happened_at=at(minutes))


def ids(answer: Any) -> set[str]:
    return {item["id"] for item in answer}


def waits(served: Served, staff: str, receipt: dict[str, Any], whistle: str = "") -> bool:
    found = served.client(staff).get("/work", params={"limit": 500, "wait": f"{receipt['log']}:{receipt['position']}"})
    return (whistle or receipt["id"]) in ids(found.json())


# --- whistles ------------------------------------------------------------------------------------


def test_a_whistle_from_the_call_to_both_ratings(served: Served) -> None:
    issue = dispatch(served, receive(served))
    receipt = blown(served, issue)
    whistle = f"/whistles/{receipt['id']}"
    assert waits(served, "roads", receipt)
    assert waits(served, "water", receipt)
    assert waits(served, "street-desk", receipt)
    assert not waits(served, "community-handler", receipt)
    done(served.client("roads"), f"{whistle}/arrive", 1, happened_at=at(30))
    came = done(served.client("water"), f"{whistle}/arrive", 2, happened_at=at(55))
    assert not waits(served, "roads", came)
    done(served.client("street-desk"), f"{whistle}/end", 3, measure="围挡抢修", happened_at=at(70))
    rated: dict[str, Any] = {"unit": WATER, "stars": 3, "remarks": ["tardy"], "reason": "迟到二十余分钟"}
    done(served.client("street-desk"), f"{whistle}/rate-unit", 4, **rated, happened_at=at(80))
    last = done(served.client("roads"), f"{whistle}/rate", 5, justified=True, happened_at=at(81))
    shown = seen(served.client("supervisor"), whistle, last)
    assert (shown["caller"], shown["called"], shown["stage"]) == (STREET_OFFICE, [ROADS, WATER], "ended")
    assert (shown["late"], shown["absent"], shown["awaited"]) == ([WATER], [], [WATER])
    assert shown["arrivals"][ROADS]["late"] is False
    assert shown["ratings"] == {WATER: {"stars": 3, "remarks": ["tardy"], "why": "迟到二十余分钟"}}
    assert shown["verdicts"] == {ROADS: {"justified": True, "why": ""}}
    assert shown["caller_awaited"] is True
    told = [step["what"] for step in served.client("supervisor").get(f"{whistle}/timeline").json()]
    assert told == [
        "吹哨（突发应急）：召集 道路照明所、供水公司，2026-11-02 09:50 前报到",
        "道路照明所 报到", "供水公司 报到，迟到", "销哨：围挡抢修",
        "街道评价 供水公司：3 分，到场迟缓", "道路照明所 评价此哨：应当",
    ]  # fmt: skip
    assert served.client("supervisor").get(issue).json()["version"] == 4


def test_a_called_unit_sees_the_issue_it_is_called_to(served: Served) -> None:
    issue = dispatch(served, receive(served))
    assert served.client("water").get(issue).status_code == 404
    receipt = blown(served, issue, units=[WATER])
    assert seen(served.client("water"), issue, receipt)["lead"] == ROADS
    over = done(
        served.client("street-desk"), f"/whistles/{receipt['id']}/withdraw", 1, reason="误吹", happened_at=at(21)
    )
    assert not waits(served, "water", over)
    assert served.client("water").get(issue).status_code == 404


def test_the_same_call_sounds_once_at_a_time(served: Served) -> None:
    issue = dispatch(served, receive(served))
    first = blown(served, issue)
    body: dict[str, Any] = {"units": [WATER, ROADS], "occasion": "emergency", "reason": WHY}
    body["issue"] = issue.removeprefix("/issues/")
    with nothing_written(served):
        again = refused(call(served.client("street-desk"), "/whistles", **body), 409, "whistle-sounding")
    assert again["facts"]["whistle"] == first["id"]
    other = blown(served, issue, units=[WATER])
    assert other["id"] != first["id"]
    done(served.client("street-desk"), f"/whistles/{first['id']}/end", 1, measure="已处置", happened_at=at(90))
    assert blown(served, issue, minutes=91)["id"] not in {first["id"], other["id"]}


def test_a_retry_gets_its_first_answer(served: Served) -> None:
    issue = dispatch(served, receive(served))
    first = blown(served, issue, key="whistle-once")
    assert blown(served, issue, key="whistle-once") == first
    body: dict[str, Any] = {"happened_at": at(25)}
    path = f"/whistles/{first['id']}/arrive"
    came = done(served.client("roads"), path, 1, key="arrive-once", **body)
    assert done(served.client("roads"), path, 1, key="arrive-once", **body) == came
    refused(call(served.client("roads"), path, 1, key="arrive-once", happened_at=at(26)), 422, "key-reused")
    refused(call(served.client("water"), path, 1, **body), 412, "stale")


def test_who_may_not_call_and_who_may_not_come(served: Served) -> None:
    issue = dispatch(served, receive(served))
    asked = {"units": [WATER], "occasion": "hard_problem", "reason": WHY}
    body: dict[str, Any] = {"issue": issue.removeprefix("/issues/"), **asked}
    with nothing_written(served):
        for staff, code in {
            "dispatcher": "not-the-caller", "worker": "wrong-role", "elsewhere": "outside-area", "roads": "wrong-role",
        }.items():  # fmt: skip
            refused(call(served.client(staff), "/whistles", **body), 403, code)
        desk = served.client("street-desk")
        refused(call(desk, "/whistles", **body | {"units": [STREET_OFFICE]}), 422, "caller-called")
        refused(call(desk, "/whistles", **body | {"units": ["U-NOBODY"]}), 404, "no-such-entry")
        refused(call(desk, "/whistles", **body | {"reason": ""}), 422, "reason-missing")
        refused(call(desk, "/whistles", **body | {"units": []}), 422, "malformed")
    whistle = f"/whistles/{blown(served, issue, units=[WATER])['id']}"
    with nothing_written(served):
        refused(call(served.client("roads"), f"{whistle}/arrive", 1), 403, "not-called")
        refused(call(served.client("dispatcher"), f"{whistle}/end", 1, measure="x"), 403, "not-the-caller")
        refused(call(served.client("street-desk"), f"{whistle}/rate-unit", 1, unit=WATER, stars=5), 409, "wrong-stage")
    other = done(served.client("elsewhere"), "/issues", grid=town.OTHER_GRID, text="x")
    refused(call(served.client("supervisor"), "/whistles", **body | {"issue": other["id"]}), 409, "no-street-unit")


def test_lists_page_and_filter_within_the_area(served: Served) -> None:
    issue = dispatch(served, receive(served))
    receipts = [blown(served, issue, minutes=20 + nth, units=units) for nth, units in enumerate([[ROADS], [WATER]])]
    receipts.append(blown(served, issue, minutes=25))
    query: dict[str, Any]
    supervisor, query = served.client("supervisor"), {"issue": issue.removeprefix("/issues/")}
    seen(supervisor, f"/whistles/{receipts[-1]['id']}", receipts[-1])
    newest_first = [one["id"] for one in reversed(receipts)]
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = supervisor.get("/whistles", params=query | {"limit": 2} | cursor).json()
        found += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert found == newest_first
    of_water = supervisor.get("/whistles", params=query | {"unit": WATER}).json()["items"]
    assert ids(of_water) == {receipts[1]["id"], receipts[2]["id"]}
    assert ids(supervisor.get("/whistles", params=query | {"late": True}).json()["items"]) == set(newest_first)
    assert supervisor.get("/whistles", params=query | {"status": "ended"}).json()["items"] == []
    assert served.client("elsewhere").get("/whistles", params=query).json()["items"] == []
    refused(served.client("elsewhere").get(f"/whistles/{receipts[0]['id']}"), 404, "no-such-case")
    assert ids(served.client("water").get("/whistles", params=query).json()["items"]) == ids(of_water)
    refused(supervisor.get("/whistles", params={"cursor": "x"}), 422, "bad-cursor")


# --- escalation ------------------------------------------------------------------------------------


def test_a_case_goes_up_level_by_level_and_down_again(served: Served) -> None:
    issue = report(served)
    why: dict[str, Any] = {"reason": "网格协调不动"}
    up = f"{issue}/escalate"
    first = done(served.client("worker"), up, 1, **why, happened_at=at(5))
    assert waits(served, "community-handler", first)
    assert waits(served, "contact", first)
    assert not waits(served, "street-handler", first)
    shown = seen(served.client("community-handler"), issue, first)
    assert (shown["level"], shown["coordinator"], shown["contact"]) == ("community", COMMUNITY_OFFICE, "contact")
    with nothing_written(served):
        refused(call(served.client("worker"), up, 2, **why), 403, "wrong-role")
        refused(call(served.client("street-handler"), up, 2, **why), 403, "not-coordinating")
        refused(call(served.client("community-handler"), up, 2), 422, "reason-missing")
    done(served.client("contact"), up, 2, **why, happened_at=at(6))
    third = done(served.client("street-handler"), up, 3, **why, happened_at=at(7))
    assert seen(served.client("supervisor"), issue, third)["level"] == "district"
    with nothing_written(served):
        refused(call(served.client("dispatcher"), up, 4, **why, happened_at=at(8)), 409, "no-unit-above")
    down = done(served.client("dispatcher"), f"{issue}/send-down", 4, reason="已明确街道牵头", happened_at=at(9))
    assert waits(served, "street-handler", down)
    assert served.client("community-handler").get(issue).status_code == 404
    told = [step["what"] for step in served.client("supervisor").get(f"{issue}/timeline").json()][1:]
    assert told == [
        "上报上级：由网格报社区，由 第一社区居委会 统筹，包联领导：contact岗",
        "上报上级：由社区报街道，由 东街道办事处 统筹，包联领导：contact岗",
        "上报上级：由街道报区县，由 指挥中心 统筹，包联领导：contact岗",
        "回落：由区县回到街道，由 东街道办事处 办理",
    ]  # fmt: skip


def test_a_departments_next_level_is_the_city_and_nobody_else_asks_for_it(served: Served) -> None:
    issue = dispatch(served, receive(served))
    with nothing_written(served):
        refused(call(served.client("roads"), f"{issue}/escalate", 4, reason="需市级协调"), 409, "no-unit-above")
        refused(call(served.client("water"), f"{issue}/escalate", 4, reason="需市级协调"), 403, "not-lead")
        refused(call(served.client("dispatcher"), f"{issue}/send-down", 4, reason="x"), 409, "not-escalated")


def test_an_escalation_retried_is_one(served: Served) -> None:
    order: dict[str, Any]
    issue, order = report(served), {"reason": "网格协调不动", "happened_at": at(5)}
    first = done(served.client("worker"), f"{issue}/escalate", 1, key="up-once", **order)
    assert done(served.client("worker"), f"{issue}/escalate", 1, key="up-once", **order) == first
    assert events_of(served, issue).count("issue.escalated") == 1
    refused(call(served.client("elsewhere"), f"{issue}/escalate", 2, **order), 403, "outside-area")
