"""Export work 导出: one at a time, given up when there is no room, and never left half done without a word."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest

from application.audit.exports import Export, ExportState
from infrastructure.audit import export_work
from infrastructure.audit.export_work import INTERRUPTED, TOO_LARGE, ExportWork
from infrastructure.audit.shelf import ExportShelf
from infrastructure.proof.exporting import Exporter
from interfaces.cli import verifier
from tests.sealed import CITY, LOG, ORIGIN, Town

FIRST, SECOND = "0123456789abcdef", "fedcba9876543210"


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Town:
    """A thousand events, sealed."""
    town = Town(database_url, tmp_path)
    town.write(1_000)
    assert town.seal() is None
    return town


@pytest.fixture
def shelf(town: Town, tmp_path: Path) -> ExportShelf:
    return ExportShelf(
        tmp_path / "exports", lambda log: [str(key.named(f"{ORIGIN}/{log}")) for key in town.ring.all_keys()]
    )


def work(town: Town, shelf: ExportShelf) -> ExportWork:
    exporter = Exporter(town.url, town.ring, town.files, ORIGIN, lambda _topic, _version: None)
    return ExportWork(shelf, town.sealer(), exporter, town.files, Path(verifier.__file__), town.clock)


def asked(town: Town, id: str = FIRST, state: ExportState = ExportState.WAITING) -> Export:
    return Export(
        id=id, log=LOG, case=None, first=None, last=None, place=LOG, asked_by="auditor", asked_at=town.clock(),
        reason="核对", state=state, total=1_000,
    )  # fmt: skip


def look(town: Town, shelf: ExportShelf) -> list[Export]:
    asyncio.run(work(town, shelf).look())
    return list(shelf.every())


def test_what_waits_is_written_verified_and_packed_into_one_file(town: Town, shelf: ExportShelf) -> None:
    shelf.put(asked(town))
    (done,) = look(town, shelf)
    assert done.verified
    assert (done.state, done.verified.holds, done.verified.events) == (ExportState.DONE, True, 1_000)
    place = shelf.place(FIRST)
    assert sorted(one.name for one in place.iterdir()) == ["bundle.zip", "export.json"]
    assert done.size == shelf.file(FIRST).stat().st_size
    with ZipFile(shelf.file(FIRST)) as packed:
        assert {"manifest.json", "events.ndjson", "keys.txt"} <= {Path(name).name for name in packed.namelist()}
    shelf.remove(FIRST)
    assert (shelf.every(), place.exists()) == ([], False)


def test_a_log_cut_short_is_named_by_the_published_heads_though_the_database_has_forgotten_them(
    town: Town, shelf: ExportShelf
) -> None:
    town.write(100)
    town.seal()
    for table in ("event", "checkpoint"):
        column = {"event": "position", "checkpoint": "size"}[table]
        town.ask(f"DELETE FROM {table} WHERE log_id = '{LOG}' AND {column} > 1000")  # noqa: S608 - two known tables
    shelf.put(asked(town))
    (done,) = look(town, shelf)
    assert done.verified
    assert (done.verified.holds, done.verified.first_bad) == (False, 1_001)


def test_what_another_left_half_done_is_said_to_be_and_what_another_does_is_left_alone(
    town: Town, shelf: ExportShelf
) -> None:
    shelf.put(asked(town, state=ExportState.WRITING))
    (shelf.place(FIRST) / ".half").mkdir()
    with shelf.alone() as ours:
        assert ours
        (left,) = look(town, shelf)
        assert left.state is ExportState.WRITING
    (failed,) = look(town, shelf)
    assert (failed.state, failed.failure) == (ExportState.FAILED, INTERRUPTED)
    assert [one.name for one in shelf.place(FIRST).iterdir()] == ["export.json"]


def test_what_finds_no_room_and_what_is_not_there_fail_with_a_reason(
    town: Town, shelf: ExportShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_work, "MOST_BYTES", 10)
    shelf.put(asked(town))
    (failed,) = look(town, shelf)
    assert (failed.state, failed.failure) == (ExportState.FAILED, TOO_LARGE)
    never = asked(town, SECOND)
    shelf.put(Export(**{**vars(never), "log": CITY, "asked_at": never.asked_at + timedelta(seconds=1)}))
    newest, _ = look(town, shelf)
    assert newest.state is ExportState.FAILED
    assert "尚未封存" in newest.failure
