"""Erasures 删除一览: who was forgotten, who may not be, and where the certificate of that stands in the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from application.ports import Logs
from domain.actor import Act
from domain.erasure import KEEPERS, Erasure


@dataclass(frozen=True)
class ErasureMark:
    """One erasure or hold by its stream: its last event, when that was recorded, and its certificate, if it has one."""

    stream: UUID
    position: int
    recorded_at: datetime
    certificate: int | None


class ErasureRegister(Protocol):
    """Where the erasures of a log are looked up."""

    async def of_log(self, log_id: str, *, before: int, limit: int) -> Sequence[ErasureMark]:
        """Those whose last event stands below `before`, newest first."""
        ...


class Erasures:
    """The list, for auditors and administrators."""

    def __init__(self, register: ErasureRegister, logs: Logs) -> None:
        self._register, self._logs = register, logs

    async def listed(self, act: Act, log_id: str, *, before: int, limit: int) -> list[tuple[ErasureMark, Erasure]]:
        """A page of a log, newest first. Refuses `WrongRole`, `OutsideArea`, `NoSuchLog`."""
        act.as_one_of(*KEEPERS)
        act.within(log_id)
        log = self._logs.named(log_id)
        marks = await self._register.of_log(log_id, before=before, limit=limit)
        return [(mark, await log.load(Erasure, mark.stream)) for mark in marks]
