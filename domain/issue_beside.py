"""Events of `GridIssue` that modules beside it record: each tells of what it knows, the issue is given them all."""

from domain import (
    appeal_events,
    clock_events,
    escalations,
    issue_ties,
    moves,
    pausing_events,
    stage_clocks,
    supervision_events,
    timer_events,
)

EVENTS = (
    *issue_ties.EVENTS,
    *clock_events.EVENTS,
    moves.IssueMoved,
    *escalations.EVENTS,
    *pausing_events.EVENTS,
    *appeal_events.EVENTS,
    *stage_clocks.EVENTS,
    *supervision_events.EVENTS,
    *timer_events.ISSUE_EVENTS,
)
"""All of them. What is recorded in a module of its own is added here."""
