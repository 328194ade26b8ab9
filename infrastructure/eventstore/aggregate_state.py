"""The state of an aggregate as JSON and back, for snapshots. Nothing stored is imported or called by name.

A snapshot is only read by the code that wrote it: `topic` carries a digest of the domain's source, so after any
change of a rule streams are replayed from their events until new snapshots are written.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from eventsourcing.domain import Aggregate

import domain

_SCALARS: dict[str, tuple[type[Any], Callable[[Any], str], Callable[[str], Any]]] = {
    "uuid": (UUID, str, UUID),
    "datetime": (datetime, datetime.isoformat, datetime.fromisoformat),
    "date": (date, date.isoformat, date.fromisoformat),
    "decimal": (Decimal, str, Decimal),
}
_COLLECTIONS: dict[str, type[Any]] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}


@cache
def edition() -> str:
    """Digest of the domain's source."""
    digest = hashlib.sha256()
    for path in sorted(Path(str(domain.__file__)).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def topic(kind: type[Aggregate]) -> str:
    """The topic of snapshots that today's code writes of aggregates of `kind`."""
    return f"{getattr(kind, 'TOPIC', kind.__qualname__)}.snapshot.{edition()}"


def dump(aggregate: Aggregate) -> bytes:
    """The state. Raises `TypeError` for a value of a type unknown here."""
    state = {name: value for name, value in vars(aggregate).items() if name != "_pending_events"}
    return orjson.dumps(_encoded(state))


def restore(kind: type[Aggregate], state: bytes) -> Aggregate:
    """The aggregate `dump` was given."""
    aggregate: Aggregate = object.__new__(kind)
    vars(aggregate).update(_decoded(orjson.loads(state)), _pending_events=[])
    return aggregate


def _encoded(value: Any) -> Any:
    if value is None or type(value) in (bool, int, float, str):
        return value
    for name, (kind, write, _) in _SCALARS.items():
        if type(value) is kind:
            return [name, write(value)]
    if type(value) is timedelta:
        return ["timedelta", [value.days, value.seconds, value.microseconds]]
    for name, collection in _COLLECTIONS.items():
        if type(value) is collection:
            return [name, [_encoded(one) for one in value]]
    if type(value) is dict:
        return ["dict", [[_encoded(key), _encoded(one)] for key, one in value.items()]]
    if isinstance(value, Enum):
        return ["enum", _named(type(value)), value.name]
    if is_dataclass(value) and not isinstance(value, type):
        return ["data", _named(type(value)), [[f.name, _encoded(getattr(value, f.name))] for f in fields(value)]]
    raise TypeError(f"a snapshot cannot hold a {type(value).__qualname__}")


def _decoded(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    tag, content = value[0], value[1]
    if tag in _SCALARS:
        return _SCALARS[tag][2](content)
    if tag == "timedelta":
        return timedelta(*content)
    if tag in _COLLECTIONS:
        return _COLLECTIONS[tag](_decoded(one) for one in content)
    if tag == "dict":
        return {_decoded(key): _decoded(one) for key, one in content}
    kind = _class(content)
    if tag == "enum" and issubclass(kind, Enum):
        return kind[value[2]]
    if tag == "data" and is_dataclass(kind):
        made = object.__new__(kind)
        for name, one in value[2]:
            object.__setattr__(made, name, _decoded(one))
        return made
    raise TypeError(f"no snapshot holds a {tag} of {content}")


def _named(kind: type[Any]) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


def _class(name: str) -> type[Any]:
    # Only what is loaded already: a row must not decide what the process imports.
    module, _, path = name.partition(":")
    found: Any = sys.modules[module]
    for part in path.split("."):
        found = getattr(found, part)
    if not isinstance(found, type) or _named(found) != name:
        raise TypeError(f"{name} is no class of a snapshot")
    return found
