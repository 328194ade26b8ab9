"""CodeTable 码表: who gives codes to places, and what a table says of one place for some days (`TableCode`).

Tables disagree: one place has several codes, one code means several places. So a code says something only
together with its table and a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from domain.registry.entry import in_force


class CodeTable(StrEnum):
    """码表."""

    # In this order the registry speaks by their codes: the first that has one leads.
    OWN = "own"  #: 本市登记: given by the city's administrator
    NBS = "nbs"  #: 国家统计局, 统计用区划代码, down to communities
    MCA = "mca"  #: 民政部, 行政区划代码 and 国家地名信息库, down to townships
    GB2260 = "gb2260"  #: GB/T 2260, provinces to counties, in yearly editions

    @property
    def label(self) -> str:
        """The word people read."""
        return _LABEL[self]

    def precedes(self, other: CodeTable) -> bool:
        """Whether the registry speaks by this table's code rather than by the other's."""
        return _ORDER.index(self) < _ORDER.index(other)


_ORDER = list(CodeTable)
_LABEL = {
    CodeTable.OWN: "本市登记",
    CodeTable.NBS: "国家统计局",
    CodeTable.MCA: "民政部",
    CodeTable.GB2260: "GB/T 2260",
}


@dataclass(frozen=True, slots=True)
class TableCode:
    """赋码: a table calls a place by this code and name from a day to a day, both included; None while open.

    `year` is the edition that said so first, None when nobody told.
    """

    table: str
    year: int | None
    code: str
    name: str
    valid_from: str
    valid_until: str | None

    def in_force(self, on: date) -> bool:
        """Whether the table said so on a day."""
        return in_force(on, self.valid_from, self.valid_until)

    def meets(self, first: str, last: str | None) -> bool:
        """Whether a day lies in both periods."""
        return (last is None or self.valid_from <= last) and (self.valid_until is None or first <= self.valid_until)


Codes = tuple[TableCode, ...]


def eve(day: str) -> str:
    """The day before, ISO."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def open_code(codes: Codes, table: str) -> TableCode | None:
    """What a table says with no end known."""
    return next((each for each in codes if each.table == table and each.valid_until is None), None)


def last_code(codes: Codes, table: str) -> TableCode | None:
    """What a table says last, whether it ends or not."""
    return next((each for each in reversed(codes) if each.table == table), None)


def added(codes: Codes, new: TableCode) -> Codes:
    """With one more, by first day."""
    return tuple(sorted((*codes, new), key=lambda each: (each.valid_from, each.table, each.code)))


def ended(codes: Codes, last_day: str, table: str | None = None) -> Codes:
    """With all that a table, or any, says ending on `last_day` at the latest; what began later never was."""
    return tuple(
        replace(each, valid_until=last_day)
        if table in {None, each.table} and (each.valid_until is None or each.valid_until > last_day)
        else each
        for each in codes
        if each.valid_from <= last_day or table not in {None, each.table}
    )


def said_anew(codes: Codes, new: TableCode) -> Codes:
    """With `new` in place of what its table said from its first day on."""
    return added(ended(codes, eve(new.valid_from), new.table), new)


def name_on(codes: Sequence[TableCode], table: str, day: date) -> str | None:
    """What a place was called on a day: by `table` if that has a word for it, else by any."""
    said = [each for each in codes if each.in_force(day)]
    return next((each.name for each in sorted(said, key=lambda each: each.table != table)), None)
