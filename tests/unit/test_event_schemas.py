"""Golden files: a stored form once written down stays readable, and none changes without a new version."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import StoredEvent

from infrastructure.event_form import unknown_fields
from infrastructure.event_mapper import Encoded, EventMapper, event_classes, schema_version
from infrastructure.upcasters import UPCASTERS
from interfaces.wiring import AGGREGATES
from tests.stored import golden
from tests.stored.golden import EVENTS, RECORDABLE, SCHEMAS

MAPPER = EventMapper(AGGREGATES)
ROWS = sorted(path.name for path in EVENTS.glob("*.json"))


class Bench(Aggregate):
    """公园座椅: small enough to be changed in every way an event can be."""

    TOPIC = "bench"

    class Event(Aggregate.Event):
        """Base."""

    class Created(Event, Aggregate.Created):
        TOPIC = "bench.created"

    class Placed(Created):
        TOPIC = "bench.placed"
        park: str

    class Painted(Event):
        TOPIC = "bench.painted"
        VERSION = 2
        colour: str
        coats: int

    def __init__(self, *, park: str) -> None:
        self.park = park


BENCH = golden.recordable(event_classes([Bench]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Golden schemas of the bench: `bench.painted` has had two forms."""
    golden.write_missing(BENCH, tmp_path)
    (tmp_path / "bench.painted.v1.json").write_text('{"required": ["colour"]}', encoding="utf-8")
    return tmp_path


def changed(file: Path, **schema: object) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text(encoding="utf-8")), **schema}), encoding="utf-8")


# --- schemas ------------------------------------------------------------------------------------


def test_every_event_has_its_golden_schemas() -> None:
    assert golden.schema_faults(RECORDABLE) == []


def test_golden_schemas_of_a_small_aggregate_are_written_and_hold(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {
        "bench.painted.v1.json",
        "bench.painted.v2.json",
        "bench.placed.v1.json",
    }
    assert golden.schema_faults(BENCH, folder) == []


def test_a_form_changed_without_a_new_version_is_found(folder: Path) -> None:
    properties = {"timestamp": {"type": "string", "format": "date-time"}, "colour": {"type": "string"}}
    changed(folder / "bench.painted.v2.json", properties=properties, required=["colour", "timestamp"])
    (fault,) = golden.schema_faults(BENCH, folder)
    assert fault.startswith("bench.painted: its stored form is no longer what bench.painted.v2.json says")
    assert "VERSION = 3 on Painted" in fault
    assert "('bench.painted', 2)" in fault
    assert "docs/event-versions.md" in fault


def test_a_first_form_changed_without_a_version_is_found(folder: Path) -> None:
    changed(folder / "bench.placed.v1.json", required=["park"])
    (fault,) = golden.schema_faults(BENCH, folder)
    assert "VERSION = 2 on Placed" in fault


def test_fields_in_another_order_are_no_change(folder: Path) -> None:
    file = folder / "bench.painted.v2.json"
    properties = json.loads(file.read_text(encoding="utf-8"))["properties"]
    changed(file, properties=dict(reversed(properties.items())))
    assert golden.schema_faults(BENCH, folder) == []


def test_an_event_that_is_gone_is_found(folder: Path) -> None:
    kept = {topic: kind for topic, kind in BENCH.items() if topic != "bench.placed"}
    (fault,) = golden.schema_faults(kept, folder)
    assert "bench.placed.v1.json: no event has this topic and version" in fault


def test_a_version_taken_back_is_found(folder: Path) -> None:
    (folder / "bench.placed.v2.json").write_text("{}", encoding="utf-8")
    (fault,) = golden.schema_faults(BENCH, folder)
    assert "bench.placed.v2.json: no event has this topic and version" in fault


@pytest.mark.parametrize("name", ["bench.placed.v1.json", "bench.painted.v1.json", "bench.painted.v2.json"])
def test_a_version_without_a_golden_file_is_found(folder: Path, name: str) -> None:
    (folder / name).unlink()
    (fault,) = golden.schema_faults(BENCH, folder)
    assert f"{name}: missing" in fault


def test_what_is_written_down_is_not_written_again(folder: Path) -> None:
    changed(folder / "bench.placed.v1.json", required=["park"])
    before = (folder / "bench.placed.v1.json").read_text(encoding="utf-8")
    assert golden.write_missing(BENCH, folder) == []
    assert (folder / "bench.placed.v1.json").read_text(encoding="utf-8") == before


def test_a_form_that_is_no_longer_written_is_not_made_up(folder: Path) -> None:
    (folder / "bench.painted.v1.json").unlink()
    assert golden.write_missing(BENCH, folder) == []


def test_the_command_says_that_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert golden.main([]) == 0
    assert capsys.readouterr().out == ""


def test_what_is_only_derived_from_is_never_recorded() -> None:
    assert set(event_classes(AGGREGATES)) - set(RECORDABLE) == {f"{kind.TOPIC}.created" for kind in AGGREGATES}


def test_every_upcaster_leads_to_a_version_there_is() -> None:
    assert [
        (topic, version)
        for topic, version in UPCASTERS
        if topic not in RECORDABLE or version not in range(1, schema_version(RECORDABLE[topic]))
    ] == []


# --- stored rows --------------------------------------------------------------------------------


def stored_row(name: str) -> tuple[Encoded, UUID, int]:
    row = json.loads((EVENTS / name).read_text(encoding="utf-8"))
    state = json.dumps(row["state"], ensure_ascii=False).encode()
    return (
        Encoded(row["topic"], row["schema_version"], state), UUID(row["originator_id"]), row["originator_version"],
    )  # fmt: skip


def test_every_version_of_every_event_has_a_stored_row() -> None:
    assert golden.file_faults(RECORDABLE, EVENTS) == []


@pytest.mark.parametrize("name", ROWS)
def test_a_stored_row_has_the_fields_its_golden_schema_names(name: str) -> None:
    encoded, _, _ = stored_row(name)
    assert name == f"{encoded.topic}.v{encoded.schema_version}.json"
    schema = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    assert sorted(json.loads(encoded.state)) == schema["required"] == sorted(schema["properties"])


@pytest.mark.parametrize("name", ROWS)
def test_a_stored_row_is_read_and_says_the_same_when_written_again(name: str) -> None:
    encoded, stream, version = stored_row(name)
    event: Any = MAPPER.decode(encoded, stream, version)
    assert type(event) is RECORDABLE[encoded.topic]
    assert (event.originator_id, event.originator_version) == (stream, version)
    assert unknown_fields(event) == {}
    again = MAPPER.encode(event)
    assert MAPPER.decode(again, stream, version) == event
    if encoded.schema_version == schema_version(type(event)):
        assert json.loads(again.state) == json.loads(encoded.state)


@pytest.mark.parametrize("name", ROWS)
def test_a_stored_row_is_read_by_the_librarys_own_way_too(name: str) -> None:
    encoded, stream, version = stored_row(name)
    mark = b'{"$version":%d,' % encoded.schema_version if encoded.schema_version > 1 else b"{"
    row = StoredEvent(stream, version, encoded.topic, mark + encoded.state[1:])
    assert MAPPER.to_domain_event(row) == MAPPER.decode(encoded, stream, version)


@pytest.mark.parametrize("name", ROWS)
def test_a_first_event_folds_onto_its_aggregate(name: str) -> None:
    encoded, stream, version = stored_row(name)
    event: Any = MAPPER.decode(encoded, stream, version)
    first = isinstance(event, Aggregate.Created)
    assert first == (version == 1)
    if first:
        aggregate = event.mutate(None)
        assert encoded.topic.partition(".")[0] == aggregate.TOPIC
        assert (aggregate.id, aggregate.version, aggregate.created_on) == (stream, 1, event.timestamp)
