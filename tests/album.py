"""Requests that name pictures, on a real log, with the store these are in: material of tests of attachments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from application.ports import PersonalDetails
from application.privacy.erasing import Erasing
from domain.actor import Act
from domain.case_id import new_case_id
from domain.resident_request import ResidentRequest
from domain.vocabulary import Channel, RequestKind
from infrastructure.attachments.objects import FOLDER, Objects, open_store
from infrastructure.attachments.pictures import examine
from infrastructure.attachments.store import SealedStore
from infrastructure.privacy.forgetting import PostgresForgetting
from tests.sealed_cases import NOON, RECEIVER, WORDS, Office
from tests.town import DISTRICT, GRID

NEVER = timedelta(0)


class Album:
    """Requests with pictures, and the store these are in."""

    def __init__(self, house: Office, folder: Path) -> None:
        self.house, self.folder, self._made = house, folder, 0
        self.objects = Objects(open_store(None, folder))
        self.store = SealedStore(house.vault, self.objects)

    async def bring(self, content: bytes) -> str:
        found = examine(content)
        await self.store.keep(found, RECEIVER.id, NOON)
        return found.attachment.digest

    async def answered(self, digests: Sequence[str]) -> ResidentRequest:
        """A request that names them, with nothing left to do."""
        self._made += 1
        told = await self.house.log.seal(PersonalDetails(uuid4(), WORDS), fresh=True)
        request = ResidentRequest.receive(
            Act(RECEIVER, NOON), id=new_case_id(DISTRICT, NOON, self._made.to_bytes(8, "big")), subject=told.subject,
            sealed=told.commitment, kind=RequestKind.HELP, channel=Channel.HOTLINE, place=GRID, attachments=digests,
        )  # fmt: skip
        await self.house.log.save(request, details=[told])
        return await self.house.answer(request)

    def erasing(self) -> Erasing:
        return Erasing(self.house.logs, PostgresForgetting(self.house.vault, self.folder, self.store), NEVER)

    def files(self) -> set[str]:
        """The digests that files are there of."""
        return {path.parent.name for path in (self.folder / FOLDER).rglob("*") if path.is_file()}
