"""Fields of the forms by which people give orders: what each is asked as, and what of the API's body it becomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from domain.vocabulary import LABELS

Kind = Literal[
    "text", "line", "choice", "yes", "unit", "units", "category", "grid", "case", "moment", "number", "files",
]  # fmt: skip
LONGEST = {"text": 4_000, "line": 200}


@dataclass(frozen=True)
class Field:
    """One question of a form. `choices` are (value, word); `value` what it starts with."""

    name: str
    label: str
    kind: Kind
    required: bool = False
    choices: Sequence[tuple[str, str]] = ()
    value: str = ""
    hint: str = ""

    @property
    def longest(self) -> int:
        """In characters, of what is typed."""
        return LONGEST.get(self.kind, 200)

    def starting(self, value: str) -> Field:
        return replace(self, value=value)


def text(name: str, label: str, *, required: bool = True, hint: str = "") -> Field:
    return Field(name, label, "text", required, hint=hint)


def choice(name: str, label: str, vocabulary: type[StrEnum], value: str = "") -> Field:
    """One of a list of the field's."""
    return Field(name, label, "choice", True, [(one.value, LABELS[one]) for one in vocabulary], value)


def yes_or_no(name: str, label: str, yes: str, no: str) -> Field:
    return Field(name, label, "yes", True, [("true", yes), ("false", no)])


REASON = Field("reason", "理由", "line")
WHY = replace(REASON, required=True)
UNIT = Field("lead", "主办单位", "unit", hint="输入单位名称或拼音首字母；留空则依派遣规则")
COPIES, ASSISTS = Field("copies", "抄送", "units"), Field("assists", "协办", "units")
CATEGORY = Field("category", "类别", "category", hint="输入名称或拼音首字母，如 ld")
EVIDENCE = Field("evidence", "证据照片或文件", "files")
