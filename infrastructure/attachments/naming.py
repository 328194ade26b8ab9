"""What a save says of attachments before its events are recorded: which case names which.

Before and not after, so that nothing a case names is ever swept away. A save that fails after it leaves a note of what
its writer could see anyway; of a case that was never begun it goes with the next sweep.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from eventsourcing.domain import Aggregate
from psycopg_pool import AsyncConnectionPool

from domain.attachment import named_by
from domain.attachment_refusals import NoSuchAttachment
from infrastructure import sql
from infrastructure.borrowing import borrowed

QUERY = sql.load("attachments.sql")


async def name_attachments(pool: AsyncConnectionPool[Any], log_id: str, aggregates: Iterable[Aggregate]) -> None:
    """Note what the pending events of the aggregates name. Refuses `NoSuchAttachment` for what was swept away."""
    for case in aggregates:
        if digests := named_by(case.pending_events):
            facts = {
                "log_id": log_id, "case": case.id, "digests": digests, "kind": vars(type(case))["TOPIC"],
                "subject": getattr(case, "subject", None),
            }  # fmt: skip
            async with borrowed(pool) as connection:
                await connection.execute(QUERY["name"], facts)
                rows = await (await connection.execute(QUERY["named"], facts)).fetchall()
            if missing := [digest for digest in digests if (digest,) not in rows]:
                raise NoSuchAttachment(digests=missing)
