"""立案条件 as one edition words it: names, condition, closing condition, limit, units, legal basis."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from domain.limit import Limit
from domain.registry.case_type_key import CaseKind, CaseTypeKey
from domain.registry.entry import wording
from domain.registry.limit_text import MOST_TEXT, LimitReading, read_limit
from domain.step import Step

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_WORDS, MOST_LAW, MOST_UNITS = 2_000, 10_000, 1_000
LABELS: Mapping[str, str] = {
    "class_name": "大类名称",
    "name": "小类名称",
    "condition": "立案条件",
    "closing_condition": "结案条件",
    "limit_text": "处置时限",
    "limit": "时限",
    "lead": "默认主办单位",
    "lead_text": "处置单位",
    "supervisor_text": "主管单位",
    "legal_basis": "法律依据",
    "legal_clauses": "法律条款",
    "collection_rules": "采集要求",
}
"""What of a condition an edition may change, and how people call it."""


@dataclass(frozen=True, slots=True)
class FilingCondition:
    """立案条件. `limit` is None while a person has not decided what `limit_text` means.

    `lead` is a registered unit or None; `lead_text` and `supervisor_text` are the cells as printed.
    """

    code: str
    name: str
    class_name: str
    condition: str
    closing_condition: str
    limit: Limit | None
    limit_text: str = ""
    lead: str | None = None
    lead_text: str = ""
    supervisor_text: str = ""
    legal_basis: str = ""
    legal_clauses: str = ""
    collection_rules: str = ""

    @property
    def kind(self) -> CaseKind:
        """Matter or asset."""
        return CaseTypeKey.parse(self.code).kind

    @property
    def reading(self) -> LimitReading:
        """What its printed limit says."""
        return read_limit(self.limit_text)

    @property
    def lead_names(self) -> list[str]:
        """The handling units named."""
        return unit_names(self.lead_text)

    @property
    def supervisor_names(self) -> list[str]:
        """The supervising units named."""
        return unit_names(self.supervisor_text)

    def decided(self, limit: Limit) -> FilingCondition:
        """The same with its limit decided."""
        return replace(self, limit=limit)

    def named(self, name: str) -> FilingCondition:
        """The same under another name."""
        return replace(self, name=name)

    def facts(self) -> dict[str, object]:
        """As events hold it."""
        said: dict[str, object] = {"code": self.code}
        said |= {name: getattr(self, name) for name in LABELS if name != "limit"}
        return said | {
            "limit_amount": self.limit and self.limit.amount,
            "limit_unit": self.limit and self.limit.unit.value,
        }


class ConditionFacts(Step):
    """Base of the events that carry a whole filing condition. The limit's two facts are None until decided."""

    code: str
    name: str
    class_name: str
    condition: str
    closing_condition: str
    limit_amount: int | None
    limit_unit: str | None
    limit_text: str
    lead: str | None
    lead_text: str
    supervisor_text: str
    legal_basis: str
    legal_clauses: str
    collection_rules: str

    def content(self) -> FilingCondition:
        """The condition it carries."""
        limit = None if self.limit_amount is None or self.limit_unit is None else Limit.of(
            self.limit_amount, self.limit_unit
        )  # fmt: skip
        texts = {name: getattr(self, name) for name in LABELS if name != "limit"}
        return FilingCondition(code=self.code, limit=limit, **texts)


def worded(condition: FilingCondition) -> FilingCondition:
    """The condition with its texts trimmed and checked. Refuses `BadCode`, `BadText`."""

    def some(field: str, most: int) -> str:
        text = getattr(condition, field)
        return wording(text, LABELS[field], most, several_lines=True) if text.strip() else ""

    return replace(
        condition,
        code=str(CaseTypeKey.parse(condition.code)),
        name=wording(condition.name, LABELS["name"]),
        class_name=wording(condition.class_name, LABELS["class_name"]),
        condition=wording(condition.condition, LABELS["condition"], MOST_WORDS, several_lines=True),
        closing_condition=some("closing_condition", MOST_WORDS),
        limit_text=some("limit_text", MOST_TEXT),
        lead_text=some("lead_text", MOST_UNITS),
        supervisor_text=some("supervisor_text", MOST_UNITS),
        legal_basis=some("legal_basis", MOST_LAW),
        legal_clauses=some("legal_clauses", MOST_LAW),
        collection_rules=some("collection_rules", MOST_LAW),
    )


def unit_names(cell: str) -> list[str]:
    """The units one cell names, each once, in their order. Line breaks separate as 、 does; blanks within do not."""
    parts: Sequence[str] = re.split(r"[、\n]", cell)
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))
