"""Upcasters: what an older stored form of an event says in the words of the next version.

Rows are never rewritten, so each step from one version to the next stays here for ever. A step is a pure
function of the stored state (JSON values; times and ids are strings): no clock, no look-up, nothing
invented that was not known then. It hands on every field it does not speak of. Chained one by one, a row
of any released version reaches the version its class has today.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from domain.registry.entry import civil_day

State = dict[str, Any]
Upcaster = Callable[[State], State]
Upcasters = Mapping[tuple[str, int], Upcaster]
"""From (topic, version a row was written under) to the function that makes it the next version."""


def _assigned_names_who_is_off_list(state: State) -> State:
    """Version 1 of issue.assigned: the lead's duty list alone was asked."""
    return {**state, "off_list_units": [state["lead"]] if state["off_list"] else []}


def _redrawn_names_its_first_day(state: State) -> State:
    """Version 1 of grid.redrawn: every drawing held from the day it was made."""
    return {**state, "first_day": civil_day(datetime.fromisoformat(state["timestamp"])).isoformat()}


def _assigned_tells_what_named_its_lead(state: State) -> State:
    """Version 2 of issue.assigned: whether a person or the catalogue named the lead was not kept; rules were none."""
    return {**state, "basis": "", "rules": "", "rule": ""}


def _registered_by_the_city(state: State) -> State:
    """Version 1 of division.registered: codes had no table; what the registry said was its own word."""
    return {**state, "table": "own", "year": None, "rows": []}


def _renamed_by_the_city(state: State) -> State:
    """Version 1 of division.renamed: held from the day it was recorded."""
    return {**state, "table": "own", "since": None, "doc_no": "", "rows": []}


def _abolished_by_the_city(state: State) -> State:
    """Version 1 of division.abolished: nobody was asked for a document."""
    return {**state, "source": "", "doc_no": "", "rows": []}


def _received_where_nobody_noted_what(state: State) -> State:
    """Version 1 of request.received: the code alone was kept."""
    return {**state, "place_id": None, "place_version": None}


def _nothing_sealed(state: State) -> State:
    """The last version before words were sealed: the event said nothing about them."""
    return {**state, "sealed": {}}


def _nothing_attached(state: State) -> State:
    """The last version before files were taken: nobody could bring any."""
    return {**state, "attachments": []}


UPCASTERS: Upcasters = {
    ("issue.reported", 2): _nothing_attached,
    ("request.received", 3): _nothing_attached,
    ("request.received", 2): _nothing_sealed,
    ("request.answered", 1): _nothing_sealed,
    ("request.diverted", 1): _nothing_sealed,
    ("request.fed_back", 1): _nothing_sealed,
    ("issue.reported", 1): _nothing_sealed,
    ("request.called_back", 1): _nothing_sealed,
    ("request.received", 1): _received_where_nobody_noted_what,
    ("division.registered", 1): _registered_by_the_city,
    ("division.renamed", 1): _renamed_by_the_city,
    ("division.abolished", 1): _abolished_by_the_city,
    ("issue.assigned", 1): _assigned_names_who_is_off_list,
    ("issue.assigned", 2): _assigned_tells_what_named_its_lead,
    ("grid.redrawn", 1): _redrawn_names_its_first_day,
}
"""All of them."""


def upcast(upcasters: Upcasters, topic: str, state: State, version: int, to: int) -> State:
    """The state of `topic` as version `to` holds it. Raises `LookupError` when a step between is missing."""
    for step in range(version, to):
        state = upcasters[topic, step](state)
    return state


def missing_steps(upcasters: Upcasters, topic: str, to: int) -> list[int]:
    """The versions of `topic` below `to` that no upcaster leads on from."""
    return [step for step in range(1, to) if (topic, step) not in upcasters]
