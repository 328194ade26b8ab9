"""StageClocks 环节时限: set beside the steps that begin or resume stages, by the rules the case was filed under."""

from __future__ import annotations

from collections.abc import Iterator

from eventsourcing.domain import Aggregate

from application.limits.limit_answer import LimitAnswer, LimitSource
from application.limits.limiting import Limiting
from application.registry.calendars_in_force import CalendarsInForce
from application.registry.registry import Registry
from domain.actor import Act
from domain.grid_issue import GridIssue
from domain.issue_events import IssueEvent
from domain.limit_stages import LimitStage
from domain.registry.entry import civil_day
from domain.registry.revisions import Revision
from domain.stage_clocks import Begun, StageClocksSet, begun, set_stage_clocks
from domain.stage_times import StageClock
from domain.workdays import WorkCalendar


class StageClocks:
    """Sets the clocks of an issue's stages, measured on the lead's calendar, before there is one on the place's."""

    def __init__(self, registry: Registry, limiting: Limiting, calendars: CalendarsInForce) -> None:
        self._registry, self._limiting, self._calendars = registry, limiting, calendars

    def answer(self, issue: GridIssue, filed: Revision | None) -> LimitAnswer:
        """The limits of a case by the editions it was filed under, whatever has been published since.

        `filed` is what the catalogue says of it; None for one that was not filed.
        """
        return self._limiting.answer(
            category=issue.category, channel=issue.channel, urgency=issue.stage_times.urgency,
            at=issue.stage_times.filed_on or issue.modified_on, filed=filed,
        )  # fmt: skip

    def follow(self, case: Aggregate, act: Act) -> None:
        """Record the clocks of what began with the steps just taken, in one event; none when no stage has a limit."""
        if not isinstance(case, GridIssue) or not case.pending_events:
            return
        began = [one for step in _new_steps(case) if (one := begun(case, step)) is not None]
        if not any(one.fresh or one.going_on for one in began):
            return
        answer, calendar = self.answer(case, self._filed(case, act)), self._calendar(case, act)
        # Of several steps in one deed the last says when a stage began.
        clocks = {clock.stage: clock for one in began for clock in _clocks(case, one, answer, calendar)}
        if clocks:
            in_order = [clocks[stage.value] for stage in LimitStage if stage.value in clocks]
            set_stage_clocks(act, issue=case, rules=answer.edition, clocks=in_order)

    def _filed(self, issue: GridIssue, act: Act) -> Revision | None:
        if not issue.edition:
            return None
        return self._registry.case_type(issue.category).under(issue.edition, civil_day(act.at))

    def _calendar(self, issue: GridIssue, act: Act) -> WorkCalendar:
        known = self._calendars.newest(issue.assignment.calendar) if issue.assignment else None
        return known or self._calendars.of_place(issue.grid, civil_day(act.at))


def _new_steps(issue: GridIssue) -> list[IssueEvent]:
    """What was recorded and not yet followed."""
    steps: list[IssueEvent] = []
    for event in issue.pending_events:
        if isinstance(event, StageClocksSet):
            steps.clear()
        elif isinstance(event, IssueEvent):
            steps.append(event)
    return steps


def _clocks(issue: GridIssue, began: Begun, answer: LimitAnswer, calendar: WorkCalendar) -> Iterator[StageClock]:
    for stage, start in began.fresh.items():
        found = answer.of(stage)
        if found.source is LimitSource.RULE and found.limit is not None:
            yield StageClock.started(stage, found.limit, found.rule, start, calendar)
    for stage in began.going_on:
        known = issue.stage_times.clocks.get(stage.value)
        if known is not None and began.stood is not None and began.stood.end is not None:
            yield known.resumed(began.stood.start, began.stood.end, calendar)
