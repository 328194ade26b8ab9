"""The read models: each says what one recorded event does to its tables, as named queries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg.types.json import Jsonb

from application.ports import Recorded
from domain.grid_issue import GridIssue
from domain.resident_request import ResidentRequest
from infrastructure import sql
from infrastructure.event_mapper import event_classes, state_adapter

BOARD = sql.load("board.sql")
TIMELINE = sql.load("timeline.sql")
CASE_TOPICS = frozenset(event_classes((GridIssue, ResidentRequest)))
"""What boards and timelines tell of. Events of the registry are no case's and pass by on purpose."""

Statement = tuple[LiteralString, dict[str, object]]
_SIGNATURE = ("timestamp", "by", "role", "of_unit", "reason", "originator_topic")


@dataclass(frozen=True)
class Projection:
    """A read model: its name, how to empty it for one log, and what an event does to it."""

    name: str
    empty: tuple[LiteralString, ...]
    statements: Callable[[str, Recorded], list[Statement]]


def _board(log_id: str, recorded: Recorded) -> list[Statement]:
    """案件台账: the query is named after the topic, its parameters after the event's facts."""
    topic = _topic(recorded)
    if topic not in CASE_TOPICS:
        return []
    return [(BOARD[topic.replace(".", "_")], vars(recorded.event) | _key(log_id, recorded))]


def _timeline(log_id: str, recorded: Recorded) -> list[Statement]:
    """时间线: one row an event, exactly as it was recorded."""
    topic = _topic(recorded)
    if topic not in CASE_TOPICS:
        return []
    facts: dict[str, Any] = vars(recorded.event)
    state = {name: value for name, value in facts.items() if not name.startswith("originator_")}
    stored = state_adapter(type(recorded.event)).dump_python(state, mode="json")
    own = {name: value for name, value in stored.items() if name not in _SIGNATURE}
    beside = {"topic": topic, "recorded_at": recorded.recorded_at, "facts": Jsonb(own)}
    return [(TIMELINE["keep"], facts | _key(log_id, recorded) | beside)]


def _topic(recorded: Recorded) -> str:
    return str(type(recorded.event).TOPIC)  # type: ignore[attr-defined]


def _key(log_id: str, recorded: Recorded) -> dict[str, object]:
    event = recorded.event
    return {
        "log_id": log_id,
        "position": recorded.position,
        "id": event.originator_id,
        "version": event.originator_version,
        "at": event.timestamp,
    }


PROJECTIONS = (
    Projection("board", (BOARD["empty_issues"], BOARD["empty_requests"]), _board),
    Projection("timeline", (TIMELINE["empty"],), _timeline),
)
