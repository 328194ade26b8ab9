"""Glance 一览: one look at the board by one person: which period, known up to where, and its questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from application.services import Services
from application.statistics.answers import Answer, CountedCase
from application.statistics.bound import Bound
from application.statistics.filter import Dimension, Filter, Grouping
from application.statistics.reading import Mark
from domain.actor import Actor, Role
from domain.registry.case_type_key import class_key
from domain.registry.entry import CIVIL_TIME, civil_day
from domain.statistics.clock_numbers import DUE_SOON, OVERDUE_OPEN
from domain.statistics.number import Part
from domain.statistics.periods import Bucket, Cut
from domain.statistics.policy import StatisticsPolicy
from interfaces.web.board.address import Address

WHOLE = Grouping()
Keys = tuple[str | None, str | None]
READERS = frozenset({Role.SUPERVISOR, Role.ADMIN, Role.DISPATCHER, Role.AUDITOR})
LATE_SINCE = timedelta(days=92)
"""How far back the board looks for what is late and still open."""
CUT_BEFORE = {Cut.DAY: "前一日", Cut.WEEK: "上周", Cut.MONTH: "上月"}


@dataclass(frozen=True)
class Glance:
    """Everything a part of the board needs to ask. `period` and `before` are whole periods of the policy."""

    services: Services
    actor: Actor
    at: Address
    period: Bucket
    before: Bucket
    policy: StatisticsPolicy
    bound: Bound

    @property
    def now(self) -> datetime:
        """The moment that counts as the present."""
        return self.bound.moment

    @property
    def as_before(self) -> str:
        """What the period before is called."""
        return CUT_BEFORE[self.at.cut]

    def about(self, period: Bucket | None = None) -> Filter:
        """The facts of the period, or of another, that the address is about."""
        at, of = self.at, period or self.period
        return Filter(
            of.start, of.end, street=at.street, unit=at.unit, category=at.category and class_key(at.category),
            channel=at.channel,
        )  # fmt: skip

    def about_number(self, number: str) -> Filter:
        """What a number is asked over: two look at what is due by now, whatever the period."""
        of = self.about()
        if number == OVERDUE_OPEN.id:
            return replace(of, start=self.now - LATE_SINCE, end=self.now)
        if number == DUE_SOON.id:
            return replace(of, hours=(end_of_tomorrow(self.now) - self.now) / timedelta(hours=1))
        return of

    def ledger_query(self) -> str:
        """The same period and filter as the ledgers take them."""
        at = self.at
        given = {
            "start": self.period.start.isoformat(), "end": self.period.end.isoformat(), "street": at.street,
            "unit": at.unit, "category": at.category, "channel": at.channel,
        }  # fmt: skip
        return urlencode({key: said for key, said in given.items() if said})

    async def number(self, number: str, *by: Dimension, of: Filter | None = None) -> Answer:
        """A number as known at the glance's bound, in groups."""
        asked = of or self.about_number(number)
        buckets = self.policy.periods(Cut.DAY).buckets(asked.start, asked.end) if Dimension.PERIOD in by else []
        first, second = (*by, None, None)[:2]
        return await self.services.glances.number(
            self.actor, number, asked, grouping=Grouping(first, second, buckets), bound=self.bound,
            policy=self.services.policies.over(asked.end).rates,
        )  # fmt: skip

    async def cases(
        self, number: str, part: Part, *, grouping: Grouping = WHOLE, keys: Keys = (None, None),
        after: Mark | None = None, limit: int,
    ) -> Sequence[CountedCase]:  # fmt: skip
        """The cases of a part of a figure, the newest first."""
        asked = self.about_number(number)
        return await self.services.glances.cases(
            self.actor, number, asked, grouping=grouping, bound=self.bound, part=part, key=keys[0], then_key=keys[1],
            policy=self.services.policies.over(asked.end).rates, after=after, limit=limit,
        )  # fmt: skip


async def glance(services: Services, actor: Actor, at: Address, now: datetime) -> Glance:
    """Refuses `BadMoment` for a moment that has not come, `NotYetVisible` while what was known then is not told yet."""
    bound = await services.glances.bound(at.as_of, now)
    if bound.past:
        for log, position in bound.positions.items():
            await services.reach(log, position)
    period, policy = services.policies.period(at.cut, at.on or civil_day(bound.moment))
    before = policy.periods(at.cut).previous(period.start)
    return Glance(services, actor, at, period, before, policy, bound)


def end_of_tomorrow(now: datetime) -> datetime:
    """Midnight after tomorrow, in the city."""
    return datetime.combine(civil_day(now) + timedelta(days=2), time.min, CIVIL_TIME)
