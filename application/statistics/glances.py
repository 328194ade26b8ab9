"""Glances 看板取数: the statistics as boards ask them: many figures at once, the same for many, none counted twice.

What is known up to a position never changes, so an answer about it may be given again.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from application.disclosure import sees_whole_area
from application.registry.registry import Registry
from application.statistics.answers import CountedCase
from application.statistics.bound import AsOf, Bound
from application.statistics.reading import Asked, Cell, Chosen, Facts, HeldCell, Mark, SpreadCell, StandingCell
from application.statistics.statistics import Statistics
from domain.statistics.number import Shape, Window

MOST_KEPT = 1_000
MOST_LISTED = 100
"""Longer lists are files, and not kept."""
KEPT_SECONDS = 60.0
"""Within which a rebuilt read model may still be told as it was before."""
SETTLED = timedelta(seconds=2)
"""How long a board's present lasts: what is asked within it is asked about one moment."""
Stopwatch = Callable[[], float]
"""Seconds that have passed, since whenever."""
Answer = TypeVar("Answer")


@dataclass
class _Kept:
    at: float
    answer: asyncio.Task[Any]


class RememberedFacts:
    """`Facts` that are counted once for all who ask the same of the same positions, also at the same time.

    Of lists of cases the first pages are remembered. What is answered is shared: nobody changes it.
    """

    def __init__(self, facts: Facts, stopwatch: Stopwatch) -> None:
        self._facts, self._stopwatch = facts, stopwatch
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()

    async def tally(self, asked: Asked) -> list[Cell]:
        return await self._once(("tally", _looked_at(asked)), lambda: self._facts.tally(asked))

    async def spread(self, asked: Asked, edges: Sequence[int]) -> list[SpreadCell]:
        key = ("spread", _looked_at(asked), tuple(edges))
        return await self._once(key, lambda: self._facts.spread(asked, edges))

    async def held(self, asked: Asked) -> list[HeldCell]:
        return await self._once(("held", _looked_at(asked)), lambda: self._facts.held(asked))

    async def standing(self, asked: Asked, instants: Sequence[datetime]) -> list[StandingCell]:
        key = ("standing", _looked_at(asked), tuple(instants))
        return await self._once(key, lambda: self._facts.standing(asked, instants))

    async def counted(self, asked: Asked, chosen: Chosen, after: Mark | None, limit: int) -> list[CountedCase]:
        if after is not None or limit > MOST_LISTED:
            return await self._facts.counted(asked, chosen, after, limit)
        key = ("counted", _looked_at(asked), _whose(chosen), limit)
        return await self._once(key, lambda: self._facts.counted(asked, chosen, None, limit))

    async def soonest(self, asked: Asked, chosen: Chosen, limit: int) -> list[CountedCase]:
        key = ("soonest", _looked_at(asked), _whose(chosen), limit)
        return await self._once(key, lambda: self._facts.soonest(asked, chosen, limit))

    async def holding(self, asked: Asked, chosen: Chosen, after: Mark | None, limit: int) -> list[CountedCase]:
        return await self._facts.holding(asked, chosen, after, limit)

    async def open_at(
        self, asked: Asked, at: datetime, chosen: Chosen, after: Mark | None, limit: int
    ) -> list[CountedCase]:
        return await self._facts.open_at(asked, at, chosen, after, limit)

    async def reached(self) -> Mapping[str, int]:
        return await self._facts.reached()

    async def positions_at(self, moment: datetime) -> Mapping[str, int]:
        return await self._facts.positions_at(moment)

    async def recorded_at(self, log_id: str, position: int) -> datetime | None:
        return await self._facts.recorded_at(log_id, position)

    async def _once(self, key: Hashable, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer, asked for unless it is known or on its way. Who goes away does not take it from the others."""
        now, kept = self._stopwatch(), self._kept.get(key)
        if kept is None or kept.at + KEPT_SECONDS <= now:
            kept = self._kept[key] = _Kept(now, asyncio.ensure_future(ask()))
            kept.answer.add_done_callback(lambda answer: self._forget_failed(key, answer))
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return cast("Answer", await asyncio.shield(kept.answer))

    def _forget_failed(self, key: Hashable, answer: asyncio.Task[Any]) -> None:
        """A refusal holds of its own moment; it is taken notice of here, as nobody may wait for it any more."""
        if (answer.cancelled() or answer.exception()) and key in self._kept and self._kept[key].answer is answer:
            del self._kept[key]


def _looked_at(asked: Asked) -> Hashable:
    """All that facts go by to answer, so that numbers made of the same facts share them."""
    number, actor, bound = asked.number, asked.actor, asked.bound
    by_span = number.shape in {Shape.HELD, Shape.BACKLOG}
    moment = None if number.window is Window.PERIOD and not by_span else bound.moment
    if moment is not None and number.window is not Window.AHEAD:
        moment = min(moment, asked.filter.end)
    return (
        number.kinds, number.case_kind, number.values, number.told, number.window, number.exempts,
        number.shape is Shape.SPREAD,
        actor.areas, None if sees_whole_area(actor) else actor.units, asked.filter, moment,
        frozenset(bound.positions.items()), bound.past and by_span, asked.grouping.by, asked.grouping.then,
        tuple(asked.grouping.buckets), asked.excluded_channels,
    )  # fmt: skip


def _whose(chosen: Chosen) -> Hashable:
    return chosen._replace(answers=None if chosen.answers is None else tuple(chosen.answers))


class Glances(Statistics):
    """The statistics, remembering; their present stands still for `SETTLED`, so what one page asks fits together."""

    def __init__(self, facts: Facts, registry: Registry, stopwatch: Stopwatch) -> None:
        super().__init__(RememberedFacts(facts, stopwatch), registry)
        self._present: Bound | None = None

    async def bound(self, as_of: AsOf, now: datetime) -> Bound:
        """As `Statistics.bound`; the present may be of up to `SETTLED` ago."""
        if as_of is not None:
            return await super().bound(as_of, now)
        present = self._present
        if present is None or not timedelta() <= now - present.moment < SETTLED:
            present = self._present = await super().bound(None, now)
        return present
