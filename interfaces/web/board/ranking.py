"""Ranking 排名: streets, communities, grids or units side by side, with a bar for each figure."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from application.statistics.answers import Answer, Group
from domain.statistics.number import Unit
from domain.statistics.numbers import NUMBERS
from domain.statistics.ranking import Better, Entrant, Ranked, better_end, rank
from interfaces.web.board.figures import FIVE, NOTHING, Cell, cell, name_of
from interfaces.web.board.glance import Glance

COMPARED = {"street": "街道（乡镇）", "community": "社区（村）", "grid": "网格", "unit": "承办单位"}
MOST_ROWS = 100
BY_NAME = "name"


@dataclass(frozen=True)
class Column:
    """One figure of all rows. `sorted` is "descending" or "ascending" where the rows stand by it."""

    number: str
    name: str
    sorted: str
    sort_address: str


@dataclass(frozen=True)
class Row:
    """A group in its place. `bars` are shares of the longest of each column, 0-100."""

    key: str
    name: str
    rank: int | None
    moved: int | None
    chosen: bool
    address: str
    cells: Sequence[Cell]
    bars: Sequence[float]


@dataclass(frozen=True)
class Table:
    """The ranking. `beyond` rows are not shown."""

    compared: str
    ranked_by: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    beyond: int


async def ranking(look: Glance) -> Table:
    """All columns at once; the places are by the number that the address shows, against the period before."""
    numbers = list(dict.fromkeys([look.at.number, *FIVE]))
    *answers, before = await asyncio.gather(
        *(look.number(number, look.at.by) for number in numbers),
        look.number(look.at.number, look.at.by, of=look.about(look.before)),
    )
    places = _places(look, answers[0], before)
    columns = [{one.key: one for one in answer.groups} for answer in answers]
    keys = sorted({key for column in columns for key in column if key})
    names = {key: one.name for column in columns for key, one in column.items()}
    cells = {key: _cells(look, key, numbers, columns) for key in keys}
    ordered = _ordered(look, keys, numbers, cells, places, names)
    longest = [max((cells[key][nth].value or 0.0 for key in keys), default=0.0) for nth in range(len(numbers))]
    rows = [
        Row(
            key, names[key], places[key].rank if key in places else None, places[key].moved if key in places else None,
            _touches(look.at.pick, key), look.at.to(pick=key), cells[key],
            [_bar(one.value, number, most) for one, number, most in zip(cells[key], numbers, longest, strict=True)],
        )
        for key in ordered[:MOST_ROWS]
    ]  # fmt: skip
    return Table(
        COMPARED[look.at.by.value], name_of(look.at.number), [_column(look, number) for number in numbers], rows,
        max(0, len(keys) - MOST_ROWS),
    )  # fmt: skip


def _places(look: Glance, now: Answer, before: Answer) -> Mapping[str, Ranked]:
    def entrants(answer: Answer) -> list[Entrant]:
        return [Entrant(one.key, one.name, one.value, one.denominator or 0) for one in answer.groups if one.key]

    rows = rank(entrants(now), better_end(now.number), look.policy.ties, before=entrants(before))
    return {row.key: row for row in rows}


def _ordered(
    look: Glance, keys: Sequence[str], numbers: Sequence[str], cells: Mapping[str, Sequence[Cell]],
    places: Mapping[str, Ranked], names: Mapping[str, str],
) -> list[str]:  # fmt: skip
    """By place, unless the address says by which column; what has no data stands last either way."""
    by, other_way = look.at.sort.removeprefix("-"), look.at.sort.startswith("-")
    if by == BY_NAME:
        return sorted(keys, key=lambda key: (names[key], key), reverse=other_way)
    if by not in numbers:
        return sorted(keys, key=lambda key: (place(places, key), key))
    values = {key: cells[key][numbers.index(by)].value for key in keys}
    sign = -1 if (better_end(by) is Better.HIGHEST) != other_way else 1
    known = sorted((sign * value, key) for key, value in values.items() if value is not None)
    return [*(key for _, key in known), *(key for key in keys if values[key] is None)]


def _cells(
    look: Glance, key: str, numbers: Sequence[str], columns: Sequence[Mapping[str, Group]]
) -> list[Cell]:  # fmt: skip
    nothing = replace(NOTHING, key=key)
    return [
        cell(number, column.get(key, nothing), look.at, look.at.by.value)
        for number, column in zip(numbers, columns, strict=True)
    ]  # fmt: skip


def place(places: Mapping[str, Ranked], key: str) -> float:
    """Where a group stands; behind all others without a place."""
    found = places.get(key)
    return float("inf") if found is None or found.rank is None else found.rank


def _column(look: Glance, number: str) -> Column:
    by, other_way = look.at.sort.removeprefix("-"), look.at.sort.startswith("-")
    standing = by == number or (by not in FIVE and by != BY_NAME and number == look.at.number)
    down = (better_end(number) is Better.HIGHEST) != other_way
    turned = f"-{number}" if standing and not other_way else number
    return Column(
        number, name_of(number), ("descending" if down else "ascending") if standing else "none",
        look.at.to(sort=turned),
    )  # fmt: skip


def _bar(value: float | None, number: str, most: float) -> float:
    """Shares are of one, everything else is of the longest."""
    whole = 1.0 if NUMBERS[number].unit is Unit.RATE else most
    return 0.0 if not value or not whole else min(100.0, round(value / whole * 100, 1))


def _touches(pick: str, key: str) -> bool:
    """Whether one lies in the other: codes of places begin with those of what they lie in."""
    return bool(pick) and (pick.startswith(key) or key.startswith(pick))
