"""Secrets of webhooks: `application.feed.webhooks.HookSecrets`, wrapped by the key keeper, in the vault."""

from __future__ import annotations

import base64
import os
from typing import Any

from psycopg_pool import AsyncConnectionPool

from application.privacy.keys import KeyKeeper
from application.privacy.sealed import WrappedKey
from infrastructure import sql
from infrastructure.borrowing import borrowed
from infrastructure.privacy.vault import hook_context

QUERY = sql.load("webhook_secrets.sql")
_BYTES = 32
OVERLAP_SECONDS = 24 * 3600.0
"""How long the secret before goes on signing beside a new one."""


class PostgresHookSecrets:
    """Secrets as receivers write them: `whsec_` and base64."""

    def __init__(self, pool: AsyncConnectionPool[Any], keeper: KeyKeeper) -> None:
        self._pool, self._keeper = pool, keeper

    async def made_for(self, code: str, version: int) -> str:
        fresh = self._keeper.wrap(os.urandom(_BYTES), hook_context(code, version))
        named = {"webhook": code, "version": version}
        async with borrowed(self._pool) as connection:
            await connection.execute(QUERY["make"], named | fresh._asdict())
            await connection.execute(QUERY["end_older"], named | {"seconds": OVERLAP_SECONDS})
            found = await (await connection.execute(QUERY["of_version"], named)).fetchone()
        return self._told(code, version, WrappedKey(*(found or ("", b""))))

    async def signing(self, code: str) -> list[str]:
        """Those that sign now, the newest first. Raises `KeyUnavailableError`."""
        async with borrowed(self._pool) as connection:
            rows = await (await connection.execute(QUERY["signing"], {"webhook": code})).fetchall()
        return [self._told(code, version, WrappedKey(kek_id, wrapped)) for version, kek_id, wrapped in rows]

    async def destroy(self, code: str) -> None:
        async with borrowed(self._pool) as connection:
            await connection.execute(QUERY["destroy"], {"webhook": code})

    def _told(self, code: str, version: int, wrapped: WrappedKey) -> str:
        return "whsec_" + base64.b64encode(self._keeper.unwrap(wrapped, hook_context(code, version))).decode()
