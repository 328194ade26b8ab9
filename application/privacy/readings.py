"""阅览记录: who reads what people told is on record: contact data before it is shown, words on lists soon after.

A list would record more than it reads, so what one member of staff reads of words within a few seconds is one event
a log. Who stops the service in between loses that much of the record, never of contact data.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from application.command import deed
from application.disclosure import IDENTITY
from application.ports import Clock, Logs
from application.views import Details, IssueView, RequestView
from domain.actor import Act, Actor
from domain.case_id import log_of, new_case_id
from domain.reading import Reading, ReadingWay

MOST_HELD = 2_000
"""Cases read and not yet on record, before a reader waits for the record."""


@dataclass(frozen=True)
class ReadingView:
    """One reading on record. `way`: details, list, phone or export; `fields` are names of fields."""

    log_id: str
    position: int
    recorded_at: datetime
    by: str
    role: str
    of_unit: str
    reason: str
    way: Literal["details", "list", "phone", "export"]
    fields: list[str]
    cases: int


class ReadingReport(Protocol):
    """What an auditor asks."""

    async def of_case(self, case_id: UUID, *, after: int, limit: int) -> list[ReadingView]:
        """The readings of a case above position `after`, oldest first."""

    async def of_log(self, log_id: str, *, before: int, by: str, limit: int) -> list[ReadingView]:
        """The readings of a log below position `before`, newest first; of one reader, or with "" of everybody."""


class Readings:
    """Keeps the record. One a process."""

    def __init__(self, logs: Logs, clock: Clock) -> None:
        self._logs, self._clock = logs, clock
        self._held: dict[tuple[Actor, str], tuple[set[UUID], set[str]]] = {}

    async def of_details(self, actor: Actor, case_id: UUID, details: Details) -> None:
        """On record before they are shown, if a contact is among them. Refuses `Busy`: unrecorded is unread."""
        if IDENTITY & details.open.keys():
            await self.of_cases(deed(actor, now=self._clock()), ReadingWay.DETAILS, [case_id], details.open)
        elif details.open:
            await self._hold(actor, [case_id], details.open)

    async def of_words(self, actor: Actor, rows: Iterable[IssueView | RequestView]) -> None:
        """Soon on record: the texts that a list, or one issue, shows."""
        read = [row.id for row in rows if row.text_state == "open"]
        if read:
            await self._hold(actor, read, ("text", "title"))

    async def of_texts(self, actor: Actor, cases: Collection[UUID]) -> None:
        """Soon on record: texts that were opened beside what they are about."""
        if cases:
            await self._hold(actor, cases, ("text",))

    async def of_attachment(self, actor: Actor, case_id: UUID) -> None:
        """Soon on record: a picture or paper of a case."""
        await self._hold(actor, [case_id], ("attachment",))

    async def of_cases(self, act: Act, way: ReadingWay, cases: Collection[UUID], fields: Collection[str]) -> None:
        """On record now, one event a log; of no case at all in the city's."""
        by_log: dict[str, list[UUID]] = {} if cases else {self._logs.city.log_id: []}
        for case_id in cases:
            by_log.setdefault(log_of(case_id), []).append(case_id)
        for log_id, some in by_log.items():
            reading_id = new_case_id(log_id, act.at, os.urandom(8))
            await self._logs.named(log_id).save(Reading.record(act, id=reading_id, way=way, cases=some, fields=fields))

    async def flush(self) -> None:
        """Put on record what is held. What fails stays held."""
        for actor, log_id in list(self._held):
            cases, fields = self._held.pop((actor, log_id))
            try:
                await self.of_cases(deed(actor, now=self._clock()), ReadingWay.LIST, cases, fields)
            except BaseException:
                self._hold_one(actor, log_id, cases, fields)
                raise

    async def _hold(self, actor: Actor, cases: Iterable[UUID], fields: Iterable[str]) -> None:
        for case_id in cases:
            self._hold_one(actor, log_of(case_id), {case_id}, fields)
        if sum(len(held) for held, _ in self._held.values()) > MOST_HELD:
            await self.flush()

    def _hold_one(self, actor: Actor, log_id: str, cases: set[UUID], fields: Iterable[str]) -> None:
        held, names = self._held.setdefault((actor, log_id), (set(), set()))
        held.update(cases)
        names.update(fields)
