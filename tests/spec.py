"""given / when / then over the aggregates of a case, with staff of every role and fixed times.

History is given as events, outcomes are asserted as events; a refusal must leave everything as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar
from uuid import UUID

import pytest

from domain.actor import Act, Actor, Party, Role
from domain.case_id import new_case_id
from domain.refusals import Refused

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NINE = datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=8)))
"""A Monday in a week without holidays."""

DISTRICT, GRID, NEXT_DISTRICT = "150785", "150785001001001", "150784"
OFFICE, ROADS, WATER, PARKS = "office", "roads", "water", "parks"


def staff(id: str, *roles: Role, unit: str = OFFICE, areas: tuple[str, ...] = (DISTRICT,)) -> Actor:
    return Actor(id, frozenset(roles), unit, areas)


WORKER = staff("worker", Role.WORKER)
RECEIVER = staff("receiver", Role.RECEIVER)
DISPATCHER = staff("dispatcher", Role.DISPATCHER)
SECOND_DISPATCHER = staff("second-dispatcher", Role.DISPATCHER)
HANDLER = staff("handler", Role.HANDLER, unit=ROADS)
WATER_HANDLER = staff("water-handler", Role.HANDLER, unit=WATER)
VERIFIER = staff("verifier", Role.VERIFIER)
SUPERVISOR = staff("supervisor", Role.SUPERVISOR)
AUDITOR = staff("auditor", Role.AUDITOR)
ADMIN = staff("admin", Role.ADMIN)
ONE_OF_EACH = (WORKER, RECEIVER, DISPATCHER, HANDLER, VERIFIER, SUPERVISOR, AUDITOR, ADMIN)


def doing_all(id: str, unit: str = OFFICE) -> Actor:
    """Somebody trusted with every role: what a small street is like, and what separation of duty is for."""
    return staff(id, *Role, unit=unit)


def act(actor: Actor, at: datetime = NINE, reason: str = "") -> Act:
    return Act(actor, at, reason)


def case_id(number: int, log: str = DISTRICT) -> UUID:
    return new_case_id(log, NINE, number.to_bytes(8, "big"))


ISSUE, OTHER_ISSUE, REQUEST, OTHER_REQUEST = (case_id(number) for number in range(1, 5))


@dataclass(frozen=True)
class Fact:
    """An event without its stream: class, facts and when it happened."""

    kind: type[Any]
    facts: dict[str, object]
    at: datetime = NINE


def fact(
    kind: type[Any],
    actor: Actor,
    /,
    *,
    role: Role | Party | None = None,
    at: datetime = NINE,
    reason: str = "",
    **facts: object,
) -> Fact:
    """What `actor` did, in their one role or in `role`."""
    if role is None:
        (role,) = actor.roles
    declared = vars(kind).get("__annotations__", {})
    facts = {name: empty for name, empty in (("sealed", {}), ("attachments", [])) if name in declared} | facts
    signed = {"by": actor.id, "role": role.value, "of_unit": actor.unit, "reason": reason}
    return Fact(kind, {**signed, **facts}, at)


def replayed(events: list[Any]) -> Any:
    """The aggregate that `events` tell of."""
    aggregate = None
    for event in events:
        aggregate = event.mutate(aggregate)
    return aggregate


def past(*facts: Fact, id: UUID) -> Any:
    """The aggregate with this history."""
    return replayed(_events(facts, id))


def recorded(aggregate: Any) -> list[Fact]:
    """What the aggregate newly recorded, without taking it away."""
    return [_told(event) for event in aggregate.pending_events]


AggregateT = TypeVar("AggregateT")


def given(*facts: Fact, id: UUID = ISSUE) -> Given:
    """A case with this history; none for one that does not exist yet."""
    return Given(_events(facts, id))


@dataclass(frozen=True)
class Given:
    events: list[Any]

    def when(self, command: Callable[[Any], Any]) -> When:
        """`command` gets the aggregate, or None, and may return a new one."""
        return When(self.events, command)


@dataclass(frozen=True)
class When:
    events: list[Any]
    command: Callable[[Any], Any]

    def then(self, *expected: Fact) -> Any:
        """These facts were recorded, and replaying them gives the aggregate, which is returned."""
        aggregate = replayed(self.events)
        aggregate = self.command(aggregate) or aggregate
        assert [(one.kind, one.facts) for one in recorded(aggregate)] == [(one.kind, one.facts) for one in expected]
        news = aggregate.collect_events()
        assert replayed([*self.events, *news]) == aggregate
        return aggregate

    def then_refused(self, kind: type[Refused]) -> Refused:
        """Nothing was recorded or changed; the refusal can be read, and is returned."""
        aggregate = replayed(self.events)
        before = deepcopy(vars(aggregate)) if aggregate else {}
        with pytest.raises(kind) as refusal:
            self.command(aggregate)
        assert (vars(aggregate) if aggregate else {}) == before
        assert refusal.value.detail()
        return refusal.value


def _events(facts: tuple[Fact, ...], id: UUID) -> list[Any]:
    return [
        one.kind(
            originator_id=id, originator_version=version, timestamp=one.at, **one.facts,
            **({"originator_topic": one.kind.TOPIC.partition(".")[0]} if version == 1 else {}),
        )
        for version, one in enumerate(facts, start=1)
    ]  # fmt: skip


def _told(event: Any) -> Fact:
    library = {"originator_id", "originator_version", "originator_topic", "timestamp"}
    return Fact(type(event), {name: fact for name, fact in vars(event).items() if name not in library}, event.timestamp)
