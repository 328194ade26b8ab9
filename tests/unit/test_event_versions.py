"""Rows of older versions become events of today; what a row says beyond its class is kept; nothing else is read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import MapperDeserialisationError, StoredEvent
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from infrastructure.event_form import unknown_fields
from infrastructure.event_mapper import Encoded, EventMapper, schema_version
from infrastructure.upcasters import Upcasters

LAMP_ID = UUID("00000000-0000-4000-8000-00000000001a")
NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
AT = "2026-03-02T01:00:00Z"


class Lamp(Aggregate):
    """路灯: `lamp.lit` once said its power in words, then in watts, now also what it is made of."""

    TOPIC = "lamp"

    class Event(Aggregate.Event):
        VERSION = 7  # No event of its own, so nobody's version.

    class Created(Event, Aggregate.Created):
        TOPIC = "lamp.created"

    class Hung(Created):
        TOPIC = "lamp.hung"
        post: str

    class Lit(Event):
        TOPIC = "lamp.lit"
        VERSION = 3
        watts: int
        kind: str
        dimmed: bool

        def apply(self, lamp: Lamp) -> None:
            lamp.watts = self.watts

    def __init__(self, *, post: str) -> None:
        self.post = post
        self.watts = 0


STEPS: Upcasters = {
    ("lamp.lit", 1): lambda state: {
        **{name: value for name, value in state.items() if name != "power"},
        "watts": int(state["power"].removesuffix("W")),
    },
    ("lamp.lit", 2): lambda state: {**state, "kind": ""},
}
MAPPER = EventMapper([Lamp], STEPS)
Lit: Any = Lamp.Lit
Hung: Any = Lamp.Hung
LIT = Lit(originator_id=LAMP_ID, originator_version=2, timestamp=NINE, watts=60, kind="", dimmed=False)
TODAY = {"timestamp": AT, "watts": 60, "kind": "", "dimmed": False}
SECOND = {"timestamp": AT, "watts": 60, "dimmed": False}
FIRST = {"timestamp": AT, "power": "60W", "dimmed": False}


def text(state: object) -> bytes:
    return json.dumps(state, separators=(",", ":")).encode()


def lit(version: int, state: object) -> Any:
    """What the mapper reads from a row with a column for the version."""
    return MAPPER.decode(Encoded("lamp.lit", version, text(state)), LAMP_ID, 2)


def row(state: object, topic: str = "lamp.lit") -> StoredEvent:
    return StoredEvent(LAMP_ID, 2, topic, text(state))


def hung(**more: object) -> StoredEvent:
    state = {"timestamp": AT, "originator_topic": "lamp", "post": "7"}
    return StoredEvent(LAMP_ID, 1, "lamp.hung", text({**state, **more}))


# --- versions -----------------------------------------------------------------------------------


def test_an_event_is_of_the_version_its_own_class_says_and_else_of_the_first() -> None:
    assert schema_version(Lamp.Lit) == 3
    assert schema_version(Lamp.Hung) == 1


@pytest.mark.parametrize(("version", "state"), [(1, FIRST), (2, SECOND), (3, TODAY)])
def test_a_row_of_any_released_version_is_the_event_of_today(version: int, state: object) -> None:
    assert lit(version, state) == LIT


def test_an_event_is_written_in_its_newest_form_whatever_it_was_read_from() -> None:
    assert MAPPER.encode(lit(1, FIRST)) == MAPPER.encode(LIT) == Encoded("lamp.lit", 3, text(TODAY))


def test_a_row_without_a_column_for_the_version_is_marked_above_the_first() -> None:
    assert MAPPER.to_stored_event(LIT) == row({"$version": 3, **TODAY})
    assert b"$" not in MAPPER.to_stored_event(MAPPER.to_domain_event(hung())).state


@pytest.mark.parametrize("state", [FIRST, {"$version": 2, **SECOND}, {"$version": 3, **TODAY}])
def test_a_marked_row_is_read_by_its_mark_and_one_without_as_the_first(state: object) -> None:
    assert MAPPER.to_domain_event(row(state)) == LIT


@pytest.mark.parametrize("version", [4, 0, -1])
def test_a_version_nobody_released_is_not_read(version: int) -> None:
    with pytest.raises(MapperDeserialisationError, match=f"lamp.lit {LAMP_ID} v2"):
        lit(version, TODAY)


@pytest.mark.parametrize(
    "state",
    [
        {"$version": 4, **TODAY},
        {"$version": 0, **FIRST},
        {"$version": "3", **TODAY},
        {"$version": True, **FIRST},
        {"$version": 10**20, **TODAY},
        {**FIRST, "$version": 1},
        {"$version": 3, "$version ": 3, **TODAY},
        TODAY,
        {"$version": 3, **FIRST},
    ],
    ids=lambda one: "",
)
def test_a_wrong_mark_is_not_read(state: object) -> None:
    with pytest.raises(MapperDeserialisationError):
        MAPPER.to_domain_event(row(state))


def test_a_mark_too_long_for_a_number_is_not_read() -> None:
    state = b'{"$version":%b,' % (b"9" * 5000) + text(TODAY)[1:]
    with pytest.raises(MapperDeserialisationError):
        MAPPER.to_domain_event(StoredEvent(LAMP_ID, 2, "lamp.lit", state))


@pytest.mark.parametrize("state", [{}, [], None, 5, "power", {**FIRST, "power": 60}, {**FIRST, "dimmed": "no"}])
def test_an_old_row_that_is_not_what_it_was_is_not_read(state: object) -> None:
    with pytest.raises(MapperDeserialisationError, match=f"lamp.lit {LAMP_ID} v2"):
        lit(1, state)


def test_an_upcaster_cannot_make_stream_or_version_up() -> None:
    forging: Upcasters = {**STEPS, ("lamp.lit", 2): lambda state: {**TODAY, "originator_version": 9}}
    with pytest.raises(MapperDeserialisationError):
        EventMapper([Lamp], forging).decode(Encoded("lamp.lit", 2, text(SECOND)), LAMP_ID, 2)


@pytest.mark.parametrize("step", [1, 2])
def test_a_mapper_that_could_not_read_an_older_row_is_not_made(step: int) -> None:
    steps = {key: value for key, value in STEPS.items() if key != ("lamp.lit", step)}
    with pytest.raises(LookupError, match=f"lamp.lit has no upcaster from version {step}"):
        EventMapper([Lamp], steps)


# --- unknown fields -----------------------------------------------------------------------------

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
strange_names = st.text(min_size=1).filter(
    lambda name: not name.startswith("$") and name not in {*TODAY, "power", "originator_id", "originator_version"}
)


@given(st.dictionaries(strange_names, json_values, min_size=1, max_size=4))
def test_what_a_row_says_beyond_its_class_is_kept_and_written_back(unknown: dict[str, Any]) -> None:
    read = lit(3, {**TODAY, **unknown})
    assert unknown_fields(read) == unknown
    assert json.loads(MAPPER.encode(read).state) == {**TODAY, **unknown}
    assert MAPPER.to_domain_event(MAPPER.to_stored_event(read)) == read


def test_an_event_mostly_has_no_unknown_fields() -> None:
    assert unknown_fields(LIT) == unknown_fields(lit(3, TODAY)) == {}


def test_unknown_fields_pass_through_older_versions() -> None:
    assert unknown_fields(lit(1, {**FIRST, "pole": 9})) == {"pole": 9}


def test_unknown_fields_do_not_make_two_events_different() -> None:
    assert lit(3, {**TODAY, "pole": 9}) == LIT


@pytest.mark.parametrize("name", ["apply", "mutate", "TOPIC", "__class__", "id", "post", "_unknown"])
def test_an_unknown_field_changes_nothing_about_what_an_event_does(name: str) -> None:
    lamp: Any = MAPPER.to_domain_event(hung(id=5, created_on=5)).mutate(None)  # type: ignore[attr-defined]
    lamp = lit(3, {**TODAY, name: "forged"}).mutate(lamp)
    assert (lamp.id, lamp.post, lamp.watts, lamp.created_on) == (LAMP_ID, "7", 60, NINE)


@pytest.mark.parametrize("name", ["originator_id", "originator_version", "$unknown", "$version", "$"])
def test_names_of_the_row_and_the_mapper_are_no_unknown_fields(name: str) -> None:
    with pytest.raises(MapperDeserialisationError):
        lit(3, {**TODAY, name: 7})


@pytest.mark.parametrize("number", [b"NaN", b"-Infinity", b"1e400"])
def test_an_unknown_number_that_could_not_be_written_back_is_not_read(number: bytes) -> None:
    state = text(TODAY)[:-1] + b',"height":%b}' % number
    with pytest.raises(MapperDeserialisationError):
        MAPPER.decode(Encoded("lamp.lit", 3, state), LAMP_ID, 2)


def test_a_new_event_with_a_field_its_class_does_not_declare_is_not_written() -> None:
    odd = Lit(**vars(LIT))
    odd.__dict__["pole"] = 9
    with pytest.raises(ValidationError):
        MAPPER.encode(odd)


# --- what a row may name ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["antigravity", "os:system", "domain.grid_issue:GridIssue", "issue", "lamp.lit", ""])
def test_a_first_event_names_its_own_aggregate_and_no_other(name: str) -> None:
    with pytest.raises(MapperDeserialisationError):
        MAPPER.to_domain_event(hung(originator_topic=name))
    forged = Hung(originator_id=LAMP_ID, originator_version=1, timestamp=NINE, originator_topic=name, post="7")
    with pytest.raises(ValidationError):
        MAPPER.encode(forged)


@pytest.mark.parametrize(
    "change", [{"watts": "60"}, {"watts": 60.0}, {"dimmed": 0}, {"dimmed": "false"}, {"timestamp": 1772413200}]
)
def test_a_fact_of_another_type_is_not_bent_into_shape_when_read(change: dict[str, object]) -> None:
    with pytest.raises(MapperDeserialisationError):
        lit(3, {**TODAY, **change})
