"""Importing standards 立案标准导入: a published table becomes the draft of an edition, as often as it comes.

Classes the file lists are in the draft exactly as in the file; other classes of the draft stay. Conditions of a
class are numbered in the order of the file. A limit that does not read plainly is kept as text and waits for a
person; one that a person decided before for the same words of the same condition is theirs again.
"""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass
from datetime import date

from application.importing.report import ImportPlan, ImportReport, Outcome, carry_out
from application.importing.standard_rows import StandardRow, read_standard
from application.registry.desk import RegistryDesk
from application.registry.editions import Editions
from domain.actor import Act
from domain.limit import Limit
from domain.refusals import Refused
from domain.registry.case_type_key import MOST_CONDITIONS, CaseKind, CaseTypeKey, class_key
from domain.registry.catalogue_edition import CatalogueEdition
from domain.registry.catalogue_refusals import EditionDated
from domain.registry.edition_difference import contents
from domain.registry.entry import administer, entry_id
from domain.registry.filing_condition import FilingCondition, worded
from domain.registry.refusals import BadFile

Decided = dict[tuple[str, str, str], Limit]
"""What people decided: by class, condition and the text of its limit."""


@dataclass(frozen=True)
class EditionAsked:
    """The edition a file is for. `effective_from` may be None where it is drafted already; texts have usual ones."""

    code: str
    effective_from: date | None = None
    name: str = ""
    source: str = ""


class ImportingStandards:
    """立案标准导入 of one city."""

    def __init__(self, desk: RegistryDesk, editions: Editions) -> None:
        self._desk, self._editions = desk, editions

    async def run(
        self, act: Act, content: bytes, *, kind: CaseKind, edition: EditionAsked, dry_run: bool = False,
        skip_rejected: bool = False,
    ) -> ImportReport:  # fmt: skip
        """Take a CSV of one kind. Refuses `BadFile`, `WrongRole`, `OutsideArea`, `EditionTaken`, `EditionDated`."""
        administer(act, self._desk.city)
        rows = list(read_standard(content))
        await self._desk.registry.refresh()
        draft = self._edition(act, edition)
        before = contents(draft, {one.code: one for one in self._editions.case_types()})
        plan = _Plan(act, self._desk.city, kind, draft, before, self._decided(kind))
        for row in rows:
            if isinstance(row, StandardRow):
                plan.settle(row)
            else:
                plan.note(row.number, f"{kind.value}-{row.code}" if row.code else "", row.outcome, row.note)
        plan.close()
        return await carry_out(plan, self._desk, dry_run=dry_run, skip_rejected=skip_rejected)

    def _edition(self, act: Act, asked: EditionAsked) -> CatalogueEdition:
        if not self._desk.registry.holds(entry_id(CatalogueEdition.TOPIC, asked.code)):
            if asked.effective_from is None:
                raise BadFile(problem=f"立案标准 {asked.code} 还没有起草，请给出生效日")
            return self._editions.drafted(
                act, code=asked.code, name=asked.name or f"立案标准 {asked.code}", source=asked.source or "导入",
                effective_from=asked.effective_from,
            )  # fmt: skip
        edition = deepcopy(self._editions.find(asked.code))
        if asked.effective_from not in {None, edition.effective}:
            raise EditionDated(edition=asked.code, effective=edition.effective_from, asked=asked.effective_from)
        return edition

    def _decided(self, kind: CaseKind) -> Decided:
        contents = [
            one.content for known in self._editions.case_types() if known.kind is kind for one in known.revisions
        ]
        contents += [one for edition in self._editions.every() for one in edition.conditions.values()]
        return {
            _same(one.code, one.condition, one.limit_text): one.limit
            for one in contents
            if one.limit is not None and one.limit_text and one.reading.limit is None
        }


class _Plan(ImportPlan):
    """What the file asks of the edition, row by row."""

    def __init__(
        self, act: Act, city: str, kind: CaseKind, edition: CatalogueEdition, before: dict[str, FilingCondition],
        decided: Decided,
    ) -> None:  # fmt: skip
        super().__init__()
        self._act, self._city, self._kind, self._edition = act, city, kind, edition
        self._before, self._decided = before, decided
        self._counted: Counter[str] = Counter()
        self._wanted: dict[str, FilingCondition] = {}

    def settle(self, row: StandardRow) -> None:
        """Plan one condition and note what becomes of it."""
        number = self._counted[row.of_class.digits] + 1
        if number > MOST_CONDITIONS:
            self.note(row.number, row.of_class.digits, Outcome.REJECTED, f"一个小类至多 {MOST_CONDITIONS} 个立案条件")
            return
        key = str(CaseTypeKey(self._kind, row.of_class.digits, number))
        try:
            content = self._content(key, row)
        except Refused as refused:
            self.note(row.number, key, Outcome.REJECTED, refused.detail())
            return
        outcome, note = self._outcome(content)
        self.note(row.number, key, outcome, "；".join(filter(None, (note, row.of_class.remark))))
        if outcome is not Outcome.REJECTED:
            self._counted[row.of_class.digits] = number
            self._wanted[key] = content

    def close(self) -> None:
        """Settle what the draft had of these classes and the file has not, and what is to be recorded."""
        if not self._edition.is_draft:
            return
        listed = {class_key(key) for key in self._wanted}
        self._edition.put(self._act, city=self._city, conditions=self._wanted.values())
        for key in sorted(self._before):
            if class_key(key) in listed and key not in self._wanted:
                self._edition.strike(self._act, city=self._city, code=key)
        if self._edition.pending_events:
            self.work.append(self._edition)

    def _content(self, key: str, row: StandardRow) -> FilingCondition:
        of_class = row.of_class
        content = worded(
            FilingCondition(
                key, of_class.name, of_class.heading, row.condition, row.closing_condition, None, row.limit_text,
                **of_class.shared,
            )
        )  # fmt: skip
        limit = content.reading.limit or self._decided.get(_same(key, content.condition, content.limit_text))
        return content if limit is None else content.decided(limit)

    def _outcome(self, content: FilingCondition) -> tuple[Outcome, str]:
        before, reading, note = self._before.get(content.code), content.reading, ""
        if content.limit is None:
            proposal = f"，建议{reading.proposal}" if reading.proposal else ""
            note = f"时限“{reading.text}”待人工决定：{reading.why}{proposal}"
        elif reading.limit is None:
            note = f"时限“{reading.text}”沿用人工的决定：{content.limit}"
        if before == content:
            return Outcome.UNCHANGED, note
        if not self._edition.is_draft:
            return Outcome.REJECTED, f"立案标准 {self._edition.code} 已不在起草中，不能再增改"
        if content.limit is None:
            return Outcome.PENDING, note
        return Outcome.CHANGED if before else Outcome.ADDED, note


def _same(key: str, condition: str, limit_text: str) -> tuple[str, str, str]:
    return class_key(key), condition, limit_text
