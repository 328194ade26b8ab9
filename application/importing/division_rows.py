"""Rows of a list of divisions as offices keep it: CSV with level, code, name and parent_code.

A file whose lines cannot be trusted is refused as a whole; a line that is wrong by itself is told apart from
the rest. Nothing here knows what is registered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from application.importing.headed_rows import MOST_SHOWN, headed_rows
from application.importing.report import Line, Outcome
from domain.place import Level, division_code, level_of, parent_of
from domain.refusals import Refused
from domain.registry.entry import wording

HEADINGS = {name: name for name in ("level", "code", "name", "parent_code")}
_LEVELS = {str(number): level for number, level in enumerate(Level, start=1)}


@dataclass(frozen=True)
class DivisionRow:
    """One line that is right by itself."""

    line: int
    code: str
    name: str
    parent: str


def read_rows(content: bytes) -> Iterator[DivisionRow | Line]:
    """Each line below the header. Refuses `BadFile`: size, encoding, header, quotes."""
    return headed_rows(content, HEADINGS, HEADINGS, _row)


def _row(line: int, told: dict[str, str]) -> DivisionRow | Line:
    level, code, name, parent = (told[column][:MOST_SHOWN] for column in HEADINGS)
    try:
        wrong = _wrong(level, division_code(code), wording(name, "区划名称"), parent)
    except Refused as refused:
        wrong = refused.detail()
    return DivisionRow(line, code, name, parent) if wrong is None else Line(line, code, Outcome.REJECTED, wrong)


def _wrong(level: str, code: str, name: str, parent: str) -> str | None:
    if _LEVELS.get(level) is not level_of(code):
        return f"级别“{level}”与 {len(code)} 位代码不符"
    if parent != parent_of(code):
        return f"上级代码应为“{parent_of(code)}”，实为“{parent}”"
    return "名称中有引号，请检查这一行的引号" if '"' in name else None
