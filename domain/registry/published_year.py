"""PublishedYear 放假安排: the days off and the worked weekend days of one year, as its notice gives them.

A notice may reach back into December of the year before and on into January after: New Year is a matter of both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self

from domain.registry.calendar_refusals import NotOfThatYear
from domain.registry.entry import wording
from domain.registry.refusals import BadPeriod
from domain.workdays import FIRST_YEAR, LAST_YEAR


@dataclass(frozen=True)
class PublishedYear:
    """Days by ISO date, ascending, each once. `source` says where it was published."""

    year: int
    holidays: tuple[str, ...]
    workdays: tuple[str, ...]
    source: str

    @classmethod
    def of(cls, year: int, *, holidays: Iterable[date], workdays: Iterable[date], source: str) -> Self:
        """Refuses `NotOfThatYear`, `BadText` for the source, `BadPeriod` for a year out of all bounds."""
        if not FIRST_YEAR < year < LAST_YEAR:
            raise BadPeriod(first=date(FIRST_YEAR + 1, 1, 1), last=date(LAST_YEAR - 1, 12, 31))
        off, on = frozenset(holidays), frozenset(workdays)
        for day in sorted(off | on):
            if not date(year - 1, 12, 1) <= day <= date(year + 1, 1, 31):
                raise NotOfThatYear(day=day, year=year)
        return cls(year, _told(off), _told(on), wording(source, "出处", 200))

    def same_days(self, other: PublishedYear | None) -> bool:
        """Whether both say the same of the same days, wherever they were published."""
        return other is not None and (self.year, self.holidays, self.workdays) == (
            other.year, other.holidays, other.workdays,
        )  # fmt: skip


def _told(days: Iterable[date]) -> tuple[str, ...]:
    return tuple(day.isoformat() for day in sorted(days))
