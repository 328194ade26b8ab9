"""通报 on PostgreSQL: `application.statistics.bulletin_list.BulletinList`, read off the timelines that are served."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool

from application.statistics.bulletin_list import IssuedBulletin, IssuedMark
from domain.actor import Actor
from domain.statistics.bulletin import BulletinKind
from infrastructure import sql
from infrastructure.borrowing import borrowed

QUERY = sql.load("bulletins.sql")


class PostgresBulletins:
    """The list over the given logs. Refuses `Busy` when too many ask."""

    def __init__(self, pool: AsyncConnectionPool[Any], log_ids: Sequence[str]) -> None:
        self._pool, self._log_ids = pool, list(log_ids)

    async def issued(
        self, actor: Actor, *, kind: BulletinKind | None, scope: str | None, after: IssuedMark | None, limit: int
    ) -> list[IssuedBulletin]:
        at, id, nth = after or (None, None, None)
        facts = {
            "logs": self._log_ids,
            "areas": [f"{area}%" for area in actor.areas],
            "wider": sorted({area[:digits] for area in actor.areas for digits in range(2, len(area))}),
            "kind": kind and kind.value,
            "scope": scope,
            "after_at": at,
            "after_id": id,
            "after_nth": nth,
            "limit": limit,
        }
        async with (
            borrowed(self._pool) as connection,
            connection.cursor(row_factory=class_row(IssuedBulletin)) as cursor,
        ):
            await cursor.execute(QUERY["issued"], facts)
            return await cursor.fetchall()
