"""Exports 导出架: bundles that were asked for on a page, written and verified one at a time, kept until removed."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from uuid import UUID

from application.audit.filming import MISSHAPEN, NEWEST
from application.audit.replaying import Replaying
from application.ports import Logs
from application.proof.proving import Proving
from domain.actor import Act, Actor, Role
from domain.case_id import log_of, new_case_id
from domain.case_rules import require_reason
from domain.proof.refusals import ExportUnderWay, ExportUnfinished, NoSuchExport, NoSuchPosition, ShelfFull
from domain.reading import Reading, ReadingWay
from domain.refusals import NoSuchLog

EXPORTERS = (Role.AUDITOR, Role.ADMIN)
MOST_KEPT, MOST_BYTES = 20, 4 << 30


class ExportState(StrEnum):
    """How far an export is."""

    WAITING = "waiting"
    WRITING = "writing"
    VERIFYING = "verifying"
    DONE = "done"
    FAILED = "failed"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    ExportState.WAITING: "等待",
    ExportState.WRITING: "正在写出",
    ExportState.VERIFYING: "正在核验",
    ExportState.DONE: "已完成",
    ExportState.FAILED: "未完成",
}
FINISHED = frozenset({ExportState.DONE, ExportState.FAILED})


@dataclass(frozen=True)
class Verification:
    """What the verifier said: how much it checked, and where it first found something wrong, None for nowhere."""

    holds: bool
    events: int
    checkpoints: int
    first_bad: int | None = None
    up_to: int | None = None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Export:
    """One bundle on the shelf. `place` is where its case lies, the log's area for more than a case."""

    id: str
    log: str
    case: UUID | None
    first: int | None
    last: int | None
    place: str
    asked_by: str
    asked_at: datetime
    reason: str
    state: ExportState = ExportState.WAITING
    written: int = 0
    total: int = 0
    size: int = 0
    sha256: str = ""
    finished_at: datetime | None = None
    failure: str = ""
    verified: Verification | None = None


@dataclass(frozen=True)
class Wanted:
    """What to export: a case, or a log from a position to a position; None means from its beginning, to its end."""

    log: str
    case: UUID | None = None
    first: int | None = None
    last: int | None = None


class Shelf(Protocol):
    """Where exports are kept. What is on it waits for the worker that takes them up."""

    def put(self, export: Export) -> None:
        """Add or change one."""
        ...

    def every(self) -> Sequence[Export]:
        """The newest first."""
        ...

    def remove(self, export: str) -> None: ...

    def file(self, export: str) -> Path:
        """The one file of a finished export."""
        ...

    def keys(self, log_id: str) -> Sequence[str]: ...


class Exports:
    """Asked for by auditors and administrators, within their area, each on record as a reading."""

    def __init__(self, shelf: Shelf, logs: Logs, replaying: Replaying, proving: Proving) -> None:
        self._shelf, self._logs, self._replaying, self._proving = shelf, logs, replaying, proving

    async def ask(self, act: Act, wanted: Wanted, export_id: str) -> Export:
        """Put an export up to be written; one that has been asked for already is given back.

        Refuses `WrongRole`, `OutsideArea`, `ReasonMissing`, `NoSuchLog`, `NoSuchCase`, `NoSuchPosition`,
        `ExportUnderWay` and `ShelfFull`.
        """
        act.as_one_of(*EXPORTERS)
        require_reason(act)
        log, place, total = await self._bounds(act, wanted)
        kept = await asyncio.to_thread(self._shelf.every)
        if known := next((one for one in kept if one.id == export_id), None):
            return known
        if under_way := next((one for one in kept if one.state not in FINISHED), None):
            raise ExportUnderWay(asked_by=under_way.asked_by)
        size = sum(one.size for one in kept)
        if len(kept) >= MOST_KEPT or size >= MOST_BYTES:
            raise ShelfFull(kept=len(kept), most=MOST_KEPT, bytes=size, most_bytes=MOST_BYTES)
        reading_id = new_case_id(log, act.at, os.urandom(8))
        cases = [wanted.case] if wanted.case else []
        await self._logs.named(log).save(
            Reading.record(act, id=reading_id, way=ReadingWay.EXPORT, cases=cases, fields=[])
        )
        export = Export(
            id=export_id, log=log, case=wanted.case, first=wanted.first, last=wanted.last, place=place,
            asked_by=act.actor.id, asked_at=act.at, reason=act.reason, total=total,
        )  # fmt: skip
        await asyncio.to_thread(self._shelf.put, export)
        return export

    async def shelf(self, actor: Actor) -> list[Export]:
        """What the actor may take, the newest first."""
        return [one for one in await asyncio.to_thread(self._shelf.every) if actor.covers(one.place)]

    async def find(self, actor: Actor, export_id: str) -> Export:
        """Refuses `NoSuchExport`."""
        for one in await self.shelf(actor):
            if one.id == export_id:
                return one
        raise NoSuchExport(export=export_id)

    async def file(self, actor: Actor, export_id: str) -> Path:
        """What to take away. Refuses `NoSuchExport`, `ExportUnfinished`."""
        if (await self.find(actor, export_id)).state is not ExportState.DONE:
            raise ExportUnfinished(export=export_id)
        return self._shelf.file(export_id)

    async def remove(self, actor: Actor, export_id: str) -> None:
        """Refuses `NoSuchExport`, `ExportUnfinished`."""
        if (await self.find(actor, export_id)).state not in FINISHED:
            raise ExportUnfinished(export=export_id)
        await asyncio.to_thread(self._shelf.remove, export_id)

    def keys(self, log_id: str) -> Sequence[str]:
        """The public keys of a log, as the verifier takes them."""
        return self._shelf.keys(log_id)

    async def _bounds(self, act: Act, wanted: Wanted) -> tuple[str, str, int]:
        """The log, the place that must be the asker's, and about how many events that is."""
        if wanted.case is not None:
            try:
                case = await self._replaying.case(act.actor, wanted.case, NEWEST)
            except MISSHAPEN:  # all the more reason to take it away; where it lies nobody can say
                log_id = log_of(wanted.case)
                act.within(log_id)
                return log_id, log_id, 1
            return case.log, str(case.state.get("place") or case.state["grid"]), case.version
        standing = {one.log: one for one in await self._proving.standing()}
        if wanted.log not in {log.log_id for log in self._logs.every()}:
            raise NoSuchLog(log=wanted.log)
        act.within(wanted.log)
        newest = standing[wanted.log].newest
        first, last = wanted.first or 1, wanted.last or newest
        if not 1 <= first <= last <= newest:
            raise NoSuchPosition(log=wanted.log, position=last if last > newest else first)
        return wanted.log, wanted.log, last - first + 1
