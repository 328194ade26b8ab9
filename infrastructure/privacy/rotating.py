"""`application.privacy.rotation.KeyRotation` on PostgreSQL: keys are read, unwrapped, wrapped and put back in pages."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from application.privacy.rotation import Progress
from application.privacy.sealed import WrappedKey
from domain.privacy_refusals import KeysStillWrapped
from infrastructure import sql
from infrastructure.attachments.sealing import key_context
from infrastructure.borrowing import borrowed
from infrastructure.privacy.vault import Vault, hook_context, index_context, subject_context

QUERY = sql.load("rotating.sql")
_PAGE = 500


class PostgresRotation:
    """A key that is destroyed meanwhile stays destroyed: one is put back only where it still stood."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def standing(self) -> Mapping[str, int]:
        async with borrowed(self._vault.pool) as connection:
            rows = await (await connection.execute(QUERY["standing"])).fetchall()
        return {self._vault.keeper.current: 0} | {str(kek_id): int(count) for kek_id, count in rows}

    async def rotate(self, progress: Progress, *, renew: bool = True) -> str:
        kek_id = self._vault.keeper.renew() if renew else self._vault.keeper.current
        standing = await self.standing()
        total = sum(count for older, count in standing.items() if older != kek_id)
        done = await self._index_keys(kek_id) + await self._webhook_secrets(kek_id)
        after: tuple[str | None, UUID | None] | None = (None, None)
        while after is not None:
            progress(done, total)
            count, after = await self._page(kek_id, *after)
            done += count
        digest: str | None = ""
        while digest is not None:
            count, digest = await self._attachment_keys(kek_id, digest)
            done += count
            progress(done, max(total, done))
        return kek_id

    async def retire(self) -> list[str]:
        current = self._vault.keeper.current
        left = sum(count for kek_id, count in (await self.standing()).items() if kek_id != current)
        if left:
            raise KeysStillWrapped(count=left)
        return self._vault.keeper.retire()

    async def _page(
        self, kek_id: str, after_log: str | None, after_subject: UUID | None
    ) -> tuple[int, tuple[str, UUID] | None]:
        keeper = self._vault.keeper
        asked = {"kek_id": kek_id, "after_log": after_log, "after_subject": after_subject, "limit": _PAGE}
        async with borrowed(self._vault.pool) as connection:
            rows = await (await connection.execute(QUERY["older_subject_keys"], asked)).fetchall()
            async with connection.transaction():
                for log_id, subject, older, wrapped in rows:
                    context = subject_context(log_id, subject)
                    fresh = keeper.wrap(keeper.unwrap(WrappedKey(older, wrapped), context), context)
                    named = {"log_id": log_id, "subject": subject, "before": wrapped}
                    await connection.execute(QUERY["rewrap_subject_key"], named | fresh._asdict())
        return len(rows), ((rows[-1][0], rows[-1][1]) if rows else None)

    async def _attachment_keys(self, kek_id: str, after: str) -> tuple[int, str | None]:
        keeper = self._vault.keeper
        asked = {"kek_id": kek_id, "after": after, "limit": _PAGE}
        async with borrowed(self._vault.pool) as connection, connection.transaction():
            rows = await (await connection.execute(QUERY["older_attachment_keys"], asked)).fetchall()
            for digest, older, wrapped in rows:
                context = key_context(digest)
                fresh = keeper.wrap(keeper.unwrap(WrappedKey(older, wrapped), context), context)
                named = {"digest": digest, "before": wrapped}
                await connection.execute(QUERY["rewrap_attachment_key"], named | fresh._asdict())
        return len(rows), (rows[-1][0] if rows else None)

    async def _index_keys(self, kek_id: str) -> int:
        keeper = self._vault.keeper
        async with borrowed(self._vault.pool) as connection:
            rows = await (await connection.execute(QUERY["index_keys"], {"kek_id": kek_id})).fetchall()
            for log_id, older, wrapped in rows:
                context = index_context(log_id)
                fresh = keeper.wrap(keeper.unwrap(WrappedKey(older, wrapped), context), context)
                named = {"log_id": log_id, "before": wrapped}
                await connection.execute(QUERY["rewrap_index_key"], named | fresh._asdict())
        return len(rows)

    async def _webhook_secrets(self, kek_id: str) -> int:
        keeper = self._vault.keeper
        async with borrowed(self._vault.pool) as connection:
            rows = await (await connection.execute(QUERY["webhook_secrets"], {"kek_id": kek_id})).fetchall()
            for webhook, version, older, wrapped in rows:
                context = hook_context(webhook, version)
                fresh = keeper.wrap(keeper.unwrap(WrappedKey(older, wrapped), context), context)
                named = {"webhook": webhook, "version": version, "before": wrapped}
                await connection.execute(QUERY["rewrap_webhook_secret"], named | fresh._asdict())
        return len(rows)
