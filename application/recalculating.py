"""Recalculating 时限重算 after a calendar has a new version: open cases by the board, some at a time.

Safe to run again at any time and to break off: a case that is due by the newest version is left alone, and one that
somebody changes meanwhile is looked at anew. What is decided is never touched: `domain.recalculating`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from application.ports import Logs
from application.registry.calendars_in_force import CalendarsInForce
from application.registry.registry import Registry
from domain.actor import Act
from domain.grid_issue import GridIssue
from domain.recalculating import RUNNING, WAITED_FOR, CalendarOf, recalculate, recalculate_stages
from domain.refusals import NoSuchEntry, Stale
from domain.registry.calendar import Calendar
from domain.registry.entry import administer

AT_ONCE = 16
"""Cases being saved at any moment."""
ATTEMPTS = 3
A_RUN = 500
"""Cases that one order looks at, unless it says otherwise."""
Mark = tuple[str, UUID | None]
"""The log and the last case of it that was looked at: the next run goes on after it."""
Progress = Callable[[int], None]
"""Told how many cases have been looked at."""


class MeasuredCases(Protocol):
    """Which open cases a calendar measures. May be behind the log: each is looked at again before it changes."""

    async def behind(
        self, log_id: str, calendar: str, version: str, *, after: UUID | None, limit: int
    ) -> Sequence[UUID]:
        """Cases with a running clock by another version of the calendar, by ascending id."""


@dataclass
class Recalculated:
    """重算结果. `busy` are cases others were at all the while; `after` is where the next run goes on.

    `left` were due by the newest version already, or are decided.
    """

    changed: int = 0
    left: int = 0
    busy: list[UUID] = field(default_factory=list)
    after: Mark | None = None

    @property
    def seen(self) -> int:
        return self.changed + self.left + len(self.busy)


class Recalculating:
    """时限重算 of all logs, by an administrator of the city."""

    def __init__(self, logs: Logs, registry: Registry, in_force: CalendarsInForce, measured: MeasuredCases) -> None:
        self._logs, self._registry, self._in_force, self._measured = logs, registry, in_force, measured

    async def run(self, act: Act, *, calendar: str, after: Mark | None = None, limit: int = A_RUN) -> Recalculated:
        """Look at up to `limit` open cases that an older version measures. Refuses `NoSuchEntry`, `WrongRole`."""
        administer(act, self._logs.city.log_id)
        await self._registry.refresh()
        newest = self._in_force.newest(calendar)
        if newest is None:
            raise NoSuchEntry(kind=Calendar.label, code=calendar)
        done = Recalculated()
        for log_id in self._log_ids(after):
            last = after[1] if after and after[0] == log_id else None
            room = limit - done.seen
            found = await self._measured.behind(log_id, calendar, newest.version, after=last, limit=room + 1)
            await self._settle_all(act, found[:room], done)
            if len(found) > room:
                done.after = (log_id, found[room - 1] if room else last)
                break
        return done

    async def run_all(self, act: Act, *, calendar: str, progress: Progress = lambda _: None) -> Recalculated:
        """All that are behind, run after run."""
        whole, after = Recalculated(), None
        while True:
            one = await self.run(act, calendar=calendar, after=after)
            whole.changed, whole.left, after = whole.changed + one.changed, whole.left + one.left, one.after
            whole.busy += one.busy
            progress(whole.seen)
            if after is None:
                return whole

    def _log_ids(self, after: Mark | None) -> list[str]:
        ids = sorted(log.log_id for log in self._logs.every())
        return [one for one in ids if after is None or one >= after[0]]

    async def _settle_all(self, act: Act, cases: Sequence[UUID], done: Recalculated) -> None:
        room = asyncio.Semaphore(AT_ONCE)

        async def settle(case: UUID) -> None:
            async with room:
                await self._settle(act, case, done)

        outcomes = await asyncio.gather(*map(settle, cases), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    async def _settle(self, act: Act, case: UUID, done: Recalculated) -> None:
        log = self._logs.holding(case)
        for _ in range(ATTEMPTS):
            issue = await log.load(GridIssue, case)
            if not _anew(act, issue, self._in_force.newest):
                done.left += 1
                return
            try:
                await log.save(issue)
            except Stale:
                continue
            done.changed += 1
            return
        done.busy.append(case)


def _anew(act: Act, issue: GridIssue, calendar_of: CalendarOf) -> bool:
    """Whether anything of the issue was re-set: its own clocks, or those of stages that wait."""
    runs = issue.stage in RUNNING and recalculate(act, issue=issue, calendar_of=calendar_of)
    waits = any(issue.stage in stages for stages in WAITED_FOR.values())
    return (waits and recalculate_stages(act, issue=issue, calendar_of=calendar_of)) or runs
