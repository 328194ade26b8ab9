"""Stock: a projection written for the event library, `process_event(event, tracking)`, run by our runner unchanged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any
from uuid import UUID

import anyio.to_thread
from eventsourcing.persistence import Tracking
from eventsourcing.projection import Projection

from infrastructure.event_mapper import Encoded, EventMapper
from infrastructure.projections.read_model import Connection, Happened, Place


class StockProjection:
    """Read model of the library's making: its view keeps rows and its own tracking in transactions of its own.

    `make` gives the projection of one place, with a view of that place's own, so that a rebuild stands beside
    what is served. Its tracking record is named after the log, as the library names an application. The view
    only knows how far it is, so an event cannot be told after newer ones: one that fails stops the projection.
    """

    edition = 1
    parks = False
    in_order = True

    def __init__(self, name: str, make: Callable[[Place], Projection[Any]], mapper: EventMapper) -> None:
        self.name, self._made, self._mapper = name, cache(make), mapper

    def wants(self, topic: str) -> bool:
        return True

    def ties(self, topic: str) -> bool:
        return False

    async def project(self, connection: Connection, place: Place, events: Sequence[Happened]) -> None:
        await anyio.to_thread.run_sync(self._process, self._made(place), place.log_id, events)

    async def analyze(self, connection: Connection) -> None:
        """The view's tables are its own."""

    async def drop(self, connection: Connection, place: Place, after: int, upto: int) -> None:
        """The view's tables are its own."""

    def _process(self, projection: Projection[Any], log_id: str, events: Sequence[Happened]) -> None:
        # What it committed and our position did not is not told it twice.
        known = projection.view.max_tracking_id(log_id) or 0
        for event in events:
            if event.position > known and (not projection.topics or event.topic in projection.topics):
                encoded = Encoded(event.topic, event.schema_version, event.state)
                told = self._mapper.decode(encoded, UUID(event.stream_id), event.version)
                projection.process_event(told, Tracking(log_id, event.position))
