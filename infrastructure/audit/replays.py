"""The past on PostgreSQL: `application.audit.replaying.Replays`, by folding the events of a few cases again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, get_args
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from application.audit.replaying import CaseKind, Folded
from application.views import TimelineStep
from infrastructure import sql
from infrastructure.borrowing import borrowed
from infrastructure.projections import timing
from infrastructure.projections.board import ISSUES, REQUESTS, WHISTLES
from infrastructure.projections.folding import BEGUN, Row, Rows
from infrastructure.projections.read_model import Facts, Happened, UnknownEvent
from infrastructure.projections.telling import VERSIONS, telling
from infrastructure.projections.timeline import SIGNATURE

QUERY = {**sql.load("replays.sql"), "positions_at": sql.load("statistics.sql")["positions_at"]}
TABLES = {"issue": ISSUES, "request": REQUESTS, "whistle": WHISTLES}
HIDDEN = frozenset({BEGUN, "subject", "timing", "fires_at", "id", "version"})
"""What a row keeps for the program, and what is told beside."""
LAST = 2**62


class PostgresReplays:
    """Refuses `Busy` when too many ask."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool, self._read = pool, telling(VERSIONS)

    def _tell(self, event: Happened) -> Facts:
        """The facts of an event. Raises `LookupError` for one of no schema known here."""
        try:
            return self._read(event)
        except UnknownEvent as unknown:
            raise LookupError(str(unknown)) from None

    async def position(self, log_id: str, moment: datetime) -> int:
        ((_, position),) = await self._rows("positions_at", logs=[log_id], moment=moment)
        return int(position)

    async def moment(self, log_id: str, position: int) -> datetime | None:
        rows = await self._rows("moment", log_id=log_id, position=position)
        return rows[0][0] if rows else None

    async def folded(self, log_id: str, ids: Sequence[UUID], position: int) -> Sequence[Folded]:
        if not ids:
            return []
        asked: dict[str, Any] = {"log_id": log_id, "ids": list(ids), "position": position}
        events = [*map(Happened._make, await self._rows("streams", **asked))]
        following = dict(await self._rows("following", **asked))
        found = {}
        for kind in get_args(CaseKind):
            for stream, row in (await self._fold(kind, events)).items():
                if kind == "request":
                    await self._handled_in(log_id, row, position)
                steps = [event for event in events if event.stream_id == stream]
                found[stream] = _folded(kind, row, steps, following[stream])
        return [found[str(one)] for one in ids if str(one) in found]

    async def issues(self, log_id: str, position: int, before: int | None, limit: int) -> Sequence[tuple[int, UUID]]:
        asked = {"log_id": log_id, "position": position, "before": before or LAST, "limit": limit}
        return [(number, id) for number, id in await self._rows("issues", **asked)]

    async def led_by(
        self, log_id: str, unit: str, position: int, before: int | None, limit: int
    ) -> Sequence[tuple[int, UUID]]:
        asked = {"log_id": log_id, "unit": unit, "position": position, "before": before or LAST, "limit": limit}
        return [(number, id) for number, id in await self._rows("led_by", **asked)]

    async def steps(
        self, log_id: str, after: int, upto: int, limit: int, case_id: UUID | None
    ) -> Sequence[tuple[UUID, TimelineStep]]:
        asked = {"log_id": log_id, "after": after, "upto": upto, "limit": limit, "case_id": case_id}
        events = map(Happened._make, await self._rows("steps", **asked))
        return [(UUID(event.stream_id), _step(event, self._tell(event))) for event in events]

    async def _fold(self, kind: str, events: Sequence[Happened]) -> Rows:
        table, rows = TABLES[kind], Rows()
        await table.fold(rows, [event for event in events if event.topic in table.rules], self._tell)
        return rows

    async def _handled_in(self, log_id: str, row: Row, position: int) -> None:
        """Where a request's issue went by then: it is handled in what that was merged into."""
        while row["handled_in"]:
            asked = {"log_id": log_id, "ids": [UUID(row["handled_in"])], "position": position}
            events = [*map(Happened._make, await self._rows("streams", **asked))]
            into = (await self._fold("issue", events)).get(row["handled_in"], {}).get("merged_into")
            if not into:
                return
            row["handled_in"] = into

    async def _rows(self, query: str, **asked: object) -> list[tuple[Any, ...]]:
        async with borrowed(self._pool) as connection, connection.cursor(binary=True) as cursor:
            await cursor.execute(QUERY[query], asked)
            return await cursor.fetchall()


def _folded(kind: CaseKind, row: Row, steps: Sequence[Happened], following: int | None) -> Folded:
    last = steps[-1]
    place = row["place"] if kind == "request" else row["grid"]
    return Folded(
        kind, UUID(row["id"]), place, last.version, last.position, last.recorded_at,
        steps[-2].position if len(steps) > 1 else None, following, _state(row),
        timing.clocked(row) if row.get("timing") else None,
    )  # fmt: skip


def _state(row: Row) -> Mapping[str, Any]:
    return {name: value for name, value in row.items() if name not in HIDDEN}


def _step(event: Happened, facts: Facts) -> TimelineStep:
    at, by, role, of_unit, reason, _ = (facts.pop(name, None) for name in SIGNATURE)
    happened_at = datetime.fromisoformat(str(at))
    return TimelineStep(
        event.position, event.version, event.topic, happened_at, event.recorded_at, str(by), str(role), str(of_unit),
        str(reason), facts,
    )  # fmt: skip
