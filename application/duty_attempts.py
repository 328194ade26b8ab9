"""Keeping attempts 清单外派遣: a refusal for the duty lists is put on record beside the case it left untouched."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from logging import getLogger
from typing import Any
from uuid import UUID

from application.command import Command
from application.ports import Logs, RequestKey
from domain.case_id import new_case_id
from domain.duty_attempt import DutyAttempt
from domain.refusals import NotAdmitted, Refused

logger = getLogger(__name__)


class DutyAttempts:
    """Writes to the log of the case."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs

    @asynccontextmanager
    async def kept(self, command: Command, case: UUID) -> AsyncIterator[None]:
        """Whatever is refused as `NotAdmitted` in here is on record before it goes on, once per key.

        A record that cannot be made does not undo the refusal: the matter is not passed, and the loss is logged.
        """
        try:
            yield
        except NotAdmitted as refused:
            try:
                await self._keep(command, case, refused)
            except Refused as lost:
                logger.warning("duty_attempt_not_recorded: %s", lost.code())
            raise

    async def _keep(self, command: Command, case: UUID, refused: NotAdmitted) -> None:
        log = self._logs.holding(case)
        facts: dict[str, Any] = refused.facts
        attempt = DutyAttempt.refuse(
            command.act, id=new_case_id(log.log_id, command.act.at, os.urandom(8)), case=case, grid=facts["grid"],
            category=facts["category"], units=facts["unit"], edition=facts["edition"],
        )  # fmt: skip
        await log.save(attempt, key=_own_key(command.key))


def _own_key(key: RequestKey | None) -> RequestKey | None:
    """A key beside the command's: under that one the retry must not be answered as if it had been done."""
    return key and RequestKey(f"duty-attempt {key.body_hash} {key.key}", key.body_hash)
