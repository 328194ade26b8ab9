"""Folding: a batch changes rows in memory, one row a stream, and each row is fetched and written once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from infrastructure.projections.read_model import Connection, Facts, Happened, Place
from infrastructure.sql import Queries

Row = dict[str, Any]
"""The columns of a row by name, as JSON knows them."""
Rule = Callable[[Row, Facts], None]
Told = tuple[Happened, Facts]


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
        """Fold what `events`, ascending, change. Raises `NoRow`, and what a rule makes of broken facts."""
        if not events:
            return
        rows = await self._fetch(connection, place, events)
        for event, facts in events:
            if event.topic == self.begin:
                row = rows[event.stream_id] = {"id": event.stream_id, "number": event.position, **self.fresh}
            elif event.stream_id in rows:
                row = rows[event.stream_id]
            else:
                raise NoRow(f"{event.topic} at position {event.position}")
            self.rules[event.topic](row, facts)
            row["version"], row["changed_at"] = event.version, facts["timestamp"]
        written = {**place._asdict(), "rows": orjson.dumps([*rows.values()]).decode()}
        await connection.execute(self.queries["write"], written)

    async def drop(self, connection: Connection, place: Place, after: int, upto: int) -> None:
        await connection.execute(self.queries["drop"], {**place._asdict(), "after": after, "upto": upto})

    async def analyze(self, connection: Connection) -> None:
        await connection.execute(self.queries["analyze"])

    async def _fetch(self, connection: Connection, place: Place, events: Sequence[Told]) -> dict[str, Row]:
        ids = {event.stream_id for event, _ in events}
        ids -= {event.stream_id for event, _ in events if event.topic == self.begin}
        if not ids:
            return {}
        cursor = await connection.execute(self.queries["fetch"], {**place._asdict(), "ids": [*ids]})
        rows = [orjson.loads(row) for (row,) in await cursor.fetchall()]
        return {row["id"]: row for row in rows}
