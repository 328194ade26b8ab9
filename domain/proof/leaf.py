"""Leaves 叶: the bytes of an event, or of a district's checkpoint, that the tree commits to. See docs/proof-format.md.

The database makes the same bytes when it appends. They are made here again, so that what is stored is believed by
nobody who seals or checks it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from domain.proof.tree import leaf_hash

MARK = b"wangge-leaf-1"
HEAD_MARK = b"wangge-head-1"
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_8, _16, _32 = (n.to_bytes(4, "big") for n in (8, 16, 32))
_NONE = bytes(4)
Octets = Callable[..., bytes]


def sized(octets: bytes) -> bytes:
    """Four bytes of length, then the bytes."""
    return len(octets).to_bytes(4, "big") + octets


def micros(at: datetime) -> int:
    """Microseconds since 1970, UTC."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def event_octets(log_id: str) -> Octets:
    """What makes the bytes of a leaf of that log: from position, stream id, version, event id, topic, schema version,
    microseconds, request id, actor, correlation id, causation id and SHA-256 of the state; ids as 16 bytes."""
    start = sized(MARK) + sized(log_id.encode()) + _8

    def octets(
        position: int, stream: bytes, version: int, event: bytes, topic: str, schema_version: int, recorded: int,
        request: bytes, actor: str, correlation: bytes, causation: bytes | None, state_hash: bytes,
    ) -> bytes:  # fmt: skip
        of_topic, of_actor = topic.encode(), actor.encode()
        return b"".join((
            start, position.to_bytes(8, "big"), _16, stream, _8, version.to_bytes(8, "big", signed=True),
            _16, event, len(of_topic).to_bytes(4, "big"), of_topic,
            _8, schema_version.to_bytes(8, "big", signed=True), _8, recorded.to_bytes(8, "big", signed=True),
            _16, request, len(of_actor).to_bytes(4, "big"), of_actor, _16, correlation,
            _NONE if causation is None else _16 + causation, _32, state_hash,
        ))  # fmt: skip

    return octets


@dataclass(frozen=True)
class EventLeaf:
    """All that the leaf of one event commits to; of the state its hash, so that a proof tells nothing of it."""

    log_id: str
    position: int
    stream_id: UUID
    version: int
    event_id: UUID
    topic: str
    schema_version: int
    recorded_at: datetime
    request_id: UUID
    actor_ref: str
    correlation_id: UUID
    causation_id: UUID | None
    state_hash: bytes

    @property
    def hash(self) -> bytes:
        return leaf_hash(event_octets(self.log_id)(
            self.position, self.stream_id.bytes, self.version, self.event_id.bytes, self.topic, self.schema_version,
            micros(self.recorded_at), self.request_id.bytes, self.actor_ref, self.correlation_id.bytes,
            None if self.causation_id is None else self.causation_id.bytes, self.state_hash,
        ))  # fmt: skip


def state_hash(state: bytes) -> bytes:
    """What a leaf commits to of an event's state, as stored."""
    return sha256(state).digest()


def head_leaf_hash(text: str) -> bytes:
    """The leaf of the city's tree for a district's checkpoint, given the text that was signed."""
    return leaf_hash(sized(HEAD_MARK) + sized(text.encode()))
