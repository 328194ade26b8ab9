"""The stored form of one event class: its facts as checked JSON, and with them what a row said beyond."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_json

ROW_KEYS = frozenset({"originator_id", "originator_version"})
"""Facts that are columns of a row and never in its state."""
# No name Python allows, so no field of an event can ever have it.
_UNKNOWN = "$unknown"


def unknown_fields(event: object) -> dict[str, Any]:
    """What the row of an event said beyond the fields its class knows, as JSON values; mostly nothing.

    It is kept beside the facts and written back with them, but is none of them: it takes no part in
    equality, nor in what the event does to its aggregate.
    """
    return dict(vars(event).get(_UNKNOWN, {}))


@dataclass(frozen=True, slots=True)
class Form:
    """How the events of one class are stored: under `topic`, in form `version`, the facts `names`."""

    event_class: Any
    topic: str
    version: int
    adapter: TypeAdapter[dict[str, Any]]
    names: frozenset[str]

    def write(self, facts: dict[str, Any]) -> bytes:
        """The state of an event. Raises `ValidationError` for a fact missing, undeclared or of another type."""
        unknown = facts.pop(_UNKNOWN, None)
        state = self.adapter.dump_json(self.adapter.validate_python(facts, strict=True))
        return state[:-1] + b"," + to_json(unknown)[1:] if unknown else state

    def read(self, state: bytes) -> dict[str, Any]:
        """The facts a state holds, unknown ones set aside.

        Raises `ValueError` (`ValidationError` is one) when one is missing or of another type, and when an
        unknown one has a name that belongs to the row or to the mapper, or a number that JSON cannot say.
        """
        facts = self.adapter.validate_json(state, strict=True, extra="allow")
        if len(facts) > len(self.names):
            unknown = {name: facts.pop(name) for name in [*facts] if name not in self.names}
            if any(name in ROW_KEYS or name.startswith("$") for name in unknown):
                raise ValueError("stream, version and marks are no facts", [*unknown])
            json.dumps(unknown, allow_nan=False)
            facts[_UNKNOWN] = unknown
        return facts
