"""Publishing 公布: figures for everybody, by street and whole months of the policy, with small groups hidden.

Periods are given, not chosen: whoever may ask for any two that overlap learns the small one between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from application.statistics.answers import Group
from application.statistics.filter import Dimension, Filter, Grouping
from application.statistics.statistics import Statistics
from domain.actor import Actor, Role
from domain.statistics.number import Shape
from domain.statistics.numbers import number_named
from domain.statistics.periods import Bucket
from domain.statistics.policy import StatisticsPolicy
from domain.statistics.refusals import MonthNotOver, NotPublished
from domain.statistics.suppression import hidden

PUBLISHED = (
    "response_rate", "resolution_rate", "satisfaction_rate", "composite_score", "on_time_close", "on_time_feedback",
    "received", "reported", "closed", "before_complaint", "solved_in_grid",
)  # fmt: skip
"""Numbers that are published. Each is of a period that has ended, and of one denominator."""


@dataclass(frozen=True)
class PublicFigure:
    """一个街道公布的数. suppressed 为真是件数过小而隐去, 不是没有数据."""

    key: str
    name: str
    denominator: int | None
    value: float | None
    suppressed: bool
    no_data: bool


@dataclass(frozen=True)
class PublicAnswer:
    """公布的一个指标. 小于 least 件的街道隐去; 为免从合计减出, 另有街道随之隐去."""

    number: str
    name: str
    unit: str
    start: datetime
    end: datetime
    policy: str
    least: int
    groups: Sequence[PublicFigure]
    pooled: PublicFigure


async def publish(
    statistics: Statistics, number: str, *, month: Bucket, policy: StatisticsPolicy, city: str, now: datetime
) -> PublicAnswer:
    """A number of a month as everybody may see it. Refuses `NoSuchNumber`, `NotPublished`, `MonthNotOver`."""
    name = number_named(number).name
    if number not in PUBLISHED:
        raise NotPublished(number=name, choices=PUBLISHED)
    if month.end > now:
        raise MonthNotOver(month=month.label)
    everybody = Actor("", frozenset({Role.AUDITOR}), "", (city,))
    answer = await statistics.number(
        everybody, number, Filter(month.start, month.end), grouping=Grouping(Dimension.STREET),
        bound=await statistics.bound(None, now), policy=policy.rates,
    )  # fmt: skip
    sizes = {group.key: _size(number, group) for group in answer.groups}
    small = hidden(sizes, policy.small_cell)
    groups = [_shown(group, group.key in small) for group in answer.groups]
    pooled = _shown(answer.pooled, 0 < _size(number, answer.pooled) < policy.small_cell)
    return PublicAnswer(
        number, name, answer.unit.value, month.start, month.end, policy.edition, policy.small_cell, groups, pooled
    )


def _size(number: str, group: Group) -> int:
    counted = number_named(number).shape is Shape.COUNT
    return int(group.numerator) if counted or group.denominator is None else group.denominator


def _shown(group: Group, suppressed: bool) -> PublicFigure:
    if suppressed:
        return PublicFigure(group.key, group.name, None, None, suppressed=True, no_data=False)
    return PublicFigure(group.key, group.name, group.denominator, group.value, suppressed=False, no_data=group.no_data)
