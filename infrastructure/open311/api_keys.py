"""API keys in PostgreSQL: `application.open311.keys.ApiKeys`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from math import ceil
from typing import Any

from psycopg.rows import class_row, dict_row
from psycopg_pool import AsyncConnectionPool

from application.open311.keys import ApiKey
from domain.open311_refusals import BadApiKey, TooManyCalls
from domain.refusals import AlreadyRegistered, NoSuchEntry
from infrastructure import sql
from infrastructure.borrowing import borrowed

QUERY = sql.load("open311_keys.sql")


class PostgresApiKeys:
    """The table `open311_key`. Each question refuses `Busy` when too many ask."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool = pool

    async def add(self, key: ApiKey, digest: bytes) -> None:
        async with borrowed(self._pool) as connection:
            added = await connection.execute(QUERY["add"], asdict(key) | {"digest": digest})
            if added.rowcount == 0:
                raise AlreadyRegistered(kind="接口密钥", code=key.code)

    async def every(self) -> Sequence[ApiKey]:
        async with borrowed(self._pool) as connection, connection.cursor(row_factory=class_row(ApiKey)) as cursor:
            return await (await cursor.execute(QUERY["every"])).fetchall()

    async def end(self, code: str, at: datetime) -> None:
        async with borrowed(self._pool) as connection:
            ended = await connection.execute(QUERY["end"], {"code": code, "at": at})
            if ended.rowcount == 0:
                raise NoSuchEntry(kind="接口密钥", code=code)

    async def admit(self, digest: bytes, at: datetime) -> ApiKey:
        minute = at.replace(second=0, microsecond=0)
        async with borrowed(self._pool) as connection, connection.cursor(row_factory=dict_row) as cursor:
            row = await (await cursor.execute(QUERY["admit"], {"digest": digest, "minute": minute})).fetchone()
        if row is None:
            raise BadApiKey()
        if row.pop("calls") > row["per_minute"]:
            raise TooManyCalls(most=row["per_minute"], seconds=60 - ceil((at - minute).total_seconds()) or 1)
        return ApiKey(**row)
