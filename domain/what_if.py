"""What if 试算: how a case's clock went as recorded, and how it would have gone under another limit.

The recorded steps are replayed with their own instants; nothing is recorded and no event is changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from domain import issue_events as happened
from domain.assignment import Assignment, Terms, given
from domain.clock_events import DeadlineRecalculated
from domain.issue_events import IssueEvent
from domain.limit import Limit
from domain.pausing_events import Extended, Resumed, Suspended

STEPS = (
    happened.Assigned, happened.ReturnAsked, happened.ReturnRefused, happened.Resolved, happened.ReworkOrdered,
    happened.RedoOrdered, DeadlineRecalculated, Extended, Suspended, Resumed,
)  # fmt: skip
"""The steps that move a clock."""


@dataclass(frozen=True)
class Course:
    """When the lead was due last, under which limit, and whether it was late: None while it has not resolved."""

    limit: Limit
    due: datetime
    late: bool | None

    def is_late(self, now: datetime) -> bool:
        """Whether it was late, or is by now."""
        return self.due < now if self.late is None else self.late


def as_it_went(steps: Iterable[IssueEvent]) -> Course | None:
    """The course that was recorded; None before an assignment."""
    clock: Assignment | None = None
    late: bool | None = None
    for step in steps:
        match step:
            case happened.ClockEvent():
                clock, late = step.clock(), None
            case happened.Resolved():
                late = step.overdue
    return None if clock is None else Course(clock.limit, clock.due, late)


def under(terms: Terms, steps: Iterable[IssueEvent]) -> Course | None:
    """The course the same steps would have taken under `terms` from the first assignment on."""
    clock: Assignment | None = None
    late: bool | None = None
    for step in steps:
        at = step.timestamp
        match step:
            case happened.Assigned():
                same = clock is not None and clock.lead == step.lead
                clock = _resumed(terms, clock, at) if same else _fresh(terms, step.lead, at, clock)
                late = None
            case happened.ReturnRefused() | happened.ReworkOrdered():
                clock, late = _resumed(terms, clock, at), None
            case happened.RedoOrdered():
                clock, late = _fresh(terms, step.lead, at, clock), None
            case Extended():
                clock = _extended(terms, clock, step)
            case Resumed():
                clock = terms.resumed_both(given(clock), step.runs_from)
            case happened.ReturnAsked() | Suspended():
                clock = replace(given(clock), stopped_at=at)
            case happened.Resolved():
                late = at > given(clock).due
                clock = replace(given(clock), stopped_at=at)
    return None if clock is None else Course(clock.limit, clock.due, late)


def _resumed(terms: Terms, clock: Assignment | None, at: datetime) -> Assignment:
    return terms.resumed(given(clock), at)


def _extended(terms: Terms, clock: Assignment | None, step: Extended) -> Assignment:
    """As many limits more as were granted, of the limit it now has."""
    before = given(clock)
    more = max(1, step.added // step.limit_amount * before.limit.amount)
    return terms.extended(before, more, min(step.timestamp, before.due))


def _fresh(terms: Terms, lead: str, at: datetime, before: Assignment | None) -> Assignment:
    return terms.fresh(lead, at, before.case_due if before else None)
