"""Supposing 试算: the clocks of cases under what is supposed, held against what was recorded. Reckoning, no I/O."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from uuid import UUID

from application.limits.limit_answer import LimitAnswer, LimitSource
from application.limits.limiting import Limiting
from application.registry.calendars_in_force import CalendarsInForce
from application.registry.registry import Registry
from application.statistics.what_if import ChangedRun, WhatIfQuestion
from domain.issue_events import Filed, IssueEvent
from domain.issue_ties import Exempted
from domain.limit import Limit
from domain.limit_stages import LimitStage
from domain.registry.entry import civil_day
from domain.registry.limit_rules import LimitRules
from domain.statistics.clock_runs import ClockRun, Deeds
from domain.statistics.what_if_limits import Filing, as_recorded, supposed
from domain.workdays import WorkCalendar

Measures = Mapping[tuple[str, str], WorkCalendar]
"""Every version there was of every calendar, by name and version."""
Pair = tuple[ClockRun | None, ClockRun | None]


@dataclass(frozen=True)
class CaseHistory:
    """A case and what is recorded of it up to the position asked about."""

    log_id: str
    id: UUID
    number: int
    steps: Sequence[IssueEvent]
    deeds: Deeds

    @property
    def exempt(self) -> bool:
        """Out of the denominators, beside them."""
        return any(isinstance(step, Exempted) for step in self.steps)

    @property
    def filed_at(self) -> datetime | None:
        """When it was filed last."""
        return next((step.timestamp for step in reversed(self.steps) if isinstance(step, Filed)), None)


class SupposedRules:
    """`domain.statistics.what_if_limits.Rules` of an edition of limit rules, a calendar, both or neither."""

    def __init__(
        self, registry: Registry, calendars: CalendarsInForce, measures: Measures, *,
        edition: LimitRules | None = None, calendar: WorkCalendar | None = None,
    ) -> None:  # fmt: skip
        self._registry, self._calendars, self.measures = registry, calendars, measures
        self._edition, self._calendar = edition, calendar
        # Its own, since it is asked from another thread than the commands' is.
        self._limiting = Limiting(registry)
        self._answers: dict[tuple[object, ...], LimitAnswer] = {}

    @property
    def recalculates(self) -> bool:
        return self._calendar is None

    def limit(self, stage: LimitStage, filing: Filing, recorded: Limit | None) -> Limit | None:
        if self._edition is None:
            return recorded
        found = self._answer(filing, self._edition).of(stage)
        if stage is LimitStage.HANDLE or found.source is LimitSource.RULE:
            return found.limit
        return None

    def calendar(self, name: str, version: str) -> WorkCalendar:
        return self._calendar or self.measures.get((name, version)) or self._calendars.measure(name)

    def calendar_at(self, place: str, at: datetime) -> WorkCalendar:
        return self._calendar or self._calendars.of_place(place, civil_day(at))

    def _answer(self, filing: Filing, edition: LimitRules) -> LimitAnswer:
        day = civil_day(filing.at)
        key = (filing.category, filing.edition, filing.channel, filing.urgency, day)
        if key not in self._answers:
            filed = self._registry.case_type(filing.category).under(filing.edition, day) if filing.edition else None
            if len(self._answers) >= 10_000:
                self._answers.clear()
            self._answers[key] = self._limiting.answer(
                category=filing.category, channel=filing.channel, urgency=filing.urgency, at=filing.at, filed=filed,
                edition=edition,
            )  # fmt: skip
        return self._answers[key]


def held_against(case: CaseHistory, rules: SupposedRules, question: WhatIfQuestion) -> Iterator[Pair]:
    """Each run of the case's clocks as it went and as it would have; None where it did not, or would not, run.

    None at all for a case filed at another time, or not at all.
    """
    filed_at = case.filed_at
    if filed_at is None or not question.start <= filed_at < question.end:
        return
    then, now = as_recorded(case.steps, case.deeds), supposed(case.steps, case.deeds, rules)
    for stage in LimitStage:
        pairs = zip_longest(*([run for run in runs if run.stage is stage] for runs in (then, now)))
        for one, other in pairs:
            unit = (one or other).unit
            if question.unit is None or question.unit == unit:
                yield one, other


def changed(case: CaseHistory, pairs: Iterable[Pair], now: datetime) -> Iterator[ChangedRun]:
    """Those that would have been late, or late no longer. They have no order yet."""
    for one, other in pairs:
        late_then, late_now = _late(one, now), _late(other, now)
        if bool(late_then) == bool(late_now):
            continue
        told = one or other
        if told is not None:
            yield ChangedRun(
                0, case.log_id, case.id, case.number, told.stage.value, told.unit, told.place,
                one.due if one else None, other.due if other else None, late_then, late_now,
            )  # fmt: skip


def _late(run: ClockRun | None, now: datetime) -> bool | None:
    return run.late(now) if run else None
