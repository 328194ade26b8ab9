"""`application.attachments.Store`: rows in PostgreSQL, keys in the vault, sealed bytes in a store of objects.

Rows come before bytes and go after them, and whoever changes what is there holds the row: so no bytes lie about that no
row tells of, and none are missing that a case was allowed to name.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from application.attachments import Attachment, Content, Examined, Use, Variant
from application.privacy.sealed import WrappedKey
from domain.attachment_refusals import NoSuchAttachment, NotAPicture
from domain.case_id import log_of
from domain.refusals import Busy
from infrastructure import sql
from infrastructure.attachments.objects import Objects
from infrastructure.attachments.sealing import KEY_BYTES, key_context, seal_told, unseal_told
from infrastructure.borrowing import borrowed
from infrastructure.privacy.vault import Vault

QUERY = sql.load("attachments.sql")
DRAWN = "image/jpeg"
"""What every variant but the original is."""
_AT_ONCE = 1_000
_EVER = datetime(9999, 1, 1, tzinfo=UTC)
Connection = AsyncConnection[TupleRow]


class SealedStore:
    """Attachments of one database and one store of objects."""

    def __init__(self, vault: Vault, objects: Objects) -> None:
        self._vault, self._objects = vault, objects

    async def renew(self, digest: str, by: str, at: datetime) -> Attachment | None:
        rows = await self._rows("renew", digest=digest, by=by, at=at)
        if not rows:
            return None
        media_type, size, width, height, kek_id, wrapped, told = rows[0]
        found = unseal_told(self._key(digest, kek_id, wrapped), digest, told)
        return Attachment(digest, media_type, size, width, height, *found)

    async def keep(self, examined: Examined, by: str, at: datetime) -> None:
        one = examined.attachment
        async with borrowed(self._vault.pool) as connection, connection.transaction():
            facts = {"digest": one.digest, "by": by, "at": at}
            shape = {"media_type": one.media_type, "bytes": one.bytes, "width": one.width, "height": one.height}
            await connection.execute(QUERY["admit"], facts | shape)
            await connection.execute(QUERY["bring"], facts)
            key = await self._made_key(connection, one.digest)
            await connection.execute(QUERY["tell"], facts | {"told": seal_told(key, one)})
        for variant, content in examined.contents.items():
            await self._objects.put(one.digest, variant, content, key)
        if not await self._stored(one.digest, key):
            await self._objects.delete(one.digest, key)
            raise Busy(seconds=1)

    async def brought(self, digests: Collection[str], by: str, since: datetime) -> set[str]:
        return {digest for (digest,) in await self._rows("brought", digests=list(digests), by=by, since=since)}

    async def uses(self, digest: str, limit: int) -> Sequence[Use]:
        return [Use(*row) for row in await self._rows("uses", digest=digest, case=None, limit=limit)]

    async def names(self, case_id: UUID, digest: str) -> bool:
        return bool(await self._rows("uses", digest=digest, case=case_id, limit=1))

    async def of_case(self, case_id: UUID) -> Sequence[Attachment]:
        return [Attachment(*row) for row in await self._rows("of_case", log_id=log_of(case_id), case=case_id)]

    async def content(self, digest: str, variant: Variant) -> Content:
        rows = await self._rows("kept", digest=digest)
        if not rows:
            raise NoSuchAttachment(digests=[digest])
        media_type, drawn, kek_id, wrapped = rows[0]
        if variant is not Variant.ORIGINAL and not drawn:
            raise NotAPicture(media_type=media_type)
        content = await self._objects.get(digest, variant, self._key(digest, kek_id, wrapped))
        if content is None:
            raise NoSuchAttachment(digests=[digest])
        return Content(media_type if variant is Variant.ORIGINAL else DRAWN, content)

    async def sweep(self, before: datetime) -> int:
        found = await self._rows("long_brought", before=before, limit=_AT_ONCE)
        return sum([await self._let_go(digest, before) for (digest,) in found])

    async def forget(self, log_id: str, subject: UUID) -> int:
        """删除: cases about `subject` name nothing any more; what nothing else names is destroyed. How many they named.

        May be done twice.
        """
        rows = await self._rows("forget", log_id=log_id, subject=subject)
        for (digest,) in rows:
            await self._let_go(digest, _EVER)
        return len(rows)

    async def remaining(self, log_id: str, subject: UUID) -> tuple[int, int]:
        """How many attachments forgotten cases named, and of how many that no other case names something is left."""
        rows = await self._rows("forgotten", log_id=log_id, subject=subject)
        left = [digest for digest, elsewhere in rows if not elsewhere and await self._objects.of(digest)]
        return len(rows), len(left)

    async def _let_go(self, digest: str, before: datetime) -> bool:
        """Destroy what no case names and nobody brought since `before`; whether it was so."""
        facts = {"digest": digest, "before": before}
        async with borrowed(self._vault.pool) as connection, connection.transaction():
            await connection.execute(QUERY["drop_failed"], facts)
            idle = await self._held_idle(connection, facts)
            await connection.execute(QUERY["leave" if idle else "drop_uploads"], facts)
        if not idle:
            return False
        # Once more, held: meanwhile somebody may have brought it again.
        async with borrowed(self._vault.pool) as connection, connection.transaction():
            if not await self._held_idle(connection, facts):
                return False
            await self._objects.delete(digest)
            await connection.execute(QUERY["drop_key"], facts)
            await connection.execute(QUERY["drop"], facts)
        return True

    async def _held_idle(self, connection: Connection, facts: Mapping[str, Any]) -> bool:
        await connection.execute(QUERY["lock"], facts)
        # A statement of its own, so that it sees what the lock waited for.
        row = await (await connection.execute(QUERY["idle"], facts)).fetchone()
        return bool(row and row[0])

    async def _stored(self, digest: str, key: bytes) -> bool:
        """Say that the bytes are there, unless what they are sealed under was destroyed meanwhile."""
        async with borrowed(self._vault.pool) as connection, connection.transaction():
            await connection.execute(QUERY["lock"], {"digest": digest})
            row = await (await connection.execute(QUERY["key"], {"digest": digest})).fetchone()
            if row is None or self._key(digest, *row) != key:
                return False
            await connection.execute(QUERY["stored"], {"digest": digest})
        return True

    async def _made_key(self, connection: Connection, digest: str) -> bytes:
        fresh = self._vault.keeper.wrap(os.urandom(KEY_BYTES), key_context(digest))
        await connection.execute(QUERY["make_key"], {"digest": digest} | fresh._asdict())
        row = await (await connection.execute(QUERY["key"], {"digest": digest})).fetchone()
        return self._key(digest, *(row or ("", b"")))

    def _key(self, digest: str, kek_id: str, wrapped: bytes) -> bytes:
        return self._vault.keeper.unwrap(WrappedKey(kek_id, wrapped), key_context(digest))

    async def _rows(self, query: str, **facts: object) -> list[TupleRow]:
        async with borrowed(self._vault.pool) as connection:
            cursor = await connection.execute(QUERY[query], facts)
            return await cursor.fetchall() if cursor.description else []
