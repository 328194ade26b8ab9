"""Telling: the facts of a stored event in the newest schema, as JSON knows them. Nothing is checked here twice."""

from __future__ import annotations

import orjson

from domain.duty_attempt import DutyAttempt
from domain.grid_issue import GridIssue
from domain.reading import Reading
from domain.resident_request import ResidentRequest
from domain.statistics.bulletin import Bulletin
from domain.whistle import Whistle
from infrastructure.event_mapper import event_classes, schema_version
from infrastructure.projections.read_model import Facts, Happened, Tell, UnknownEvent
from infrastructure.upcasters import UPCASTERS, Upcasters, upcast

_TOLD = (GridIssue, ResidentRequest, Whistle, DutyAttempt, Reading, Bulletin)
VERSIONS = {topic: schema_version(one) for topic, one in event_classes(_TOLD).items()}
"""The schema version of today by topic, of everything boards and timelines tell of."""


def telling(versions: dict[str, int], upcasters: Upcasters = UPCASTERS) -> Tell:
    """A reader of events whose schemas are at `versions`."""

    def tell(event: Happened) -> Facts:
        facts: Facts = orjson.loads(event.state)
        newest = versions.get(event.topic, 0)
        if event.schema_version != newest:
            if event.schema_version > newest:
                raise UnknownEvent(f"{event.topic} of version {event.schema_version}")
            facts = upcast(upcasters, event.topic, facts, event.schema_version, newest)
        return facts

    return tell
