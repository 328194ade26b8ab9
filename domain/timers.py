"""定时: what is to fire by itself in the life of a case, when, and what has fired. Derived from clocks, never stored.

A warning fires when its share of the limit has run, a miss at the first instant after the due one. A clock that stands
fires nothing new; one that stood, or was given more time, fires only what its new course still has before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.case_clocks import CaseClock, ClockName

TICK = timedelta(microseconds=1)
"""The least that can be late."""
MISSED = 0
"""Beside the shares of a warning."""


@dataclass(frozen=True)
class WarningPolicy:
    """预警办法: at which shares of its limit, in percent, a clock warns. Raises ValueError outside 1 to 100."""

    lead: tuple[int, ...] = (50, 80, 100)
    case: tuple[int, ...] = ()
    stage: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not all(1 <= percent <= 100 for percent in (*self.lead, *self.case, *self.stage)):
            raise ValueError(f"shares of a warning are from 1 to 100, got {self.lead}, {self.case} and {self.stage}")

    def shares(self, name: ClockName) -> tuple[int, ...]:
        return {ClockName.LEAD: self.lead, ClockName.CASE: self.case}.get(name, self.stage)


USUAL = WarningPolicy()
"""The lead is warned. The case clock begins with the lead's: of it only the miss is told, or all would come twice.

Stages are short, and of them too only the miss is told.
"""


@dataclass(frozen=True)
class Fired:
    """What fired once: on which clock, of which start, length and due instant; `percent` of a warning, or `MISSED`."""

    clock: str
    start: datetime
    added: int
    due: datetime
    percent: int
    at: datetime


@dataclass(frozen=True)
class Timers:
    """What a case remembers of its timers. From version `after` up to `upto` nothing but timers happened to it."""

    fired: tuple[Fired, ...] = ()
    after: int = 0
    upto: int = 0

    def with_fired(self, one: Fired | None, version: int) -> Timers:
        """For events: `one` fired, as the case's `version`. What an earlier clock of its name fired is forgotten."""
        kept = self.fired
        if one is not None:
            kept = (*(old for old in kept if old.clock != one.clock or old.start == one.start), one)
        return Timers(kept, self.after if self.upto == version - 1 else version - 1, version)

    def last_act(self, version: int) -> int:
        """The version people left a case at that is at `version`: what only timers did since is no news to them."""
        return self.after if self.upto == version else version


@dataclass(frozen=True)
class Timer:
    """定时 of one clock: it fires at `at`. `percent` as in `Fired`."""

    clock: CaseClock
    percent: int
    at: datetime

    def as_fired(self) -> Fired:
        clock = self.clock
        return Fired(clock.name.value, clock.start, clock.added, clock.due, self.percent, self.at)


def still_to_fire(clocks: Iterable[CaseClock], fired: Iterable[Fired], policy: WarningPolicy = USUAL) -> list[Timer]:
    """What is still to fire if all goes on as it does now, the first first.

    A clock that was stopped late has missed, whoever finds out when; its warnings are moot.
    """
    known = list(fired)
    found = [timer for clock in clocks for timer in _of(clock, [one for one in known if _same(one, clock)], policy)]
    return sorted(found, key=lambda timer: (timer.at, timer.percent == MISSED, timer.clock.name))


def _of(clock: CaseClock, fired: list[Fired], policy: WarningPolicy) -> Iterator[Timer]:
    missed = clock.due + TICK
    stopped_late = clock.stopped_at is not None and clock.stopped_at >= missed
    if clock.runs:
        done = {one.percent for one in fired if one.added == clock.added}
        before = [one.at for one in fired if one.added != clock.added]
        for percent in policy.shares(clock.name):
            at = clock.when_used(percent)
            # Given more time, it comes once more to the shares that it had not got to.
            if percent not in done and all(at > passed for passed in before):
                yield Timer(clock, percent, at)
    if (stopped_late or clock.runs) and all(one.due != clock.due for one in fired if one.percent == MISSED):
        yield Timer(clock, MISSED, missed)


def _same(one: Fired, clock: CaseClock) -> bool:
    return (one.clock, one.start) == (clock.name.value, clock.start)
