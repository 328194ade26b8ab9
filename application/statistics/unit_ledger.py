"""Unit performance 单位绩效: the numbers of each unit in one row, as the statistics answer them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from application.statistics.answers import Group
from application.statistics.filter import Dimension, Filter, Grouping
from application.statistics.ledger import Cell, Column, Heading, LedgerQuestion, Rows
from application.statistics.policies import PoliciesInForce
from application.statistics.statistics import Statistics
from domain.actor import Actor
from domain.registry.case_type_key import class_key

NUMBERS = {
    "handle_time": "处置用时中位数（小时）", "on_time_accept": "按时签收率", "on_time_handle": "按时处置率",
    "on_time_close": "按时办结率", "overdue_open": "超时未办", "returned": "退单量", "rework_rate": "返工率",
    "redo_rate": "重办率", "response_rate": "响应率", "resolution_rate": "解决率", "satisfaction_rate": "满意率",
    "composite_score": "综合得分",
}  # fmt: skip
"""Of those that list their denominator it stands beside the rate, so that nobody takes one of two cases for half."""
BESIDE = ("on_time_accept", "on_time_handle", "on_time_close", "response_rate")
_HOUR = 3600


@dataclass(frozen=True)
class UnitRow:
    """One unit with its figures by number; what has no data is left out."""

    unit: str
    name: str
    figures: dict[str, Group]


class UnitLedger:
    """Rows of unit performance."""

    def __init__(self, statistics: Statistics, policies: PoliciesInForce) -> None:
        self._statistics, self._policies = statistics, policies

    @asynccontextmanager
    async def opened(self, actor: Actor, question: LedgerQuestion, now: datetime) -> AsyncIterator[Rows]:
        """All units with a figure, by code."""
        bound = await self._statistics.bound(None, now)
        policy = self._policies.over(question.until)
        of = Filter(
            question.since, question.until, question.street, question.community, question.grid, question.unit,
            question.category and class_key(question.category), question.channel,
        )  # fmt: skip
        units: dict[str, UnitRow] = {}
        for number in NUMBERS:
            answer = await self._statistics.number(
                actor, number, of, grouping=Grouping(Dimension.UNIT), bound=bound, policy=policy.rates
            )  # fmt: skip
            for group in answer.groups:
                units.setdefault(group.key, UnitRow(group.key, group.name, {})).figures[number] = group
        rows = [units[key] for key in sorted(units)]

        async def batches() -> AsyncIterator[Sequence[UnitRow]]:
            yield rows

        yield Rows(len(rows), bound.positions, batches())


def unit_columns() -> Sequence[Column]:
    """The unit, then its figures; beside a rate what it is of."""
    return [
        Column("unit_code", Heading("单位编码", 18), lambda row: row.unit),
        Column("unit", Heading("单位", 24), lambda row: row.name),
        *(column for number, heading in NUMBERS.items() for column in _of(number, heading)),
    ]


def _of(number: str, heading: str) -> Sequence[Column]:
    columns = [Column(number, Heading(heading, 14), _reader(number))]
    if number in BESIDE:
        columns.insert(0, Column(f"{number}_of", Heading(f"{heading}的分母", 14), partial(_denominator, number)))
    return columns


def _reader(number: str) -> Callable[[UnitRow], Cell]:
    return partial(_median, number) if number == "handle_time" else partial(_value, number)


def _value(number: str, row: UnitRow) -> Cell:
    figure = row.figures.get(number)
    return figure.value if figure else None


def _denominator(number: str, row: UnitRow) -> Cell:
    figure = row.figures.get(number)
    return figure.denominator if figure else None


def _median(number: str, row: UnitRow) -> Cell:
    spread = row.figures[number].spread if number in row.figures else None
    return round(spread.median / _HOUR, 2) if spread and spread.median is not None else None
