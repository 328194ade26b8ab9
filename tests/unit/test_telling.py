"""Telling: facts as they were stored, brought to today's schema; a newer one is not guessed at."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from infrastructure.projections.read_model import Happened, UnknownEvent
from infrastructure.projections.telling import VERSIONS, telling

NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)


def _renamed(state: dict[str, Any]) -> dict[str, Any]:
    return {**state, "grid": state["cell"]}


def event(schema_version: int, state: bytes) -> Happened:
    return Happened(1, "a stream", 1, "issue.reported", schema_version, state, NOON)


NEWEST = VERSIONS["issue.reported"]


def test_facts_of_today_are_told_as_they_stand() -> None:
    assert telling(VERSIONS)(event(NEWEST, b'{"grid":"1","beyond":2}')) == {
        "grid": "1",
        "beyond": 2,
    }


def test_older_facts_are_led_to_the_schema_of_today() -> None:
    tell = telling({"issue.reported": 2}, {("issue.reported", 1): _renamed})
    assert tell(event(1, b'{"cell":"1"}'))["grid"] == "1"
    assert tell(event(2, b'{"grid":"2"}')) == {"grid": "2"}


def test_a_newer_schema_is_not_guessed_at() -> None:
    with pytest.raises(UnknownEvent):
        telling(VERSIONS)(event(NEWEST + 1, b"{}"))
