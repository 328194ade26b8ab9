"""Timing: what the board keeps of an issue's clocks beside their columns, and when something is to fire next.

Followed event by event, as the issue itself follows them, so that clocks are shown and timers found without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog

from domain.assignment import Assignment
from domain.case_clocks import CalendarOf
from domain.grid_issue import GridIssue
from domain.issue_events import ClockEvent
from domain.limit import Limit
from domain.limit_stages import LimitStage
from domain.pauses import Pause
from domain.stage_times import StageClock, StageTimes
from domain.stages import IssueStage
from domain.timers import MISSED, USUAL, Fired, Timers, WarningPolicy, still_to_fire
from domain.waiting_stages import own_clocks
from infrastructure.event_mapper import event_classes
from infrastructure.projections import stage_clock_rules
from infrastructure.projections.folding import Row, Rule
from infrastructure.projections.read_model import Facts

logger = structlog.get_logger(__name__)
FRESH: Row = {"timing": None, "fires_at": None}
SETTING = frozenset(topic for topic, kind in event_classes((GridIssue,)).items() if issubclass(kind, ClockEvent))
"""Topics that set the lead's clock."""
_ENDS = {
    LimitStage.DISPATCH: "assigned_at", LimitStage.ACCEPT: "accepted_at", LimitStage.CHECK: "checked_at",
    LimitStage.CONTACT: "contact", LimitStage.FEEDBACK: "feedback", LimitStage.CALL_BACK: "call_back",
}  # fmt: skip
"""The columns that tell when a stage was over; those of requests are only asked for when clocks are shown."""


@dataclass(frozen=True)
class Clocked:
    """As much of an issue as its clocks are read from."""

    stage: IssueStage
    assignment: Assignment | None
    case_clock: Assignment | None
    stage_times: StageTimes


def _set(row: Row, before: Row, facts: Facts, topic: str) -> None:
    timing = row["timing"] or stage_clock_rules.NOTHING_YET
    at = _instant(facts.get("runs_from") or facts["timestamp"])
    # One that is measured anew while it stands goes on standing.
    went_on = before["stopped_at"] and not row["stopped_at"]
    stood = [[_text(min(_instant(before["stopped_at"]), at)), _text(at)]] if went_on else []
    anew = topic == "issue.redo_ordered"
    known = before["lead"] == facts["lead"] and before["clock_start"] is not None and not anew
    same = known and _instant(before["clock_start"]) == _instant(facts["clock_start"])
    case = timing["case"] or {
        "amount": facts["limit_amount"], "unit": facts["limit_unit"], "start": _text(_instant(facts["clock_start"])),
        "pauses": [], "provisional": facts["provisional"], "added": 0,
    }  # fmt: skip
    if topic == "issue.resumed":
        case = {**case, "pauses": case["pauses"] + stood}
    if facts.get("case_added") and case["unit"] == facts["limit_unit"]:
        case = {**case, "added": case["added"] + facts["case_added"]}
    row["timing"] = {
        **timing,
        "case": case,
        "pauses": timing["pauses"] + stood if same else [],
        "added": (timing["added"] if same else 0) + facts.get("added", 0),
    }


def follow(topic: str, rule: Rule) -> Rule:
    """The board's `rule` for a topic that sets the lead's clock, with what the clock came through kept."""

    def both(row: Row, facts: Facts) -> None:
        before = {"lead": row["lead"], "clock_start": row["clock_start"], "stopped_at": _stood_since(row)}
        rule(row, facts)
        _set(row, before, facts, topic)

    return both


def _fired(row: Row, facts: Facts) -> None:
    if row["timing"] is None:
        return
    one = Fired(
        facts["clock"], _instant(facts["clock_start"]), facts["added"], _instant(facts["due"]),
        facts.get("percent", MISSED), _instant(facts["reached_at"]),
    )  # fmt: skip
    kept = Timers(_known(row["timing"])).with_fired(one, 1).fired
    row["timing"] = {**row["timing"], "fired": [_stored(one) for one in kept]}


RULES: dict[str, Rule] = {"issue.deadline_warned": _fired, "issue.deadline_missed": _fired}


def with_timing(rules: Mapping[str, Rule]) -> dict[str, Rule]:
    """The board's rules, clocks followed."""
    return {**{topic: follow(topic, rule) if topic in SETTING else rule for topic, rule in rules.items()}, **RULES}


def look_ahead(rows: Iterable[Row], calendar_of: CalendarOf, policy: WarningPolicy = USUAL) -> None:
    """Set when something is to fire next on each of `rows`."""
    for row in rows:
        row["fires_at"] = row["suspended_until"]
        if row["suspended_until"] is None and row["timing"] is not None:
            row["fires_at"] = _next(row, calendar_of, policy)


def _next(row: Row, calendar_of: CalendarOf, policy: WarningPolicy) -> str | None:
    try:
        waiting = still_to_fire(own_clocks(clocked(row), calendar_of), _known(row["timing"]), policy)
    except ValueError:
        # No reason to keep the case off the board: whoever fires timers finds it when it is due, and reports it.
        logger.exception("clock_not_read", case=row["id"])
        return str(row["due"])
    return _text(waiting[0].at) if waiting else None


def clocked(row: Mapping[str, Any]) -> Clocked:
    """The clocks of a row that has some, as the issue has them. Instants may be text."""
    timing, case, stage, times = row["timing"], row["timing"]["case"], IssueStage(row["stage"]), _stage_times(row)
    if case is None:
        return Clocked(stage, None, None, times)
    lead = Assignment(
        row["lead"], (), (), Limit.of(row["limit_amount"], row["limit_unit"]), row["calendar"],
        row["calendar_version"], row["provisional"], "", _instant(row["clock_start"]), _instant(row["due"]),
        _instant(row["case_due"]), _stopped(row), _pauses(timing["pauses"]), timing["added"],
    )  # fmt: skip
    first = Assignment(
        row["lead"], (), (), Limit.of(case["amount"], case["unit"]), row["case_calendar"], row["case_calendar_version"],
        case["provisional"], "", _instant(case["start"]), lead.due, lead.case_due, None, _pauses(case["pauses"]),
        case["added"],
    )  # fmt: skip
    return Clocked(stage, lead, first, times)


def _stage_times(row: Mapping[str, Any]) -> StageTimes:
    clocks = {
        stage: StageClock(**clock | {name: _instant(clock[name]) for name in ("clock_start", "due")})
        for stage, clock in row["timing"]["stages"].items()
    }
    ends = {stage.value: _instant(row[column]) for stage, column in _ENDS.items() if row.get(column)}
    return StageTimes(row["urgency"], None, clocks, ends)


def _stopped(row: Mapping[str, Any]) -> datetime | None:
    stopped = _stood_since(row)
    return stopped and _instant(stopped)


def _stood_since(row: Mapping[str, Any]) -> Any:
    return row["stopped_at"] or (row["resolved_at"] if row["assigned_at"] else None)


def _pauses(pairs: Iterable[tuple[str, str]]) -> tuple[Pause, ...]:
    return tuple(Pause(_instant(start), _instant(end)) for start, end in pairs)


def _known(timing: Mapping[str, Any]) -> tuple[Fired, ...]:
    return tuple(
        Fired(clock, _instant(start), added, _instant(due), percent, _instant(at))
        for clock, start, added, due, percent, at in timing["fired"]
    )


def _stored(one: Fired) -> list[Any]:
    return [one.clock, _text(one.start), one.added, _text(one.due), one.percent, _text(one.at)]


def _text(instant: datetime) -> str:
    """The same text for the same instant, wherever it was read."""
    return instant.astimezone(UTC).isoformat()


def _instant(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
