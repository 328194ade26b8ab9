"""Moving cases 移格: when a grid was redrawn or has ended, its open cases go on in the grid that holds their ground.

Who has a point goes where the point lies now; who has none goes to the one grid that follows, or with the issue it
is handled in; what that does not tell waits for a dispatcher. Closed cases stay. Safe to run again at any time: a
case that is where it belongs is left alone, and one that somebody changes meanwhile is looked at anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from application.command import Cases, Command
from application.issues import leading
from application.moving_plan import CaseKind, MovingPlan, OpenCase
from application.ports import Log, Logs, Receipt
from application.registry.registry import Registry
from domain.actor import Act
from domain.grid_issue import GridIssue
from domain.moving import move_issue, move_request
from domain.refusals import Stale
from domain.registry.entry import administer, civil_day
from domain.registry.grid import Grid
from domain.resident_request import ResidentRequest
from domain.stages import MOVABLE_ISSUE, OPEN_REQUEST

AT_ONCE = 16
"""Cases being saved at any moment."""
ATTEMPTS = 3
A_RUN = 500
"""Cases that one order looks at, unless it says otherwise."""
Mark = tuple[CaseKind, UUID]
"""The last case looked at: the next run goes on after it."""


class OpenCases(Protocol):
    """Which cases are open in a grid. May be behind the log: what is found is looked at again before it moves."""

    async def issues(self, grid: str, *, but_edition: int | None, after: UUID | None, limit: int) -> Sequence[OpenCase]:
        """Movable issues by ascending id; `but_edition` leaves out those of that drawing."""

    async def requests(self, grid: str, *, after: UUID | None, limit: int) -> Sequence[OpenCase]:
        """Open requests whose place it is, by ascending id."""


@dataclass(frozen=True)
class Waiting:
    """待派遣员确定: a case whose new grid nobody could tell by the ground, and why, in Chinese."""

    kind: CaseKind
    id: UUID
    why: str


@dataclass
class Moves:
    """移格结果. `after` is where the next run goes on, None when all were looked at."""

    issues: int = 0
    requests: int = 0
    left: int = 0
    waiting: list[Waiting] = field(default_factory=list)
    after: Mark | None = None


class MovingCases:
    """移格 of all open cases of a grid, by an administrator; of one, by a dispatcher."""

    def __init__(self, logs: Logs, registry: Registry, open_cases: OpenCases) -> None:
        self._logs, self._registry, self._open = logs, registry, open_cases
        self._cases = Cases(logs)

    async def run(self, act: Act, *, code: str, after: Mark | None = None, limit: int = A_RUN) -> Moves:
        """Look at up to `limit` open cases of the grid and move those that lie elsewhere today.

        Refuses `NoSuchEntry`, `WrongRole`, `OutsideArea`. A grid that is in force as it was first drawn has none to
        move; one that ends on a day to come has none yet.
        """
        administer(act, code)
        await self._registry.refresh()
        today = civil_day(act.at)
        plan = MovingPlan(self._registry, self._logs, act, self._registry.grid(code), today)
        moves = Moves()
        if not plan.due:
            return moves
        found = await self._found(plan, after, limit + 1)
        moves.after = (found[limit - 1].kind, found[limit - 1].id) if len(found) > limit else None
        # Issues first: a request without a point follows the issue it is handled in.
        for kind in ("issue", "request"):
            await self._move_all(plan, [case for case in found[:limit] if case.kind == kind], moves)
        return moves

    async def move(
        self, kind: type[GridIssue] | type[ResidentRequest], case: UUID, command: Command, *, grid: str
    ) -> Receipt:
        """移格 of one case by hand, to a grid that follows its own or one of the same community.

        Refuses `NotASuccessor`, `NothingToMove`, `NotValidThen`, `WrongStage`.
        """
        act, today = command.act, civil_day(command.act.at)

        def decide(found: GridIssue | ResidentRequest) -> None:
            target = self._registry.grid(grid, valid_on=today)
            plan = MovingPlan(self._registry, self._logs, act, self._registry.grid(found.place), today)
            plan.require_choice(case, target)
            if isinstance(found, GridIssue):
                move_issue(act, found, grid=grid, edition=target.drawn_on(today).edition, cause=plan.cause)
            else:
                move_request(act, found, grid=grid, cause=plan.cause)

        return await self._cases.change(kind, case, command, decide)

    async def _found(self, plan: MovingPlan, after: Mark | None, limit: int) -> list[OpenCase]:
        found: list[OpenCase] = []
        kind, last = after or ("issue", None)
        if kind == "issue":
            found += await self._open.issues(plan.grid.code, but_edition=plan.edition, after=last, limit=limit)
            last = None
        if len(found) < limit:
            found += await self._open.requests(plan.grid.code, after=last, limit=limit - len(found))
        return found

    async def _move_all(self, plan: MovingPlan, cases: Sequence[OpenCase], moves: Moves) -> None:
        room = asyncio.Semaphore(AT_ONCE)

        async def settle(case: OpenCase) -> None:
            async with room:
                await self._settle(plan, case, moves)

        outcomes = await asyncio.gather(*map(settle, cases), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    async def _settle(self, plan: MovingPlan, case: OpenCase, moves: Moves) -> None:
        log = self._logs.holding(case.id)
        target = plan.target(case, await self._grid_of_issue(log, case))
        if isinstance(target, str):
            moves.waiting.append(Waiting(case.kind, case.id, target))
            return
        for _ in range(ATTEMPTS):
            try:
                moved = await self._move(log, plan, case, target)
            except Stale:
                continue
            moves.issues += moved and case.kind == "issue"
            moves.requests += moved and case.kind == "request"
            moves.left += not moved
            return
        moves.waiting.append(Waiting(case.kind, case.id, "正在被他人办理，请再次执行"))

    async def _move(self, log: Log, plan: MovingPlan, case: OpenCase, target: Grid) -> bool:
        """Whether the case moved: not when it did before, or is no longer open."""
        edition, code = target.drawn_on(plan.today).edition, plan.grid.code
        if case.kind == "issue":
            issue = await log.load(GridIssue, case.id)
            there = (issue.grid, issue.grid_edition) == (target.code, edition)
            if issue.grid != code or there or issue.stage not in MOVABLE_ISSUE:
                return False
            move_issue(plan.act, issue, grid=target.code, edition=edition, cause=plan.cause)
            await log.save(issue)
            return True
        request = await log.load(ResidentRequest, case.id)
        if request.place != code or target.code == code or request.stage not in OPEN_REQUEST:
            return False
        move_request(plan.act, request, grid=target.code, cause=plan.cause)
        await log.save(request)
        return True

    async def _grid_of_issue(self, log: Log, case: OpenCase) -> str | None:
        return (await leading(log, case.issue)).grid if case.issue and case.longitude is None else None
