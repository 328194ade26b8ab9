"""The program's own answers: every number as asked, its groups and the cases behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, NamedTuple, cast

from psycopg_pool import AsyncConnectionPool

from application.registry.registry import Registry
from application.statistics.answers import Group
from application.statistics.bound import Bound
from application.statistics.filter import Dimension, Filter, Grouping
from application.statistics.reading import Mark
from application.statistics.statistics import Statistics
from domain.actor import Actor, Role
from domain.rates import RatePolicy
from domain.statistics.number import Part
from domain.statistics.periods import Bucket
from infrastructure.statistics.facts import PostgresFacts
from tests.statistics_desk import NoNames
from tests.statistics_oracle.asked import Asked, Key


class Answered(NamedTuple):
    """The groups of a number by their keys; all together; the mean of the groups."""

    groups: dict[Key, Group]
    pooled: Group
    mean: float | None


class Desk:
    """Asks the statistics of a database, as known at a bound."""

    def __init__(self, statistics: Statistics, bound: Bound, page: int) -> None:
        self.statistics, self.bound, self.page = statistics, bound, page

    async def number(self, number: str, asked: Asked) -> Answered:
        answer = await self.statistics.number(
            _actor(asked), number, _filter(asked), grouping=_grouping(asked), bound=self.bound, policy=_policy(asked)
        )
        groups = {(one.key, one.then_key or "")[: len(asked.by)]: one for one in answer.groups}
        return Answered(groups, answer.pooled, answer.mean_of_groups)

    async def cases(self, number: str, asked: Asked, part: str, key: Key | None) -> Counter[str]:
        """Whose cases are listed, page after page; of one group or of all."""
        found, after = Counter[str](), None
        keys: list[str | None] = [*(key or ()), None, None]
        while True:
            page = await self.statistics.cases(
                _actor(asked), number, _filter(asked), grouping=_grouping(asked), bound=self.bound,
                policy=_policy(asked), part=Part(part), key=keys[0], then_key=keys[1], after=after, limit=self.page,
            )  # fmt: skip
            found.update(str(one.case_id) for one in page)
            if len(page) < self.page:
                return found
            after = Mark(page[-1].at, page[-1].case_id, page[-1].kind, page[-1].nth)


@asynccontextmanager
async def desk(url: str, bound: Bound, page: int = 1_000) -> AsyncIterator[Desk]:
    async with AsyncConnectionPool[Any](url, min_size=1, max_size=2, open=False) as pool:
        names = cast(Registry, NoNames())
        yield Desk(Statistics(PostgresFacts(pool, list(bound.positions)), names), bound, page)


def _actor(asked: Asked) -> Actor:
    return Actor("oracle", frozenset({Role.SUPERVISOR}), "", asked.areas)


def _filter(asked: Asked) -> Filter:
    return Filter(
        asked.start, asked.end, street=asked.street or None, community=asked.community or None,
        grid=asked.grid or None, unit=asked.unit or None, category=asked.category or None,
        channel=asked.channel or None, hours=asked.soon_hours,
    )  # fmt: skip


def _grouping(asked: Asked) -> Grouping:
    by: Sequence[Dimension | None] = [*(Dimension(one) for one in asked.by), None, None]
    buckets = [Bucket(*one, "") for one in asked.periods()] if "period" in asked.by else []
    return Grouping(by[0], by[1], buckets)


def _policy(asked: Asked) -> RatePolicy:
    return RatePolicy(
        "oracle", basically_satisfied=asked.basically, partly_solved=asked.partly, response_weight=asked.response,
        resolution_weight=asked.resolution, satisfaction_weight=asked.satisfaction, excluded_channels=asked.without,
    )  # fmt: skip
