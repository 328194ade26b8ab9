"""时限重算: a calendar has a new version, and open cases are due by it; what is decided or past stays as it was.

Only limits in work hours and workdays are measured on a calendar. A case keeps the calendar it began on.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from domain.actor import Act, Role, record
from domain.assignment import Assignment, given
from domain.clock_events import DeadlineRecalculated
from domain.grid_issue import GridIssue
from domain.limit import is_provisional
from domain.limit_stages import LimitStage
from domain.stages import IssueStage
from domain.workdays import WorkCalendar

LEAD_RUNS = frozenset({IssueStage.ASSIGNED, IssueStage.ACCEPTED, IssueStage.RETURN_ASKED, IssueStage.SUSPENDED})
RUNNING = LEAD_RUNS | {IssueStage.RETURNED}
"""Stages in which a clock of the case runs: the lead's, and between two leads the case's own."""
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
