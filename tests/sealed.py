"""A log with events that nobody wrote by hand, a sealer of it, and what it left in the table and in the file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from domain.proof.breach import Breach
from domain.proof.checkpoint import Checkpoint
from domain.proof.note import Note
from infrastructure.proof.published import PublishedFiles
from infrastructure.proof.ring import KeyRing
from infrastructure.proof.sealer import Sealer, heads_of

CITY, LOG, ORIGIN = "1507", "150785", "example.org"
HEADS = heads_of(CITY)
EVENTS = """
INSERT INTO event (log_id, position, stream_id, version, event_id, request_id, topic, schema_version, state, actor_ref,
                   correlation_id, causation_id, recorded_at, leaf_hash)
SELECT p_log, p, s, 1, e, r, 'issue.assigned', 1, t, 'worker', r, c, at,
       leaf_hash(p_log, p, s, 1, e, 'issue.assigned', 1, (extract(epoch FROM at) * 1000000)::bigint, r, 'worker',
                 r, c, t)
  FROM (SELECT p, %(log)s::text AS p_log, gen_random_uuid() AS s, gen_random_uuid() AS e, gen_random_uuid() AS r,
               CASE WHEN p %% 3 = 0 THEN gen_random_uuid() END AS c, clock_timestamp() AS at,
               convert_to('{"n":' || p || ',"of":"' || gen_random_uuid() || '"}', 'UTF8') AS t
          FROM generate_series(%(first)s::bigint, %(last)s) AS p OFFSET 0) x
"""
REHASH = """
UPDATE event SET leaf_hash = leaf_hash(
    log_id, position, stream_id, version, event_id, topic, schema_version,
    (extract(epoch FROM recorded_at) * 1000000)::bigint, request_id, actor_ref, correlation_id, causation_id, state)
"""
"""What somebody does who may write to the table and knows the format."""


class Town:
    """A database, a folder for published checkpoints, and the keys."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.now = datetime(2026, 11, 22, 8, tzinfo=UTC)
        self.ring = KeyRing(folder / "signing.keys", self.clock)
        self.files = PublishedFiles(folder / "out")
        self.ask("ALTER TABLE event DISABLE TRIGGER USER")  # an attacker with an owner's rights does

    def clock(self) -> datetime:
        """Each look at the clock is a second later."""
        self.now += timedelta(seconds=1)
        return self.now

    def sealer(
        self, swept: int = 2, most: int = 65_536, step: Callable[[str], None] = lambda _: None, lease_seconds: float = 1
    ) -> Sealer:
        how: dict[str, Any] = {"swept": swept, "most": most, "step": step}
        return Sealer(
            self.url,
            CITY,
            [CITY, LOG],
            self.ring,
            self.folder / "out",
            ORIGIN,
            self.clock,
            how=how,
            lease_seconds=lease_seconds,
        )

    def write(self, count: int, log_id: str = LOG) -> None:
        """Append so many events."""
        ((newest,),) = self.ask("SELECT coalesce(max(position), 0) FROM event WHERE log_id = %s", log_id)
        self.ask(EVENTS, log=log_id, first=newest + 1, last=newest + count)

    def ask(self, query: str, *facts: object, **named: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(query.encode(), named or facts or None)
            return cursor.fetchall() if cursor.description else []

    def seal(self, **how: Any) -> Breach | None:
        """Seal what is new; where the district's log is broken."""
        return self.sealer(**how).seal().get(LOG)

    def check(self) -> list[Breach]:
        return self.sealer().check(LOG)

    def stored(self, log_id: str = LOG) -> list[str]:
        return [note for (note,) in self.ask("SELECT note FROM checkpoint WHERE log_id = %s ORDER BY size", log_id)]

    def published(self, log_id: str = LOG) -> list[str]:
        return list(self.files.every(log_id))

    def path(self, log_id: str = LOG) -> Path:
        return self.files.path(log_id)

    def sizes(self, log_id: str = LOG) -> list[int]:
        return [Checkpoint.parse(Note.parse(note).text).size for note in self.published(log_id)]
