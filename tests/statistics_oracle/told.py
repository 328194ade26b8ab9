"""What was told: the events of cases as they stand in the `event` table, or as they were exported, one JSON a line.

Nothing of the program is used to read them: a row is a position, a stream, a topic, its facts and when it was recorded.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString

import psycopg

ALL = 2**62
"""A position behind every event."""
OF_A_LOG: LiteralString = """
SELECT log_id, position, stream_id::text, topic, state, recorded_at
  FROM event
 WHERE log_id = %(log)s AND position <= %(upto)s AND (topic LIKE 'issue.%%' OR topic LIKE 'request.%%')
 ORDER BY position
"""


@dataclass(frozen=True, slots=True)
class Told:
    """One event. `at` is when it happened, `recorded_at` when the log took it."""

    log: str
    position: int
    stream: str
    topic: str
    facts: Mapping[str, Any]
    recorded_at: datetime

    @property
    def at(self) -> datetime:
        return instant(self.facts["timestamp"])


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def told(log: str, position: int, stream: str, topic: str, state: bytes, recorded_at: datetime) -> Told:
    text = bytes(state)
    return Told(log, position, stream, topic, json.loads(text[text.index(b"{") :]), recorded_at.astimezone(UTC))


def read(connection: psycopg.Connection[Any], bound: Mapping[str, int]) -> Iterator[Told]:
    """The events of each log named, up to its position, log after log, in the order of their positions."""
    for log, upto in bound.items():
        with connection.cursor(name=f"told_{log}") as cursor:
            cursor.itersize = 5_000
            for row in cursor.execute(OF_A_LOG, {"log": log, "upto": upto}):
                yield told(*row)


def from_lines(lines: Iterable[str], bound: Mapping[str, int]) -> Iterator[Told]:
    """The same from an export with a JSON object a line; the same bound."""
    for line in lines:
        row = json.loads(line)
        if row["topic"].startswith(("issue.", "request.")) and row["position"] <= bound.get(row["log_id"], 0):
            recorded = instant(row["recorded_at"])
            yield Told(row["log_id"], row["position"], row["stream_id"], row["topic"], row["state"], recorded)


def newest(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """The last position of every log."""
    return dict(connection.execute("SELECT log_id, max(position) FROM event GROUP BY log_id").fetchall())


def known_by(connection: psycopg.Connection[Any], moment: datetime) -> dict[str, int]:
    """The last position of every log that was recorded by a moment; 0 where none was."""
    query = "SELECT log_id, coalesce(max(position) FILTER (WHERE recorded_at <= %s), 0) FROM event GROUP BY log_id"
    return dict(connection.execute(query, [moment]).fetchall())


def last_recorded(connection: psycopg.Connection[Any], bound: Mapping[str, int]) -> datetime:
    """When the last of the events at a bound was recorded."""
    query = "SELECT recorded_at FROM event WHERE log_id = %s AND position = %s"
    rows = [connection.execute(query, one).fetchone() for one in bound.items()]
    recorded: list[datetime] = [row[0] for row in rows if row is not None]
    return max(recorded)


def how_many_cases(connection: psycopg.Connection[Any]) -> int:
    query = "SELECT count(*) FROM event WHERE topic IN ('issue.reported', 'request.received')"
    return int(connection.execute(query).fetchall()[0][0])


def extent(connection: psycopg.Connection[Any]) -> tuple[datetime, datetime, str]:
    """From when to when cases were reported and months longer, at most five years; and the community with the most."""
    query = """
        SELECT min(convert_from(state, 'UTF8')::json ->> 'timestamp'),
               max(convert_from(state, 'UTF8')::json ->> 'timestamp'),
               mode() WITHIN GROUP (ORDER BY left(convert_from(state, 'UTF8')::json ->> 'grid', 12))
          FROM event WHERE topic = 'issue.reported'
    """
    first, last, community = connection.execute(query).fetchall()[0]
    start = instant(first) - timedelta(days=62)
    return start, min(instant(last) + timedelta(days=62), start + timedelta(days=5 * 365)), str(community)
