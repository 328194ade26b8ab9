"""Read model 读模型: what a projection is to the runner, and how an event reaches it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

Connection = AsyncConnection[TupleRow]
Facts = dict[str, Any]
"""The state of an event as JSON knows it: instants and ids are text."""


class UnknownEvent(Exception):
    """An event of a case that this program has no rule for: another one, newer, wrote it."""


class Happened(NamedTuple):
    """A recorded event as projections see it. `schema_version` is the one it was stored under."""

    position: int
    stream_id: str
    version: int
    topic: str
    schema_version: int
    state: bytes
    recorded_at: datetime


Tell = Callable[[Happened], Facts]
"""Reads the facts of an event, brought to the newest schema. Raises `UnknownEvent` for a newer one."""


def of_a_case(topic: str) -> bool:
    """Whether events of `topic` belong to a case. Those of the registry pass by the boards on purpose."""
    return topic.startswith(("issue.", "request.", "whistle."))


class Place(NamedTuple):
    """Where a projection writes: one generation of its rows for one log."""

    log_id: str
    generation: int


class ReadModel(Protocol):
    """One projection. Everything it writes is keyed by `Place`, so generations stand beside each other."""

    @property
    def name(self) -> str: ...

    @property
    def edition(self) -> int:
        """Raised when rules or columns change: rows of another edition want a rebuild."""

    @property
    def parks(self) -> bool:
        """Whether an event that fails may be set aside and told later, after newer ones of other streams."""

    @property
    def in_order(self) -> bool:
        """Whether what an event means hangs on earlier ones of other streams: then one shard tells all of a log."""

    def wants(self, topic: str) -> bool:
        """Whether events of `topic` are told here. Others pass by on purpose. Raises `UnknownEvent`."""

    def ties(self, topic: str) -> bool:
        """Whether an event of `topic` changes rows of other streams, so its batch must run alone."""

    async def project(self, connection: Connection, place: Place, events: Sequence[Happened]) -> None:
        """Write what `events`, ascending, change, within the transaction that moves the position."""

    async def analyze(self, connection: Connection) -> None:
        """Tell the planner what the tables hold: a generation it knows nothing of it takes for empty."""

    async def drop(self, connection: Connection, place: Place, after: int, upto: int) -> None:
        """Delete what events above `after` and up to `upto` began, of a generation nobody reads."""
