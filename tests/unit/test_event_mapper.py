"""Events and their stored rows: what was checked when written is read back unchanged, and nothing else is read."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, get_type_hints
from uuid import UUID

import pytest
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import MapperDeserialisationError, StoredEvent
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.grid_issue import GridIssue
from domain.resident_request import ResidentRequest
from domain.stage_times import StageClock
from infrastructure.event_mapper import EventMapper, event_classes, state_adapter
from tests import spec
from tests.cases import ASSIGNED, FILED, RECEIVED, REPORTED, assigned, called_back, reported
from tests.spec import NINE, Fact

CASES = (GridIssue, ResidentRequest)
CLASSES = event_classes(CASES)
MAPPER = EventMapper(CASES)
TOPICS = [
    "issue.absorbed", "issue.accepted", "issue.appeal_endorsed", "issue.appeal_granted", "issue.appeal_refused",
    "issue.assigned", "issue.checked", "issue.closed", "issue.consultation_concluded", "issue.consultation_opened",
    "issue.created", "issue.deadline_missed", "issue.deadline_recalculated", "issue.deadline_warned",
    "issue.escalated", "issue.exempted", "issue.exemption_asked", "issue.exemption_refused", "issue.extended",
    "issue.extension_asked", "issue.extension_endorsed", "issue.extension_refused", "issue.filed",
    "issue.handed_over", "issue.merged_into", "issue.moved", "issue.overdue_appealed", "issue.redo_ordered",
    "issue.released", "issue.reopened", "issue.reported", "issue.request_attached", "issue.request_detached",
    "issue.resolved", "issue.resumed", "issue.return_asked", "issue.return_granted", "issue.return_refused",
    "issue.rework_ordered", "issue.sent_down", "issue.solved_on_spot", "issue.stage_clocks_set",
    "issue.supervision_answered", "issue.supervision_closed", "issue.supervision_ordered", "issue.suspended",
    "issue.suspension_asked", "issue.suspension_refused", "issue.unmerged", "issue.voided", "request.answered",
    "request.attached", "request.call_back_came_due", "request.called_back", "request.closed", "request.created",
    "request.detached", "request.diverted", "request.exempted", "request.exemption_asked",
    "request.exemption_refused", "request.fed_back", "request.handed_over", "request.moved", "request.received",
    "request.redo_ordered", "request.requester_contacted",
]  # fmt: skip

moments = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001
    datetime(2199, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, NINE.tzinfo, timezone(-timedelta(hours=3, minutes=30))]),
)
coordinates = st.floats(-180, 180)
FITTING: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(),
    int: st.integers(),
    int | None: st.none() | st.integers(),
    bool: st.booleans(),
    UUID: st.uuids(),
    datetime: moments,
    list[str]: st.lists(st.text(), max_size=3),
    dict[str, str]: st.dictionaries(st.text(), st.text(), max_size=3),
    list[StageClock]: st.lists(
        st.builds(
            StageClock, stage=st.text(), rule=st.text(), limit_amount=st.integers(), limit_unit=st.text(),
            calendar=st.text(), calendar_version=st.text(), provisional=st.booleans(), clock_start=moments, due=moments,
        ),
        max_size=3,
    ),
    str | None: st.none() | st.text(),
    bool | None: st.none() | st.booleans(),
    UUID | None: st.none() | st.uuids(),
    float | None: st.none() | coordinates,
    datetime | None: st.none() | moments,
}  # fmt: skip


def any_event(event_class: Any) -> st.SearchStrategy[Any]:
    hints = get_type_hints(event_class) | {"originator_id": UUID}
    facts = {one.name: FITTING[hints[one.name]] for one in fields(event_class)}
    if "originator_topic" in facts:
        facts["originator_topic"] = st.just(event_class.TOPIC.partition(".")[0])
    return st.builds(event_class, **facts)


def stored(*facts: Fact) -> StoredEvent:
    """The row of the last of these facts."""
    return MAPPER.to_stored_event(event(*facts))


def event(*facts: Fact) -> Any:
    return spec.given(*facts).events[-1]


def with_state(row: StoredEvent, **changes: object) -> StoredEvent:
    return replace(row, state=json.dumps({**json.loads(row.state), **changes}).encode())


def test_topics_are_for_ever() -> None:
    assert sorted(CLASSES) == TOPICS


def test_no_topic_is_used_twice() -> None:
    classes = [
        value
        for aggregate in CASES
        for value in vars(aggregate).values()
        if isinstance(value, type) and issubclass(value, Aggregate.Event) and value is not aggregate.Event
    ]
    assert len(classes) == len({vars(one)["TOPIC"] for one in classes}) == len(CLASSES)


@pytest.mark.parametrize("topic", TOPICS)
@settings(max_examples=25)
@given(data=st.data())
def test_every_event_is_read_back_as_it_was_written(topic: str, data: st.DataObject) -> None:
    written = data.draw(any_event(CLASSES[topic]))
    row = MAPPER.to_stored_event(written)
    assert (row.topic, row.originator_id, row.originator_version) == (
        topic, written.originator_id, written.originator_version,
    )  # fmt: skip
    read = MAPPER.to_domain_event(row)
    assert type(read) is type(written)
    assert read == written
    assert vars(read) == vars(written)
    assert MAPPER.to_stored_event(read) == row


@pytest.mark.parametrize("topic", TOPICS)
def test_every_event_declares_what_it_holds(topic: str) -> None:
    schema = state_adapter(CLASSES[topic]).json_schema()
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) == set(schema["properties"])
    assert {"timestamp", "by", "role", "of_unit", "reason"} <= set(schema["properties"])


def test_a_row_holds_plain_checked_json_without_stream_and_version() -> None:
    assert json.loads(stored(REPORTED, FILED).state) == {
        "timestamp": "2026-03-02T09:00:00+08:00",
        "by": "receiver",
        "role": "receiver",
        "of_unit": "office",
        "reason": "",
        "category": "matter-0601-1",
        "edition": "2026.1",
    }


def test_what_was_read_can_be_replayed() -> None:
    facts = (REPORTED, FILED, ASSIGNED)
    rows = [MAPPER.to_stored_event(one) for one in spec.given(*facts).events]
    assert spec.replayed([MAPPER.to_domain_event(row) for row in rows]) == spec.past(*facts, id=spec.ISSUE)


@pytest.mark.parametrize(
    "wrong",
    [
        assigned(nth="1"),
        assigned(nth=True),
        assigned(nth=1.0),
        assigned(again=1),
        assigned(edition=None),
        assigned(edition=5),
        assigned(copies=("roads",)),
        assigned(copies="roads"),
        assigned(copies=[None]),
        assigned(due="2026-03-04T09:00:00+08:00"),
        assigned(due=NINE.replace(tzinfo=None)),
        assigned(due=None),
        assigned(due=NINE.timestamp()),
        Fact(ASSIGNED.kind, ASSIGNED.facts, NINE.replace(tzinfo=None)),
    ],
    ids=lambda one: "",
)
def test_a_fact_of_another_type_is_not_written(wrong: Fact) -> None:
    with pytest.raises(ValidationError):
        stored(REPORTED, FILED, wrong)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), "121.5", True], ids=str)
def test_what_is_no_number_is_not_written_as_a_coordinate(number: object) -> None:
    with pytest.raises(ValidationError):
        stored(reported(longitude=number))


@pytest.mark.parametrize("subject", ["00000000-0000-4000-8000-000000000001", None], ids=str)
def test_a_subject_that_is_no_uuid_is_not_written(subject: object) -> None:
    with pytest.raises(ValidationError):
        stored(reported(subject=subject))


def test_a_fact_its_class_does_not_declare_is_not_written() -> None:
    odd = event(REPORTED, FILED)
    odd.__dict__["phone"] = "110"
    with pytest.raises(ValidationError):
        MAPPER.to_stored_event(odd)


def test_an_event_that_lacks_a_fact_is_not_written() -> None:
    odd = event(REPORTED, FILED)
    del odd.__dict__["edition"]
    with pytest.raises(ValidationError):
        MAPPER.to_stored_event(odd)


def test_an_event_of_other_aggregates_is_not_written() -> None:
    with pytest.raises(KeyError):
        EventMapper([ResidentRequest]).to_stored_event(event(REPORTED))


@pytest.mark.parametrize("topic", ["issue.erased", "", "domain.grid_issue:GridIssue.Reported", "issue", "os:system"])
def test_an_unknown_topic_is_not_read(topic: str) -> None:
    row = replace(stored(REPORTED), topic=topic)
    with pytest.raises(MapperDeserialisationError, match="v1"):
        MAPPER.to_domain_event(row)


def test_a_topic_of_other_aggregates_is_not_read() -> None:
    with pytest.raises(MapperDeserialisationError):
        EventMapper([ResidentRequest]).to_domain_event(stored(REPORTED))


def test_a_field_its_class_does_not_know_is_no_fact_of_the_event() -> None:
    row = stored(REPORTED, FILED)
    read = MAPPER.to_domain_event(with_state(row, phone="110"))
    assert read == MAPPER.to_domain_event(row)
    assert not hasattr(read, "phone")


@pytest.mark.parametrize("topic", ["request", "", "domain.grid_issue:GridIssue", "antigravity:x"])
def test_a_first_event_names_its_own_aggregate_and_no_other(topic: str) -> None:
    with pytest.raises(MapperDeserialisationError):
        MAPPER.to_domain_event(with_state(stored(REPORTED), originator_topic=topic))


@pytest.mark.parametrize("key", ["originator_id", "originator_version"])
def test_stream_and_version_are_the_rows_and_never_the_states(key: str) -> None:
    with pytest.raises(MapperDeserialisationError):
        MAPPER.to_domain_event(with_state(stored(REPORTED, FILED), **{key: 7}))


def test_a_missing_field_is_not_read() -> None:
    row = stored(REPORTED, FILED)
    state = json.loads(row.state)
    del state["edition"]
    with pytest.raises(MapperDeserialisationError):
        MAPPER.to_domain_event(replace(row, state=json.dumps(state).encode()))


@pytest.mark.parametrize("state", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"by": "x"} {}'], ids=repr)
def test_broken_json_is_not_read(state: bytes) -> None:
    row = stored(REPORTED, FILED)
    with pytest.raises(MapperDeserialisationError) as fault:
        MAPPER.to_domain_event(replace(row, state=state))
    assert str(fault.value) == f"issue.filed {spec.ISSUE} v2"


@pytest.mark.parametrize(
    "change",
    [
        {"due": None},
        {"due": "2026-03-04T09:00:00"},
        {"due": "soon"},
        {"timestamp": 1772413200},
        {"lead": 5},
        {"copies": "roads"},
        {"nth": None},
        {"nth": "3"},
        {"again": "yes"},
    ],
    ids=str,
)
def test_a_fact_of_another_type_is_not_read(change: dict[str, object]) -> None:
    with pytest.raises(MapperDeserialisationError):
        MAPPER.to_domain_event(with_state(stored(REPORTED, FILED, ASSIGNED), **change))


def test_answers_that_were_not_given_are_kept_as_none() -> None:
    row = stored(RECEIVED, called_back(solved=None))
    assert [json.loads(row.state)[name] for name in ("contacted", "solved", "satisfaction")] == [None, None, None]
