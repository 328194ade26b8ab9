"""Saving one message 留言入库: received or there already, its reply carried over or there already, or why not."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from application.command import Command, deed
from application.importing.message_faults import BadLine, Fault, Rejected, rejected
from application.importing.message_rows import Message, Reply
from application.requests import Requests
from domain.actor import Actor
from domain.case_id import imported_case_id
from domain.refusals import AlreadyImported, Busy, NoSuchCase, Refused, Stale, WrongRole, WrongStage
from domain.resident_request import ResidentRequest
from domain.sign_in_refusals import NotSignedIn
from domain.stages import RequestStage
from domain.vocabulary import Channel, RequestKind

REPLIED = {stage.label for stage in (RequestStage.FED_BACK, RequestStage.CALLED_BACK, RequestStage.CLOSED)}
NO_LINE_TO_BLAME = (Busy, NotSignedIn, WrongRole)


@dataclass(frozen=True)
class ImportOrder:
    """What holds for every line: who imports, from which `source` system, and what a line does not say itself.

    Without `place` messages go to the importer's first area; their clock hung in `zone`.
    """

    actor: Actor
    source: str
    place: str | None = None
    kind: RequestKind = RequestKind.OTHER
    zone: tzinfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    dry_run: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of one line and its reply."""

    received: bool = False
    already_there: bool = False
    reply_added: bool = False
    reply_there: bool = False
    rejected: Rejected | None = None


class Saving:
    """Brings messages into the log as `order` says; `now` bounds the times they may have."""

    def __init__(self, requests: Requests, order: ImportOrder, now: datetime) -> None:
        self._requests, self._order, self._now = requests, order, now
        self._met: set[int] = set()

    async def settle(self, message: Message | Rejected) -> Outcome:
        """What became of a line. Refuses what is no line's fault: `Busy`, `NotSignedIn`, `WrongRole`."""
        if isinstance(message, Rejected):
            return Outcome(rejected=message)
        record = message.record
        try:
            case, received = await self._receive(message)
        except Refused as refused:
            return Outcome(rejected=rejected(record.line, record.fields, _of_line(refused)))
        added = there = False
        wrong = None
        try:
            if message.reply_fault is not None:
                raise message.reply_fault
            if message.reply is not None:
                added = await self._carry_over(case, message.reply)
                there = not added
        except (BadLine, Refused) as refused:
            wrong = rejected(record.line, record.fields, _of_line(refused), reply_only=True)
        return Outcome(received, not received, added, there, wrong)

    async def _receive(self, message: Message) -> tuple[UUID | None, bool]:
        """The case, and whether it is new. A dry run has no case for an id that it met before."""
        command = self._command(message.at)
        if self._order.dry_run and self._is_repeated(message.external_id):
            return None, False
        if (known := await self._known(message.external_id)) is not None:
            return known, False
        try:
            receipt = await self._requests.receive(
                command, details=message.details, kind=message.kind or self._order.kind,
                channel=Channel.IMPORTED, place=message.place or self._order.place,
                source=self._order.source, external_id=message.external_id,
            )  # fmt: skip
        except AlreadyImported as meanwhile:
            return cast(UUID, meanwhile.facts["case"]), False
        return receipt.id, True

    async def _known(self, external_id: str) -> UUID | None:
        """The case it became before. An earlier run may have had another place, and so another log."""
        for log in self._requests.logs.every():
            case = imported_case_id(log.log_id, self._order.source, external_id)
            with suppress(NoSuchCase):
                return (await log.load(ResidentRequest, case)).id
        return None

    def _is_repeated(self, external_id: str) -> bool:
        known = len(self._met)
        self._met.add(hash(external_id))
        return len(self._met) == known

    async def _carry_over(self, case: UUID | None, reply: Reply) -> bool:
        """Whether the reply is new. Raises `BadLine` when the request is being handled here."""
        command = self._command(reply.at)
        if case is None:
            return False
        try:
            try:
                await self._requests.carry_over_reply(case, command, reply=reply.text)
            except Stale:  # somebody wrote in between: decide once more on what stands there now
                await self._requests.carry_over_reply(case, command, reply=reply.text)
        except WrongStage as wrong:
            if wrong.facts["actual"] in REPLIED:
                return False
            raise BadLine(Fault.UNDER_WAY, f"环节：{wrong.facts['actual']}") from wrong
        return True

    def _command(self, at: datetime) -> Command:
        return Command(deed(self._order.actor, now=self._now, happened_at=at))


def _of_line(refused: BadLine | Refused) -> BadLine | Refused:
    if isinstance(refused, NO_LINE_TO_BLAME):
        raise refused
    return refused
