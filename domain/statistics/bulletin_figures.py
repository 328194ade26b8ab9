"""The figures of a bulletin 通报: what it tells, number by number and group by group, and which of them changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

POOLED = "*"
"""The group of all together; "" is the one of what lies in none."""
NUMBERS = (
    "received", "reported", "closed", "response_rate", "resolution_rate", "satisfaction_rate", "composite_score",
    "on_time_accept", "on_time_contact", "on_time_feedback", "on_time_handle", "on_time_close", "found_in_grid",
    "solved_in_grid", "before_complaint", "returned", "return_rate", "rework_rate", "redo_rate", "repeat_rate",
)  # fmt: skip
"""What a new bulletin tells."""


@dataclass(frozen=True)
class Heading:
    """A number as it was called when the bulletin was issued, and what its values are in (`Unit`)."""

    number: str
    name: str
    unit: str


@dataclass(frozen=True)
class Figure:
    """One number of one group, or of all together (`POOLED`), under the name it had. `value` None is no data."""

    number: str
    group: str
    name: str
    numerator: float
    denominator: int | None
    excluded: int
    value: float | None

    @property
    def counts(self) -> tuple[float, int, int]:
        """What makes it another figure: not the name of its group."""
        return self.numerator, self.denominator or 0, self.excluded


@dataclass(frozen=True)
class ChangedFigure:
    """A number of a group, then and now. None on a side: the group had no figure."""

    number: str
    group: str
    name: str
    then: Figure | None
    now: Figure | None


def by_group(figures: Sequence[Figure]) -> dict[tuple[str, str], Figure]:
    """The figures by number and group."""
    return {(figure.number, figure.group): figure for figure in figures}


def mean_of_groups(figures: Sequence[Figure], number: str) -> float | None:
    """均值 of the groups that have data, beside the figure of all together; None is no data."""
    values = [one.value for one in figures if one.number == number and one.group != POOLED and one.value is not None]
    return fmean(values) if values else None


def changed(then: Sequence[Figure], now: Sequence[Figure]) -> list[ChangedFigure]:
    """The figures that are others now; one without any case is as good as none."""
    before, after = by_group(then), by_group(now)
    pairs = [
        ChangedFigure(*key, (after.get(key) or before[key]).name, before.get(key), after.get(key))
        for key in before | after
    ]
    return [pair for pair in pairs if _counts(pair.then) != _counts(pair.now)]


def _counts(figure: Figure | None) -> tuple[float, int, int]:
    return (0, 0, 0) if figure is None else figure.counts
