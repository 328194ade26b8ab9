"""附件: files taken in by whoever has signed in, named by cases, shown to whoever may see such a case.

A file is its digest: the same bytes are the same attachment, whoever brings them. Until a case names it, it belongs to
who brought it, for a day; then it is nobody's, and swept away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Protocol
from uuid import UUID

from application.ports import Clock
from application.privacy.readings import Readings
from application.views import Boards
from domain.actor import Actor
from domain.attachment_refusals import NoSuchAttachment
from domain.refusals import NoSuchCase

UNNAMED_FOR = timedelta(days=1)
"""How long a file that no case names is its bringer's to see and to name."""
SWEPT_AFTER = timedelta(days=2)
"""How long after it was last brought one that no case names is destroyed: when no save under way can still name it."""
MOST_CASES = 50
"""Of the cases that name one attachment, so many are asked for whether the reader may see them."""


class Variant(StrEnum):
    """The bytes as they came, or the picture drawn anew without metadata: at most 1600 or 320 pixels a side."""

    ORIGINAL = "original"
    PUBLIC = "public"
    THUMBNAIL = "thumbnail"


@dataclass(frozen=True)
class Attachment:
    """附件. `bytes` is its size. `width` and `height` of the upright picture, null of another file.

    When and where it was taken is what the file says of itself, a proposal to who brought it; null where it does not.
    """

    digest: str
    media_type: str
    bytes: int
    width: int | None
    height: int | None
    taken_at: datetime | None = None
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True)
class Examined:
    """What a file turned out to be, and all that is to be kept of it."""

    attachment: Attachment
    contents: Mapping[Variant, bytes] = field(repr=False)


@dataclass(frozen=True)
class Content:
    """Bytes, and what they are."""

    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Use:
    """A case that names an attachment. `kind`: issue or request."""

    case: UUID
    kind: str


class Examiner(Protocol):
    """Looks at what a file is, whatever it calls itself, and draws its pictures anew."""

    async def examine(self, content: bytes) -> Examined:
        """Refuses `UnsupportedFile`, `FileTooLarge`, `PictureTooLarge`, `DamagedPicture`."""


class Store(Protocol):
    """Keeps attachments, sealed, and knows who brought them and which cases name them."""

    async def renew(self, digest: str, by: str, at: datetime) -> Attachment | None:
        """One that is kept already, now brought by `by` as well."""

    async def keep(self, examined: Examined, by: str, at: datetime) -> None: ...

    async def brought(self, digests: Collection[str], by: str, since: datetime) -> set[str]:
        """Which of them `by` brought since."""

    async def uses(self, digest: str, limit: int) -> Sequence[Use]:
        """The newest cases that name it, without those whose people are forgotten or are about to be."""

    async def names(self, case_id: UUID, digest: str) -> bool:
        """Whether the case does, under the same condition."""

    async def of_case(self, case_id: UUID) -> Sequence[Attachment]:
        """What a case names, in the order in which it did, without place and time."""

    async def content(self, digest: str, variant: Variant) -> Content:
        """Refuses `NoSuchAttachment`, `NotAPicture`."""

    async def sweep(self, before: datetime) -> int:
        """Let go of what was last brought before then and no case names; how many that were."""


def digest_of(content: bytes) -> str:
    """What an attachment is called by."""
    return sha256(content).hexdigest()


class Attachments:
    """Use cases of attachments. Reading one counts as reading the case."""

    def __init__(self, store: Store, examiner: Examiner, boards: Boards, readings: Readings, clock: Clock) -> None:
        self._store, self._examiner, self._boards = store, examiner, boards
        self._readings, self._clock = readings, clock

    async def take(self, actor: Actor, content: bytes) -> Attachment:
        """上传. Refuses as `Examiner.examine` does."""
        now = self._clock()
        digest = await asyncio.to_thread(digest_of, content)
        if known := await self._store.renew(digest, actor.id, now):
            return known
        examined = await self._examiner.examine(content)
        await self._store.keep(examined, actor.id, now)
        return examined.attachment

    async def require(self, actor: Actor, digests: Collection[str]) -> None:
        brought = await self._store.brought(digests, actor.id, self._clock() - UNNAMED_FOR) if digests else set()
        missing = [one for one in digests if one not in brought and await self._seen_in(actor, one, None) is None]
        if missing:
            raise NoSuchAttachment(digests=missing)

    async def read(self, actor: Actor, digest: str, variant: Variant, case_id: UUID | None = None) -> Content:
        """One's own of the day, or of a case one may see; `case_id` says which, where there are many.

        Refuses `NoSuchAttachment`, `NotAPicture`.
        """
        if not await self._store.brought([digest], actor.id, self._clock() - UNNAMED_FOR):
            case = await self._seen_in(actor, digest, case_id)
            if case is None:
                raise NoSuchAttachment(digests=[digest])
            await self._readings.of_attachment(actor, case)
        return await self._store.content(digest, variant)

    async def picture_of(self, case_id: UUID, digest: str, variant: Variant) -> Content:
        """A picture without metadata, for a page that shows this case to somebody who need not sign in.

        Refuses `NoSuchAttachment`, also for an original, and `NotAPicture`.
        """
        if variant is Variant.ORIGINAL or not await self._store.names(case_id, digest):
            raise NoSuchAttachment(digests=[digest])
        return await self._store.content(digest, variant)

    async def of_case(self, case_id: UUID) -> Sequence[Attachment]:
        """What a case names, for whoever has been found to see it; place and time stay apart."""
        return await self._store.of_case(case_id)

    async def sweep(self) -> int:
        """Let go of what nobody has named in time; how many that were."""
        return await self._store.sweep(self._clock() - SWEPT_AFTER)

    async def _seen_in(self, actor: Actor, digest: str, case_id: UUID | None) -> UUID | None:
        """A case that names it and that the actor may see."""
        uses = await self._store.uses(digest, MOST_CASES) if case_id is None else await self._use_in(case_id, digest)
        for use in uses:
            look = self._boards.issue if use.kind == "issue" else self._boards.request
            try:
                await look(actor, use.case)
            except NoSuchCase:
                continue
            return use.case
        return None

    async def _use_in(self, case_id: UUID, digest: str) -> Sequence[Use]:
        named = await self._store.names(case_id, digest)
        return [Use(case_id, kind) for kind in ("issue", "request")] if named else []
