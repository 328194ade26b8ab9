"""时限重算: a calendar has a new version, and open cases are due by it; what is decided or past stays as it was.

Only limits in work hours and workdays are measured on a calendar. A case keeps the calendar it began on.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from domain.actor import Act, Role, record
from domain.assignment import Assignment, given
from domain.clock import Clock
from domain.clock_events import DeadlineRecalculated
from domain.grid_issue import GridIssue
from domain.limit import is_provisional
from domain.limit_stages import LimitStage
from domain.stage_clocks import StageClocksSet
from domain.stage_times import StageClock
from domain.stages import IssueStage
from domain.waiting_stages import OF_THE_LEAD, WAITS_IN
from domain.workdays import WorkCalendar

LEAD_RUNS = frozenset({IssueStage.ASSIGNED, IssueStage.ACCEPTED, IssueStage.RETURN_ASKED, IssueStage.SUSPENDED})
RUNNING = LEAD_RUNS | {IssueStage.RETURNED}
"""Stages in which a clock of the case runs: the lead's, and between two leads the case's own."""
WAITED_FOR = {
    LimitStage.DISPATCH: WAITS_IN[LimitStage.DISPATCH],
    LimitStage.ACCEPT: WAITS_IN[LimitStage.ACCEPT],
    LimitStage.CHECK: WAITS_IN[LimitStage.CHECK],
    LimitStage.CONTACT: LEAD_RUNS,
    LimitStage.FEEDBACK: LEAD_RUNS,
}
"""The stages of an issue in which each 环节 is measured anew. What waits for a voice once all is done is settled."""
CalendarOf = Callable[[str], WorkCalendar | None]
"""The newest version of a calendar by its name, None for one nobody knows."""


def recalculate(act: Act, *, issue: GridIssue, calendar_of: CalendarOf) -> bool:
    """Re-set what is due by the newest versions; whether anything was to be re-set. Refuses `WrongStage`."""
    role = issue.gate(act, RUNNING, Role.ADMIN)
    before = given(issue.assignment)
    lead, case = reckoned(issue, calendar_of, act.at)
    if _told(lead) == _told(before) and case.provisional == _whole(issue).provisional:
        return False
    record(
        issue, DeadlineRecalculated, act, role, lead=before.lead, **lead.facts(),
        calendar_version_before=before.calendar_version, due_before=before.due, case_due_before=before.case_due,
        case_calendar=case.calendar, case_calendar_version=case.calendar_version, case_provisional=case.provisional,
    )  # fmt: skip
    return True


def reckoned(issue: GridIssue, calendar_of: CalendarOf, at: datetime) -> tuple[Assignment, Assignment]:
    """The lead's clock and the case clock of an assigned issue as the newest versions have them, seen at `at`."""
    before, whole = given(issue.assignment), _whole(issue)
    # Between two leads the lead's clock is over; a suspension alone stops the case clock too.
    lead = _by(before, calendar_of, at) if issue.stage in LEAD_RUNS else before
    stood = before.stopped_at if issue.stage is IssueStage.SUSPENDED else None
    # What an extension added counts in the lead's unit; laid over a case limit in another it is no clock any more.
    mixed = whole.added and whole.limit.unit is not before.limit.unit
    case = whole if mixed else _by(whole, calendar_of, stood or at)
    return replace(lead, case_due=case.due), case


def _whole(issue: GridIssue) -> Assignment:
    """The case clock under its limit: the one a rule set for it, or the first lead's."""
    case, known = given(issue.case_clock), given(issue.assignment).case_due
    ruled = issue.stage_times.clocks.get(LimitStage.CASE.value)
    if ruled is None:
        return replace(case, due=known)
    open_end = ruled.provisional if case.calendar_version == ruled.calendar_version else case.provisional
    return replace(case, limit=ruled.limit, due=known, provisional=open_end)


def _by(clock: Assignment, calendar_of: CalendarOf, at: datetime) -> Assignment:
    """The clock as the newest version of its calendar has it."""
    newest = calendar_of(clock.calendar)
    if newest is None or clock.calendar_version == newest.version:
        return clock
    due = clock.due_on(newest, at)
    open_end = is_provisional(clock.limit, due, newest)
    return replace(clock, calendar_version=newest.version, due=due, provisional=open_end)


def _told(clock: Assignment) -> tuple[datetime, datetime, bool]:
    return clock.due, clock.case_due, clock.provisional


def recalculate_stages(act: Act, *, issue: GridIssue, calendar_of: CalendarOf) -> bool:
    """Re-set by when stages are due that still wait; whether any was to be re-set. Refuses `WrongStage`."""
    role = issue.gate(act, frozenset().union(*WAITED_FOR.values()), Role.ADMIN)
    anew = [
        clock
        for stage, waits_in in WAITED_FOR.items()
        if issue.stage in waits_in and (clock := _waiting(issue, stage, calendar_of, act.at)) is not None
    ]
    if anew:
        record(issue, StageClocksSet, act, role, lead=issue.lead, rules=issue.stage_times.rules, clocks=anew)
    return bool(anew)


def _waiting(issue: GridIssue, stage: LimitStage, calendar_of: CalendarOf, at: datetime) -> StageClock | None:
    """The clock of a stage as the newest version of its calendar has it; None where nothing changes."""
    clock = issue.stage_times.clocks.get(stage.value)
    if clock is None or issue.stage_times.ended(clock) is not None or not clock.limit.unit.on_workdays:
        return None
    newest, lead = calendar_of(clock.calendar), issue.assignment if stage in OF_THE_LEAD else None
    now = (lead and lead.stopped_at) or at
    if newest is None or clock.calendar_version == newest.version or (now > clock.due and not clock.provisional):
        return None
    due = Clock(clock.limit, clock.clock_start, newest, lead.pauses if lead else ()).due
    if due is None or due < min(now, clock.due):
        due = clock.due
    open_end = is_provisional(clock.limit, due, newest)
    if (due, open_end) == (clock.due, clock.provisional):
        return None
    return replace(clock, calendar_version=newest.version, due=due, provisional=open_end)
