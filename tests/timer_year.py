"""A year of timers without a database: cases by the thousand, workers that come by, rest, break off and start anew."""

from __future__ import annotations

import asyncio
import heapq
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

from application.issues import Issues
from application.ports import Logs
from application.timers import DueCase, FiringTimers, IssueTimers, Mark
from domain.actor import Act, Actor
from domain.assignment import Terms
from domain.case_id import log_of, new_case_id
from domain.clock import Clock
from domain.firing import next_of_issue
from domain.grid_issue import GridIssue
from domain.limit import Limit
from domain.pauses import Pause
from domain.vocabulary import ReturnReason
from infrastructure.calendars import chinese_office_calendar
from tests.cases import CATEGORY, SUBJECT
from tests.fakes import MemoryLog
from tests.spec import DISPATCHER, HANDLER, RECEIVER, ROADS, WORKER

BEGAN = datetime(2026, 1, 5, tzinfo=UTC)
DISTRICTS = ("150785", "150784", "150783")
CALENDAR = chinese_office_calendar()
LIMITS = [
    Limit.of(*one)
    for one in ((2, "workday"), (5, "workday"), (12, "work_hour"), (7, "natural_day"), (24, "urgent_hour"))
]
HOUR, TICK = timedelta(hours=1), timedelta(microseconds=1)


class Books:
    """`Logs` in memory, and the list of timers, as stale as it was when somebody last followed."""

    def __init__(self) -> None:
        self.logs = {log_id: MemoryLog(log_id) for log_id in DISTRICTS}
        self.listed: dict[UUID, DueCase] = {}
        self._heaps: dict[str, list[DueCase]] = {log_id: [] for log_id in DISTRICTS}
        self._followed = dict.fromkeys(DISTRICTS, 0)
        self.cases: dict[UUID, GridIssue] = {}

    def every(self) -> list[MemoryLog]:
        return list(self.logs.values())

    def holding(self, case_id: UUID) -> MemoryLog:
        return self.logs[log_of(case_id)]

    def follow(self) -> None:
        for log in self.every():
            news = log.recorded[self._followed[log.log_id] :]
            self._followed[log.log_id] += len(news)
            for one in news:
                event: Any = one.event
                self.cases[event.originator_id] = event.mutate(self.cases.get(event.originator_id))
            for case_id in {cast(Any, one.event).originator_id for one in news}:
                at = next_of_issue(self.cases[case_id], lambda _: CALENDAR)
                self.listed.pop(case_id, None)
                if at is not None:
                    self.listed[case_id] = DueCase(at, case_id.int & 0xFFFFFFFF, case_id)
                    heapq.heappush(self._heaps[log.log_id], self.listed[case_id])

    async def due(self, log_id: str, now: datetime, *, after: Mark | None, limit: int) -> Sequence[DueCase]:
        await asyncio.sleep(0)
        heap, passed, found = self._heaps[log_id], list[DueCase](), list[DueCase]()
        while heap and heap[0].at <= now and len(found) < limit:
            case = heapq.heappop(heap)
            if self.listed.get(case.id) == case:
                (passed if after is not None and case.mark <= after else found).append(case)
        for case in (*passed, *found):
            heapq.heappush(heap, case)
        return found


@dataclass
class Life:
    """What happens to one case, decided beforehand."""

    id: UUID
    limit: Limit
    start: datetime
    pause: tuple[datetime, datetime] | None
    resolved: datetime | None

    @property
    def clock(self) -> Clock:
        return Clock(self.limit, self.start, CALENDAR, (Pause(*self.pause),) if self.pause else ())

    def steps(self) -> list[tuple[datetime, str]]:
        told = [(self.start, "assign")]
        if self.pause:
            told += [(self.pause[0], "ask"), (self.pause[1], "refuse")]
        return told + ([(self.resolved, "resolve")] if self.resolved else [])

    def expected(self, visits: Sequence[datetime]) -> list[tuple[object, datetime]]:
        """What is to fire, by the engine's own clock, if workers come by at `visits`."""
        found: list[tuple[object, datetime]] = []
        for percent in (50, 80, 100):
            at = self.clock.when_used(Fraction(percent, 100))
            if at is not None and any(at <= visit and self._runs(visit) for visit in visits_from(visits, at)):
                found.append((percent, at))
        due = self.clock.due
        assert due is not None
        late = due < visits[-1] if self.resolved is None else self.resolved > due
        return found + ([("lead", due + TICK)] if late else [])

    def _runs(self, at: datetime) -> bool:
        paused = self.pause is not None and self.pause[0] <= at < self.pause[1]
        return not paused and (self.resolved is None or at < self.resolved)


def visits_from(visits: Sequence[datetime], at: datetime) -> list[datetime]:
    """Those that may matter for what is due then: of a few months."""
    low, high = 0, len(visits)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if visits[middle] < at else (low, middle)
    return list(visits[low : low + 24 * 40])


def lives(count: int, days: int, seed: int) -> list[Life]:
    dice = random.Random(seed)  # noqa: S311 - nothing secret hangs on it
    told = []
    for number in range(count):
        start = BEGAN + timedelta(seconds=dice.randrange(days * 86_400))
        limit = dice.choice(LIMITS)
        due = Clock(limit, start, CALENDAR).due
        assert due is not None
        length, pause = due - start, None
        if dice.random() < 0.2:
            asked = start + length * dice.uniform(0.1, 0.95)
            pause = (asked, asked + timedelta(hours=dice.uniform(1, 100)))
        due = Clock(limit, start, CALENDAR, (Pause(*pause),) if pause else ()).due
        assert due is not None
        resolved = None
        if dice.random() < 0.85:
            earliest = pause[1] if pause else start
            resolved = max(earliest, start + (due - start) * dice.uniform(0.2, 1.4)) + HOUR
        case_id = new_case_id(dice.choice(DISTRICTS), start, number.to_bytes(8, "big"))
        told.append(Life(case_id, limit, start, pause, resolved))
    return told


@dataclass
class Year:
    """The year being lived: acts at their times, workers at theirs."""

    lives: Sequence[Life]
    visits: Sequence[datetime]
    seed: int
    page: int = 50
    books: Books = field(default_factory=Books)
    sighted: list[datetime] = field(default_factory=list)
    """The visits at which the list was up to date; at others it was as old as it was."""

    async def live(self) -> None:
        dice = random.Random(self.seed)  # noqa: S311
        steps = sorted((at, number, what) for number, life in enumerate(self.lives) for at, what in life.steps())
        workers, done = [self.worker(), self.worker()], 0
        for visit in self.visits:
            while done < len(steps) and steps[done][0] <= visit:
                at, number, what = steps[done]
                await self.act(self.lives[number], what, at)
                done += 1
            if dice.random() < 0.9 or visit == self.visits[-1]:
                self.books.follow()
                self.sighted.append(visit)
            if dice.random() < 0.05:
                workers[dice.randrange(2)] = self.worker()  # it was killed and started again
            await asyncio.gather(*(worker.catch_up(visit) for worker in workers))
        self.books.follow()

    def worker(self) -> FiringTimers:
        terms = Terms(LIMITS[0], "2026.1", CALENDAR)
        issues = SimpleNamespace(
            calendar=CALENDAR, calendars=SimpleNamespace(newest=lambda _: CALENDAR), same_terms=lambda _: terms,
            stage_clocks=SimpleNamespace(follow=lambda *_: None),
        )  # fmt: skip
        return FiringTimers(cast(Logs, self.books), self.books, IssueTimers(cast(Issues, issues)), page=self.page)

    async def act(self, life: Life, what: str, at: datetime) -> None:
        log = self.books.holding(life.id)
        terms = Terms(life.limit, "2026.1", CALENDAR)
        if what == "assign":
            grid = f"{log.log_id}001001001"
            issue = GridIssue.report(by(WORKER, log, at), id=life.id, subject=SUBJECT, grid=grid, grid_edition=1)
            issue.file(by(RECEIVER, log, at), category=CATEGORY, edition="2026.1")
            issue.assign(by(DISPATCHER, log, at), lead=ROADS, terms=terms)
            issue.accept(by(HANDLER, log, at))
        else:
            issue = await log.load(GridIssue, life.id)
            match what:
                case "ask":
                    issue.ask_return(by(HANDLER, log, at), code=ReturnReason.NOT_OUR_DUTY)
                case "refuse":
                    issue.refuse_return(by(DISPATCHER, log, at, "确属职责"), terms=terms)
                case _:
                    issue.resolve(by(HANDLER, log, at), measure="修复")
        await log.save(issue)

    def fired(self) -> dict[UUID, list[tuple[object, datetime]]]:
        """What fired on each case's lead clock, in the order of its stream."""
        found: dict[UUID, list[tuple[object, datetime]]] = {life.id: [] for life in self.lives}
        for log in self.books.every():
            for one in log.recorded:
                event: Any = one.event
                if event.TOPIC.startswith("issue.deadline_") and event.clock == "lead":
                    found[event.originator_id].append((getattr(event, "percent", "lead"), event.reached_at))
        return found


def by(actor: Actor, log: MemoryLog, at: datetime, reason: str = "") -> Act:
    here = Actor(actor.id, actor.roles, actor.unit, (log.log_id,))
    return Act(here, at, reason)


def hours(days: int, *, down: Sequence[tuple[int, int]] = ()) -> list[datetime]:
    """A visit an hour but for the days that nobody came; the last long after all is over."""
    every = [BEGAN + hour * HOUR for hour in range(1, 24 * days)]
    kept = [at for at in every if not any(first <= (at - BEGAN).days < last for first, last in down)]
    return [*kept, BEGAN + timedelta(days=days + 60)]
