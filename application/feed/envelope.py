"""信封 envelope: one recorded event of a case as other systems get it, after CloudEvents 1.0.

Its attributes are the wire's: what is not of the specification (log, position, recordedtime, caseversion) is an
extension, and such names are lower case without separators.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

WITHHELD = frozenset({"timestamp", "originator_topic", "subject", "sealed"})
"""Told beside, or of no use outside: under which subject words are sealed, and digests of them."""
WHEREABOUTS = ("longitude", "latitude")


@dataclass(frozen=True)
class CaseEvent:
    """A recorded event of a case, its facts brought to the newest schema version. Not to be changed: it is shared."""

    log: str
    position: int
    case_id: UUID
    version: int
    topic: str
    schema_version: int
    recorded_at: datetime
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Envelope:
    """A CloudEvents 1.0 event. `id` is unique within `source` and stays the same however often it is delivered."""

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: str
    datacontenttype: str
    dataschema: str
    log: str
    position: int
    recordedtime: str
    caseversion: int
    data: dict[str, Any]


def enveloped(event: CaseEvent) -> Envelope:
    """The event as it leaves the house."""
    return Envelope(
        specversion="1.0", id=f"{event.log}:{event.position}", source=f"urn:wangge:log:{event.log}",
        type=f"wangge.{event.topic}", subject=str(event.case_id), time=str(event.facts["timestamp"]),
        datacontenttype="application/json", dataschema=f"urn:wangge:event:{event.topic}:{event.schema_version}",
        log=event.log, position=event.position, recordedtime=event.recorded_at.isoformat(),
        caseversion=event.version, data=disclosed(event.facts),
    )  # fmt: skip


def disclosed(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that may leave. Who asked for secrecy may be found by the point they gave, so that stays here."""
    told = {name: value for name, value in facts.items() if name not in WITHHELD}
    if told.get("confidential") or told.get("complained_about"):
        told.update(dict.fromkeys(WHEREABOUTS))
    return told
