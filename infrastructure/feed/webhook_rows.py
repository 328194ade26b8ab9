"""Rows of webhooks on PostgreSQL: `application.feed.webhooks.Deliveries`, and what a worker claims and settles.

A worker holds a webhook's log by a lease of the database's clock; what it settles after the lease was lost is not kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool

from application.feed.retrying import Outcome
from application.feed.webhooks import Delivery, DeliveryState, HookStanding
from domain.registry.webhook import Webhook
from infrastructure import sql
from infrastructure.borrowing import borrowed

QUERY = sql.load("webhooks.sql")
LEASE_SECONDS = 60.0
"""More than the longest attempt."""
KEPT_DAYS = 30
FORGOTTEN_AT_ONCE = 10_000


@dataclass
class Claimed:
    """One log of one webhook, ours for `LEASE_SECONDS` since we last claimed or settled. It goes on as we do."""

    webhook: str
    log_id: str
    position: int
    attempts: int
    parked_in_row: int
    due: bool

    @property
    def key(self) -> tuple[str, str]:
        return self.webhook, self.log_id


class PostgresDeliveries:
    """Refuses `Busy` when too many ask."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool, self._owner = pool, uuid4()

    # --- for whoever asks -----------------------------------------------------------------------

    async def standings(self, webhooks: Sequence[Webhook]) -> Mapping[str, Sequence[HookStanding]]:
        asked = _asked(webhooks, lambda one, log_id: one.starts[log_id], "starts")
        found: dict[str, list[HookStanding]] = {}
        async with borrowed(self._pool) as connection:
            for code, *row in await (await connection.execute(QUERY["standings"], asked)).fetchall():
                found.setdefault(code, []).append(HookStanding(*row))
        return found

    async def find(
        self, code: str, state: DeliveryState | None, before: tuple[datetime, str, int] | None, limit: int
    ) -> Sequence[Delivery]:
        at, log_id, position = before or (None, None, None)
        asked = {
            "webhook": code, "state": state, "before_at": at, "before_log": log_id, "before_position": position,
            "limit": limit,
        }  # fmt: skip
        async with borrowed(self._pool) as connection, connection.cursor(row_factory=class_row(Delivery)) as cursor:
            await cursor.execute(QUERY["find"], asked)
            return await cursor.fetchall()

    async def resend(self, code: str, log_id: str, position: int) -> Delivery | None:
        asked = {"webhook": code, "log_id": log_id, "position": position}
        async with borrowed(self._pool) as connection, connection.cursor(row_factory=class_row(Delivery)) as cursor:
            await cursor.execute(QUERY["resend"], asked)
            return await cursor.fetchone()

    # --- for workers ----------------------------------------------------------------------------

    async def begin(self, webhooks: Sequence[Webhook]) -> None:
        """Have a row for each of their logs."""
        await self._write("begin", **_asked(webhooks, lambda one, log_id: one.starts[log_id], "starts"))

    async def claim(self, webhooks: Sequence[Webhook], heads: Mapping[str, int], most: int) -> list[Claimed]:
        """Take what is due and free."""
        asked = _asked(webhooks, lambda _one, log_id: heads[log_id], "heads")
        asked |= {"most": most, "owner": self._owner, "seconds": LEASE_SECONDS}
        async with borrowed(self._pool) as connection:
            return [Claimed(*row) for row in await (await connection.execute(QUERY["claim"], asked)).fetchall()]

    async def settle(
        self, claimed: Claimed, position: int, topic: str, outcome: Outcome, *, attempts: int, parked_in_row: int
    ) -> bool:
        """Done with an event: delivered, or parked if it failed. False when the lease was lost."""
        state: DeliveryState = "delivered" if outcome.delivered else "parked"
        told = {"position": position, "topic": topic, "state": state, "attempts": attempts, **_told(outcome)}
        if not await self._write("settle", **_held(claimed, self._owner), **told, parked_in_row=parked_in_row):
            return False
        claimed.position, claimed.attempts, claimed.parked_in_row = position, 0, parked_in_row
        return True

    async def pass_by(self, claimed: Claimed, position: int) -> bool:
        """Move on over what is of no interest. False when the lease was lost."""
        claimed.position = position
        return await self._write("pass_by", **_held(claimed, self._owner), position=position)

    async def postpone(self, claimed: Claimed, failure: str, wait_seconds: float, *, halted: bool) -> None:
        """The event failed, so often by now; again after a while, or when somebody resumes."""
        told = {"attempts": claimed.attempts, "failure": failure, "wait_seconds": wait_seconds, "halted": halted}
        await self._write("postpone", **_held(claimed, self._owner), **told)

    async def release(self, claimed: Claimed) -> None:
        """Give it back, so that another need not wait."""
        await self._write("release", **_held(claimed, self._owner))

    async def resending(self, claimed: Claimed, limit: int) -> list[int]:
        """Positions that somebody wants sent again."""
        asked = _held(claimed, self._owner) | {"limit": limit}
        async with borrowed(self._pool) as connection:
            return [position for (position,) in await (await connection.execute(QUERY["resending"], asked)).fetchall()]

    async def resent(self, claimed: Claimed, position: int, outcome: Outcome) -> None:
        """How that went."""
        state: DeliveryState = "delivered" if outcome.delivered else "parked"
        told = {"position": position, "state": state, **_told(outcome)}
        await self._write("resent", **_held(claimed, self._owner), **told)

    async def forget(self) -> None:
        """Delete what was delivered long ago."""
        await self._write("forget", days=KEPT_DAYS, limit=FORGOTTEN_AT_ONCE)

    async def _write(self, query: str, **facts: object) -> bool:
        async with borrowed(self._pool) as connection:
            return (await connection.execute(QUERY[query], facts)).rowcount > 0


def _held(claimed: Claimed, owner: UUID) -> dict[str, object]:
    return {"webhook": claimed.webhook, "log_id": claimed.log_id, "owner": owner, "seconds": LEASE_SECONDS}


def _told(outcome: Outcome) -> dict[str, object]:
    told = asdict(outcome)
    del told["asked_seconds"]
    return told


def _asked(webhooks: Sequence[Webhook], position: Callable[[Webhook, str], int], name: str) -> dict[str, Any]:
    """Arrays of the same length, an element for each log of each webhook; `name` are positions."""
    rows = [(one.code, log_id, one.version, position(one, log_id)) for one in webhooks for log_id in one.starts]
    return {part: [row[nth] for row in rows] for nth, part in enumerate(("webhooks", "logs", "versions", name))}
