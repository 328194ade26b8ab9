"""Strip 指标条: five figures of the period, each with its change, its course and its cases."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from application.statistics.answers import Answer, Group
from application.statistics.filter import Dimension, mark
from domain.statistics.number import Unit
from domain.statistics.numbers import NUMBERS
from domain.statistics.periods import Bucket, Cut
from interfaces.web import telling
from interfaces.web.board.figures import FIVE, NOTHING, Cell, about, cell, name_of
from interfaces.web.board.glance import Glance
from interfaces.web.telling import NO_DATA

WIDE, HIGH = 120.0, 28.0
_EDGE = 3.0
_DAYS_BEFORE = timedelta(days=13)
"""A day is shown at the end of a fortnight."""


@dataclass(frozen=True)
class Spark:
    """A course as lines and dots of a drawing; where there is no data the line breaks."""

    lines: Sequence[str]
    dots: Sequence[tuple[str, str]]
    words: str


@dataclass(frozen=True)
class StripFigure:
    """One of the five. `way` tells the change apart: up, down, same, none."""

    number: str
    name: str
    about: str
    cell: Cell
    change: str
    way: str
    spark: Spark


async def strip(look: Glance) -> list[StripFigure]:
    """The five, asked at once: the three rates are made of the same facts."""
    return list(await asyncio.gather(*(_figure(look, number) for number in FIVE)))


async def _figure(look: Glance, number: str) -> StripFigure:
    """A month or a week shows its own days, so that one question gives the figure and its course."""
    now, before = await asyncio.gather(
        look.number(number, Dimension.PERIOD, of=look.about(_shown(look))),
        look.number(number, of=look.about(look.before)),
    )
    group = now.pooled
    if look.at.cut is Cut.DAY:
        group = next((one for one in now.groups if one.key == mark(look.period)), NOTHING)
    change, way = _change(group, before, look.as_before)
    return StripFigure(
        number, name_of(number), about(NUMBERS[number]), cell(number, group, look.at), change, way,
        spark([(value, telling.figure(value, now.unit)) for value in _course(look, now)]),
    )  # fmt: skip


def _shown(look: Glance) -> Bucket:
    if look.at.cut is not Cut.DAY:
        return look.period
    return look.period._replace(start=look.period.start - _DAYS_BEFORE)


def _course(look: Glance, answer: Answer) -> list[float | None]:
    """The value of each day that has begun."""
    values = {one.key: one.value for one in answer.groups}
    days = look.policy.periods(Cut.DAY).buckets(answer.start, answer.end)
    return [values.get(mark(day)) for day in days if day.start < look.now]


def _change(group: Group, before: Answer, as_before: str) -> tuple[str, str]:
    was = before.pooled.value
    if group.value is None or was is None:
        return f"{as_before}{telling.figure(was, before.unit)}", "none"
    points = (group.value - was) * (100 if before.unit is Unit.RATE else 1)
    if abs(points) < 0.05:
        return f"与{as_before}持平", "same"
    unit = "个百分点" if before.unit is Unit.RATE else ""
    return f"较{as_before}{'升' if points > 0 else '降'} {abs(points):.1f} {unit}".rstrip(), (
        "up" if points > 0 else "down"
    )  # fmt: skip


def spark(course: Sequence[tuple[float | None, str]]) -> Spark:
    """A course of values with their words, from the lowest to the highest value; of equal ones a line half-way up."""
    known = [(value, words) for value, words in course if value is not None]
    if not known:
        return Spark([], [], NO_DATA)
    low, high = min(known)[0], max(known)[0]
    across = (WIDE - 2 * _EDGE) / max(len(course) - 1, 1)

    def point(nth: int, value: float) -> tuple[str, str]:
        up = (value - low) / (high - low) if high > low else 0.5
        return f"{_EDGE + nth * across:.1f}", f"{HIGH - _EDGE - up * (HIGH - 2 * _EDGE):.1f}"

    points = [None if value is None else point(nth, value) for nth, (value, _) in enumerate(course)]
    runs = [[one for one in run if one] for there, run in groupby(points, key=bool) if there]
    lines = [" ".join(",".join(one) for one in run) for run in runs if len(run) > 1]
    dots = [*(run[0] for run in runs if len(run) == 1), runs[-1][-1]]
    return Spark(lines, list(dict.fromkeys(dots)), f"由 {known[0][1]} 到 {known[-1][1]}")
