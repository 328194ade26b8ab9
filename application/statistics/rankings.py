"""Rankings 排名: districts, streets, communities or units by one number over a period, against the period before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from application.statistics.answers import Answer
from application.statistics.computing import Computing, within
from application.statistics.filter import Dimension, Grouping
from application.statistics.policies import PoliciesInForce
from domain.actor import Actor
from domain.refusals import OutsideArea
from domain.statistics.number import Shape
from domain.statistics.numbers import number_named
from domain.statistics.periods import Bucket, Cut
from domain.statistics.ranking import Better, Entrant, Ranked, better_end, rank
from domain.statistics.refusals import BadGrouping

RANKED_BY = (Dimension.LOG, Dimension.STREET, Dimension.COMMUNITY, Dimension.UNIT)
_RANKED = frozenset({Shape.COUNT, Shape.SHARE, Shape.SCORE, Shape.SPREAD})


@dataclass(frozen=True)
class Ranking:
    """Groups in their places by `number` over `period`; `before` is the period that movements are against."""

    number: str
    name: str
    by: Dimension
    place: str
    better: Better
    period: Bucket
    before: Bucket
    policy: str
    rows: list[Ranked]


class Rankings:
    """Asked by an actor, about groups within their area."""

    def __init__(self, computing: Computing, policies: PoliciesInForce) -> None:
        self._computing, self._policies = computing, policies

    async def ranking(
        self, actor: Actor, number: str, *, by: Dimension, place: str, cut: Cut, day: date, now: datetime
    ) -> Ranking:
        """The ranking of the period named after `day`, in a place that the actor covers or all of their areas.

        Each period is counted by the edition in force at its own end. Refuses `NoSuchNumber`, `BadGrouping`,
        `OutsideArea`.
        """
        known = number_named(number)
        if known.shape not in _RANKED or by not in RANKED_BY:
            raise BadGrouping(number=known.name, by=by.value, choices=[one.value for one in RANKED_BY])
        if place and not actor.covers(place):
            raise OutsideArea(place=place)
        period, policy = self._policies.period(cut, day)
        before = policy.periods(cut).previous(period.start)
        now_ranked = await self._answer(actor, number, by, place, period, now)
        then_ranked = await self._answer(actor, number, by, place, before, now)
        better = better_end(number)
        rows = rank(_entrants(now_ranked), better, policy.ties, before=_entrants(then_ranked))
        return Ranking(number, known.name, by, place, better, period, before, policy.edition, rows)

    async def _answer(
        self, actor: Actor, number: str, by: Dimension, place: str, period: Bucket, now: datetime
    ) -> Answer:
        return await self._computing.number(
            actor, number, within(place, period), grouping=Grouping(by), bound=await self._computing.bound(None, now),
            policy=self._policies.over(period.end).rates,
        )  # fmt: skip


def _entrants(answer: Answer) -> list[Entrant]:
    """What lies in no group, or with no unit, is nobody's place in a ranking."""
    return [
        Entrant(
            one.key, one.name, one.value, int(one.numerator) if one.denominator is None else one.denominator,
            one.excluded,
        )
        for one in answer.groups
        if one.key
    ]  # fmt: skip
