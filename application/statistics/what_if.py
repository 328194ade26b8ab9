"""What if 试算: the same history under other limits, another calendar or other weights, as a job that others work off.

Nothing of it is recorded in a log. What is asked holds of the positions at which it is asked, however long it waits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID, uuid4

from application.ports import Logs
from application.registry.calendars_in_force import CalendarsInForce
from application.registry.registry import Registry
from domain.actor import Act, Actor, Role
from domain.refusals import NoSuchEntry
from domain.registry.calendar import Calendar
from domain.registry.limit_rules import LimitRules
from domain.statistics.what_if_refusals import NoSuchWhatIf, TooManyWhatIfs, WhatIfEmpty, WhatIfOver

MAY_SUPPOSE = (Role.SUPERVISOR, Role.ADMIN, Role.AUDITOR)
MOST_OPEN = 5
"""Jobs of one person that are not over."""
KEPT = timedelta(days=30)


class JobState(StrEnum):
    """试算的状态; 后三种为结束。"""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def label(self) -> str:
        """The word people read."""
        return {"waiting": "等待中", "running": "试算中", "done": "已完成", "cancelled": "已撤销", "failed": "未完成"}[
            self.value
        ]


@dataclass(frozen=True)
class Weights:
    """基本满意、部分解决各计为多少, 如 0.85 或 9/10。"""

    basically_satisfied: str
    partly_solved: str


@dataclass(frozen=True)
class Supposition:
    """假设什么不同; 空或 null 即照旧, 至少一项。

    limits 为时限规则的版本号, 草案亦可, limits_version 为提出时该版的修订号; calendar 为工作日历的代码, 计量所有时限。
    """

    limits: str = ""
    limits_version: int = 0
    calendar: str = ""
    weights: Weights | None = None


@dataclass(frozen=True)
class WhatIfQuestion:
    """试算哪些案件: 时段内立案的, 权重则用时段内受理的诉求; 其余为 null 即不限。"""

    start: datetime
    end: datetime
    supposed: Supposition
    street: str | None = None
    community: str | None = None
    grid: str | None = None
    unit: str | None = None
    category: str | None = None
    channel: str | None = None


@dataclass(frozen=True)
class WhatIfJob:
    """One job as whoever asked sees it. `total` is None until somebody has counted."""

    id: UUID
    asked_by: str
    asked_at: datetime
    areas: tuple[str, ...]
    question: WhatIfQuestion
    positions: Mapping[str, int]
    state: JobState
    total: int | None
    done: int
    result: dict[str, Any] | None
    failure: str
    finished_at: datetime | None


@dataclass(frozen=True)
class ChangedRun:
    """一个会有不同的时限。late 为 null 即尚未到期; due 为 null 即没有此时限。"""

    nth: int
    log_id: str
    case_id: UUID
    number: int
    clock: str
    unit: str
    place: str
    due_then: datetime | None
    due_now: datetime | None
    late_then: bool | None
    late_now: bool | None


class Jobs(Protocol):
    """Where jobs are kept."""

    async def add(self, job: WhatIfJob, *, most_open: int, kept_since: datetime) -> bool:
        """Keep a new one and forget those over since before `kept_since`; False: the asker has `most_open` open."""

    async def find(self, job: UUID, asked_by: str) -> WhatIfJob | None:
        """The job if that person asked for it."""

    async def all_of(self, asked_by: str, *, limit: int) -> Sequence[WhatIfJob]:
        """Those of one person, the newest first."""

    async def cancel(self, job: UUID, at: datetime) -> bool:
        """Whether it was still open."""

    async def changed(
        self, job: UUID, *, late_now: bool | None, clock: str | None, after: int, limit: int
    ) -> Sequence[ChangedRun]:
        """The clocks it found to go otherwise, by their order; `late_now` False: those late no longer."""


class WhatIfs:
    """Asking for a job, and looking at it."""

    def __init__(self, jobs: Jobs, logs: Logs, registry: Registry, calendars: CalendarsInForce) -> None:
        self._jobs, self._logs, self._registry, self._calendars = jobs, logs, registry, calendars

    async def ask(self, act: Act, question: WhatIfQuestion) -> WhatIfJob:
        """A job on what is recorded by now within the actor's areas.

        Refuses `WrongRole`, `WhatIfEmpty`, `NoSuchEntry` for an edition or calendar nobody knows, `TooManyWhatIfs`.
        """
        act.as_one_of(*MAY_SUPPOSE)
        actor = act.actor
        supposed = self._known(question.supposed)
        positions = {log.log_id: await log.last_position() for log in self._logs.every() if actor.overlaps(log.log_id)}
        job = WhatIfJob(
            uuid4(), actor.id, act.at, tuple(actor.areas), replace(question, supposed=supposed), positions,
            JobState.WAITING, None, 0, None, "", None,
        )  # fmt: skip
        if not await self._jobs.add(job, most_open=MOST_OPEN, kept_since=act.at - KEPT):
            raise TooManyWhatIfs(most=MOST_OPEN)
        return job

    async def find(self, actor: Actor, job: UUID) -> WhatIfJob:
        """Refuses `NoSuchWhatIf`, also for one that somebody else asked for."""
        found = await self._jobs.find(job, actor.id)
        if found is None:
            raise NoSuchWhatIf(job=job)
        return found

    async def mine(self, actor: Actor, *, limit: int) -> Sequence[WhatIfJob]:
        """The actor's own, the newest first."""
        return await self._jobs.all_of(actor.id, limit=limit)

    async def cancel(self, act: Act, job: UUID) -> WhatIfJob:
        """Refuses `NoSuchWhatIf`, and `WhatIfOver` for one that has ended."""
        found = await self.find(act.actor, job)
        if not await self._jobs.cancel(job, act.at):
            raise WhatIfOver(state=(await self.find(act.actor, job)).state.label)
        return replace(found, state=JobState.CANCELLED, finished_at=act.at)

    async def changed(
        self, actor: Actor, job: UUID, *, late_now: bool | None, clock: str | None, after: int, limit: int
    ) -> Sequence[ChangedRun]:  # fmt: skip
        """What would have been otherwise. Refuses `NoSuchWhatIf`."""
        await self.find(actor, job)
        return await self._jobs.changed(job, late_now=late_now, clock=clock, after=after, limit=limit)

    def _known(self, supposed: Supposition) -> Supposition:
        if not (supposed.limits or supposed.calendar or supposed.weights):
            raise WhatIfEmpty()
        if supposed.calendar and self._calendars.newest(supposed.calendar) is None:
            raise NoSuchEntry(kind=Calendar.label, code=supposed.calendar)
        if not supposed.limits:
            return supposed
        return replace(supposed, limits_version=self._registry.find(LimitRules, supposed.limits).version)
