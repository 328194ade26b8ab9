"""延期, 挂账, 超时申诉, 督办 over HTTP: what is asked reaches who decides, and the board and timeline tell of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests import town
from tests.case_calls import at, call, done, events_of, hire_colleague, nothing_written, refused, report, seen
from tests.served import Served
from tests.town import ROADS

HOUR, DAY = 60, 24 * 60
COLLEAGUE = "roads-2"
UNTIL = "2026-12-01T08:30:00+08:00"


@pytest.fixture(scope="module", autouse=True)
def _colleague(served: Served) -> None:
    hire_colleague(served, COLLEAGUE)


def accepted(served: Served, minutes: float = 0) -> str:
    """The path of an issue that roads has accepted; it is at version 4, due on Wednesday at nine."""
    issue = report(served, minutes)
    done(served.client("receiver"), f"{issue}/file", 1, happened_at=at(minutes))
    done(served.client("dispatcher"), f"{issue}/assign", 2, lead=ROADS, happened_at=at(minutes))
    done(served.client("roads"), f"{issue}/accept", 3, happened_at=at(minutes))
    return issue


def do(served: Served, who: str, issue: str, command: str, minutes: float = HOUR, **body: Any) -> dict[str, Any]:
    """What the board shows of the issue after a command that succeeds."""
    version = len(events_of(served, issue))
    receipt = done(served.client(who), f"{issue}/{command}", version, happened_at=at(minutes), **body)
    shown: dict[str, Any] = seen(served.client("auditor"), issue, receipt)
    return shown


def attempt(served: Served, who: str, issue: str, command: str, minutes: float = HOUR, **body: Any) -> Any:
    version = len(events_of(served, issue))
    return call(served.client(who), f"{issue}/{command}", version, happened_at=at(minutes), **body)


def waits(served: Served, who: str, issue: str) -> bool:
    """Whether the issue is in somebody's work queue."""
    found = served.client(who).get("/work", params={"limit": 500}).json()
    return issue in {f"/issues/{one['id']}" for one in found}


def last_told(served: Served, issue: str) -> str:
    steps = served.client("auditor").get(f"{issue}/timeline").json()
    return str(steps[-1]["what"])


def test_an_extension_goes_from_the_lead_by_its_unit_to_a_dispatcher(served: Served) -> None:
    issue = accepted(served)
    assert do(served, "roads", issue, "ask-extension", reason="灯杆定制")["extension_asked"] == "asked"
    assert not waits(served, "dispatcher", issue)
    with nothing_written(served):
        refused(attempt(served, "dispatcher", issue, "grant-extension"), 409, "extension-not-endorsed")
        refused(attempt(served, "roads", issue, "endorse-extension"), 403, "duty-conflict")
    assert do(served, COLLEAGUE, issue, "endorse-extension")["extension_asked"] == "endorsed"
    assert waits(served, "dispatcher", issue)
    view = do(served, "dispatcher", issue, "grant-extension")
    assert (view["extensions"], view["extension_asked"], view["due"]) == (1, "", "2026-11-06T01:00:00Z")
    assert view["case_due"] == view["due"]
    assert not waits(served, "dispatcher", issue)
    assert last_told(served, issue) == "批准第 1 次延期，增加 2个工作日，2026-11-06 09:00 前办结"


def test_an_extension_is_refused_and_asked_too_late(served: Served) -> None:
    issue = accepted(served)
    do(served, "roads", issue, "ask-extension", reason="灯杆定制")
    assert do(served, COLLEAGUE, issue, "refuse-extension", reason="备件已到")["extension_asked"] == ""
    late = attempt(served, "roads", issue, "ask-extension", 3 * DAY, reason="再延")
    assert "2026-11-04" in refused(late, 409, "already-overdue")["detail"]


def test_what_is_suspended_waits_for_nobody_is_not_late_and_goes_on(served: Served) -> None:
    issue = accepted(served)
    asked = do(served, "roads", issue, "ask-suspension", until=UNTIL, reason="冻土期")
    assert asked["suspension_asked"]
    assert waits(served, "dispatcher", issue)
    assert waits(served, "supervisor", issue)
    view = do(served, "supervisor", issue, "grant-suspension")
    assert (view["stage"], view["suspended_until"]) == ("suspended", "2026-12-01T00:30:00Z")
    assert [waits(served, who, issue) for who in ("roads", "dispatcher", "supervisor")] == [False] * 3
    with nothing_written(served):
        problem = refused(attempt(served, "roads", issue, "resolve", measure="修复"), 409, "suspended")
        assert "2026-12-01" in problem["detail"]
        refused(attempt(served, "roads", issue, "resume", reason="化冻"), 409, "not-yet-over")
    late = served.client("auditor").get("/issues", params={"overdue": True, "limit": 200}).json()["items"]
    assert issue not in {f"/issues/{one['id']}" for one in late}
    view = do(served, "dispatcher", issue, "resume", 7 * DAY, reason="化冻了")
    assert (view["stage"], view["suspended_until"], view["stopped_at"]) == ("accepted", None, None)
    assert view["due"] == "2026-11-10T09:00:00Z", "an hour was used: Tuesday at five, not Wednesday at nine"
    assert waits(served, "roads", issue)
    again = attempt(served, "roads", issue, "ask-suspension", 7 * DAY, until=UNTIL, reason="又冻")
    refused(again, 409, "already-suspended")


def test_an_end_more_than_a_year_away_is_refused(served: Served) -> None:
    issue = accepted(served)
    asked = attempt(served, "roads", issue, "ask-suspension", until="2027-11-03T09:00:00+08:00", reason="冻土期")
    assert "一年" in refused(asked, 422, "bad-suspension-end")["detail"]


def test_a_return_that_waits_for_its_decision_is_not_late(served: Served) -> None:
    """Trap 18: the clock stands, so the board does not call it late when the due instant goes by."""
    issue = accepted(served, -100 * DAY)
    view = do(served, "roads", issue, "ask-return", -100 * DAY + HOUR, code="not_our_duty")
    assert view["stopped_at"]
    late = served.client("auditor").get("/issues", params={"overdue": True, "limit": 200}).json()["items"]
    assert issue not in {f"/issues/{one['id']}" for one in late}


def test_a_requester_is_not_called_back_while_the_case_stands_still(served: Served) -> None:
    receiver, dispatcher = served.client("receiver"), served.client("dispatcher")
    asked = done(receiver, "/requests", kind="help", place=town.GRID, category=town.LAMPS, text="灯", happened_at=at(0))
    request = f"/requests/{asked['id']}"
    issue = f"/issues/{done(dispatcher, f'{request}/dispatch', 1, lead=ROADS, happened_at=at(0))['id']}"
    do(served, "roads", issue, "accept", 1)
    do(served, "roads", issue, "ask-suspension", until=UNTIL, reason="冻土期")
    do(served, "supervisor", issue, "grant-suspension")
    body: dict[str, Any] = {"valid": False, "happened_at": at(10 * DAY)}
    refused(call(served.client("verifier"), f"{request}/call-back", 2, **body), 409, "suspended")


def test_an_order_waits_for_the_lead_and_its_answer_for_who_ordered(served: Served) -> None:
    issue = accepted(served)
    view = do(served, "supervisor", issue, "order-supervision", kind="leader", reason="三日内报告")
    assert (view["supervised"], view["supervision_due"], view["due"]) == (
        1, "2026-11-05T02:00:00Z", "2026-11-04T01:00:00Z",
    )  # fmt: skip
    assert last_told(served, issue) == "第 1 号领导督办，由 道路照明所 在 2026-11-05 10:00 前答复"
    short: dict[str, Any] = {"kind": "key", "amount": 4, "unit": "work_hour", "reason": "重点时段"}
    two = do(served, "dispatcher", issue, "order-supervision", **short)
    assert (two["supervised"], two["supervision_due"]) == (2, "2026-11-02T08:00:00Z")
    refused(attempt(served, "supervisor", issue, "order-supervision", kind="overdue", reason="超时"), 409, "not-late")
    refused(attempt(served, "roads", issue, "answer-supervision", nth=9, answer="在办"), 404, "no-such-supervision")
    assert not waits(served, "supervisor", issue)
    view = do(served, "roads", issue, "answer-supervision", nth=2, answer="已安排")
    assert (view["supervised"], view["supervision_due"]) == (2, "2026-11-05T02:00:00Z")
    assert waits(served, "dispatcher", issue)
    view = do(served, "dispatcher", issue, "close-supervision", nth=2)
    assert view["supervised"] == 1
    view = do(served, "supervisor", issue, "close-supervision", nth=1, reason="已并入专项")
    assert (view["supervised"], view["supervision_due"], view["stage"]) == (0, None, "accepted")
    assert last_told(served, issue) == "第 1 号督办未经答复即撤销"


def test_an_overdue_is_appealed_against_and_stays_one(served: Served) -> None:
    issue = accepted(served)
    do(served, "roads", issue, "resolve", 3 * DAY, measure="修复")
    do(served, "verifier", issue, "check", 3 * DAY, passed=True)
    do(served, "receiver", issue, "close", 3 * DAY)
    assert do(served, "roads", issue, "appeal-overdue", 3 * DAY, reason="红色预警")["appeal"] == "asked"
    assert waits(served, "dispatcher", issue)
    assert not waits(served, "receiver", issue)
    refused(attempt(served, "receiver", issue, "grant-appeal", 3 * DAY), 409, "appeal-not-endorsed")
    do(served, "dispatcher", issue, "endorse-appeal", 3 * DAY)
    assert waits(served, "receiver", issue)
    view = do(served, "receiver", issue, "grant-appeal", 3 * DAY)
    assert (view["appeal"], view["exempt"], view["overdue"]) == ("granted", True, True)
    assert not waits(served, "receiver", issue)
    refused(attempt(served, "roads", issue, "appeal-overdue", 3 * DAY, reason="再诉"), 409, "already-appealed")
