"""Rows of a change list 区划变更表: CSV, one change a line, with the year and the place before and after.

Codes have 12 digits, of which the zeros of the levels below are cut off. Nothing here knows what is registered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from application.importing.headed_rows import MOST_SHOWN, headed_rows
from application.importing.report import Line, Outcome
from domain.place import division_code, parent_of
from domain.refusals import Refused
from domain.registry.entry import wording

REQUIRED = ("year", "type", "old_code", "old_name", "old_path", "new_code", "new_name", "new_path")
OPTIONAL = ("doc_no", "note")
HEADINGS = {name: name for name in (*REQUIRED, *OPTIONAL)}
_FIRST, _LAST = 1949, 2999


@dataclass(frozen=True, slots=True)
class Side:
    """A place before or after a change: its code, name and path of names from the province down; "" when unsaid."""

    code: str
    name: str
    path: str

    @property
    def province(self) -> str:
        """The first two digits."""
        return self.code[:2]

    @property
    def parent_name(self) -> str:
        """The name of the place above, "" when the path does not tell."""
        return self.path.rpartition("/")[0].rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One line that can be read. `key` tells it from every other and knows it again."""

    line: int
    year: int
    kind: str
    old: Side
    new: Side
    doc_no: str
    note: str

    @property
    def key(self) -> str:
        """Begins with the year."""
        told = (self.kind, self.old.code, self.old.name, self.new.code, self.new.name)
        return " ".join([str(self.year), *(each or "-" for each in told)])

    @property
    def code(self) -> str:
        """The code a report names the line by."""
        return self.old.code or self.new.code


def read_changes(content: bytes) -> Iterator[ChangeRow | Line]:
    """Each line below the header. Refuses `BadFile`: size, encoding, header, quotes."""
    return headed_rows(content, HEADINGS, REQUIRED, _row)


def _row(line: int, told: dict[str, str]) -> ChangeRow | Line:
    shown = (told["old_code"] or told["new_code"])[:MOST_SHOWN]
    year = told["year"]
    if not (year.isascii() and year.isdigit() and _FIRST <= int(year) <= _LAST):
        return Line(line, shown, Outcome.REJECTED, f"年份“{year[:MOST_SHOWN]}”应为 {_FIRST} 至 {_LAST}")
    try:
        kind = wording(told["type"], "变更类型", 20)
        old, new = _side(told, "old"), _side(told, "new")
        doc_no, note = (_text(told.get(name, "")) for name in OPTIONAL)
    except Refused as refused:
        return Line(line, shown, Outcome.REJECTED, refused.detail())
    return ChangeRow(line, int(year), kind, old, new, doc_no, note)


def _side(told: dict[str, str], which: str) -> Side:
    code, name = told[f"{which}_code"], told[f"{which}_name"]
    if code:
        division_code(code)
        wording(name or told[f"{which}_path"].rpartition("/")[2], "区划名称")
    return Side(
        _short(code), name or (told[f"{which}_path"].rpartition("/")[2] if code else ""), _text(told[f"{which}_path"])
    )


def _text(text: str) -> str:
    return wording(text, "文字", 1_000) if text else ""


def _short(code: str) -> str:
    """Without the zeros of the levels below."""
    while len(code) > 2 and not code.removeprefix(parent_of(code)).strip("0"):
        code = parent_of(code)
    return code
