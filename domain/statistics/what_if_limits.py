"""What if 试算 of limits: the clocks of a case as recorded, and as they would have run under other limits or calendars.

The recorded steps are taken again with their own instants, each clock set by the rules that set it then
(`domain.assignment`, `domain.stage_clocks`, `domain.recalculating`), only under what is supposed. Nothing is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from domain import issue_events as happened
from domain.assignment import Assignment, Terms, given
from domain.clock_events import DeadlineRecalculated
from domain.grid_issue import GridIssue
from domain.issue_events import ClockEvent, IssueEvent
from domain.limit import Limit
from domain.limit_stages import LimitStage
from domain.pausing_events import Extended, Resumed
from domain.recalculating import reckoned
from domain.stage_clocks import Begun, StageClocksSet, begun
from domain.stage_times import StageClock
from domain.statistics.clock_runs import ClockRun, ClockRuns, Deeds
from domain.workdays import WorkCalendar

S = LimitStage
StepT = TypeVar("StepT", bound=IssueEvent)


@dataclass(frozen=True)
class Filing:
    """What limits are found by: under what and as what an issue was filed."""

    category: str
    edition: str
    channel: str
    urgency: str
    at: datetime


class Rules(Protocol):
    """What is supposed. Each is asked with what was recorded, and may answer with that."""

    def limit(self, stage: LimitStage, filing: Filing, recorded: Limit | None) -> Limit | None:
        """The limit of a stage; None where it has none. `recorded` is what the stage had in this filing."""

    def calendar(self, name: str, version: str) -> WorkCalendar:
        """What measures, where this version of this calendar did."""

    def calendar_at(self, place: str, at: datetime) -> WorkCalendar:
        """What measures where nothing was measured and nobody leads."""

    @property
    def recalculates(self) -> bool:
        """Whether newer versions re-set clocks as they did; False where one calendar measures all."""


def as_recorded(steps: Sequence[IssueEvent], deeds: Deeds) -> list[ClockRun]:
    """The runs of an issue's clocks as its events tell them; none without a report among `steps`."""
    issue: GridIssue | None = None
    runs = ClockRuns()
    for step in steps:
        issue = _after(issue, step)
        if isinstance(step, StageClocksSet):
            runs.set(issue, step.clocks)
        runs.follow(issue, step)
    return runs.ended(issue, deeds) if issue else []


def supposed(steps: Sequence[IssueEvent], deeds: Deeds, rules: Rules) -> list[ClockRun]:
    """The runs as they would have been under `rules`: the same steps at the same instants, met when they were met."""
    issue: GridIssue | None = None
    runs = ClockRuns()
    told = _Told(steps)
    for step in steps:
        if isinstance(step, StageClocksSet):
            continue
        if issue is None:
            issue = _after(None, step)
            continue
        told.filed(step)
        if isinstance(step, ClockEvent):
            if isinstance(step, DeadlineRecalculated) and not rules.recalculates:
                continue
            step = _clock_set(issue, step, told, rules)
        issue = _after(issue, step)
        runs.follow(issue, step)
        if (began := begun(issue, step)) is not None:
            clocks = list(_stage_clocks(issue, began, step, told, rules))
            _stage_clocks_event(step, issue.lead, clocks).apply(issue)
            runs.set(issue, clocks)
    return runs.ended(issue, deeds) if issue else []


class _Told:
    """What was recorded of limits and calendars, filing by filing."""

    def __init__(self, steps: Iterable[IssueEvent]) -> None:
        self._limits: list[dict[LimitStage, Limit]] = [{}]
        self._measures: dict[datetime, tuple[str, str]] = {}
        self._nth = 0
        self.limit_before: Limit | None = None
        for step in steps:
            if isinstance(step, happened.Filed):
                self._limits.append({})
            elif isinstance(step, StageClocksSet):
                for clock in step.clocks:
                    self._limits[-1].setdefault(LimitStage(clock.stage), clock.limit)
                    self._measures[step.timestamp] = clock.calendar, clock.calendar_version

    def filed(self, step: IssueEvent) -> None:
        """Hear of a step: a filing begins another part."""
        self._nth += isinstance(step, happened.Filed)

    def limit(self, stage: LimitStage) -> Limit | None:
        """The limit a rule set for a stage in this filing."""
        return self._limits[self._nth].get(stage)

    def measure(self, at: datetime) -> tuple[str, str] | None:
        """Name and version of what measured the stages' clocks set at an instant."""
        return self._measures.get(at)


def _after(issue: GridIssue | None, step: IssueEvent) -> GridIssue:
    if issue is None:
        begun_with = step.mutate(None)
        if not isinstance(begun_with, GridIssue):
            raise ValueError(f"the first step of an issue is its report, not {type(step).__name__}")
        return begun_with
    # Not by `mutate`: between the versions recorded stand those of clocks that are supposed.
    step.apply(issue)
    return issue


def _filing(issue: GridIssue) -> Filing:
    at = issue.stage_times.filed_on or issue.modified_on
    return Filing(issue.category, issue.edition, issue.channel, issue.stage_times.urgency, at)


def _clock_set(issue: GridIssue, step: ClockEvent, told: _Told, rules: Rules) -> ClockEvent:
    """The step with the clock it would have set."""
    recorded, before_then = Limit.of(step.limit_amount, step.limit_unit), told.limit_before
    told.limit_before = recorded
    if isinstance(step, DeadlineRecalculated):
        return _recalculated(issue, step, rules)
    before, at = issue.assignment, step.timestamp
    calendar = rules.calendar(step.calendar, step.calendar_version)
    # A redo whose limit was not the one before has its own, by the policy on redos.
    same = before is not None and (not isinstance(step, happened.RedoOrdered) or recorded == before_then)
    limit = before.limit if before and same else recorded
    terms = Terms(limit, step.edition, calendar, issue.stage_times.case_limit)
    match step:
        case happened.Assigned() if before is None or before.lead != step.lead:
            clock = _fresh(issue, step, told, rules, calendar)
        case happened.RedoOrdered():
            clock = terms.fresh(step.lead, at, given(before).case_due)
        case Extended():
            return _extended(issue, step, recorded, terms)
        case Resumed():
            clock = terms.resumed_both(given(before), step.runs_from)
        case _:
            clock = terms.resumed(given(before), at)
    return _changed(step, clock.facts())


def _fresh(
    issue: GridIssue, step: happened.Assigned, told: _Told, rules: Rules, calendar: WorkCalendar
) -> Assignment:  # fmt: skip
    filing, recorded = _filing(issue), Limit.of(step.limit_amount, step.limit_unit)
    limit = rules.limit(S.HANDLE, filing, recorded) or recorded
    whole = rules.limit(S.CASE, filing, told.limit(S.CASE))
    first = issue.assignment.case_due if issue.assignment else None
    return Terms(limit, step.edition, calendar, whole).fresh(step.lead, step.timestamp, first)


def _extended(issue: GridIssue, step: Extended, recorded: Limit, terms: Terms) -> ClockEvent:
    """As many limits more as were granted, of the limit it now has."""
    before, ask = given(issue.assignment), issue.grants.extension
    more = max(1, step.added // recorded.amount * before.limit.amount)
    longer = terms.extended(before, more, ask.at if ask else step.timestamp)
    whole = 0 if longer.case_due == before.case_due else more
    return _changed(step, {**longer.facts(), "added": more, "case_added": whole})


def _recalculated(issue: GridIssue, step: DeadlineRecalculated, rules: Rules) -> ClockEvent:
    versions = {step.case_calendar: step.case_calendar_version, step.calendar: step.calendar_version}

    def calendar_of(name: str) -> WorkCalendar | None:
        return rules.calendar(name, versions[name]) if name in versions else None

    lead, case = reckoned(issue, calendar_of, step.timestamp)
    whole = {
        "case_calendar": case.calendar, "case_calendar_version": case.calendar_version,
        "case_provisional": case.provisional,
    }  # fmt: skip
    return _changed(step, {**lead.facts(), **whole})


def _stage_clocks(
    issue: GridIssue, began: Begun, step: IssueEvent, told: _Told, rules: Rules
) -> Iterable[StageClock]:  # fmt: skip
    filing, calendar = _filing(issue), _calendar(issue, step, told, rules)
    for stage, start in began.fresh.items():
        limit = rules.limit(stage, filing, told.limit(stage)) if stage is not S.HANDLE else None
        if limit is not None:
            yield StageClock.started(stage, limit, "", start, calendar)
    for stage in began.going_on:
        known = issue.stage_times.clocks.get(stage.value)
        if known is not None and began.stood is not None and began.stood.end is not None:
            yield known.resumed(began.stood.start, began.stood.end, calendar)


def _calendar(issue: GridIssue, step: IssueEvent, told: _Told, rules: Rules) -> WorkCalendar:
    if (measured := told.measure(step.timestamp)) is not None:
        return rules.calendar(*measured)
    if issue.assignment is not None:
        return rules.calendar(issue.assignment.calendar, issue.assignment.calendar_version)
    return rules.calendar_at(issue.grid, step.timestamp)


def _stage_clocks_event(step: IssueEvent, lead: str, clocks: list[StageClock]) -> StageClocksSet:
    event = object.__new__(StageClocksSet)
    event.__dict__.update(timestamp=step.timestamp, lead=lead, rules="", clocks=clocks)
    return event


def _changed(step: StepT, facts: dict[str, object]) -> StepT:
    """The step with other facts; the one that was recorded stays as it is."""
    changed = object.__new__(type(step))
    changed.__dict__.update(vars(step) | facts)
    return changed
