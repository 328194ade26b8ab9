"""时间线 timeline: one row an event of a case, exactly as it was recorded, and one a refused attempt on the side."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from infrastructure import sql
from infrastructure.projections import board
from infrastructure.projections.read_model import Connection, Happened, Place, Tell, UnknownEvent, of_a_case

QUERY = sql.load("timeline.sql")
_BESIDE = frozenset({"duty_attempt.refused", "reading.recorded", "bulletin.issued", "bulletin.reissued"})
"""Of streams that are no cases, kept for the reports that are asked of the timeline."""
SIGNATURE = ("timestamp", "by", "role", "of_unit", "reason", "originator_topic")


class Timeline:
    """The read model behind the history of a case."""

    name = "timeline"
    edition = 1
    parks = True
    in_order = False

    def __init__(self, tell: Tell) -> None:
        self._tell = tell

    def wants(self, topic: str) -> bool:
        if topic in board.RULES or topic in _BESIDE:
            return True
        if of_a_case(topic):
            raise UnknownEvent(topic)
        return False

    def ties(self, topic: str) -> bool:
        return False

    async def project(self, connection: Connection, place: Place, events: Sequence[Happened]) -> None:
        async with connection.cursor() as cursor, cursor.copy(QUERY["keep"]) as copy:
            for event in events:
                facts = self._tell(event)
                at, by, role, of_unit, reason, _ = (facts.pop(name, None) for name in SIGNATURE)
                await copy.write_row((
                    place.log_id, place.generation, event.position, event.stream_id, event.version, event.topic, at,
                    event.recorded_at, by, role, of_unit, reason, orjson.dumps(facts).decode(),
                ))  # fmt: skip

    async def analyze(self, connection: Connection) -> None:
        await connection.execute(QUERY["analyze"])

    async def drop(self, connection: Connection, place: Place, after: int, upto: int) -> None:
        await connection.execute(QUERY["drop"], {**place._asdict(), "after": after, "upto": upto})
