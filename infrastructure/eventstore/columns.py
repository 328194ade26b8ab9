"""What the append function takes: columns of one element a request, stream, event or detail of the batch.

The names are those of the query `append`. A request's part of every column is encoded when it is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from eventsourcing.persistence import StoredEvent

from application.privacy.sealed import SealedDetails
from infrastructure.eventstore.wire import NULL, Kind, array, number, octets, small, text, uuid

OF_REQUEST = (
    ("request_id", Kind.UUID), ("n", Kind.INT4), ("exact", Kind.BOOL), ("case_id", Kind.UUID),
    ("case_version", Kind.INT8), ("key", Kind.TEXT), ("body_hash", Kind.TEXT), ("follower", Kind.TEXT),
    ("followed", Kind.INT8), ("actor_ref", Kind.TEXT), ("correlation_id", Kind.UUID), ("causation_id", Kind.UUID),
)  # fmt: skip
OF_STREAM = (
    ("stream_id", Kind.UUID), ("type", Kind.TEXT), ("first_version", Kind.INT8), ("last_version", Kind.INT8),
    ("last_nth", Kind.INT4),
)  # fmt: skip
OF_EVENT = (
    ("event_stream_id", Kind.UUID), ("version", Kind.INT8), ("event_id", Kind.UUID), ("topic", Kind.TEXT),
    ("schema_version", Kind.INT4), ("state", Kind.BYTEA),
)  # fmt: skip
OF_DETAIL = (
    ("subject", Kind.UUID), ("field", Kind.TEXT), ("sealed", Kind.BYTEA), ("tag", Kind.INT4), ("kek_id", Kind.TEXT),
    ("wrapped", Kind.BYTEA),
)  # fmt: skip

Part = tuple[bytes, ...]
"""A request's elements of several columns, one bytes object a column."""


class Columns(NamedTuple):
    """A request's part of the columns, and how many elements that is."""

    request: Part
    streams: int
    stream: Part
    events: int
    event: Part
    details: int
    detail: Part


def stream_part(spans: Sequence[tuple[UUID, str, int, int, int]]) -> Part:
    """Elements of `OF_STREAM`, for each stream its id, type, first and last version, number of its last event."""
    return (
        b"".join([uuid(span[0]) for span in spans]),
        b"".join([text(span[1]) for span in spans]),
        b"".join([number(span[2]) for span in spans]),
        b"".join([number(span[3]) for span in spans]),
        b"".join([small(span[4]) for span in spans]),
    )


def event_part(events: Sequence[StoredEvent], schema_versions: Sequence[int]) -> Part:
    """Elements of `OF_EVENT`, with a new id for each event."""
    return (
        b"".join([uuid(event.originator_id) for event in events]),  # type: ignore[arg-type]  # looked at before
        b"".join([number(event.originator_version) for event in events]),
        b"".join([uuid(uuid4()) for _ in events]),
        b"".join([text(event.topic) for event in events]),
        b"".join([small(version) for version in schema_versions]),
        b"".join([octets(event.state) for event in events]),
    )


def detail_part(details: Sequence[SealedDetails]) -> tuple[int, Part]:
    """How many details there are, and the elements of `OF_DETAIL`; a new key stands beside its subject's first."""
    rows = [
        (detail.subject, name, sealed, detail.tags.get(name), None if nth else detail.key)
        for detail in details
        for nth, (name, sealed) in enumerate(detail.fields.items())
    ]
    return len(rows), (
        b"".join([uuid(subject) for subject, *_ in rows]),
        b"".join([text(name) for _, name, *_ in rows]),
        b"".join([octets(sealed) for _, _, sealed, _, _ in rows]),
        b"".join([NULL if tag is None else small(tag) for _, _, _, tag, _ in rows]),
        b"".join([optional(key and key.kek_id) for *_, key in rows]),
        b"".join([NULL if key is None else octets(key.wrapped) for *_, key in rows]),
    )


def optional(value: str | None) -> bytes:
    """A text element that may be null."""
    return NULL if value is None else text(value)


def batch_values(log_id: str, requests: Sequence[Columns]) -> dict[str, Any]:
    """The values of the query `append` for a batch."""
    streams, events = sum(r.streams for r in requests), sum(r.events for r in requests)
    details = sum(r.details for r in requests)
    values: dict[str, Any] = {
        "log_id": log_id,
        "stream_of": array(Kind.INT4, streams, b"".join([small(i) * r.streams for i, r in enumerate(requests, 1)])),
        "event_of": array(Kind.INT4, events, b"".join([small(i) * r.events for i, r in enumerate(requests, 1)])),
        "detail_of": array(Kind.INT4, details, b"".join([small(i) * r.details for i, r in enumerate(requests, 1)])),
    }
    for names, count, parts in (
        (OF_REQUEST, len(requests), [r.request for r in requests]),
        (OF_STREAM, streams, [r.stream for r in requests]),
        (OF_EVENT, events, [r.event for r in requests]),
        (OF_DETAIL, details, [r.detail for r in requests]),
    ):
        for (name, kind), elements in zip(names, zip(*parts, strict=True), strict=True):
            values[name] = array(kind, count, b"".join(elements))
    return values
