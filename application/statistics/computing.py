"""Computing: what rankings and bulletins ask of the numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Protocol

from application.statistics.answers import Answer
from application.statistics.bound import AsOf, Bound
from application.statistics.filter import Filter, Grouping
from domain.actor import Actor, Role
from domain.rates import RatePolicy
from domain.statistics.periods import Bucket


class Computing(Protocol):
    """The statistics, as `application.statistics.statistics` answers them."""

    async def bound(self, as_of: AsOf, now: datetime) -> Bound: ...

    async def number(
        self, actor: Actor, number: str, of: Filter, *, grouping: Grouping, bound: Bound, policy: RatePolicy
    ) -> Answer: ...


def all_of(place: str, actor: Actor) -> Actor:
    """`actor` as one who sees all of a place and nothing else, so that figures about it are the same for everybody.

    Only for who may see all of it: whoever asks has checked that.
    """
    return replace(actor, roles=frozenset({Role.SUPERVISOR}), areas=(place,))


def within(place: str, period: Bucket) -> Filter:
    """The facts of a period in a city, a district or a street; "" for wherever the asker's areas are."""
    return Filter(
        period.start, period.end, logs=(place[:6],) if len(place) >= 6 else (),
        street=place if len(place) == 9 else None,
    )  # fmt: skip
