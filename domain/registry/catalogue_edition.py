"""CatalogueEdition 立案标准版次: a whole catalogue that comes into force on one day.

Drafted by import or by hand, compared, tried on past cases, published as one save; superseded when a later edition
of the same kinds is. A draft acts on nothing. What it holds of a kind is all there is of that kind from its day on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from eventsourcing.domain import Aggregate

from domain.actor import Act, Role, record, signature
from domain.limit import Limit
from domain.registry.case_type import limit_of
from domain.registry.case_type_key import CaseKind, CaseTypeKey
from domain.registry.catalogue_refusals import (
    ConditionNotDrafted,
    EditionEmpty,
    EditionSettled,
    NothingUndecided,
)
from domain.registry.entry import administer, entry_id, local_code, wording
from domain.registry.filing_condition import ConditionFacts, FilingCondition, worded
from domain.registry.refusals import NothingChanged
from domain.step import Step


class Standing(StrEnum):
    """版次状态 on a day."""

    DRAFT = "draft"
    DISCARDED = "discarded"
    ANNOUNCED = "announced"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"

    @property
    def label(self) -> str:
        """The word people read."""
        return _STANDING[self]


_STANDING = {
    Standing.DRAFT: "起草中",
    Standing.DISCARDED: "已作废",
    Standing.ANNOUNCED: "已发布、待生效",
    Standing.IN_FORCE: "现行",
    Standing.SUPERSEDED: "已被取代",
}


class CatalogueEdition(Aggregate):
    """One edition as its events tell it. `conditions` by key; `ended` is the last day of each kind superseded."""

    TOPIC = "catalogue_edition"
    label = "立案标准版次"

    class Event(Step):
        """Base of the events of `CatalogueEdition`."""

    class Created(Event, Aggregate.Created):
        """Never recorded; the library wants it named."""

        TOPIC = "catalogue_edition.created"

    class Drafted(Created):
        """起草."""

        TOPIC = "catalogue_edition.drafted"
        code: str
        name: str
        source: str
        effective_from: str

    class ConditionDrafted(ConditionFacts, Event):
        """草拟一条: new in the draft or in place of what the draft said."""

        TOPIC = "catalogue_edition.condition_drafted"

        def apply(self, edition: CatalogueEdition) -> None:
            edition.conditions[self.code] = self.content()

    class ConditionStruck(Event):
        """删去一条."""

        TOPIC = "catalogue_edition.condition_struck"
        code: str

        def apply(self, edition: CatalogueEdition) -> None:
            del edition.conditions[self.code]

    class LimitDecided(Event):
        """时限决定: what a limit kept as text means, wherever the draft has that text."""

        TOPIC = "catalogue_edition.limit_decided"
        limit_text: str
        limit_amount: int
        limit_unit: str

        def apply(self, edition: CatalogueEdition) -> None:
            limit = Limit.of(self.limit_amount, self.limit_unit)
            for content in edition.undecided(self.limit_text):
                edition.conditions[content.code] = content.decided(limit)

    class Rescheduled(Event):
        """改期."""

        TOPIC = "catalogue_edition.rescheduled"
        effective_from: str

        def apply(self, edition: CatalogueEdition) -> None:
            edition.effective_from = self.effective_from

    class Discarded(Event):
        """作废: the draft is given up; its number is not used again."""

        TOPIC = "catalogue_edition.discarded"

        def apply(self, edition: CatalogueEdition) -> None:
            edition.state = Standing.DISCARDED

    class Published(Event):
        """发布: it comes into force on its day, for these kinds."""

        TOPIC = "catalogue_edition.published"
        kinds: list[str]

        def apply(self, edition: CatalogueEdition) -> None:
            edition.state = Standing.ANNOUNCED

    class Superseded(Event):
        """被取代 by a later edition, for these kinds, after a day."""

        TOPIC = "catalogue_edition.superseded"
        successor: str
        kinds: list[str]
        last_day: str

        def apply(self, edition: CatalogueEdition) -> None:
            edition.ended.update(dict.fromkeys(self.kinds, self.last_day))

    def __init__(self, *, code: str, name: str, source: str, effective_from: str) -> None:
        self.code, self.name, self.source, self.effective_from = code, name, source, effective_from
        self.conditions: dict[str, FilingCondition] = {}
        self.state = Standing.DRAFT
        self.ended: dict[str, str] = {}

    @property
    def effective(self) -> date:
        """Its first day."""
        return date.fromisoformat(self.effective_from)

    @property
    def eve(self) -> date:
        """The day before its first."""
        return self.effective - timedelta(days=1)

    @property
    def kinds(self) -> list[CaseKind]:
        """The kinds it says something of, and so everything."""
        return sorted({content.kind for content in self.conditions.values()})

    @property
    def is_draft(self) -> bool:
        return self.state is Standing.DRAFT

    @property
    def is_published(self) -> bool:
        return self.state is Standing.ANNOUNCED

    def standing(self, on: date) -> Standing:
        """Where it stands on a day."""
        day = on.isoformat()
        if self.state is not Standing.ANNOUNCED:
            return self.state
        if day < self.effective_from:
            return Standing.ANNOUNCED
        over = all(self.ended.get(kind, day) < day for kind in self.kinds)
        return Standing.SUPERSEDED if over else Standing.IN_FORCE

    def undecided(self, limit_text: str | None = None) -> list[FilingCondition]:
        """Conditions whose limit waits for a decision, those with this very text or all."""
        open_ones = [content for content in self.conditions.values() if content.limit is None]
        return [content for content in open_ones if limit_text in {None, content.limit_text}]

    @classmethod
    def draft(cls, act: Act, *, city: str, code: str, name: str, source: str, effective_from: date) -> CatalogueEdition:
        """起草, for the whole of `city`. Refuses `BadCode`, `BadText`."""
        role = administer(act, city)
        return cls._create(
            cls.Drafted, id=entry_id(cls.TOPIC, local_code(code, cls.label)), timestamp=act.at,
            **signature(act, role), code=code, name=wording(name, "版次名称"), source=wording(source, "依据"),
            effective_from=effective_from.isoformat(),
        )  # fmt: skip

    def put(self, act: Act, *, city: str, conditions: Iterable[FilingCondition]) -> list[str]:
        """草拟: the keys that are new or changed by it. Refuses `EditionSettled`, `BadCode`, `BadText`."""
        role = self._drafting(act, city)
        changed = [one for one in map(worded, conditions) if self.conditions.get(one.code) != one]
        for content in changed:
            record(self, self.ConditionDrafted, act, role, **content.facts())
        return [content.code for content in changed]

    def strike(self, act: Act, *, city: str, code: str) -> None:
        """删去. Refuses `EditionSettled`, `BadCode`, `ConditionNotDrafted`."""
        role = self._drafting(act, city)
        key = str(CaseTypeKey.parse(code))
        if key not in self.conditions:
            raise ConditionNotDrafted(edition=self.code, category=key)
        record(self, self.ConditionStruck, act, role, code=key)

    def decide_limit(self, act: Act, *, city: str, limit_text: str, limit_amount: int, limit_unit: str) -> None:
        """时限决定 for all of the draft that say so. Refuses `EditionSettled`, `BadLimit`, `NothingUndecided`."""
        role = self._drafting(act, city)
        limit = limit_of(limit_amount, limit_unit)
        if not self.undecided(limit_text):
            raise NothingUndecided(edition=self.code, text=limit_text)
        facts = {"limit_amount": limit.amount, "limit_unit": limit.unit.value}
        record(self, self.LimitDecided, act, role, limit_text=limit_text, **facts)

    def reschedule(self, act: Act, *, city: str, effective_from: date) -> None:
        """改期. Refuses `EditionSettled`, `NothingChanged`."""
        role = self._drafting(act, city)
        if effective_from == self.effective:
            raise NothingChanged(kind=self.label, code=self.code)
        record(self, self.Rescheduled, act, role, effective_from=effective_from.isoformat())

    def discard(self, act: Act, *, city: str) -> None:
        """作废. Refuses `EditionSettled`."""
        record(self, self.Discarded, act, self._drafting(act, city))

    def announce(self, act: Act, *, city: str) -> Role:
        """发布 of the edition alone, see `domain.registry.publishing`. Refuses `EditionSettled`, `EditionEmpty`."""
        role = self._drafting(act, city)
        if not self.conditions:
            raise EditionEmpty(edition=self.code)
        record(self, self.Published, act, role, kinds=[kind.value for kind in self.kinds])
        return role

    def give_way(self, act: Act, role: Role, *, successor: CatalogueEdition, kinds: Iterable[CaseKind]) -> None:
        """被取代, by the publication of its successor."""
        said = {"successor": successor.code, "kinds": [kind.value for kind in kinds]}
        record(self, self.Superseded, act, role, **said, last_day=successor.eve.isoformat())

    def _drafting(self, act: Act, city: str) -> Role:
        role = administer(act, city)
        if not self.is_draft:
            raise EditionSettled(edition=self.code, standing="已发布" if self.is_published else "已作废")
        return role
