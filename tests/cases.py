"""What happens to a case, fact by fact, and a history for every stage: the material of the tests' sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from domain import issue_ties, pausing_events
from domain.actor import Actor
from domain.assignment import Terms
from domain.grid_issue import GridIssue
from domain.limit import Limit
from domain.resident_request import ResidentRequest
from domain.stages import IssueStage, RequestStage
from domain.workdays import WorkCalendar
from tests.spec import (
    DAY,
    DISPATCHER,
    GRID,
    HANDLER,
    HOUR,
    ISSUE,
    NINE,
    OTHER_ISSUE,
    RECEIVER,
    REQUEST,
    ROADS,
    VERIFIER,
    WORKER,
    Fact,
    fact,
)

CALENDAR = WorkCalendar(
    name="office",
    version="cn-2026.1",
    zone="Asia/Shanghai",
    periods=((time(8, 30), time(12)), (time(14), time(17, 30))),
    known_until=date(2026, 12, 31),
)
TERMS = Terms(limit=Limit.of(2, "workday"), edition="2026.1", calendar=CALENDAR)
DUE = NINE + 2 * DAY
SUBJECT = UUID("00000000-0000-4000-8000-000000000001")
CATEGORY = "matter-0601-1"


def clock(start: datetime = NINE, due: datetime = DUE, case_due: datetime = DUE) -> dict[str, Any]:
    """The clock of an assignment under `TERMS`, as its event holds it."""
    return {
        "limit_amount": 2,
        "limit_unit": "workday",
        "calendar": "office",
        "calendar_version": "cn-2026.1",
        "provisional": False,
        "edition": "2026.1",
        "clock_start": start,
        "due": due,
        "case_due": case_due,
    }


def reported(actor: Actor = WORKER, **facts: Any) -> Fact:
    usual: dict[str, Any] = {
        "grid": GRID,
        "grid_edition": 1,
        "category": "",
        "channel": "patrol",
        "urgency": "normal",
        "longitude": None,
        "latitude": None,
        "subject": SUBJECT,
    }
    return fact(GridIssue.Reported, actor, **{**usual, **facts})


def absorbed(
    issue: UUID = OTHER_ISSUE, *, complained_about: Sequence[str] = (), handled_by: Sequence[str] = (),
    return_granted_by: Sequence[str] = (),
) -> Fact:  # fmt: skip
    return fact(
        issue_ties.Absorbed, DISPATCHER, issue=issue, complained_about=list(complained_about),
        handled_by=list(handled_by), return_granted_by=list(return_granted_by),
    )  # fmt: skip


def assigned(lead: str = ROADS, *, at: datetime = NINE, **facts: Any) -> Fact:
    listed = {"off_list": False, "off_list_units": [], "basis": "person", "rules": "", "rule": ""}
    usual: dict[str, Any] = {"copies": [], "assists": [], "nth": 1, "again": False, **listed}
    return fact(GridIssue.Assigned, DISPATCHER, at=at, lead=lead, **{**usual, **clock(), **facts})


def attached_request(request: UUID = REQUEST, complained_about: str = "") -> Fact:
    return fact(issue_ties.RequestAttached, RECEIVER, request=request, complained_about=complained_about)


def received(**facts: Any) -> Fact:
    usual: dict[str, Any] = {
        "subject": SUBJECT,
        "kind": "complaint",
        "channel": "hotline",
        "place": GRID,
        "place_id": None,
        "place_version": None,
        "category": "",
        "longitude": None,
        "latitude": None,
        "complained_about": "",
        "confidential": False,
        "source": "old-hotline",
        "external_id": "1",
    }
    return fact(ResidentRequest.Received, RECEIVER, **{**usual, **facts})


def called_back(*, solved: str | None = "solved", satisfaction: str | None = "satisfied") -> Fact:
    """With an answer when one is given, else without a valid one."""
    valid = solved is not None
    return fact(
        ResidentRequest.CalledBack, VERIFIER, at=DUE, valid=valid, contacted=True if valid else None,
        solved=solved, satisfaction=satisfaction if valid else None, due=DUE,
    )  # fmt: skip


REPORTED = reported()
VOIDED = fact(GridIssue.Voided, RECEIVER, reason="测试误报")
FILED = fact(GridIssue.Filed, RECEIVER, category=CATEGORY, edition="2026.1")
CONSULTATION_OPENED = fact(GridIssue.ConsultationOpened, DISPATCHER, units=[ROADS])
ASSIGNED = assigned()
ACCEPTED = fact(GridIssue.Accepted, HANDLER)
RETURN_ASKED = fact(GridIssue.ReturnAsked, HANDLER, code="not_our_duty")
RETURN_GRANTED = fact(GridIssue.ReturnGranted, DISPATCHER, lead=ROADS)
RESOLVED = fact(
    GridIssue.Resolved, HANDLER, at=NINE + HOUR, measure="修复路灯", evidence=[], level="street", overdue=False
)
PASSED = fact(GridIssue.Checked, VERIFIER, at=NINE + HOUR, passed=True, evidence=[])
FAILED = fact(GridIssue.Checked, VERIFIER, at=NINE + HOUR, passed=False, evidence=[])
CLOSED = fact(GridIssue.Closed, RECEIVER, at=NINE + HOUR)
SOLVED = fact(GridIssue.SolvedOnSpot, WORKER, measure="劝离", evidence=[])
SUSPENSION_ASKED = fact(pausing_events.SuspensionAsked, HANDLER, reason="待开春施工", lead=ROADS, until=NINE + 60 * DAY)
SUSPENDED = fact(pausing_events.Suspended, DISPATCHER, lead=ROADS, until=NINE + 60 * DAY)
MERGED = fact(issue_ties.MergedInto, DISPATCHER, into=OTHER_ISSUE)

RECEIVED = received()
ANSWERED = fact(ResidentRequest.Answered, RECEIVER)
DIVERTED = fact(ResidentRequest.Diverted, RECEIVER, code="emergency")
ATTACHED = fact(ResidentRequest.Attached, RECEIVER, issue=ISSUE)
CONTACTED = fact(ResidentRequest.RequesterContacted, HANDLER, reached=True)
FED_BACK = fact(ResidentRequest.FedBack, HANDLER)
CALLED_BACK = called_back()
REQUEST_CLOSED = fact(ResidentRequest.Closed, VERIFIER, at=DUE)

TO_ACCEPTED = (REPORTED, FILED, ASSIGNED, ACCEPTED)
TO_RESOLVED = (*TO_ACCEPTED, RESOLVED)
S, R = IssueStage, RequestStage
ISSUE_AT: dict[IssueStage, tuple[Fact, ...]] = {
    S.REPORTED: (REPORTED,),
    S.VOIDED: (REPORTED, VOIDED),
    S.FILED: (REPORTED, FILED),
    S.CONSULTING: (REPORTED, FILED, CONSULTATION_OPENED),
    S.ASSIGNED: (REPORTED, FILED, ASSIGNED),
    S.ACCEPTED: TO_ACCEPTED,
    S.SUSPENDED: (*TO_ACCEPTED, SUSPENSION_ASKED, SUSPENDED),
    S.RETURN_ASKED: (*TO_ACCEPTED, RETURN_ASKED),
    S.RETURNED: (*TO_ACCEPTED, RETURN_ASKED, RETURN_GRANTED),
    S.RESOLVED: TO_RESOLVED,
    S.FAILED: (*TO_RESOLVED, FAILED),
    S.CHECKED: (*TO_RESOLVED, PASSED),
    S.CLOSED: (*TO_RESOLVED, PASSED, CLOSED),
    S.SOLVED: (REPORTED, SOLVED),
    S.MERGED: (REPORTED, MERGED),
}
REQUEST_AT: dict[RequestStage, tuple[Fact, ...]] = {
    R.RECEIVED: (RECEIVED,),
    R.ANSWERED: (RECEIVED, ANSWERED),
    R.DIVERTED: (RECEIVED, DIVERTED),
    R.ATTACHED: (RECEIVED, ATTACHED),
    R.CONTACTED: (RECEIVED, ATTACHED, CONTACTED),
    R.FED_BACK: (RECEIVED, ATTACHED, CONTACTED, FED_BACK),
    R.CALLED_BACK: (RECEIVED, ATTACHED, FED_BACK, CALLED_BACK),
    R.CLOSED: (RECEIVED, ATTACHED, FED_BACK, CALLED_BACK, REQUEST_CLOSED),
}
