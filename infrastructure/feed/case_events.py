"""Events of cases on PostgreSQL: `application.feed.feed.CaseEvents`, read off the log by position."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import structlog
from psycopg_pool import AsyncConnectionPool

from application.feed.envelope import CaseEvent
from application.feed.feed import FAMILIES, Topics, Window
from infrastructure import sql
from infrastructure.borrowing import borrowed
from infrastructure.projections.read_model import Happened, UnknownEvent
from infrastructure.projections.telling import VERSIONS, telling

QUERY = sql.load("case_events.sql")
LOOKED_THROUGH = 5_000
"""Positions one question looks through: a page for a rare topic may be short, and says where to go on."""
PLACED_BY = {
    "issue.reported": "grid", "issue.moved": "grid", "request.received": "place", "request.moved": "place",
    "whistle.blown": "grid",
}  # fmt: skip
"""The events that say where a case lies, and the fact that does."""
logger = structlog.get_logger(__name__)


class PostgresCaseEvents:
    """Refuses `Busy` when too many ask."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool, self._tell = pool, telling(VERSIONS)

    async def newest(self, log_id: str) -> int:
        async with borrowed(self._pool) as connection:
            row = await (await connection.execute(QUERY["newest"], {"log_id": log_id})).fetchone()
        return int(row[0]) if row else 0

    async def between(self, log_id: str, after: int, upto: int, limit: int, topics: Topics) -> Window:
        upto = min(after + LOOKED_THROUGH, upto)
        if upto <= after:
            return Window([], after)
        asked = {"after": after, "upto": upto, "patterns": _patterns(topics), "limit": limit}
        rows = await self._rows("between", log_id=log_id, **asked)
        events = self._known(log_id, rows)
        if len(events) < len(rows):
            return Window(events, rows[len(events)].position - 1)
        return Window(events, rows[-1].position if len(rows) == limit else upto)

    async def places(self, log_id: str, events: Sequence[CaseEvent]) -> Sequence[str]:
        cases, upto = list({event.case_id for event in events}), events[-1].position
        rows = await self._rows("placings", log_id=log_id, cases=cases, upto=upto, topics=[*PLACED_BY])
        said: defaultdict[UUID, list[tuple[int, str]]] = defaultdict(list)
        for row in rows:
            said[UUID(row.stream_id)].append((row.position, str(self._tell(row)[PLACED_BY[row.topic]])))
        return [_last(said[event.case_id], event.position) for event in events]

    def _known(self, log_id: str, rows: Iterable[Happened]) -> list[CaseEvent]:
        """The rows up to the first that this program does not know: a newer one wrote it, and a newer one tells it."""
        events: list[CaseEvent] = []
        for row in rows:
            try:
                facts = self._tell(row)
            except UnknownEvent:
                logger.warning("feed_held_up", log=log_id, position=row.position, topic=row.topic)
                break
            case_id, written = UUID(row.stream_id), VERSIONS[row.topic]
            events.append(
                CaseEvent(log_id, row.position, case_id, row.version, row.topic, written, row.recorded_at, facts)
            )
        return events

    async def _rows(self, query: str, **asked: object) -> list[Happened]:
        async with borrowed(self._pool) as connection, connection.cursor(binary=True) as cursor:
            await cursor.execute(QUERY[query], asked)
            return [*map(Happened._make, await cursor.fetchall())]


def _patterns(topics: Topics) -> list[str]:
    """For LIKE. Without topics all of the families, so that an event nobody knows yet ends the window as well."""
    return [one.replace("_", r"\_").replace("*", "%") for one in sorted(topics or FAMILIES)]


def _last(said: Sequence[tuple[int, str]], position: int) -> str:
    nth = bisect_right(said, position, key=lambda one: one[0])
    return said[nth - 1][1] if nth else ""
