"""Replaying 重放: what was on record at a position or a moment, of a case, a board or a unit's work; and what changed.

Answers are folded anew from the events up to there by the rules of the boards, so they show what the boards showed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from application.clock_views import ClockView, clocks_of
from application.registry.registry import Registry
from application.timeline import Told, tell
from application.views import TimelineStep
from domain.actor import Actor, Role
from domain.case_clocks import CalendarOf, Clocked
from domain.case_id import log_of
from domain.refusals import NoSuchCase, NoSuchLog, WrongRole

AUDITING = (Role.AUDITOR, Role.SUPERVISOR, Role.ADMIN)
FOLDED_AT_ONCE = 100
"""Cases folded together when a board is looked through."""
LOOKED_THROUGH = 2_000
"""Cases that one question looks through: a page may be short, and says where to go on."""
CaseKind = Literal["issue", "request", "whistle"]
Mark = int
"""The number of the case a page ended with: boards run from the newest to the oldest."""


@dataclass(frozen=True)
class Folded:
    """A case as its events up to a position leave it: the columns of its board, and its clocks if it has any."""

    kind: CaseKind
    id: UUID
    place: str
    version: int
    position: int
    recorded_at: datetime
    previous: int | None
    next: int | None
    state: Mapping[str, Any]
    clocked: Clocked | None = None


@dataclass(frozen=True)
class CaseThen:
    """A case as it stood. `position` is its last step by then, `previous` and `next` those beside, for stepping."""

    kind: CaseKind
    log: str
    id: UUID
    version: int
    position: int
    recorded_at: datetime
    previous: int | None
    next: int | None
    state: dict[str, Any]
    clocks: list[ClockView]


@dataclass(frozen=True)
class Change:
    """One column before and after."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Difference:
    """What changed of a case between two positions, and every step between."""

    id: UUID
    start: int
    end: int
    changes: list[Change]
    steps: list[Told]


@dataclass(frozen=True)
class BoardThen:
    """A page of the board as it stood, newest first. `next` is where the next page begins, None after the last."""

    log: str
    position: int
    moment: datetime
    items: list[CaseThen] = field(default_factory=list)
    next: Mark | None = None


@dataclass(frozen=True)
class Wanted:
    """Which cases of a board. Empty means whatever."""

    stages: Sequence[str] = ()
    unit: str | None = None
    place: str = ""
    category: str | None = None
    holder: str | None = None
    """Only what this unit led then, by the facts."""


class Replays(Protocol):
    """The events of the past, and what they leave."""

    async def position(self, log_id: str, moment: datetime) -> int:
        """Of the last event recorded not later than `moment`; 0 before the first."""
        ...

    async def moment(self, log_id: str, position: int) -> datetime | None:
        """When the last event up to `position` was recorded; None before the first."""
        ...

    async def folded(self, log_id: str, ids: Sequence[UUID], position: int) -> Sequence[Folded]:
        """Those of the cases that had begun, in the order of `ids`."""
        ...

    async def issues(self, log_id: str, position: int, before: int | None, limit: int) -> Sequence[tuple[int, UUID]]:
        """Issues begun by `position`, newest first, below a number."""
        ...

    async def led_by(
        self, log_id: str, unit: str, position: int, before: int | None, limit: int
    ) -> Sequence[tuple[int, UUID]]:
        """Issues that `unit` led at `position`, newest first, below a number."""
        ...

    async def steps(
        self, log_id: str, after: int, upto: int, limit: int, case_id: UUID | None
    ) -> Sequence[tuple[UUID, TimelineStep]]:
        """What was recorded about cases above `after` and up to `upto`, ascending, and of which."""
        ...


class Replaying:
    """Questions about the past, by auditors, supervisors and administrators, within their areas."""

    def __init__(self, replays: Replays, log_ids: Sequence[str], calendar_of: CalendarOf, registry: Registry) -> None:
        self._replays, self._log_ids = replays, frozenset(log_ids)
        self._calendar_of, self._registry = calendar_of, registry

    async def position(self, actor: Actor, log_id: str, at: datetime | int) -> int:
        """The position a question is about. Refuses `WrongRole`, `NoSuchLog`."""
        if not actor.roles & set(AUDITING):
            raise WrongRole(needed=[role.label for role in AUDITING])
        if log_id not in self._log_ids or not actor.overlaps(log_id):
            raise NoSuchLog(log=log_id)
        return at if isinstance(at, int) else await self._replays.position(log_id, at)

    async def case(self, actor: Actor, case_id: UUID, at: datetime | int) -> CaseThen:
        """A case as it stood. Refuses `NoSuchCase`, also for one not begun or outside the actor's area."""
        position = await self.position(actor, self._log_of(case_id), at)
        one = await self._folded(actor, case_id, position)
        return self._shown(one, at if isinstance(at, datetime) else one.recorded_at)

    async def cases(self, actor: Actor, ids: Sequence[UUID], position: int) -> dict[UUID, CaseThen]:
        """Cases of one log as they stood at a position, those in the actor's area, by id."""
        if not ids:
            return {}
        log_id = self._log_of(ids[0])
        await self.position(actor, log_id, position)
        found = await self._replays.folded(log_id, [one for one in ids if log_of(one) == log_id], position)
        return {one.id: self._shown(one, one.recorded_at) for one in found if actor.covers(one.place)}

    async def step(self, actor: Actor, case_id: UUID, position: int) -> tuple[TimelineStep, Told]:
        """What was recorded of a case at `position`, as it stands and as people read it. Refuses as `case`."""
        log_id = self._log_of(case_id)
        await self.position(actor, log_id, position)
        for _, step in await self._replays.steps(log_id, position - 1, position, 1, case_id):
            return step, tell(step, self._registry)
        raise NoSuchCase(case=case_id)

    async def difference(self, actor: Actor, case_id: UUID, start: datetime | int, end: datetime | int) -> Difference:
        """What changed of a case from one time to another. Refuses as `case`."""
        log_id = self._log_of(case_id)
        low, high = sorted([await self.position(actor, log_id, start), await self.position(actor, log_id, end)])
        after = await self._folded(actor, case_id, high)
        before = await self._replays.folded(log_id, [case_id], low)
        old: Mapping[str, Any] = before[0].state if before else {}
        changes = [Change(name, old.get(name), value) for name, value in after.state.items() if old.get(name) != value]
        steps = await self._replays.steps(log_id, low, high, 500, case_id)
        return Difference(case_id, low, high, changes, [tell(step, self._registry) for _, step in steps])

    async def steps(
        self, actor: Actor, log_id: str, after: datetime | int, upto: datetime | int, limit: int
    ) -> list[Told]:
        """What was recorded between two times, of the cases in the actor's area; at most `limit`."""
        low, high = await self.position(actor, log_id, after), await self.position(actor, log_id, upto)
        found: list[Told] = []
        while len(found) < limit:
            page = await self._replays.steps(log_id, low, high, limit, None)
            ids = list({case_id for case_id, _ in page})
            seen = {one.id for one in await self._replays.folded(log_id, ids, high) if actor.covers(one.place)}
            found += [tell(step, self._registry) for case_id, step in page if case_id in seen]
            if len(page) < limit:
                break
            low = page[-1][1].position
        return found[:limit]

    async def board(
        self, actor: Actor, log_id: str, at: datetime | int, wanted: Wanted, before: Mark | None, limit: int
    ) -> BoardThen:
        """A page of the issues as they stood. Refuses `WrongRole`, `NoSuchLog`."""
        position = await self.position(actor, log_id, at)
        moment = await self._replays.moment(log_id, position)
        if moment is None:
            raise NoSuchLog(log=log_id)
        found: list[CaseThen] = []
        looked, mark = 0, before
        async for numbers, page in self._pages(log_id, position, wanted, before):
            for number, one in zip(numbers, page, strict=True):
                if len(found) == limit:
                    return BoardThen(log_id, position, moment, found, mark)
                mark = number
                if one is not None and _fits(one, wanted) and actor.covers(one.place):
                    found.append(self._shown(one, moment))
            looked += len(numbers)
            if looked >= LOOKED_THROUGH:
                return BoardThen(log_id, position, moment, found, mark)
        return BoardThen(log_id, position, moment, found)

    async def _pages(
        self, log_id: str, position: int, wanted: Wanted, before: Mark | None
    ) -> AsyncIterator[tuple[list[int], list[Folded | None]]]:
        while True:
            if wanted.holder is None:
                rows = await self._replays.issues(log_id, position, before, FOLDED_AT_ONCE)
            else:
                rows = await self._replays.led_by(log_id, wanted.holder, position, before, FOLDED_AT_ONCE)
            folded = {one.id: one for one in await self._replays.folded(log_id, [id for _, id in rows], position)}
            if rows:
                yield [number for number, _ in rows], [folded.get(id) for _, id in rows]
            if len(rows) < FOLDED_AT_ONCE:
                return
            before = rows[-1][0]

    async def _folded(self, actor: Actor, case_id: UUID, position: int) -> Folded:
        found = await self._replays.folded(log_of(case_id), [case_id], position)
        if not found or not actor.covers(found[0].place):
            raise NoSuchCase(case=case_id)
        return found[0]

    def _shown(self, one: Folded, moment: datetime) -> CaseThen:
        clocks = clocks_of(one.clocked, self._calendar_of, moment) if one.clocked else []
        return CaseThen(
            one.kind, log_of(one.id), one.id, one.version, one.position, one.recorded_at, one.previous, one.next,
            dict(one.state), clocks,
        )  # fmt: skip

    def _log_of(self, case_id: UUID) -> str:
        log_id = log_of(case_id)
        if log_id not in self._log_ids:
            raise NoSuchCase(case=case_id)
        return log_id


def _fits(one: Folded, wanted: Wanted) -> bool:
    state = one.state
    return (
        (not wanted.stages or state["stage"] in wanted.stages)
        and (wanted.unit is None or state.get("lead") == wanted.unit)
        and one.place.startswith(wanted.place)
        and (wanted.category is None or state.get("category") == wanted.category)
    )
