"""What the facts answered, made into figures: one function a shape of number, and no question to anybody."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import fmean
from typing import NamedTuple

from application.statistics.answers import Spread
from application.statistics.reading import Cell, HeldCell, SpreadCell, StandingCell
from domain.rates import RatePolicy
from domain.statistics.number import Number, Part, Shape

HOUR, DAY = 3_600, 86_400
EDGES = (HOUR, 4 * HOUR, DAY, 3 * DAY, 5 * DAY, 7 * DAY, 15 * DAY, 30 * DAY, 60 * DAY)
"""Where the bars of a histogram meet, in seconds."""
Keys = tuple[str, str]
_NOTHING = Fraction(0)


class Figure(NamedTuple):
    """A number of one group before it has a name."""

    numerator: float
    denominator: int | None
    excluded: int
    value: float | None
    spread: Spread | None = None


class Made(NamedTuple):
    """The figures of the groups, and that of all together."""

    groups: Mapping[Keys, Figure]
    pooled: Figure

    def mean(self) -> float | None:
        """The mean of the groups that have data; the others are left out, not taken as 0."""
        values = [one.value for one in self.groups.values() if one.value is not None]
        return fmean(values) if values else None


def of_cells(number: Number, cells: Sequence[Cell], policy: RatePolicy) -> Made:
    """Counts, shares and scores."""
    by_group: dict[Keys, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_group[cell.key, cell.then_key].append(cell)
    scale = _Scale(
        number.weigh(policy), number.answers(Part.DENOMINATOR, policy), number.answers(Part.EXCLUDED, policy)
    )  # fmt: skip
    groups = {keys: _figure(number, of_group, scale) for keys, of_group in by_group.items()}
    counted = {keys: one for keys, one in groups.items() if one.numerator or one.denominator or one.excluded}
    return Made(counted, _figure(number, cells, scale))


class _Scale(NamedTuple):
    """How much each answer weighs, and which answers are in the denominator and beside it; None for all."""

    weights: Mapping[str, Fraction]
    base: Collection[str] | None
    beside: Collection[str] | None


def _figure(number: Number, cells: Iterable[Cell], scale: _Scale) -> Figure:
    weighed: Counter[Fraction] = Counter()
    whole = excluded = 0
    for cell in cells:
        if cell.exempt:
            excluded += cell.n if scale.beside is None or cell.answer in scale.beside else 0
        else:
            # Fractions are slow: what weighs the same is counted first.
            weighed[scale.weights.get(cell.answer, _NOTHING)] += cell.n
            whole += cell.n if scale.base is None or cell.answer in scale.base else 0
    part = sum((weight * n for weight, n in weighed.items()), _NOTHING)
    if number.shape is Shape.COUNT:
        return Figure(float(part), None, excluded, float(part))
    share = part / whole if whole else None
    return Figure(float(part), whole, excluded, None if share is None else _value(number, share))


def _value(number: Number, share: Fraction) -> float:
    if number.shape is not Shape.SCORE:
        return float(share)
    points = Decimal(share.numerator * 100) / Decimal(share.denominator)
    return float(points.quantize(Decimal("0.1"), ROUND_HALF_UP))


def of_spread(cells: Iterable[SpreadCell]) -> Made:
    """Durations: the value is the median."""
    groups: dict[Keys, Figure] = {}
    pooled = Figure(0.0, 0, 0, None, Spread(None, None, None, _bars([0] * (len(EDGES) + 1))))
    for cell in cells:
        spread = Spread(cell.median, cell.p90, cell.seconds / cell.n, _bars(cell.histogram))
        figure = Figure(cell.seconds, cell.n, 0, cell.median, spread)
        if cell.whole:
            pooled = figure
        else:
            groups[cell.key, cell.then_key] = figure
    return Made(groups, pooled)


def _bars(histogram: Sequence[int]) -> list[tuple[int, int | None, int]]:
    return list(zip((0, *EDGES), (*EDGES, None), histogram, strict=True))


def of_held(cells: Sequence[HeldCell]) -> Made:
    """Time held: the value is the seconds, the denominator how many spans they are of."""
    groups = {(cell.key, cell.then_key): _held(cell.seconds, cell.spans) for cell in cells}
    whole = sum((cell.seconds for cell in cells), Decimal(0))
    return Made(groups, _held(whole, sum(cell.begun for cell in cells)))


def _held(seconds: Decimal, spans: int) -> Figure:
    return Figure(float(seconds), spans, 0, float(seconds) if spans else None)


def of_standing(cells: Iterable[StandingCell], marks: Sequence[str], by_period: tuple[bool, bool]) -> Made:
    """The backlog: by period at the end of each, else at the end of the last; all together always at the last."""
    groups: dict[Keys, int] = defaultdict(int)
    last = 0
    for cell in cells:
        at_last = cell.nth == len(marks) - 1
        last += cell.n if at_last else 0
        if any(by_period):
            key = marks[cell.nth] if by_period[0] else cell.key
            then_key = marks[cell.nth] if by_period[1] else cell.then_key
            groups[key, then_key] += cell.n
        elif at_last:
            groups[cell.key, cell.then_key] += cell.n
    return Made({keys: _open(n) for keys, n in groups.items()}, _open(last))


def _open(n: int) -> Figure:
    return Figure(float(n), None, 0, float(n))
