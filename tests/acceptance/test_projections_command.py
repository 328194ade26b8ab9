"""`wangge projections`: an operator sees where read models stand, retries, skips, and brings back what was served."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs
from typer.testing import CliRunner

from infrastructure.projections import advancing
from interfaces.cli import house as cli_house
from interfaces.cli.program import app
from interfaces.wiring import House, Settings, open_house
from tests import case_log, town
from tests.projecting import ask
from tests.tampering import tamper

POISON = "SELECT min(position) FROM event WHERE topic = 'issue.filed'"


@pytest.fixture
def url(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A district's log with one poison event, projected and rebuilt."""
    monkeypatch.setattr(advancing, "FIRST_PAUSE_SECONDS", 0.001)
    # It would log to the stream that the runner of commands takes away again.
    monkeypatch.setattr(cli_house, "configure", lambda level: None)
    monkeypatch.setenv("WANGGE_DATABASE_URL", database_url)
    monkeypatch.setenv("WANGGE_DATA_DIR", str(tmp_path))
    case_log.write(database_url, case_log.Telling().events(4))
    tamper(database_url, "UPDATE event SET state = '{}' WHERE position = %s", *ask(database_url, POISON)[0])

    async def project() -> None:
        async with open_house(Settings(database_url=database_url, data_dir=tmp_path)) as house:
            await _project(house)

    with capture_logs():  # written out, each traceback takes longer than the test
        asyncio.run(project())
    return database_url


async def _project(house: House) -> None:
    await house.projector.catch_up()
    await house.projector.rebuild()


def run(*words: str, code: int = 0) -> Any:
    told = CliRunner().invoke(app, ["projections", *words, "--json"])
    assert told.exit_code == code, told.output
    return json.loads(told.stdout)


def test_the_list_shows_generations_and_dead_letters(url: str) -> None:
    told = run("list", "--projection", "board")
    states = [(one["generation"], one["state"]) for one in told["generations"] if one["log_id"] == town.DISTRICT]
    assert states == [(1, "retired"), (2, "active")]
    assert {one["lag_events"] for one in told["generations"]} == {0}
    assert {one["state"] for one in told["letters"]} == {"poison", "waiting"}
    assert CliRunner().invoke(app, ["projections", "list"]).exit_code == 0


def test_what_still_fails_ends_with_1_and_what_is_skipped_lets_the_rest_go_on(url: str) -> None:
    position = str(ask(url, POISON)[0][0])
    assert [one["still_parked"] for one in run("retry", code=1)] == [True, True, True]
    for projection in ("board", "timeline", "facts"):
        assert run("skip", town.DISTRICT, projection, position) == {"skipped": True}
    assert run("retry") == []
    assert run("skip", town.DISTRICT, "board", position, code=1) == {"skipped": False}


def test_what_was_served_comes_back_or_goes(url: str) -> None:
    assert run("rollback", town.DISTRICT, "board") == {"rolled_back": True, "generation": 1}
    assert run("drop")["dropped"] >= 2
    assert run("rollback", town.DISTRICT, "board", code=1) == {"rolled_back": False, "generation": None}


def test_a_stream_that_is_no_case_id_is_refused(url: str) -> None:
    assert CliRunner().invoke(app, ["projections", "retry", "--stream", "x"]).exit_code == 2
