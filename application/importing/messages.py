"""Importing messages 留言导入: what residents wrote to another system becomes requests, as often as the file comes.

Each line is received, was there already, or is rejected with its reason; a reply the other system gave is carried
over once. Memory does not grow with the file, except in a dry run (see `run`).
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime

from application.command import deed
from application.importing.message_faults import Rejected
from application.importing.message_rows import Message, MessageFile
from application.importing.message_saving import ImportOrder, Outcome, Saving
from application.importing.rehearsal import RehearsedLogs
from application.ports import Clock
from application.requests import Requests
from application.whereabouts import whereabouts
from domain.registry.entry import administer, civil_day, local_code

AT_ONCE = 8
"""Lines being saved at any moment."""


@dataclass
class MessageImport:
    """导入结果. `reasons` counts all rejected lines and replies by (code, title)."""

    lines: int = 0
    received: int = 0
    already_there: int = 0
    replies: int = 0
    replies_there: int = 0
    rejected: int = 0
    replies_rejected: int = 0
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def changed(self) -> bool:
        """Whether anything is on record now that was not before."""
        return self.received + self.replies > 0

    def add(self, outcome: Outcome) -> None:
        """Count one line."""
        self.lines += 1
        self.received += outcome.received
        self.already_there += outcome.already_there
        self.replies += outcome.reply_added
        self.replies_there += outcome.reply_there
        if outcome.rejected is not None:
            self.rejected += not outcome.rejected.reply_only
            self.replies_rejected += outcome.rejected.reply_only
            self.reasons[outcome.rejected.code, outcome.rejected.title] += 1


class ImportingMessages:
    """留言导入. A second run with the same file changes nothing; an interrupted one is finished by the next."""

    def __init__(self, requests: Requests, clock: Clock) -> None:
        self._requests, self._clock = requests, clock

    async def run(
        self,
        file: MessageFile,
        order: ImportOrder,
        *,
        reject: Callable[[Rejected], None] = lambda rejected: None,
        progress: Callable[[int, int | None], None] = lambda done, total: None,
        total: int | None = None,
    ) -> MessageImport:
        """Settle every line, `AT_ONCE` at a time; `reject` and `progress` hear of them in the file's order.

        A dry run asks every rule and records nothing; it remembers the ids it met, some 80 bytes a line.
        Refuses `WrongRole`, `OutsideArea`, `BadCode`, `NoSuchEntry`, `NotValidThen`, `NoSuchLog` before the first line.
        """
        now = self._clock()
        await self._check(order, now)
        requests = self._requests
        if order.dry_run:
            requests = Requests(RehearsedLogs(requests.logs), requests.registry, requests.issues)
        result = MessageImport()
        async with aclosing(_outcomes(file, order, Saving(requests, order, now))) as outcomes:
            async for outcome in outcomes:
                if outcome.rejected is not None:
                    reject(outcome.rejected)
                result.add(outcome)
                progress(result.lines, total)
        return result

    async def _check(self, order: ImportOrder, now: datetime) -> None:
        local_code(order.source, "来源")
        act = deed(order.actor, now=now)
        administer(act)
        registry = self._requests.registry
        await registry.refresh()
        place = order.place or order.actor.areas[0]
        code = whereabouts(registry, place=place, longitude=None, latitude=None, on=civil_day(now))
        act.within(code)
        self._requests.logs.at(code)


async def _outcomes(file: MessageFile, order: ImportOrder, saving: Saving) -> AsyncGenerator[Outcome]:
    """Of every line, in order. Lines of one id are never saved at the same time, so the first of them counts."""
    under_way: deque[tuple[str, asyncio.Task[Outcome]]] = deque()
    try:
        for row in file.rows(order.zone):
            external_id = row.external_id if isinstance(row, Message) else None
            while len(under_way) == AT_ONCE or any(external_id == other for other, _ in under_way):
                yield await under_way[0][1]
                under_way.popleft()
            under_way.append((external_id or "", asyncio.create_task(saving.settle(row))))
        while under_way:
            yield await under_way[0][1]
            under_way.popleft()
    finally:
        for _, task in under_way:
            task.cancel()
        await asyncio.gather(*(task for _, task in under_way), return_exceptions=True)
