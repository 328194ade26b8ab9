"""Folding: a batch changes rows in memory, one row a stream, and each row is fetched and written once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from infrastructure.projections.read_model import Connection, Facts, Place, Told
from infrastructure.sql import Queries

Row = dict[str, Any]
"""The columns of a row by name, as JSON knows them."""
Rule = Callable[[Row, Facts], None]


class NoRow(LookupError):
    """An event of a stream whose first event was never folded."""


def only(**columns: Any) -> Rule:
    """A rule that sets columns to what they are always set to."""

    def rule(row: Row, facts: Facts) -> None:
        row.update(columns)

    return rule


@dataclass(frozen=True)
class RowPerStream:
    """A table with a row a stream: begun by one topic as `fresh`, changed by `rules`.

    `queries` has `fetch`, `write`, `analyze` and `drop`. Every event sets version and changed_at.
    """

    begin: str
    fresh: Mapping[str, Any]
    rules: Mapping[str, Rule]
    queries: Queries

    async def project(self, connection: Connection, place: Place, events: Sequence[Told]) -> None:
        rows = await self._fetch(connection, place, events)
        for event in events:
            self._apply(rows, event)
        if rows:
            written = {**place._asdict(), "rows": orjson.dumps(list(rows.values())).decode()}
            await connection.execute(self.queries["write"], written)

    async def drop(self, connection: Connection, place: Place, after: int, upto: int) -> None:
        await connection.execute(self.queries["drop"], {**place._asdict(), "after": after, "upto": upto})

    async def analyze(self, connection: Connection) -> None:
        await connection.execute(self.queries["analyze"])

    async def _fetch(self, connection: Connection, place: Place, events: Iterable[Told]) -> dict[str, Row]:
        begun = {event.stream_id for event in events if event.topic == self.begin}
        ids = {event.stream_id for event in events} - begun
        if not ids:
            return {}
        cursor = await connection.execute(self.queries["fetch"], {**place._asdict(), "ids": list(ids)})
        rows = [orjson.loads(row) for (row,) in await cursor.fetchall()]
        return {row["id"]: row for row in rows}

    def _apply(self, rows: dict[str, Row], event: Told) -> None:
        if event.topic == self.begin:
            rows[event.stream_id] = {"id": event.stream_id, "number": event.position, **self.fresh}
        row = rows.get(event.stream_id)
        if row is None:
            raise NoRow(f"{event.topic} at position {event.position}")
        self.rules[event.topic](row, event.facts)
        row["version"], row["changed_at"] = event.version, event.facts["timestamp"]
