"""Mapper between events and stored rows: registered topics only, state as checked JSON.

A pydantic adapter is derived from the plain annotations of each event class, so the domain stays free
and what is stored is still checked. Reading never imports what a row names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any, get_type_hints
from uuid import UUID

from eventsourcing.domain import Aggregate, DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, MapperDeserialisationError, StoredEvent
from pydantic import AwareDatetime, ConfigDict, TypeAdapter, ValidationError
from typing_extensions import TypedDict

EventClass = Any
"""A class of events: the library types what it makes of them loosely."""
_KEYS = ("originator_id", "originator_version")


def event_classes(aggregates: Iterable[type[Aggregate]]) -> dict[str, EventClass]:
    """Topic to event class of all events `aggregates` can record."""
    found: dict[str, EventClass] = {}
    for aggregate in aggregates:
        for value in vars(aggregate).values():
            if isinstance(value, type) and issubclass(value, Aggregate.Event) and "TOPIC" in vars(value):
                found[str(vars(value)["TOPIC"])] = value
    return found


@cache
def state_adapter(event_class: EventClass) -> TypeAdapter[dict[str, Any]]:
    """Checks and writes the state of `event_class`: all of its fields but the stream id and version."""
    hints = get_type_hints(event_class)
    kept = {f.name: _stored(hints[f.name]) for f in fields(event_class) if f.name not in _KEYS}
    # Made at run time from the class, so there is nothing for a type checker to follow.
    make_shape: Any = TypedDict
    shape = make_shape(event_class.TOPIC, kept)
    shape.__pydantic_config__ = ConfigDict(extra="forbid", allow_inf_nan=False)
    return TypeAdapter(shape)


def _stored(hint: Any) -> Any:
    return AwareDatetime if hint is datetime else hint if hint != datetime | None else AwareDatetime | None


class EventMapper(Mapper[UUID]):
    """Writes and reads events of the given aggregates, and nothing else."""

    def __init__(self, aggregates: Iterable[type[Aggregate]]) -> None:
        super().__init__(JSONTranscoder())
        self.classes = event_classes(aggregates)

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """The event as a row. Raises `ValidationError` when a fact is not of the type its class declares."""
        event_class = self.classes[type(domain_event).TOPIC]  # type: ignore[attr-defined]
        state = {name: value for name, value in vars(domain_event).items() if name not in _KEYS}
        adapter = state_adapter(event_class)
        return StoredEvent(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=event_class.TOPIC,
            state=adapter.dump_json(adapter.validate_python(state, strict=True)),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[UUID]:
        """The row as an event. Raises `MapperDeserialisationError`, naming stream and version, when it is not one."""
        where = f"{stored_event.topic} {stored_event.originator_id} v{stored_event.originator_version}"
        try:
            event_class = self.classes[stored_event.topic]
            state = state_adapter(event_class).validate_json(stored_event.state)
        except (KeyError, ValidationError) as cause:
            raise MapperDeserialisationError(where) from cause
        state["originator_id"] = stored_event.originator_id
        state["originator_version"] = stored_event.originator_version
        event = object.__new__(event_class)
        object.__setattr__(event, "__dict__", state)
        return event  # type: ignore[no-any-return]
