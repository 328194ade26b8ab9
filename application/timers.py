"""定时: fires what has come due in the logs, in order, each once, whoever else fires beside it.

What is due is looked up in a list that may be old; the case itself then says whether it is. A key made of the timer
and the case's version in the save keep two workers, and a worker that did not hear the answer, from firing twice.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from eventsourcing.domain import Aggregate

from application.escalations import Escalations
from application.issues import Issues, leading
from application.ports import Log, Logs, RequestKey
from domain.actor import Act
from domain.case_clocks import CalendarOf, ClockName
from domain.firing import PROGRAM, fire_on_issue, fire_on_request, next_of_issue
from domain.grid_issue import GridIssue
from domain.refusals import Busy, Stale
from domain.resident_request import ResidentRequest
from domain.timer_events import DeadlineMissed
from domain.timers import USUAL, WarningPolicy
from domain.workdays import WorkCalendar

PAGE = 200
"""Timers of one log a round: then it is the others' turn."""
FIRST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(hours=1)
MISSED_BY_LEAD = "办理超时，自动上报"
Mark = tuple[datetime, int]


@dataclass(frozen=True, order=True)
class DueCase:
    """A case on which something is to have fired `at`: an issue by its number, or a request."""

    at: datetime
    number: int
    id: UUID
    of_request: bool = False

    @property
    def mark(self) -> Mark:
        return self.at, self.number


class DueCases(Protocol):
    """The list of what is to fire."""

    async def due(self, log_id: str, now: datetime, *, after: Mark | None, limit: int) -> Sequence[DueCase]:
        """The cases with something to fire by `now`, by instant and number, after a mark; at most `limit`."""


@dataclass
class Round:
    """What one round did: how much fired, how old the oldest of it was, what was set aside, whether more is waiting."""

    fired: int = 0
    oldest: timedelta = timedelta()
    set_aside: list[tuple[UUID, Exception]] = field(default_factory=list)
    more: bool = False


@dataclass
class _Rest:
    """A case that failed waits until then."""

    pause: timedelta
    until: datetime


class IssueTimers:
    """How timers of issues fire under the terms of the house, with what follows from it.

    With `passing_up` who leads and misses its limit is passed up one level at that instant (超时自动上报).
    """

    def __init__(
        self, issues: Issues, policy: WarningPolicy = USUAL, *, passing_up: Escalations | None = None
    ) -> None:  # fmt: skip
        self._issues, self._policy, self._passing_up = issues, policy, passing_up

    def next(self, issue: GridIssue) -> datetime | None:
        """When something is to fire next on `issue`."""
        return next_of_issue(issue, self.calendar_of, self._policy)

    def fire(self, issue: GridIssue, now: datetime) -> None:
        """Record what is to fire next, if it is to have by `now`."""
        at = fire_on_issue(issue, self.calendar_of, self._issues.same_terms(issue), now, self._policy)
        if at is None:
            return
        self._issues.stage_clocks.follow(issue, Act(PROGRAM, at, stated=False))
        last = issue.pending_events[-1]
        if self._passing_up and isinstance(last, DeadlineMissed) and last.clock == ClockName.LEAD:
            self._passing_up.after_miss(issue, Act(PROGRAM, at, MISSED_BY_LEAD, stated=False))

    def calendar_of(self, name: str) -> WorkCalendar:
        """The newest version of a calendar; of one that nobody knows any more, the usual one."""
        return self._issues.calendars.newest(name) or self._issues.calendar


class FiringTimers:
    """Fires what is due in all logs, a page of each in turn, so that none waits for the end of another's backlog."""

    def __init__(self, logs: Logs, due_cases: DueCases, issues: IssueTimers, *, page: int = PAGE) -> None:
        self._logs, self._due, self._issues, self._page = logs, due_cases, issues, page
        self._marks: dict[str, Mark] = {}
        self._carried: dict[str, list[DueCase]] = {}
        self._rests: dict[UUID, _Rest] = {}

    @property
    def calendar_of(self) -> CalendarOf:
        """What measures the clocks here."""
        return self._issues.calendar_of

    def next_of(self, issue: GridIssue) -> datetime | None:
        """When something is to fire next on `issue`, None when nothing is."""
        return self._issues.next(issue)

    async def round(self, now: datetime) -> Round:
        """One page of each log. A case that fails is set aside for a while. Refuses `Busy`."""
        done = Round()
        for log in self._logs.every():
            await self._page_of(log, now, done)
        return done

    async def catch_up(self, now: datetime) -> int:
        """Rounds until nothing is left that was to have fired by `now`; how much fired."""
        fired = 0
        while True:
            done = await self.round(now)
            fired += done.fired
            if not done.more:
                return fired

    async def settle(self, case_id: UUID, now: datetime, *, of_request: bool = False) -> None:
        """Fire all that is due by `now` on one case. Raises what keeps it from it."""
        log = self._logs.holding(case_id)
        at: datetime | None = now
        while at is not None and at <= now:
            _, at = await self._on(log, DueCase(now, 0, case_id, of_request), now)

    async def _page_of(self, log: Log, now: datetime, done: Round) -> None:
        found = await self._due.due(log.log_id, now, after=self._marks.pop(log.log_id, None), limit=self._page)
        horizon = now
        if len(found) == self._page:
            self._marks[log.log_id], horizon, done.more = found[-1].mark, found[-1].at, True
        waiting = [*self._carried.pop(log.log_id, ()), *found]
        heapq.heapify(waiting)
        # In order over all cases: what a case fires next waits until the list has come as far.
        while waiting and waiting[0].at <= horizon:
            case = heapq.heappop(waiting)
            following = await self._try(log, case, now, done)
            if following is not None and following <= now:
                heapq.heappush(waiting, DueCase(following, case.number, case.id, case.of_request))
        self._carried[log.log_id] = waiting

    async def _try(self, log: Log, case: DueCase, now: datetime, done: Round) -> datetime | None:
        """Fire what is due on a case at its instant; when to look at it next."""
        if (rest := self._rests.get(case.id)) is not None and rest.until > now:
            return None
        try:
            fired, following = await self._on(log, case, now)
        except Busy:
            raise
        except Stale:
            return case.at  # somebody changed it meanwhile
        except Exception as error:
            done.set_aside.append((case.id, error))
            pause = min(rest.pause * 2, LONGEST_REST) if rest else FIRST_REST
            self._rests[case.id] = _Rest(pause, now + pause)
            return None
        self._rests.pop(case.id, None)
        if fired:
            done.fired += 1
            done.oldest = max(done.oldest, now - case.at)
        return following

    async def _on(self, log: Log, case: DueCase, now: datetime) -> tuple[bool, datetime | None]:
        if case.of_request:
            return await self._on_request(log, case.id, now), None
        issue = await log.load(GridIssue, case.id)
        at = self._issues.next(issue)
        if at is None or at > case.at:
            return False, at
        self._issues.fire(issue, now)
        return await _saved_by_us(log, issue), self._issues.next(issue)

    async def _on_request(self, log: Log, case_id: UUID, now: datetime) -> bool:
        request = await log.load(ResidentRequest, case_id)
        if request.issue is None:
            return False
        at = fire_on_request(request, await leading(log, request.issue), now)
        return at is not None and await _saved_by_us(log, request)


async def _saved_by_us(log: Log, case: Aggregate) -> bool:
    """Whether what fired was recorded now, and not before by another."""
    first, *_ = case.pending_events
    version = case.version
    receipt = await log.save(case, key=timer_key(first))
    return receipt.version == version


def timer_key(event: object) -> RequestKey:
    """The key of what fired: the same for whoever fires it."""
    facts = vars(event)
    names = ("clock", "clock_start", "added", "percent", "due", "until")
    told = " ".join(str(facts[name]) for name in names if name in facts)
    topic = type(event).TOPIC  # type: ignore[attr-defined]  # every event of ours has one
    return RequestKey(f"timer {facts['originator_id']} {topic} {told}", "timer")
