"""RecentUse 最近使用: which categories, units and places staff used lately, told by what they recorded.

Kept in memory, bounded, and gathered anew from the newest events when a process starts. Staff are known by the
codes of their posts; nothing of what residents said is looked at.
"""

from __future__ import annotations

import heapq
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain
from math import exp2, log2

from application.ports import Log, Recorded
from application.search import SearchKind
from domain.actor import Actor
from domain.grid_issue import GridIssue
from domain.issue_events import IssueEvent
from domain.place import GRID_DIGITS
from domain.request_events import RequestEvent
from domain.resident_request import ResidentRequest

Used = tuple[SearchKind, str]
LOOK_BACK = 20_000
"""Events of a log that are looked at when behind: those before are too old to matter, or too many."""
PAGE = 1_000
HALF_LIFE_DAYS = 7.0
FORGOTTEN_DAYS = 60.0
OWN, ALL = 50, 500
"""Most things kept of one member of staff or unit, and of everybody."""
MOST_USERS = 10_000
_BEGAN = datetime(2020, 1, 1, tzinfo=UTC)


class RecentUse:
    """Follows `logs`. Scores halve in a week, so ten uses last month count less than two yesterday."""

    def __init__(self, logs: Iterable[Log]) -> None:
        self._logs = list(logs)
        self._position: dict[str, int] = {}
        self._everybody = Tally(ALL)
        self._users: OrderedDict[str, Tally] = OrderedDict()

    async def refresh(self) -> None:
        """Take in what was recorded since the last time."""
        for log in self._logs:
            await self._follow(log)

    def ranked(self, actor: Actor, at: datetime) -> list[Used]:
        """What was used lately, each once: by the actor, then by their unit, then by everybody; the most used first."""
        tallies = [self._users.get(f"staff {actor.id}"), self._users.get(f"unit {actor.unit}"), self._everybody]
        return list(dict.fromkeys(chain.from_iterable(tally.ranked(at) for tally in tallies if tally)))

    async def _follow(self, log: Log) -> None:
        newest = await log.last_position()
        after = max(self._position.get(log.log_id, 0), newest - LOOK_BACK)
        while after < newest:
            for recorded in await log.read(after, PAGE):
                self._take(recorded)
            after = self._position[log.log_id] = min(after + PAGE, newest)

    def _take(self, recorded: Recorded) -> None:
        event = recorded.event
        if not isinstance(event, IssueEvent | RequestEvent):
            return
        things = list(_used(event))
        if not things:
            return
        for tally in (self._everybody, self._tally(f"staff {event.by}"), self._tally(f"unit {event.of_unit}")):
            for thing in things:
                tally.add(thing, event.timestamp)

    def _tally(self, user: str) -> Tally:
        tally = self._users.pop(user, None) or Tally(OWN)
        self._users[user] = tally
        if len(self._users) > MOST_USERS:
            self._users.popitem(last=False)
        return tally


class Tally:
    """How much a few things were used. Scores are logarithms of what each use would have been worth at one instant."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._scores: dict[Used, float] = {}

    def add(self, thing: Used, at: datetime) -> None:
        """One more use."""
        use = _worth(at)
        before = self._scores.get(thing, use - 64)
        high, low = max(use, before), min(use, before)
        self._scores[thing] = high + log2(1 + exp2(low - high))
        if len(self._scores) >= 2 * self._most:
            self._scores = dict(heapq.nlargest(self._most, self._scores.items(), key=lambda one: one[1]))

    def ranked(self, at: datetime) -> Iterable[Used]:
        """The most used first, without what is forgotten."""
        still = _worth(at) - FORGOTTEN_DAYS / HALF_LIFE_DAYS
        kept = [(-score, thing) for thing, score in self._scores.items() if score >= still]
        return [thing for _, thing in sorted(kept)][: self._most]


def _worth(at: datetime) -> float:
    return (at - _BEGAN).total_seconds() / 86_400 / HALF_LIFE_DAYS


def _used(event: IssueEvent | RequestEvent) -> Iterator[Used]:
    match event:
        case GridIssue.Reported():
            yield SearchKind.GRID, event.grid
            yield from _category(event.category)
        case GridIssue.Filed():
            yield from _category(event.category)
        case GridIssue.Assigned():
            for unit in (event.lead, *event.copies, *event.assists):
                yield SearchKind.UNIT, unit
        case GridIssue.ConsultationOpened():
            for unit in event.units:
                yield SearchKind.UNIT, unit
        case ResidentRequest.Received():
            yield SearchKind.GRID if len(event.place) == GRID_DIGITS else SearchKind.DIVISION, event.place
            yield from _category(event.category)


def _category(code: str) -> Iterator[Used]:
    if code:
        yield SearchKind.CATEGORY, code
