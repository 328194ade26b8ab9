"""Folding: a batch changes rows in memory, one row a stream, and each row is fetched and written once."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from infrastructure.projections.read_model import Connection, Facts, Happened, Place, Tell
from infrastructure.sql import Queries

Row = dict[str, Any]
"""The columns of a row by name, as JSON knows them."""
Rows = dict[str, Row]
"""By stream."""
Rule = Callable[[Row, Facts], None]
A_BREATH = 500
"""Events folded before others of the event loop have their turn: callers, and the window being read ahead."""


BEGUN = "begun"
"""Marks a row that is not in the table yet. No column."""


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

    `queries` has `fetch`, `write`, `analyze` and `drop`. Every event sets version and changed_at, but for `quiet` ones.
    """

    begin: str
    fresh: Mapping[str, Any]
    rules: Mapping[str, Rule]
    queries: Queries
    quiet: frozenset[str] = frozenset()
    """Topics after which a row counts as unchanged since the event before: nobody did anything."""

    async def fetch(self, connection: Connection, place: Place, events: Sequence[Happened]) -> Rows:
        """The rows that `events` change, by stream, as they are; those they begin are not among them."""
        ids = {event.stream_id for event in events}
        ids -= {event.stream_id for event in events if event.topic == self.begin}
        if not ids:
            return {}
        cursor = await connection.execute(self.queries["fetch"], {**place._asdict(), "ids": [*ids]})
        rows = [orjson.loads(row) for (row,) in await cursor.fetchall()]
        return {row["id"]: row for row in rows}

    async def fold(self, rows: Rows, events: Sequence[Happened], tell: Tell) -> None:
        """Change `rows` as `events`, ascending, say. Raises `NoRow`, and what a rule makes of broken facts."""
        for first in range(0, len(events), A_BREATH):
            self._fold(rows, events[first : first + A_BREATH], tell)
            await asyncio.sleep(0)

    async def write(self, connection: Connection, place: Place, rows: Rows) -> None:
        """Add the rows that were begun, and put the others in place of what was there."""
        begun = [row for row in rows.values() if BEGUN in row]
        changed = [row for row in rows.values() if BEGUN not in row]
        if begun:
            await self._add(connection, place, begun)
        if changed:
            written = {**place._asdict(), "rows": orjson.dumps(changed).decode()}
            await connection.execute(self.queries["change"], written)

    async def _add(self, connection: Connection, place: Place, rows: Sequence[Row]) -> None:
        # Nobody else adds rows of this generation, and ours and our position stand or fall together: no conflict.
        query = self.queries["begin"]
        columns = re.findall(r"[a-z_]+", query[query.index("(") : query.index(")")])[len(place) :]
        async with connection.cursor() as cursor, cursor.copy(query) as copy:
            for row in rows:
                await copy.write_row((*place, *[_column(row[name]) for name in columns]))

    def _fold(self, rows: Rows, events: Sequence[Happened], tell: Tell) -> None:
        rules, begin, fresh, quiet = self.rules, self.begin, self.fresh, self.quiet
        for event in events:
            position, stream_id, version, topic, *_ = event
            facts = tell(event)
            if topic == begin:
                row = rows[stream_id] = {BEGUN: True, "id": stream_id, "number": position, **fresh}
            elif stream_id in rows:
                row = rows[stream_id]
            else:
                raise NoRow(f"{topic} at position {position}")
            rules[topic](row, facts)
            row["version"] = version
            if topic not in quiet:
                row["changed_at"] = facts["timestamp"]

    async def drop(self, connection: Connection, place: Place, after: int, upto: int) -> None:
        await connection.execute(self.queries["drop"], {**place._asdict(), "after": after, "upto": upto})

    async def analyze(self, connection: Connection) -> None:
        await connection.execute(self.queries["analyze"])


def _column(value: Any) -> Any:
    """A value as COPY writes it: JSON's lists are PostgreSQL's arrays of text, its objects stay JSON."""
    if isinstance(value, dict):
        return orjson.dumps(value).decode()
    return "{" + ",".join(map(_quoted, value)) + "}" if isinstance(value, list) else value


def _quoted(element: str) -> str:
    return '"' + element.replace("\\", "\\\\").replace('"', '\\"') + '"'
