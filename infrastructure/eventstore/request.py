"""What a caller asks of a log: events of one or more streams, and what is recorded with them, or nothing.

A request is complete before it is queued: every rule that needs no database is checked where it is made, on
the caller's thread, so that nothing of it can fail between two rows.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID, uuid4

from eventsourcing.persistence import DataError, IntegrityError, StoredEvent, Tracking

from application.ports import RequestKey
from application.privacy.sealed import SealedDetails
from infrastructure.eventstore.columns import Columns, Part, detail_part, event_part, optional, stream_part
from infrastructure.eventstore.wire import FALSE, NULL, TRUE, number, small, text, uuid


class Origin(NamedTuple):
    """来由: who acts ("" for the program itself), what it began with, and the event that led to it."""

    actor_ref: str = ""
    correlation_id: UUID | None = None
    causation_id: UUID | None = None


class Span(NamedTuple):
    """What a request adds to one stream: its versions from `first` to `last`, that one as its event number `nth`."""

    stream_id: UUID
    type: str
    first: int
    last: int
    nth: int


class Answer(NamedTuple):
    """What became of a request: its `n` events from `first_position` on, the case it is about, the last one's leaf."""

    first_position: int
    n: int
    stream_id: UUID
    version: int
    leaf_hash: bytes | None = None

    @property
    def positions(self) -> range:
        """Where the events are, in the order given."""
        return range(self.first_position, self.first_position + self.n)


@dataclass(slots=True)
class Request:
    """One save, checked and encoded. What it `claims` no other request of its batch may claim."""

    id: UUID
    events: Sequence[StoredEvent]
    spans: Sequence[Span]
    tracking: Tracking | None
    key: RequestKey | None
    claims: set[object]
    size: int  # bytes of state
    columns: Columns


ITSELF = Origin()
NOBODY = UUID(int=0)
"""The case of a request without streams."""


def request(
    events: Sequence[StoredEvent],
    *,
    schema_versions: Sequence[int] = (),
    exact: bool = False,
    tracking: Tracking | None = None,
    key: RequestKey | None = None,
    details: Sequence[SealedDetails] = (),
    origin: Origin = ITSELF,
    case: tuple[UUID, int] | None = None,
) -> Request:
    """A request of these events. `exact`: each stream goes on at its head plus one; else anywhere above its head.
    `case`: what its answer names, with the version it then has; else the first stream.

    Raises `IntegrityError` for versions that do not ascend within a stream (by one, if `exact`), and `DataError`
    for text PostgreSQL cannot hold, a number beyond eight bytes and a stream that is not named by a UUID.
    """
    spans = _spans(events, exact)
    claims: set[object] = {span.stream_id for span in spans}
    if tracking:
        claims.add(("follower", tracking.application_name))
    if key:
        claims.add(("key", key.key))
    request_id = uuid4()
    try:
        count, detail = detail_part(details)
        columns = Columns(
            (uuid(request_id), small(len(events)), TRUE if exact else FALSE, *_case(case, spans),
             *_beside(key, tracking), *_origin(origin, request_id)),
            len(spans), stream_part(spans),
            len(events), event_part(events, schema_versions or [1] * len(events)),
            count, detail,
        )  # fmt: skip
    except (ValueError, struct.error) as error:
        raise DataError(str(error)) from error
    size = sum([len(event.state) for event in events])
    return Request(request_id, events, spans, tracking, key, claims, size, columns)


def _spans(events: Sequence[StoredEvent], exact: bool) -> list[Span]:
    spans: dict[UUID, Span] = {}
    for nth, event in enumerate(events):
        stream_id, version = event.originator_id, event.originator_version
        if not isinstance(stream_id, UUID):
            raise DataError(f"a stream is named by a UUID, not {type(stream_id).__name__}")
        before = spans.get(stream_id)
        if before is None:
            # The aggregate's part of a topic: "issue" of "issue.reported".
            kind = event.topic.rpartition(".")[0] or event.topic
            spans[stream_id] = Span(stream_id, kind, version, version, nth)
        elif version <= before.last or (exact and version != before.last + 1):
            raise IntegrityError(f"versions of {stream_id} do not follow each other: {before.last}, {version}")
        else:
            spans[stream_id] = before._replace(last=version, nth=nth)
    return list(spans.values())


def _case(case: tuple[UUID, int] | None, spans: Sequence[Span]) -> Part:
    case_id, version = case or ((spans[0].stream_id, spans[0].last) if spans else (NOBODY, 0))
    return uuid(case_id), number(version)


def _beside(key: RequestKey | None, tracking: Tracking | None) -> Part:
    follower = (text(tracking.application_name), number(tracking.notification_id)) if tracking else (NULL, NULL)
    return optional(key.key if key else None), optional(key.body_hash if key else None), *follower


def _origin(origin: Origin, request_id: UUID) -> Part:
    cause = NULL if origin.causation_id is None else uuid(origin.causation_id)
    return text(origin.actor_ref), uuid(origin.correlation_id or request_id), cause
