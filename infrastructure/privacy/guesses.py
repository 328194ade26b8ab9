"""Failed look-ups, counted in the database: several processes serve one public page, and a restart forgives nobody."""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from math import ceil
from typing import Any

from psycopg.rows import scalar_row
from psycopg_pool import AsyncConnectionPool

from domain.follow_refusals import TooManyGuesses
from infrastructure import sql
from infrastructure.borrowing import borrowed
from infrastructure.privacy.follow_codes import FollowCodes

QUERY = sql.load("guesses.sql")
WITHIN = timedelta(hours=1)
MOST_OF_ADDRESS = 20
MOST_OF_NUMBER = 100
"""More than of an address: who guesses at somebody's number must not easily keep them out of it."""


class PostgresGuesses:
    """`application.following.ports.Guesses`."""

    def __init__(self, pool: AsyncConnectionPool[Any], codes: FollowCodes) -> None:
        self._pool, self._codes = pool, codes

    async def require_few(self, number: str, address: str, at: datetime) -> None:
        facts = {"keys": self._keys(number, address), "most": [MOST_OF_NUMBER, MOST_OF_ADDRESS], "since": at - WITHIN}
        async with borrowed(self._pool) as connection, connection.cursor(row_factory=scalar_row) as cursor:
            await cursor.execute(QUERY["free_from"], facts)
            oldest: datetime | None = await cursor.fetchone()
        if oldest is not None:
            raise TooManyGuesses(seconds=max(1, ceil((oldest + WITHIN - at).total_seconds())))

    async def count(self, number: str, address: str, at: datetime) -> None:
        async with borrowed(self._pool) as connection:
            await connection.execute(QUERY["count"], {"keys": self._keys(number, address), "at": at})
            await connection.execute(QUERY["prune"], {"before": at - WITHIN})

    def _keys(self, number: str, address: str) -> list[bytes]:
        return [self._codes.digest("number", number), self._codes.digest("address", network_of(address))]


def network_of(address: str) -> str:
    """Where an address counts: an IPv6 one with its whole /64, which one household holds."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped or IPv6Address(int(ip) >> 64 << 64))
    return str(ip)
