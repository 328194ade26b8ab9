"""Use cases of editions 立案标准版次: draft, put and strike conditions, decide limits, publish, discard, compare."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date

from application.ports import Receipt, RequestKey
from application.registry.desk import RegistryDesk
from application.registry.registry import Entry
from domain.actor import Act
from domain.registry.case_type import CaseType
from domain.registry.case_type_key import CaseKind
from domain.registry.catalogue_edition import CatalogueEdition, Standing
from domain.registry.catalogue_refusals import EditionTaken, NothingUndecided
from domain.registry.edition_difference import EditionDifference, contents, difference
from domain.registry.filing_condition import FilingCondition
from domain.registry.local_codes import is_local, local_name, next_local_code
from domain.registry.publishing import publish

ALL = 1_000_000


@dataclass(frozen=True)
class OpenLimit:
    """待定时限: a condition whose limit waits for a decision, in an edition that may be a draft or past."""

    edition: str
    standing: Standing
    content: FilingCondition


class Editions:
    """立案标准, for the whole city."""

    def __init__(self, desk: RegistryDesk) -> None:
        self._desk = desk

    async def draft(
        self, act: Act, *, code: str, name: str, source: str, effective_from: date,
        copies: Collection[CaseKind] = (), key: RequestKey | None = None,
    ) -> Receipt:  # fmt: skip
        """起草, empty or beginning with what will be in force of the kinds `copies` on the eve of its day.

        Refuses `EditionTaken` for a code that conditions published by hand bear.
        """

        def make() -> CatalogueEdition:
            return self.drafted(act, code=code, name=name, source=source, effective_from=effective_from, copies=copies)

        return await self._desk.register(make, key)

    def drafted(
        self, act: Act, *, code: str, name: str, source: str, effective_from: date, copies: Collection[CaseKind] = ()
    ) -> CatalogueEdition:
        """A draft not recorded yet. Refuses as `draft` does."""
        self.require_free(code)
        edition = CatalogueEdition.draft(
            act, city=self._desk.city, code=code, name=name, source=source, effective_from=effective_from
        )
        known = [one for one in self.case_types() if one.kind in copies and one.in_force(edition.eve)]
        edition.put(act, city=self._desk.city, conditions=[one.on(edition.eve).content for one in known])
        return edition

    async def put(
        self, act: Act, *, code: str, condition: FilingCondition, version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:  # fmt: skip
        """草拟一条; a local class is marked so in its name. Refuses `NoSuchEntry`, `NotValidThen` for the lead."""

        def command(edition: CatalogueEdition) -> None:
            edition.put(act, city=self._desk.city, conditions=[_marked(condition)])
            if condition.lead is not None:
                self._desk.registry.unit(condition.lead, valid_on=edition.effective)

        return await self._desk.change(CatalogueEdition, code, command, version=version, key=key)

    async def strike(
        self, act: Act, *, code: str, condition: str, version: int | None = None, key: RequestKey | None = None
    ) -> Receipt:
        """删去一条."""

        def command(edition: CatalogueEdition) -> None:
            edition.strike(act, city=self._desk.city, code=condition)

        return await self._desk.change(CatalogueEdition, code, command, version=version, key=key)

    async def reschedule(
        self, act: Act, *, code: str, effective_from: date, version: int | None = None, key: RequestKey | None = None
    ) -> Receipt:
        """改期."""

        def command(edition: CatalogueEdition) -> None:
            edition.reschedule(act, city=self._desk.city, effective_from=effective_from)

        return await self._desk.change(CatalogueEdition, code, command, version=version, key=key)

    async def discard(
        self, act: Act, *, code: str, version: int | None = None, key: RequestKey | None = None
    ) -> Receipt:
        """作废."""

        def command(edition: CatalogueEdition) -> None:
            edition.discard(act, city=self._desk.city)

        return await self._desk.change(CatalogueEdition, code, command, version=version, key=key)

    async def publish(
        self, act: Act, *, code: str, version: int | None = None, key: RequestKey | None = None
    ) -> Receipt:
        """发布: the edition, those it supersedes and every filing condition in one save. No case is touched."""

        def decide(loaded: Sequence[CatalogueEdition]) -> Sequence[Entry]:
            others, known = deepcopy(self.every()), deepcopy(self.case_types())
            return publish(act, city=self._desk.city, edition=loaded[0], editions=others, case_types=known)

        return await self._desk.change_several(CatalogueEdition, {code: version}, decide, key=key)

    async def decide_limit(
        self, act: Act, *, code: str, limit_text: str, limit_amount: int, limit_unit: str,
        version: int | None = None, key: RequestKey | None = None,
    ) -> Receipt:  # fmt: skip
        """时限决定 for every condition of the edition whose limit reads `limit_text`. Refuses `NothingUndecided`."""
        city = self._desk.city

        def decide(loaded: Sequence[CatalogueEdition]) -> Sequence[Entry]:
            edition = loaded[0]
            if not edition.is_published:
                edition.decide_limit(
                    act, city=city, limit_text=limit_text, limit_amount=limit_amount, limit_unit=limit_unit
                )
                return [edition]
            open_ones = [one for one in self.case_types() if _waits(one, code, limit_text)]
            if not open_ones:
                raise NothingUndecided(edition=code, text=limit_text)
            for case_type in (copies := deepcopy(open_ones)):
                case_type.decide_limit(act, city=city, edition=code, limit_amount=limit_amount, limit_unit=limit_unit)
            return copies

        return await self._desk.change_several(CatalogueEdition, {code: version}, decide, key=key)

    # --- questions ------------------------------------------------------------------------------

    def every(self) -> list[CatalogueEdition]:
        """All editions, drafts and past ones too, by ascending code."""
        return list(self._desk.registry.entries(CatalogueEdition, lambda _: True, limit=ALL))

    def case_types(self) -> list[CaseType]:
        """All filing conditions there are or were."""
        return list(self._desk.registry.entries(CaseType, lambda _: True, limit=ALL))

    def find(self, code: str) -> CatalogueEdition:
        """Refuses `NoSuchEntry`."""
        return self._desk.registry.find(CatalogueEdition, code)

    def conditions(self, code: str) -> list[FilingCondition]:
        """What an edition says, limits decided since included, by ascending key. Refuses `NoSuchEntry`."""
        known = {one.code: one for one in self.case_types()}
        found = contents(self.find(code), known)
        return [found[key] for key in sorted(found)]

    def difference(self, code: str) -> EditionDifference:
        """What it adds, changes and withdraws. Refuses `NoSuchEntry`."""
        return difference(self.find(code), self.case_types())

    def undecided(self, on: date) -> list[OpenLimit]:
        """Every limit that waits for a decision, by edition and key; `on` says how an edition stands."""
        known = {one.code: one for one in self.case_types()}
        return [
            OpenLimit(edition.code, edition.standing(on), content)
            for edition in self.every()
            if edition.state is not Standing.DISCARDED
            for _, content in sorted(contents(edition, known).items())
            if content.limit is None
        ]

    def next_local_code(self, kind: CaseKind, heading: str) -> str:
        """The key the next local class of a 大类 gets. Refuses `BadCode`, `NoLocalCode`."""
        used = {one.code for one in self.case_types()}
        used.update(key for edition in self.every() for key in edition.conditions)
        return next_local_code(kind, heading, used)

    def require_free(self, code: str) -> None:
        """Refuses `EditionTaken` for a code some filing condition already names as its edition."""
        if any(code == one.edition for case_type in self.case_types() for one in case_type.revisions):
            raise EditionTaken(edition=code)


def _marked(condition: FilingCondition) -> FilingCondition:
    if not is_local(condition.code):
        return condition
    return condition.named(local_name(condition.name))


def _waits(case_type: CaseType, edition: str, limit_text: str) -> bool:
    return any(one.edition == edition and one.content.limit_text == limit_text for one in case_type.undecided)
