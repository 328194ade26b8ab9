"""What a measurement asks of the statistics: every number, over random months, groups and filters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from application.statistics.filter import OF_HOLDING, Dimension, Filter, Grouping
from application.synthetic.arrivals import BEGIN, END
from application.synthetic.catalogue import CATEGORIES
from application.synthetic.town import DISTRICTS, district
from domain.statistics.number import Number, Shape, Window
from domain.statistics.numbers import NUMBERS
from domain.statistics.periods import Bucket, Cut, Periods
from domain.vocabulary import Channel

DAYS, MONTHS = Periods(Cut.DAY), Periods(Cut.MONTH)
NARROWED, IN_TWO = 0.4, 0.3
"""How many questions are about less than the whole town, and how many are grouped twice."""
_USUAL = tuple(one for one in Dimension if one not in OF_HOLDING and one is not Dimension.GRID)


@dataclass(frozen=True)
class Question:
    """One number with its filter and groups."""

    number: str
    filter: Filter
    grouping: Grouping


def questions(seed: int, each: int, months: slice = slice(None)) -> Iterator[Question]:
    """`each` of every number, over some of the year's months; the same for the same seed."""
    chance, periods = Random(f"questions {seed}"), MONTHS.buckets(BEGIN, END)[months]  # noqa: S311 - a measurement
    for number in NUMBERS.values():
        for _ in range(each):
            yield _question(chance, number, periods)


def _question(chance: Random, number: Number, periods: Sequence[Bucket]) -> Question:
    month = chance.choice(periods)
    asked = Filter(month.start, month.end)
    if chance.random() < NARROWED:
        asked = _narrower(chance, asked)
    dimensions = [*_USUAL, *(OF_HOLDING if number.shape in (Shape.HELD, Shape.BACKLOG) else ())]
    twice = chance.random() < IN_TWO
    # Communities by units are more groups than an answer may have, and what lies ahead lies in no period.
    unfit = {Dimension.COMMUNITY} if twice else set()
    unfit |= {Dimension.PERIOD} if number.window is Window.AHEAD else set()
    by, then = chance.sample([one for one in dimensions if one not in unfit], 2)
    days = DAYS.buckets(month.start, month.end)
    return Question(number.id, asked, Grouping(by, then if twice else None, days))


def _narrower(chance: Random, asked: Filter) -> Filter:
    one = district(chance.choice(DISTRICTS))
    return chance.choice((
        replace(asked, street=chance.choice(one.streets)),
        replace(asked, unit=chance.choice(list(one.units))),
        replace(asked, category=chance.choice(CATEGORIES).code),
        replace(asked, channel=chance.choice((Channel.HOTLINE, Channel.PATROL, Channel.WEB)).value),
    ))  # fmt: skip
