"""Ground 网格图: the map of grids, coloured by a number; every area leads to its cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from application.duty_report import name_of as registered
from application.statistics.answers import Group
from application.statistics.filter import Dimension
from domain.registry.entry import civil_day
from domain.statistics.numbers import NUMBERS
from interfaces.web import telling
from interfaces.web.board.figures import NOTHING, Cell, cell, name_of
from interfaces.web.board.glance import Glance
from interfaces.web.board.ground_plan import Plans, Shape

SHADES = 6
_PLANS = Plans()


@dataclass(frozen=True)
class Area:
    """A grid on the map. `shade` is 0 to 5, None without data."""

    shape: Shape
    cell: Cell
    shade: int | None
    chosen: bool
    address: str

    @property
    def words(self) -> str:
        """What a screen reader says of it."""
        share = f"，{self.cell.share}" if self.cell.share and self.cell.value is not None else ""
        return f"{self.shape.name}：{self.cell.words}{share}"


@dataclass(frozen=True)
class Step:
    """One entry of the legend: a shade and the values it stands for."""

    shade: int
    words: str
    areas: int


@dataclass(frozen=True)
class Map:
    """The map. `elsewhere` cases are of grids that are not drawn; `beyond` grids are too many to be drawn."""

    number: str
    of_unit: str
    wide: float
    high: float
    areas: Sequence[Area]
    legend: Sequence[Step]
    without_data: int
    elsewhere: int
    beyond: int
    chosen: Area | None


async def ground(look: Glance) -> Map:
    """The grids of the address, or of the looker's areas, coloured by the number; of the chosen unit, when one is."""
    number, at = look.at.number, look.at
    if at.by is Dimension.UNIT and at.pick:
        at = at.with_(unit=at.pick)
    answer = await look.number(number, Dimension.GRID, of=replace(look.about_number(number), unit=at.unit))
    groups = {one.key: one for one in answer.groups}
    plan = _PLANS.of(look.services.registry, [at.street] if at.street else look.actor.areas, civil_day(look.now))
    known = [groups[one.code].value for one in plan.shapes if one.code in groups]
    steps = tops([value for value in known if value is not None])
    areas = [
        Area(shape, cell(number, group, at, "grid"), shade_of(group.value, steps), _chosen(look, shape.code),
             look.at.to(pick=shape.code))
        for shape in plan.shapes
        for group in [groups.get(shape.code, replace(NOTHING, key=shape.code))]
    ]  # fmt: skip
    drawn = {shape.code for shape in plan.shapes}
    of_unit = registered(look.services.registry.unit, at.unit) if at.unit else ""
    return Map(
        name_of(number), of_unit, plan.wide, plan.high, areas, _legend(number, steps, areas),
        sum(one.shade is None for one in areas), _elsewhere(groups[key] for key in groups.keys() - drawn), plan.beyond,
        next((one for one in areas if one.shape.code == at.pick), None),
    )  # fmt: skip


def tops(values: Sequence[float]) -> list[float]:
    """The highest value of each shade, ascending: as many areas each as equal values allow, one shade a value if few.

    Without values none.
    """
    ordered, distinct = sorted(values), sorted(set(values))
    if len(distinct) <= SHADES:
        return distinct
    ends = [ordered[len(ordered) * nth // SHADES - 1] for nth in range(1, SHADES)]
    return sorted({*ends, ordered[-1]})


def shade_of(value: float | None, steps: Sequence[float]) -> int | None:
    """The shade of a value, 0 to 5, None without data. Of few shades the outer ones are used: they stay apart."""
    if value is None:
        return None
    nth = next(nth for nth, top in enumerate(steps) if value <= top)
    return SHADES - 1 if len(steps) == 1 else round(nth * (SHADES - 1) / (len(steps) - 1))


def _legend(number: str, steps: Sequence[float], areas: Sequence[Area]) -> list[Step]:
    """What each shade stands for, by the values that are there."""
    found = []
    for top in steps:
        shade = shade_of(top, steps)
        values = sorted(one.cell.value for one in areas if one.shade == shade and one.cell.value is not None)
        if shade is not None and values:
            unit = NUMBERS[number].unit
            low, high = telling.figure(values[0], unit), telling.figure(values[-1], unit)
            found.append(Step(shade, low if low == high else f"{low} – {high}", len(values)))
    return found


def _chosen(look: Glance, grid: str) -> bool:
    """A unit is no place: what it has is what is coloured."""
    pick = look.at.pick
    return bool(pick) and look.at.by is not Dimension.UNIT and (grid.startswith(pick) or pick.startswith(grid))


def _elsewhere(groups: Iterable[Group]) -> int:
    return int(sum(one.denominator if one.denominator is not None else one.numerator for one in groups))
