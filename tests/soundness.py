"""What must hold of a log and of what is projected from it, whatever was killed and when."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import psycopg

from tests.surviving import LOG, SPACE, Answered, events_of, name_of, read, stream_of

QUERIES = {
    "events": "SELECT position, stream_id, version, convert_from(state, 'UTF8')"
    " FROM event WHERE log_id = %s ORDER BY position",
    "answers": "SELECT key, first_position, n FROM request_answer WHERE log_id = %s",
    "heads": "SELECT stream_id, version, last_position FROM stream_head WHERE log_id = %s",
    "followers": "SELECT name, position FROM tracking WHERE log_id = %s",
    "details": "SELECT subject, convert_from(sealed, 'UTF8') FROM personal_detail WHERE log_id = %s",
}
MISCOUNTED = """
WITH reached (position) AS (
    SELECT coalesce(max(position), 0) FROM projection_progress WHERE projection = 'counted'
), told AS (
    SELECT e.stream_id, count(*) AS n, sum(e.position) AS positions
      FROM event e WHERE e.position <= (SELECT position FROM reached) GROUP BY e.stream_id
)
SELECT stream_id, t.n, c.n
  FROM told t FULL JOIN counted c USING (stream_id)
 WHERE (t.n, t.positions) IS DISTINCT FROM (c.n, c.positions)
"""
"""Streams of which the read model tells another number of events, or others, than there are up to its position."""


def require_sound(url: str, ledger: Path) -> list[Answered]:
    """The log holds what was answered, all of it once and in order, and so does what is projected from it.

    Everything recorded, in order. The service may go on meanwhile: what it was answered is read before.
    """
    answered = read(ledger)
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        found = {name: connection.execute(query.encode(), [LOG]).fetchall() for name, query in QUERIES.items()}
        assert connection.execute(MISCOUNTED).fetchall() == []
    recorded = _requests(found["events"])
    assert len(set(answered)) == len({(one.writer, one.nth) for one in answered}), "a retry was answered differently"
    assert set(answered) <= set(recorded), "an acknowledged request is lost or elsewhere"
    _require_beside(recorded, found)
    return recorded


def require_counted(url: str) -> None:
    """What is projected tells what is recorded up to the position it stands at."""
    with psycopg.connect(url) as connection:
        assert connection.execute(MISCOUNTED).fetchall() == []


def _requests(events: list[Any]) -> list[Answered]:
    """The requests the events came with; each is whole, and everything of it is there once."""
    assert [position for position, *_ in events] == list(range(1, len(events) + 1))
    recorded: list[Answered] = []
    for name, rows in groupby(events, key=itemgetter(3)):
        writer, nth = map(int, name.removeprefix("writer ").split("/"))
        whole = events_of(writer, nth)
        parts = [(stream, version) for _, stream, version, _ in rows]
        assert parts == [(event.originator_id, event.originator_version) for event in whole]
        first = recorded[-1].first_position + recorded[-1].n if recorded else 1
        recorded.append(Answered(writer, nth, first, len(whole)))
    by_writer: dict[int, list[int]] = {}
    for one in recorded:
        by_writer.setdefault(one.writer, []).append(one.nth)
    for numbers in by_writer.values():
        assert numbers == list(range(1, len(numbers) + 1)), "a request is missing, double or out of order"
    return recorded


def _require_beside(recorded: list[Answered], found: dict[str, list[Any]]) -> None:
    """Keys, heads, followers and personal details are those of the requests, no less and no more."""
    keys = {name_of(one.writer, one.nth): (one.first_position, one.n) for one in recorded}
    assert {key: (first, n) for key, first, n in found["answers"]} == keys
    assert dict(found["details"]) == {uuid5(SPACE, name): name for name in keys}
    assert dict(found["followers"]) == {f"writer {one.writer}": one.nth for one in recorded}
    heads: dict[UUID, tuple[int, int]] = {}
    for position, stream, version, _ in found["events"]:
        heads[stream] = (version, position)
    assert {stream: (version, position) for stream, version, position in found["heads"]} == heads
    own = {stream_of(one.writer): one.nth for one in recorded}
    assert {stream: heads[stream][0] for stream in own} == own
