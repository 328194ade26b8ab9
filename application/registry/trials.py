"""Trials 试算: what an edition would have changed for the cases of a period. Reads only, a few hundred at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from application.registry.calendars_in_force import CalendarsInForce
from application.registry.editions import Editions
from application.registry.registry import Registry
from application.registry.unit_names import default_lead
from domain.actor import Actor, Role
from domain.assignment import Terms
from domain.issue_events import IssueEvent
from domain.limit import Limit
from domain.refusals import WrongRole
from domain.registry.case_type import CaseType
from domain.registry.catalogue_edition import CatalogueEdition
from domain.registry.catalogue_refusals import TooManyToTry
from domain.registry.edition_difference import contents
from domain.registry.entry import civil_day
from domain.registry.filing_condition import FilingCondition
from domain.what_if import Course, as_it_went, under
from domain.workdays import WorkCalendar

MAY_TRY = (Role.ADMIN, Role.SUPERVISOR, Role.AUDITOR)
Progress = Callable[[int, int], None]
Place = tuple[str, int]
"""Log and number of a case: the order of cases in a trial."""


@dataclass(frozen=True)
class FiledCase:
    """A case as it was filed, with the steps that moved its clock."""

    log_id: str
    id: UUID
    number: int
    category: str
    edition: str
    filed_at: datetime
    steps: Sequence[IssueEvent]

    @property
    def place(self) -> Place:
        return self.log_id, self.number


@dataclass(frozen=True)
class Period:
    """Cases filed from `start` on and before `end`."""

    start: datetime
    end: datetime


class FiledCases(Protocol):
    """Cases filed in a period within areas; those voided, merged or exempt are none, as in the statistics."""

    async def counted(self, areas: Sequence[str], period: Period) -> Mapping[str, int]:
        """How many, by category."""

    def filed(
        self, areas: Sequence[str], period: Period, categories: Collection[str]
    ) -> AsyncIterator[Sequence[FiledCase]]:
        """Those of the categories, some hundred at a time, by log and number."""


@dataclass(frozen=True)
class TrialCase:
    """A case that the edition would have treated otherwise.

    Limits are None where they wait for a decision, dues and lateness before an assignment; `listed` is False when
    the edition has no such condition. Leads are the catalogue's defaults, None where the dispatcher chooses.
    """

    log_id: str
    id: UUID
    number: int
    category: str
    edition_then: str
    limit_then: Limit | None
    limit_now: Limit | None
    due_then: datetime | None
    due_now: datetime | None
    late_then: bool | None
    late_now: bool | None
    lead_then: str | None
    lead_now: str | None
    listed: bool


@dataclass
class TrialCounts:
    """Cases of the period, of the kinds the edition speaks of. A case may count under several of the rest."""

    cases: int = 0
    untouched: int = 0
    other_limit: int = 0
    other_lead: int = 0
    not_listed: int = 0
    undecided: int = 0
    late_then: int = 0
    late_now: int = 0
    newly_late: int = 0
    no_longer_late: int = 0

    def add(self, case: TrialCase) -> None:
        """One more case that would have been treated otherwise."""
        self.untouched -= 1
        self.not_listed += not case.listed
        self.undecided += case.listed and case.limit_now is None
        self.other_limit += case.listed and case.limit_now is not None and case.limit_now != case.limit_then
        self.other_lead += case.listed and case.lead_now != case.lead_then
        if case.late_then is not None and case.late_now is not None:
            self.late_then += case.late_then
            self.late_now += case.late_now
            self.newly_late += case.late_now and not case.late_then
            self.no_longer_late += case.late_then and not case.late_now


@dataclass
class Trial:
    """试算 of an edition, measured on `calendar`. `late_*` of the counts speak of the cases that were told."""

    edition: str
    calendar: str
    counts: TrialCounts = field(default_factory=TrialCounts)


@dataclass
class TrialPage:
    """One page of what a trial tells: the cases after `after`, at most `limit`; `more` when there are others."""

    after: Place
    limit: int
    cases: list[TrialCase] = field(default_factory=list)
    more: bool = False

    def take(self, case: TrialCase) -> None:
        """Hear of one more case, in their order."""
        if (case.log_id, case.number) > self.after:
            self.more = len(self.cases) == self.limit
            self.cases += [] if self.more else [case]


class Trials:
    """试算 on past cases, on the calendar in force now."""

    def __init__(self, editions: Editions, registry: Registry, past: FiledCases, calendars: CalendarsInForce) -> None:
        self._editions, self._registry, self._past, self._calendars = editions, registry, past, calendars

    async def run(
        self, actor: Actor, *, code: str, period: Period, now: datetime, tell: Callable[[TrialCase], None],
        progress: Progress = lambda done, total: None, most: int | None = None,
    ) -> Trial:  # fmt: skip
        """What the edition, a draft or published, would have changed. Writes nothing.

        `tell` hears of each case that would have been treated otherwise. Refuses `NoSuchEntry`, `WrongRole`, and
        `TooManyToTry` where more than `most` cases must be looked at one by one.
        """
        if not actor.roles & set(MAY_TRY):
            raise WrongRole(needed=[role.label for role in MAY_TRY])
        edition = self._editions.find(code)
        known = {one.code: one for one in self._editions.case_types()}
        calendar = self._calendars.measure(self._calendars.usual.name)
        trying = _Trying(edition, known, self._registry, calendar, now)
        trial = Trial(code, f"{calendar.name} {calendar.version}")
        filed = await self._past.counted(actor.areas, period)
        covered = {key: count for key, count in filed.items() if key in known and known[key].kind in edition.kinds}
        trial.counts.cases = trial.counts.untouched = sum(covered.values())
        touched = [key for key in covered if trying.touches(key)]
        done, total = 0, sum(covered[key] for key in touched)
        if most is not None and total > most:
            raise TooManyToTry(cases=total, most=most)
        progress(done, total)
        async for batch in self._past.filed(actor.areas, period, touched):
            for case in filter(None, map(trying.case, batch)):
                trial.counts.add(case)
                tell(case)
            done += len(batch)
            progress(done, total)
            await asyncio.sleep(0)  # others are served between two batches
        return trial


class _Trying:
    """One edition held against what was in force."""

    def __init__(
        self, edition: CatalogueEdition, known: dict[str, CaseType], registry: Registry, calendar: WorkCalendar,
        now: datetime,
    ) -> None:  # fmt: skip
        self._edition, self._known, self._registry, self._calendar, self._now = edition, known, registry, calendar, now
        self._said = contents(edition, known)

    def touches(self, key: str) -> bool:
        """Whether any case of the category may have been treated otherwise."""
        now = self._said.get(key)
        return now is None or any(self._differs(one.content, now) for one in self._known[key].revisions)

    def case(self, case: FiledCase) -> TrialCase | None:
        """What would have been otherwise; None for a case treated alike."""
        filed = self._known[case.category].under(case.edition, civil_day(case.filed_at)).content
        now = self._said.get(case.category)
        if now is not None and not self._differs(filed, now):
            return None
        went = as_it_went(case.steps)
        would = self._would(now, case, went)
        return TrialCase(
            log_id=case.log_id, id=case.id, number=case.number, category=case.category, edition_then=case.edition,
            limit_then=went.limit if went else filed.limit, limit_now=now.limit if now else None,
            due_then=went.due if went else None, due_now=would.due if would else None,
            late_then=went.is_late(self._now) if went else None, late_now=would.is_late(self._now) if would else None,
            lead_then=self._lead(filed), lead_now=self._lead(now) if now else None, listed=now is not None,
        )  # fmt: skip

    def _would(self, now: FilingCondition | None, case: FiledCase, went: Course | None) -> Course | None:
        if now is None or now.limit is None:
            return None
        # The same limit is the same course, whatever calendar it was measured on then.
        if went is not None and went.limit == now.limit:
            return went
        return under(Terms(limit=now.limit, edition=self._edition.code, calendar=self._calendar), case.steps)

    def _differs(self, then: FilingCondition, now: FilingCondition) -> bool:
        return then.limit != now.limit or self._lead(then) != self._lead(now)

    def _lead(self, content: FilingCondition) -> str | None:
        return default_lead(self._registry, content, civil_day(self._now))
