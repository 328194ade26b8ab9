"""Fill a log in bulk with events that say themselves when they were recorded: for a synthetic base, never for a city's.

The append function records now, and settles who was first; here one process writes a log that nobody else writes to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from random import Random
from typing import Any, Protocol
from uuid import UUID

import psycopg

from domain.grid_issue import GridIssue
from domain.resident_request import ResidentRequest
from infrastructure import sql
from infrastructure.event_mapper import EventMapper

QUERY = sql.load("bulk.sql")
CHUNK = 5_000
_TYPES = ("int8", "uuid", "int8", "uuid", "uuid", "text", "int4", "bytea", "text", "timestamptz")


class Made(Protocol):
    """An event with when it was recorded, and the save it was recorded in, by whom."""

    @property
    def recorded_at(self) -> datetime: ...
    @property
    def save(self) -> UUID: ...
    @property
    def by(self) -> str: ...
    @property
    def event(self) -> Any: ...


def fill(url: str, log_id: str, made: Iterable[Made], seed: int) -> Iterator[tuple[int, datetime]]:
    """Add what was made, new streams only, in its order; after each chunk how many it were and when the last was.

    Raises `LookupError` where there is no such log. A chunk is a transaction: what an interrupted fill leaves has no
    heads, and is to be thrown away.
    """
    chance, events = Random(f"{seed} {log_id}"), iter(made)  # noqa: S311 - ids of made-up events
    mapper = EventMapper((ResidentRequest, GridIssue))
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(QUERY["last"], {"log_id": log_id}).fetchone()
        if row is None:
            raise LookupError(f"there is no log {log_id}")
        before = position = int(row[0])
        connection.execute("SET synchronous_commit = off")
        connection.execute(QUERY["prepare"])
        while some := list(islice(events, CHUNK)):
            with connection.transaction(), connection.cursor() as cursor:
                with cursor.copy(QUERY["stage"]) as copy:
                    copy.set_types(_TYPES)
                    for position, one in enumerate(some, start=position + 1):  # noqa: B020 - counts on from chunk to chunk
                        copy.write_row(_row(position, one, mapper, chance))
                cursor.execute(QUERY["add"], {"log_id": log_id})
            yield position - before, some[-1].recorded_at
        connection.execute(QUERY["heads"], {"log_id": log_id, "after": before})


def foreign_logs(url: str, city: str) -> list[str]:
    """The logs of a database that are not of this city; none in one that holds nothing yet."""
    with psycopg.connect(url) as connection:
        if connection.execute(QUERY["migrated"]).fetchone() != (True,):
            return []
        return [log_id for (log_id,) in connection.execute(QUERY["foreign_logs"], {"city": city})]


def unfinished_logs(url: str) -> list[str]:
    """The logs whose filling was interrupted."""
    with psycopg.connect(url) as connection:
        return [log_id for (log_id,) in connection.execute(QUERY["unfinished"])]


def count_cases(url: str) -> int:
    """Requests and issues on record."""
    with psycopg.connect(url) as connection:
        row = connection.execute(QUERY["cases"]).fetchone()
    return int(row[0]) if row else 0


def settle(url: str) -> None:
    """What the database does by itself after a while: it learns what the log is like."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(QUERY["settle"])


def sizes(url: str) -> dict[str, int]:
    """Bytes on disk of every table with its indexes, the largest first."""
    with psycopg.connect(url) as connection:
        return dict(connection.execute(QUERY["sizes"]).fetchall())


def _row(position: int, one: Made, mapper: EventMapper, chance: Random) -> tuple[Any, ...]:
    event = one.event
    topic, schema_version, state = mapper.encode(event)
    return (
        position, event.originator_id, event.originator_version, UUID(int=chance.getrandbits(128), version=4), one.save,
        topic, schema_version, state, one.by, one.recorded_at,
    )  # fmt: skip
