"""A district that takes in messages of another system: logs in memory, places by their codes, one importer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from eventsourcing.domain import Aggregate

from application.importing.message_faults import Rejected
from application.importing.message_rows import open_messages
from application.importing.message_saving import ImportOrder
from application.importing.messages import ImportingMessages, MessageImport
from application.issues import Issues
from application.ports import Logs, Receipt, RequestKey
from application.privacy.sealed import SealedDetails
from application.registry.registry import Registry
from application.requests import Requests
from domain.actor import Actor, Role
from domain.refusals import NoSuchEntry
from domain.registry.entry import entry_id
from domain.resident_request import ResidentRequest
from tests.fakes import MemoryLog, MemoryLogs, told

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CITY, DISTRICT, OTHER_DISTRICT = "1507", "150785", "150784"
SOURCE = "ask-gov-2019"
OPERATOR = Actor(id="operator", roles=frozenset({Role.ADMIN}), unit="", areas=(CITY,))
HEADER = "留言编号,留言用户,留言主题,留言时间,留言详情,答复意见,答复时间\n"


def line(
    number: object = 1, text: str = "路灯不亮", time: str = "2019/2/28 11:25:05", reply: str = "", reply_time: str = ""
) -> str:
    """One line below `HEADER`; texts here need no quotes."""
    return f"{number},A001,路灯,{time},{text},{reply},{reply_time}\n"


class KeepingLog(MemoryLog):
    """Keeps details field by field, as the real log does."""

    async def save(
        self, *aggregates: Aggregate, key: RequestKey | None = None, details: Sequence[SealedDetails] = ()
    ) -> Receipt:
        receipt = await super().save(*aggregates, key=key)
        for each in details:
            self.details.setdefault(each.subject, {}).update(told(each))
        return receipt


class Places:
    """What importing asks of the registry: whether a place is registered."""

    async def refresh(self) -> None:
        await asyncio.sleep(0)

    def division(self, code: str, *, valid_on: date | None = None) -> Any:
        if not code.startswith(CITY):
            raise NoSuchEntry(kind="区划", code=code)
        drawing = SimpleNamespace(edition=1)
        return SimpleNamespace(code=code, id=entry_id("place", code), version=1, drawn_on=lambda day: drawing)

    grid = division


@dataclass
class Told:
    """What an import said: its counts, what it rejected, how far it said to be."""

    result: MessageImport = field(default_factory=MessageImport)
    rejected: list[Rejected] = field(default_factory=list)
    progress: list[tuple[int, int | None]] = field(default_factory=list)

    @property
    def counts(self) -> tuple[int, int, int]:
        """Messages received, there already, rejected."""
        return self.result.received, self.result.already_there, self.result.rejected

    @property
    def replies(self) -> tuple[int, int, int]:
        """Replies carried over, there already, rejected."""
        return self.result.replies, self.result.replies_there, self.result.replies_rejected

    @property
    def codes(self) -> dict[int, str]:
        """Why, by line."""
        return {one.line: one.code for one in self.rejected}


class MessageOffice:
    def __init__(self, log: type[KeepingLog] = KeepingLog) -> None:
        self.logs = MemoryLogs(*(log(log_id) for log_id in (CITY, DISTRICT, OTHER_DISTRICT)))
        self.requests = Requests(cast(Logs, self.logs), cast(Registry, Places()), cast(Issues, None))
        self.importing = ImportingMessages(self.requests, lambda: NOW)
        self.settings = SimpleNamespace(city=CITY)
        self.services = SimpleNamespace(requests=self.requests, clock=lambda: NOW)

    @property
    def log(self) -> KeepingLog:
        """The district's."""
        return self.logs.logs[DISTRICT]

    @property
    def saves(self) -> int:
        """All there ever were."""
        return sum(log.saves for log in self.logs.logs.values())

    def take(
        self, content: str | Path, /, *, chosen: Mapping[str, str] | None = None, actor: Actor = OPERATOR,
        place: str | None = DISTRICT, told: Told | None = None, **options: Any,
    ) -> Told:  # fmt: skip
        """Import a file, or lines below `HEADER`."""
        told = told or Told()
        order = ImportOrder(actor, **({"source": SOURCE} | options), place=place)
        opened = content if isinstance(content, Path) else StringIO(content, newline="")
        with open_messages(opened, chosen) as file:
            told.result = asyncio.run(
                self.importing.run(
                    file, order, reject=told.rejected.append,
                    progress=lambda done, total: told.progress.append((done, total)),
                )
            )  # fmt: skip
        return told

    def requests_held(self) -> list[ResidentRequest]:
        """In the order of their saving."""
        ids = dict.fromkeys(recorded.event.originator_id for recorded in self.log.recorded)
        return [asyncio.run(self.log.load(ResidentRequest, each)) for each in ids]

    def details(self) -> list[dict[str, str]]:
        """What is kept of each requester, in the order of their saving."""
        return [self.log.details[request.subject] for request in self.requests_held()]

    @contextmanager
    def nothing_changes(self) -> Iterator[None]:
        """Nothing is recorded within."""
        before = [(len(log.recorded), len(log.details)) for log in self.logs.logs.values()]
        yield
        assert [(len(log.recorded), len(log.details)) for log in self.logs.logs.values()] == before
