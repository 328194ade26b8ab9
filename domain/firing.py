"""Firing: what the clock does by itself, recorded in the program's own name, each once.

Whether something is to fire is asked of the case as it stands, so who comes second, or comes with an old list, finds
nothing to do.
"""

from __future__ import annotations

from datetime import datetime

from domain.actor import Act, Actor, Role, signature
from domain.assignment import Terms, given
from domain.case_clocks import LEAD_RUNS, CalendarOf
from domain.grid_issue import GridIssue
from domain.resident_request import CALLABLE, ResidentRequest
from domain.stages import JUDGED, IssueStage
from domain.suspending import resume_suspension
from domain.timer_events import CallBackCameDue, DeadlineMissed, DeadlineWarned
from domain.timers import MISSED, USUAL, Timer, WarningPolicy, still_to_fire
from domain.waiting_stages import own_clocks

PROGRAM = Actor("system", frozenset({Role.SUPERVISOR}), "", ("",))
"""系统: who answers for what happens by itself, wherever it does."""
ENDING = LEAD_RUNS | JUDGED
"""Stages of an issue whose limit goes to its end, or was kept: in others its due instant still moves."""


def next_of_issue(issue: GridIssue, calendar_of: CalendarOf, policy: WarningPolicy = USUAL) -> datetime | None:
    """When something is to fire next on `issue`, None when nothing is."""
    if issue.grants.suspended_until is not None and issue.stage is IssueStage.SUSPENDED:
        return issue.grants.suspended_until
    waiting = still_to_fire(own_clocks(issue, calendar_of), issue.timers.fired, policy)
    return waiting[0].at if waiting else None


def fire_on_issue(
    issue: GridIssue, calendar_of: CalendarOf, terms: Terms | None, now: datetime, policy: WarningPolicy = USUAL
) -> datetime | None:
    """Record the first that is to have fired by `now`; when that was to be, None when nothing was.

    Of a suspended issue that is its resumption, under `terms`.
    """
    at = next_of_issue(issue, calendar_of, policy)
    if at is None or at > now:
        return None
    if issue.stage is IssueStage.SUSPENDED:
        resume_suspension(Act(PROGRAM, at, stated=False), issue=issue, terms=given(terms))
        return at
    timer, *_ = still_to_fire(own_clocks(issue, calendar_of), issue.timers.fired, policy)
    _record(issue, timer)
    return at


def _record(issue: GridIssue, timer: Timer) -> None:
    clock = timer.clock
    facts = {
        **signature(Act(PROGRAM, timer.at), Role.SUPERVISOR), "timestamp": max(timer.at, issue.modified_on),
        "clock": clock.name.value, "lead": issue.lead, "clock_start": clock.start, "added": clock.added,
        "due": clock.due, "reached_at": timer.at,
    }  # fmt: skip
    if timer.percent == MISSED:
        issue.trigger_event(DeadlineMissed, **facts)
    else:
        issue.trigger_event(DeadlineWarned, percent=timer.percent, **facts)


def fire_on_request(request: ResidentRequest, issue: GridIssue, now: datetime) -> datetime | None:
    """应回访: record that the limit of `issue`, which goes on for the request, has ended; when, None when nothing was.

    Once for each due instant: one sent round again comes due again.
    """
    if request.stage not in CALLABLE or issue.assignment is None or issue.stage not in ENDING:
        return None
    due = issue.assignment.due
    if due > now or request.limit_ended == due:
        return None
    request.trigger_event(
        CallBackCameDue, timestamp=max(due, request.modified_on), **signature(Act(PROGRAM, due), Role.SUPERVISOR),
        issue=issue.id, due=due,
    )  # fmt: skip
    return due
