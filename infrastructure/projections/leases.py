"""Leases: exactly one process moves a shard, and another takes over when it stops. Times are the database's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID, uuid4

from infrastructure import sql
from infrastructure.projections.feed import Pool
from infrastructure.projections.read_model import Connection
from infrastructure.projections.shard import Lost, Shard

QUERY = sql.load("progress.sql")
Followed = Literal["active", "building"]


class Leases:
    """The claims of one process, each good for `seconds` since it last moved or claimed."""

    def __init__(self, pool: Pool, seconds: float) -> None:
        self.pool, self.seconds = pool, seconds
        self.owner: UUID = uuid4()

    async def claim(self, state: Followed, logs: Sequence[str], projections: Sequence[str]) -> list[Shard]:
        """Take what is free, keep what is ours; all of ours in that state of these logs and projections."""
        asked = {
            "state": state, "logs": list(logs), "projections": list(projections), "owner": self.owner,
            "seconds": self.seconds,
        }  # fmt: skip
        async with self.pool.connection() as connection:
            cursor = await connection.execute(QUERY["claim"], asked)
            return sorted((Shard(*row) for row in await cursor.fetchall()), key=lambda shard: str(shard.key))

    async def release(self) -> None:
        """Give everything back, so that another process need not wait."""
        async with self.pool.connection() as connection:
            await connection.execute(QUERY["release"], {"owner": self.owner})

    async def give_back(self, shard: Shard) -> None:
        """Give one shard back: a process that knows more may do better."""
        async with self.pool.connection() as connection:
            await connection.execute(QUERY["release_one"], {**shard.key, "owner": self.owner})

    async def move(self, connection: Connection, shard: Shard, upto: int, *, alone: bool) -> None:
        """Move the shard within the transaction of what is written. Raises `Lost`.

        Holds the generation against switching, and, if `alone`, against all other batches of it.
        """
        async with connection.pipeline():
            # A lost batch is projected again: its position is lost with it.
            await connection.execute(QUERY["need_not_last"])
            held = await connection.execute(QUERY["hold_alone" if alone else "hold_shared"], shard.key)
            facts = {"after": shard.position, "upto": upto, "owner": self.owner, "seconds": self.seconds}
            moved = await connection.execute(QUERY["move"], {**shard.key, **facts})
        state = await held.fetchone()
        if moved.rowcount != 1 or state is None or state[0] not in ("active", "building"):
            raise Lost(shard.key)
