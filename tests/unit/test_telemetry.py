"""Logs: JSON lines an operator can use, in which no resident can be found."""

import json
import logging
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
import structlog
from prometheus_client import REGISTRY
from psycopg.errors import UniqueViolation

from domain.refusals import Refused
from infrastructure import telemetry

CASE = UUID("15078500-0000-8000-8000-000000000001")
PHONE = "13900000000"
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    stream = StringIO()
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    telemetry.configure("INFO", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    logging.captureWarnings(capture=False)
    logging.getLogger("uvicorn.access").disabled = False
    root.handlers[:] = before
    root.setLevel(logging.WARNING)


def test_a_line_is_an_event_with_its_facts_and_what_was_bound(lines: Lines) -> None:
    structlog.contextvars.bind_contextvars(request="r-1")
    structlog.get_logger().info("case_read", case=CASE, position=7, day=date(2026, 3, 1))
    [line] = lines()
    recorded = datetime.fromisoformat(line.pop("timestamp"))
    assert abs(datetime.now(UTC) - recorded) < timedelta(minutes=1)
    assert line == {
        "event": "case_read",
        "level": "info",
        "request": "r-1",
        "case": str(CASE),
        "position": 7,
        "day": "2026-03-01",
    }


@pytest.mark.parametrize("key", sorted(telemetry.PERSONAL))
def test_a_personal_key_never_reaches_the_log(lines: Lines, key: str) -> None:
    structlog.get_logger().info("x", **{key: PHONE, f"requester_{key}": PHONE, key.upper(): PHONE})
    structlog.get_logger().info("x", facts={"case": 1, key: PHONE}, rows=[{key: PHONE}])
    assert PHONE not in json.dumps(lines())
    assert lines()[1]["facts"] == {"case": 1}


def test_an_object_is_shown_by_its_type_only(lines: Lines) -> None:
    structlog.get_logger().info("x", refusal=Refused(caller=PHONE), request=object())
    [line] = lines()
    assert (line["refusal"], line["request"]) == ("Refused", "object")


def test_an_exception_is_shown_by_type_and_place_and_cause_but_not_by_text(lines: Lines) -> None:
    try:
        try:
            int(PHONE + "x")
        except ValueError as error:
            raise LookupError(f"no {PHONE}") from error
    except LookupError:
        structlog.get_logger().exception("command_failed")
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n %s", PHONE)
    ours, theirs = lines()
    assert PHONE not in json.dumps([ours, theirs])
    assert [link["type"] for link in ours["exception"]] == ["LookupError", "ValueError"]
    assert ours["exception"] == theirs["exception"]
    assert "test_telemetry.py:" in ours["exception"][0]["at"][-1]
    assert theirs["event"] == "Exception in ASGI application"


def test_an_exception_of_the_database_keeps_its_sql_state(lines: Lines) -> None:
    structlog.get_logger().error("x", exc_info=UniqueViolation(f"Key (login)=({PHONE})"))
    [line] = lines()
    assert line["exception"] == [{"type": "UniqueViolation", "at": [], "sqlstate": "23505"}]


def test_what_libraries_log_comes_as_json_too(lines: Lines) -> None:
    logging.getLogger("yoyo.migrations").warning("Applying %s", "0001_accounts")
    logging.getLogger("uvicorn.error").info("Started server process [%d]", 1)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("mind this", UserWarning, stacklevel=1)
    assert [(line["logger"], line["level"]) for line in lines()] == [
        ("yoyo.migrations", "warning"),
        ("uvicorn.error", "info"),
        ("py.warnings", "warning"),
    ]


def test_paths_and_query_strings_of_requests_are_not_logged(lines: Lines) -> None:
    logging.getLogger("uvicorn.access").info('%s - "%s"', "127.0.0.1", f"GET /?phone={PHONE}")
    logging.getLogger("psycopg").debug("anything")
    assert lines() == []


def test_figures_are_found_under_the_names_dashboards_use() -> None:
    telemetry.LOG_POSITION.labels("150785").set(7)
    telemetry.PROJECTION_LAG.labels("150785", "board").set(3)
    assert REGISTRY.get_sample_value("wangge_log_position", {"log": "150785"}) == 7
    lag = REGISTRY.get_sample_value("wangge_projection_lag_events", {"log": "150785", "projection": "board"})
    assert lag == 3
