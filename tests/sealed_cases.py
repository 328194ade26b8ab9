"""Requests with personal details on a real log, and what the database holds of them: material of tests of privacy."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from psycopg_pool import AsyncConnectionPool

from application.ports import PersonalDetails
from domain.actor import Act, Actor, Role
from domain.case_id import new_case_id
from domain.erasure import Erasure
from domain.grid_issue import GridIssue
from domain.resident_request import ResidentRequest
from domain.vocabulary import Channel, RequestKind
from infrastructure.eventstore.log import EventLog, open_logs
from infrastructure.guards import guarded
from infrastructure.privacy.file_keys import FileKeys
from infrastructure.privacy.vault import Vault
from tests.town import CITY, DISTRICT, GRID

NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)
RECEIVER = Actor("receiver", frozenset({Role.RECEIVER}), "U-1", (DISTRICT,))
AUDITOR = Actor("auditor", frozenset({Role.AUDITOR}), "U-1", (DISTRICT,))
WORDS = {
    "text": "楼下三号井盖松动\n夜里响", "title": "井盖松动扰民", "name": "反映人欧阳某", "phone": "13912345678",
    "address": "向阳里七号楼三单元",
}  # fmt: skip
REPLY = "已派人当晚加固"


@dataclass
class Office:
    """A log and its vault, opened on the role the service has."""

    log: EventLog
    vault: Vault
    logs: Any

    async def receive(self, words: dict[str, str] = WORDS) -> ResidentRequest:
        """A new request with these words."""
        told = await self.log.seal(PersonalDetails(uuid4(), words), fresh=True)
        request = ResidentRequest.receive(
            Act(RECEIVER, NOON), id=new_case_id(DISTRICT, NOON, os.urandom(8)), subject=told.subject,
            sealed=told.commitment, kind=RequestKind.HELP, channel=Channel.HOTLINE, place=GRID,
        )  # fmt: skip
        await self.log.save(request, details=[told])
        return request

    async def answer(self, request: ResidentRequest, reply: str = REPLY) -> ResidentRequest:
        """The request, answered at once, so that nothing is left to do."""
        words = await self.log.seal(PersonalDetails(request.subject, {f"reply_{request.version + 1}": reply}))
        request.answer(Act(RECEIVER, NOON), sealed=words.commitment)
        await self.log.save(request, details=[words])
        return request


@asynccontextmanager
async def office(url: str, kek_file: Path) -> AsyncIterator[Office]:
    serving = guarded(url)
    async with AsyncConnectionPool(serving, min_size=1, max_size=4, open=False) as pool:
        vault = Vault(pool, FileKeys(kek_file))
        kinds = (ResidentRequest, GridIssue, Erasure)
        async with open_logs(serving, CITY, [DISTRICT], kinds, vault) as logs:
            yield Office(logs.named(DISTRICT), vault, logs)


def in_office(url: str, kek_file: Path, story: Callable[[Office], Coroutine[Any, Any, Any]]) -> Any:
    """What `story` gives."""

    async def run() -> Any:
        async with office(url, kek_file) as opened:
            return await story(opened)

    return asyncio.run(run())


KEPT = "SELECT field, sealed, value FROM personal_detail WHERE subject = %s ORDER BY field"
KEY = "SELECT kek_id, wrapped FROM vault.subject_key WHERE subject = %s"


def subject_of(request: ResidentRequest) -> UUID:
    return request.subject
