"""Rows of a list of admitted duties: a class a line, for one unit, from a day on. Knows nothing registered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from application.importing.headed_rows import MOST_SHOWN, headed_rows
from application.importing.report import Line, Outcome
from domain.refusals import Refused
from domain.registry.case_type_key import CaseTypeKey, class_key
from domain.registry.entry import local_code, period, wording

HEADINGS = {"单位": "unit", "小类": "class", "起": "since", "止": "until", "文号": "document"}
_DAY = re.compile(r"((?:19|2[0-9])[0-9]{2})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One line that is right by itself: the class `category` may be passed to `unit` by `document`."""

    line: int
    unit: str
    category: str
    since: date
    until: date | None
    document: str

    @property
    def code(self) -> str:
        """What the report calls the line."""
        return f"{self.unit} {self.category}"


class _BadDay(Exception):
    """A day nobody can read."""


def read_duties(content: bytes) -> Iterator[DutyRow | Line]:
    """Each line below the header: a duty, or a rejected line. Refuses `BadFile`: size, encoding, header, quotes."""
    return headed_rows(content, HEADINGS, HEADINGS, _row, others=False)


def _row(line: int, told: dict[str, str]) -> DutyRow | Line:
    told = {column: text[:MOST_SHOWN] for column, text in told.items()}
    code = f"{told['unit']} {told['class']}"
    try:
        since, until = _day(told["since"]), _day(told["until"]) if told["until"] else None
        period(since, until)
        category = class_key(str(CaseTypeKey.parse(told["class"])))
        document = wording(told["document"], "文号")
        return DutyRow(line, local_code(told["unit"], "单位代码"), category, since, until, document)
    except Refused as refused:
        return Line(line, code, Outcome.REJECTED, refused.detail())
    except _BadDay as wrong:
        return Line(line, code, Outcome.REJECTED, str(wrong))


def _day(text: str) -> date:
    match = _DAY.fullmatch(text)
    try:
        return date(*map(int, match.groups())) if match else date.fromisoformat("")
    except ValueError:
        raise _BadDay(f"日期“{text}”应如 2026-01-31") from None
