"""`application.proof.ports.Trees` in PostgreSQL, for one sealer: every write is under its lease of the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg

from application.proof.ports import StoredHead
from domain.proof.breach import Breach
from domain.proof.tiles import Tile
from infrastructure import sql
from infrastructure.guards import with_options

QUERY = sql.load("proof.sql")
HEADS_AT_ONCE = 1_000
STATEMENT_SECONDS = 60
Connection = psycopg.Connection[Any]


class LeaseLost(Exception):
    """Another sealer has taken the log over meanwhile: what this one made is thrown away."""


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection of its own, for the thread that seals or checks."""
    options = f"-c statement_timeout={STATEMENT_SECONDS}s -c default_transaction_isolation=read\\ committed"
    with psycopg.connect(with_options(url, options), autocommit=True, connect_timeout=3) as connection:
        yield connection


class PostgresTrees:
    """The stored trees. `owner` is who holds the leases, each good for `seconds`."""

    def __init__(self, connection: Connection, owner: UUID | None = None, seconds: float = 30.0) -> None:
        self._connection, self.owner, self.seconds = connection, owner or uuid4(), seconds

    def tiles(self, log_id: str, wanted: Iterable[Tile]) -> Mapping[Tile, bytes]:
        asked = list(wanted)
        columns = {"levels": [tile.level for tile in asked], "indexes": [tile.number for tile in asked]}
        rows = self._connection.execute(QUERY["tiles"], {"log_id": log_id, **columns}, binary=True)
        return {Tile(level, index): hashes for level, index, hashes in rows}

    def last_head(self, log_id: str) -> StoredHead | None:
        row = self._connection.execute(QUERY["last_head"], {"log_id": log_id}, binary=True).fetchone()
        return StoredHead(*row) if row else None

    def heads(self, log_id: str, after: int) -> Iterator[StoredHead]:
        while True:
            asked = {"log_id": log_id, "after": after, "limit": HEADS_AT_ONCE}
            rows = self._connection.execute(QUERY["heads"], asked, binary=True).fetchall()
            for row in rows:
                yield StoredHead(*row)
            if len(rows) < HEADS_AT_ONCE:
                return
            after = rows[-1][0]

    def seal(self, log_id: str, head: StoredHead, tiles: Mapping[Tile, bytes], at: datetime, *, after: int) -> None:
        put = [
            {"log_id": log_id, "level": tile.level, "index": tile.number, "hashes": hashes}
            for tile, hashes in tiles.items()
        ]
        with self.held(log_id):
            facts = {"size": head.size, "root": head.root, "note": head.note, "at": at, "after": after}
            if self._connection.execute(QUERY["put_head"], {"log_id": log_id, **facts}).rowcount != 1:
                raise LeaseLost(log_id)
            self._connection.cursor().executemany(QUERY["put_tile"], put)

    @contextmanager
    def held(self, log_id: str) -> Iterator[None]:
        """A durable transaction under the lease of the log. Raises `LeaseLost`."""
        with self._connection.transaction():
            self._connection.execute(QUERY["durable"])
            asked = {"log_id": log_id, "owner": self.owner, "seconds": self.seconds}
            if self._connection.execute(QUERY["hold"], asked).rowcount != 1:
                raise LeaseLost(log_id)
            yield

    def claim(self, log_id: str) -> int | None:
        """Take or keep the lease: the position under suspicion, 0 for none; None when another holds it."""
        asked = {"log_id": log_id, "owner": self.owner, "seconds": self.seconds}
        row = self._connection.execute(QUERY["claim"], asked).fetchone()
        return None if row is None else row[1] or 0

    def release(self) -> None:
        """Give all leases back, so that another process need not wait."""
        self._connection.execute(QUERY["release"], {"owner": self.owner})

    def alarm(self, log_id: str, breach: Breach | None) -> bool:
        """Keep or clear the alarm; whether that cleared one."""
        if breach is None:
            return self._connection.execute(QUERY["clear_alarm"], {"log_id": log_id}).rowcount > 0
        facts = {"log_id": log_id, "breach": breach.kind.value, "position": breach.position}
        self._connection.execute(QUERY["raise_alarm"], facts)
        return False
