"""Somebody who asks the statistics of a test database, and reads lists to their end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar, cast

from psycopg_pool import AsyncConnectionPool

from application.registry.registry import Registry
from application.statistics.answers import Answer, CountedCase
from application.statistics.bound import AsOf, Bound
from application.statistics.filter import Dimension, Filter, Grouping
from application.statistics.reading import Mark
from application.statistics.statistics import Statistics
from domain.actor import Actor, Role
from domain.rates import RatePolicy
from domain.refusals import NoSuchEntry
from domain.statistics.number import Part
from domain.statistics.periods import Cut, Periods
from infrastructure.statistics.facts import PostgresFacts
from tests import fact_rows, town

Answered = TypeVar("Answered")
SUPERVISOR = Actor("supervisor", frozenset({Role.SUPERVISOR}), "U-CENTRE", (town.CITY,))
NOW = fact_rows.recorded_at(fact_rows.LAST)
MARCH = Filter(datetime.fromisoformat("2026-03-01T00:00:00+08:00"), datetime.fromisoformat("2026-04-01T00:00:00+08:00"))
POLICY = RatePolicy()


class NoNames:
    """A registry that knows nobody, so groups are called by their keys."""

    def __getattr__(self, _name: str) -> Callable[[str], Any]:
        def look_up(code: str) -> Any:
            raise NoSuchEntry(kind="", code=code)

        return look_up


def grouping(by: Dimension | None = None, then: Dimension | None = None, of: Filter = MARCH) -> Grouping:
    """With weeks of the city's time, where periods are asked for."""
    weeks = Periods(Cut.WEEK).buckets(of.start, of.end) if Dimension.PERIOD in (by, then) else []
    return Grouping(by, then, weeks)


@dataclass(frozen=True)
class Desk:
    """One asker. `page` is how many cases a page holds."""

    url: str
    actor: Actor = SUPERVISOR
    policy: RatePolicy = POLICY
    page: int = 250

    def as_(self, actor: Actor) -> Desk:
        return replace(self, actor=actor)

    def run(self, work: Callable[[Statistics], Awaitable[Answered]]) -> Answered:
        async def asked() -> Answered:
            async with AsyncConnectionPool(self.url, min_size=1, open=False) as pool:
                return await work(Statistics(PostgresFacts(pool, fact_rows.LOGS), cast(Registry, NoNames())))

        return asyncio.run(asked())

    def bound(self, as_of: AsOf = None, now: datetime = NOW) -> Bound:
        return self.run(lambda statistics: statistics.bound(as_of, now))

    async def number(
        self, statistics: Statistics, number: str, by: Grouping, bound: Bound, of: Filter = MARCH
    ) -> Answer:
        return await statistics.number(self.actor, number, of, grouping=by, bound=bound, policy=self.policy)

    async def cases(
        self, statistics: Statistics, number: str, by: Grouping, bound: Bound, part: Part,
        key: str | None = None, then_key: str | None = None, of: Filter = MARCH,
    ) -> list[CountedCase]:  # fmt: skip
        """All pages."""
        found: list[CountedCase] = []
        after: Mark | None = None
        while True:
            page = await statistics.cases(
                self.actor, number, of, grouping=by, bound=bound, policy=self.policy, part=part, key=key,
                then_key=then_key, after=after, limit=self.page,
            )  # fmt: skip
            found += page
            if len(page) < self.page:
                return found
            last = page[-1]
            after = Mark(last.at, last.case_id, last.kind, last.nth)
