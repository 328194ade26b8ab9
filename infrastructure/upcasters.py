"""Upcasters: what an older stored form of an event says in the words of the next version.

Rows are never rewritten, so each step from one version to the next stays here for ever. A step is a pure
function of the stored state (JSON values; times and ids are strings): no clock, no look-up, nothing
invented that was not known then. It hands on every field it does not speak of. Chained one by one, a row
of any released version reaches the version its class has today.
"""

from collections.abc import Callable, Mapping
from typing import Any

State = dict[str, Any]
Upcaster = Callable[[State], State]
Upcasters = Mapping[tuple[str, int], Upcaster]
"""From (topic, version a row was written under) to the function that makes it the next version."""

UPCASTERS: Upcasters = {}
"""All of them. Empty, for every event is still stored in its first form."""


def upcast(upcasters: Upcasters, topic: str, state: State, version: int, to: int) -> State:
    """The state of `topic` as version `to` holds it. Raises `LookupError` when a step between is missing."""
    for step in range(version, to):
        state = upcasters[topic, step](state)
    return state


def missing_steps(upcasters: Upcasters, topic: str, to: int) -> list[int]:
    """The versions of `topic` below `to` that no upcaster leads on from."""
    return [step for step in range(1, to) if (topic, step) not in upcasters]
