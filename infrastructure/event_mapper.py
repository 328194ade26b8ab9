"""Mapper between events and stored rows: registered topics and versions only, state as checked JSON.

A pydantic adapter is derived from the plain annotations of each event class, so the domain stays free and
what is stored is still checked. Reading never imports what a row names. An event class whose stored form
is no longer its first says so by `VERSION = n`; `infrastructure.upcasters` leads older rows there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any, Literal, NamedTuple, cast, get_type_hints
from uuid import UUID

from eventsourcing.domain import Aggregate, DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, MapperDeserialisationError, StoredEvent
from pydantic import AwareDatetime, ConfigDict, TypeAdapter
from pydantic_core import from_json, to_json
from typing_extensions import TypedDict

from infrastructure.event_form import ROW_KEYS, Form
from infrastructure.upcasters import UPCASTERS, Upcasters, missing_steps, upcast

EventClass = Any
"""A class of events: the library types what it makes of them loosely."""
_MARK = re.compile(rb'\{"\$version":([1-9][0-9]{0,8}),')


class Encoded(NamedTuple):
    """What a row holds of an event, besides its stream and version there."""

    topic: str
    schema_version: int
    state: bytes


def event_classes(aggregates: Iterable[type[Aggregate]]) -> dict[str, EventClass]:
    """Topic to event class of all events `aggregates` can record."""
    found: dict[str, EventClass] = {}
    for aggregate in aggregates:
        for value in vars(aggregate).values():
            if isinstance(value, type) and issubclass(value, Aggregate.Event) and "TOPIC" in vars(value):
                found[str(vars(value)["TOPIC"])] = value
    return found


def schema_version(event_class: EventClass) -> int:
    """Which form of its state an event class writes: its own `VERSION`, never one it inherits, else 1."""
    return int(vars(event_class).get("VERSION", 1))


@cache
def state_adapter(event_class: EventClass) -> TypeAdapter[dict[str, Any]]:
    """Checks and writes the state of `event_class`: all of its fields but the stream id and version."""
    hints = get_type_hints(event_class)
    # The library imports the aggregate that a first event names, so it may name its own and no other.
    hints["originator_topic"] = Literal[event_class.TOPIC.partition(".")[0]]
    kept = {f.name: _stored(hints[f.name]) for f in fields(event_class) if f.name not in ROW_KEYS}
    # Made at run time from the class, so there is nothing for a type checker to follow.
    make_shape: Any = TypedDict
    shape = make_shape(event_class.TOPIC, kept)
    shape.__pydantic_config__ = ConfigDict(extra="forbid", allow_inf_nan=False)
    return TypeAdapter(shape)


def schema_of(aggregates: Iterable[type[Aggregate]]) -> Callable[[str, int], dict[str, Any] | None]:
    """What gives the JSON schema of a topic's state in the version that is written now, None for any other."""
    classes = event_classes(aggregates)

    def schema(topic: str, version: int) -> dict[str, Any] | None:
        known = classes.get(topic)
        return state_adapter(known).json_schema() if known and schema_version(known) == version else None

    return schema


def _stored(hint: Any) -> Any:
    return AwareDatetime if hint is datetime else hint if hint != datetime | None else AwareDatetime | None


def _form(event_class: EventClass) -> Form:
    names = frozenset(field.name for field in fields(event_class)) - ROW_KEYS
    return Form(event_class, event_class.TOPIC, schema_version(event_class), state_adapter(event_class), names)


class EventMapper(Mapper[UUID]):
    """Writes and reads events of the given aggregates, and nothing else.

    `encode` and `decode` are for a store with a column for the schema version. The library's two methods
    are for one without: a version above 1 is marked in the first bytes of the state.
    Raises `LookupError` when made if older rows of an event could not be read for want of an upcaster.
    """

    def __init__(self, aggregates: Iterable[type[Aggregate]], upcasters: Upcasters = UPCASTERS) -> None:
        super().__init__(JSONTranscoder())
        forms = [_form(event_class) for event_class in event_classes(aggregates).values()]
        for form in forms:
            if steps := missing_steps(upcasters, form.topic, form.version):
                raise LookupError(f"{form.topic} has no upcaster from version {', '.join(map(str, steps))}")
        self._upcasters = upcasters
        self._of_class = {form.event_class: form for form in forms}
        self._of_topic = {form.topic: form for form in forms}

    def encode(self, event: DomainEventProtocol[UUID]) -> Encoded:
        """The event as a row holds it.

        Raises `ValidationError` when a fact is missing, not of the type its class declares, or none of its
        fields, and `KeyError` for an event of another aggregate.
        """
        form = self._of_class[type(event)]
        facts = dict(vars(event))
        for key in ROW_KEYS:
            del facts[key]
        return Encoded(form.topic, form.version, form.write(facts))

    def decode(self, encoded: Encoded, originator_id: UUID, originator_version: int) -> DomainEventProtocol[UUID]:
        """The event a row holds, in the form of today.

        Raises `MapperDeserialisationError`, naming stream and version, when it is not one.
        """
        try:
            form = self._of_topic[encoded.topic]
            facts = form.read(self._today(form, encoded))
        except Exception as cause:  # An upcaster may stumble in any way over a state that is not what it was.
            where = f"{encoded.topic} {originator_id} v{originator_version}"
            raise MapperDeserialisationError(where) from cause
        facts["originator_id"] = originator_id
        facts["originator_version"] = originator_version
        event = object.__new__(form.event_class)
        object.__setattr__(event, "__dict__", facts)
        return cast(DomainEventProtocol[UUID], event)

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """The event as a row of the library's. Raises as `encode` does."""
        topic, version, state = self.encode(domain_event)
        if version > 1:
            state = b'{"$version":%d,' % version + state[1:]
        return StoredEvent(domain_event.originator_id, domain_event.originator_version, topic, state)

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[UUID]:
        """The library's row as an event. Raises as `decode` does."""
        version, state = 1, stored_event.state
        if mark := _MARK.match(state):
            version, state = int(mark[1]), b"{" + state[mark.end() :]
        encoded = Encoded(stored_event.topic, version, state)
        return self.decode(encoded, cast(UUID, stored_event.originator_id), stored_event.originator_version)

    def _today(self, form: Form, encoded: Encoded) -> bytes:
        version = encoded.schema_version
        if version == form.version:
            return encoded.state
        if version > form.version:
            raise LookupError(f"{form.topic} has no version {version} here, only up to {form.version}")
        state = from_json(encoded.state, allow_inf_nan=False)
        return to_json(upcast(self._upcasters, form.topic, state, version, form.version))
