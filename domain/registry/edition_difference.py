"""版次差异: what an edition adds, changes and no longer lists, against what is in force on its eve."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.registry.case_type import CaseType
from domain.registry.catalogue_edition import CatalogueEdition
from domain.registry.filing_condition import LABELS, FilingCondition
from domain.registry.publishing import dropped


class ChangeKind(StrEnum):
    """差异."""

    ADDED = "added"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The word people read."""
        return {"added": "新增", "changed": "变更", "withdrawn": "停用"}[self.value]


@dataclass(frozen=True)
class FieldChange:
    """One field before and after, as people read it; empty text where there was or is nothing."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ConditionChange:
    """One filing condition that the edition adds, changes or withdraws."""

    code: str
    name: str
    change: ChangeKind
    fields: list[FieldChange]


@dataclass(frozen=True)
class EditionDifference:
    """All changes by ascending key, and how many conditions stay as they are."""

    changes: list[ConditionChange]
    unchanged: int

    @property
    def counts(self) -> dict[str, int]:
        """Conditions by what becomes of them; every one is counted once."""
        found = {kind.value: sum(one.change is kind for one in self.changes) for kind in ChangeKind}
        return found | {"unchanged": self.unchanged}


def difference(edition: CatalogueEdition, case_types: Iterable[CaseType]) -> EditionDifference:
    """Of a draft against what its eve will find in force; of a published edition against what its eve found."""
    known = {one.code: one for one in case_types}
    before = {code: one.on(edition.eve).content for code, one in known.items() if one.in_force(edition.eve)}
    after = contents(edition, known)
    changes = [_changed(code, before.get(code), content) for code, content in after.items()]
    gone = [one for one in known.values() if _is_gone(one, edition)]
    changes += [_changed(one.code, before[one.code], None) for one in gone]
    real = sorted((one for one in changes if one is not None), key=lambda one: one.code)
    return EditionDifference(real, sum(one is None for one in changes))


def contents(edition: CatalogueEdition, known: dict[str, CaseType]) -> dict[str, FilingCondition]:
    """What the edition says now: once published with the limits that were decided since."""
    if not edition.is_published:
        return dict(edition.conditions)
    return {code: known[code].under(edition.code, edition.effective).content for code in edition.conditions}


def _is_gone(case_type: CaseType, edition: CatalogueEdition) -> bool:
    if edition.is_published:
        listed = case_type.code in edition.conditions or case_type.kind not in edition.kinds
        return not listed and case_type.in_force(edition.eve) and not case_type.in_force(edition.effective)
    return bool(dropped(edition, [case_type]))


def _changed(code: str, before: FilingCondition | None, after: FilingCondition | None) -> ConditionChange | None:
    named = after or before
    if named is None or before == after:
        return None
    kind = ChangeKind.ADDED if before is None else ChangeKind.WITHDRAWN if after is None else ChangeKind.CHANGED
    fields = [FieldChange(name, label, _read(before, name), _read(after, name)) for name, label in LABELS.items()]
    return ConditionChange(code, named.name, kind, [field for field in fields if field.before != field.after])


def _read(content: FilingCondition | None, field: str) -> str:
    if content is None:
        return ""
    if field == "limit" and content.limit is None:
        return "待定"
    return str(getattr(content, field) or "")
