"""Limits as facts: one row a limit that falls due. Set anew it takes another's place; a miss stays a miss."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from domain import clock_events, issue_ties, moves, pausing_events, stage_clocks
from domain.grid_issue import GridIssue
from domain.resident_request import ResidentRequest
from domain.stage_times import StageClock
from tests.cases import (
    ACCEPTED,
    ASSIGNED,
    ATTACHED,
    CALLED_BACK,
    CLOSED,
    CONTACTED,
    DUE,
    FAILED,
    FED_BACK,
    FILED,
    MERGED,
    PASSED,
    RECEIVED,
    REPORTED,
    RESOLVED,
    RETURN_ASKED,
    RETURN_GRANTED,
    SOLVED,
    SUSPENDED,
    TO_ACCEPTED,
    VOIDED,
    assigned,
    attached_request,
    clock,
)
from tests.fact_sheets import Row, of_clock
from tests.spec import (
    DAY,
    DISPATCHER,
    GRID,
    HANDLER,
    HOUR,
    ISSUE,
    NINE,
    OTHER_ISSUE,
    RECEIVER,
    REQUEST,
    ROADS,
    VERIFIER,
    WATER,
    Fact,
    fact,
)

LATE = DUE + HOUR
NEW_DUE = DUE + 3 * DAY
ELSEWHERE = GRID[:-1] + "2"
TO_ASSIGNED = (REPORTED, FILED, ASSIGNED)


def told(name: str, *facts: Fact | tuple[Any, Fact]) -> list[Row]:
    steps = [one if isinstance(one, tuple) else (ISSUE, one) for one in facts]
    return of_clock(name, *steps)


def stands(rows: list[Row]) -> list[tuple[datetime, datetime | None, bool]]:
    """When each is due, when it was met, whether it still counts."""
    return [(row["at"], row["done_at"], row["known_to"] is None) for row in rows]


def at(one: Fact, when: datetime) -> Fact:
    return replace(one, at=when)


def resolved(when: datetime) -> Fact:
    return fact(
        GridIssue.Resolved, HANDLER, at=when, measure="修复", evidence=[], level="street", overdue=when > DUE
    )  # fmt: skip


def refused(due: datetime, when: datetime = NINE + HOUR) -> Fact:
    facts = {**clock(due=due), "lead": ROADS, "back_to": "assigned"}
    return fact(GridIssue.ReturnRefused, DISPATCHER, at=when, **facts)


def resumed(due: datetime, case_due: datetime) -> Fact:
    facts = {**clock(due=due, case_due=case_due), "lead": ROADS, "until": NINE + DAY, "runs_from": NINE + DAY}
    return fact(pausing_events.Resumed, DISPATCHER, at=NINE + DAY, **facts)


def extended(due: datetime, when: datetime = NINE + HOUR) -> Fact:
    facts = {**clock(due=due, case_due=due), "lead": ROADS, "nth": 1, "added": 3, "case_added": 3}
    return fact(pausing_events.Extended, DISPATCHER, at=when, **facts)


def recalculated(due: datetime) -> Fact:
    facts = {
        **clock(due=due, case_due=due), "lead": ROADS, "calendar_version_before": "1", "due_before": DUE,
        "case_due_before": DUE, "case_calendar": "office", "case_calendar_version": "2", "case_provisional": False,
    }  # fmt: skip
    return fact(clock_events.DeadlineRecalculated, DISPATCHER, at=NINE + HOUR, **facts)


def again(kind: Any, due: datetime, when: datetime, **facts: Any) -> Fact:
    return fact(kind, VERIFIER, at=when, lead=ROADS, round=2, **facts, **clock(start=when, due=due))


def stage_clock(stage: str, due: datetime = DUE, start: datetime = NINE, when: datetime = NINE) -> Fact:
    one = StageClock(stage, "1", 2, "work_hour", "office", "1", False, start, due)
    return fact(stage_clocks.StageClocksSet, DISPATCHER, at=when, lead=ROADS, rules="1", clocks=[one])


def moved(when: datetime) -> Fact:
    return fact(
        moves.IssueMoved, DISPATCHER, at=when, from_grid=GRID, from_edition=1, grid=ELSEWHERE, grid_edition=1,
        cause="retired",
    )  # fmt: skip


def test_a_limit_waits_from_the_assignment_and_is_met_by_the_resolution() -> None:
    assert stands(told("handle", *TO_ASSIGNED)) == [(DUE, None, True)]
    (met,) = told("handle", *TO_ACCEPTED, resolved(NINE + HOUR))
    assert (met["done_at"], met["done_in"], met["seconds"], met["unit"]) == (NINE + HOUR, 5, 3600, ROADS)


def test_a_case_is_closed_on_time_when_it_was_resolved_so_and_only_once_it_is_closed() -> None:
    steps = (*TO_ACCEPTED, resolved(NINE + HOUR), PASSED)
    assert stands(told("close", *steps)) == [(DUE, None, True)]
    (met,) = told("close", *steps, at(CLOSED, LATE))
    assert (met["done_at"], met["done_in"], met["known_to"]) == (NINE + HOUR, 7, None)


@pytest.mark.parametrize(
    ("steps", "handle", "close"),
    [
        ((at(RETURN_ASKED, NINE), refused(NEW_DUE)), [DUE, NEW_DUE], [DUE]),
        ((at(SUSPENDED, NINE), resumed(NEW_DUE, NEW_DUE)), [DUE, NEW_DUE], [DUE, NEW_DUE]),
        ((extended(NEW_DUE),), [DUE, NEW_DUE], [DUE, NEW_DUE]),
        ((extended(NEW_DUE, LATE),), [DUE, NEW_DUE], [DUE, NEW_DUE]),
        ((recalculated(NEW_DUE),), [DUE, NEW_DUE], [DUE, NEW_DUE]),
        ((recalculated(DUE),), [DUE], [DUE]),
    ],
)
def test_a_limit_set_anew_takes_the_place_of_what_it_was(steps: Any, handle: list[Any], close: list[Any]) -> None:
    for name, wanted in (("handle", handle), ("close", close)):
        rows = told(name, *TO_ACCEPTED, *steps)
        assert [row["at"] for row in rows] == wanted
        assert [row["known_to"] is None for row in rows] == [False] * (len(rows) - 1) + [True]


@pytest.mark.parametrize(
    ("stop", "stopped"),
    [
        (RETURN_ASKED, {"handle", "accept", "contact"}),
        (SUSPENDED, {"handle", "accept", "contact", "close"}),
        (MERGED, {"handle", "accept", "contact", "close", "dispatch"}),
    ],
)
def test_what_stands_has_no_limit_that_falls_due(stop: Fact, stopped: set[str]) -> None:
    steps = (REPORTED, FILED, ASSIGNED, *map(stage_clock, ("accept", "contact", "dispatch")))
    for name in ("handle", "accept", "contact", "close", "dispatch"):
        assert stands(told(name, *steps, at(stop, DUE))) == [(DUE, None, name not in stopped)]
        assert stands(told(name, *steps, at(stop, LATE))) == [(DUE, None, True)], "what fell due before is missed"


def test_a_voided_case_owes_nothing() -> None:
    assert stands(told("dispatch", REPORTED, stage_clock("dispatch"), VOIDED)) == [(DUE, None, False)]


def test_an_overdue_limit_that_stood_goes_on_being_missed_as_one() -> None:
    rows = told("handle", *TO_ACCEPTED, at(RETURN_ASKED, LATE), refused(DUE, LATE + HOUR))
    assert stands(rows) == [(DUE, None, True)]


def test_another_lead_has_a_limit_of_its_own_and_the_first_keeps_its_miss() -> None:
    returned = (*TO_ASSIGNED, at(RETURN_ASKED, LATE), at(RETURN_GRANTED, LATE))
    to_another = assigned(WATER, at=LATE, nth=2, **clock(start=LATE, due=NEW_DUE, case_due=DUE))
    rows = told("handle", *returned, to_another)
    assert [(row["at"], row["unit"], row["known_to"]) for row in rows] == [(DUE, ROADS, None), (NEW_DUE, WATER, None)]
    assert [(row["at"], row["unit"]) for row in told("close", *returned, to_another)] == [(DUE, ROADS)]


def test_a_case_limit_still_to_come_is_of_who_leads_then_from_the_start_it_had() -> None:
    returned = (*TO_ASSIGNED, RETURN_ASKED, RETURN_GRANTED)
    to_another = assigned(WATER, at=NINE + HOUR, nth=2, **clock(start=NINE + HOUR, due=NEW_DUE))
    steps = (*returned, to_another, at(ACCEPTED, NINE + HOUR), resolved(NINE + 2 * HOUR), PASSED, CLOSED)
    first, second = told("close", *steps)
    assert (first["unit"], first["known_to"]) == (ROADS, 6)
    assert (second["unit"], second["at"], second["seconds"]) == (WATER, DUE, 7200)


@pytest.mark.parametrize(
    ("done", "kind", "facts", "wanted"),
    [
        (NINE + HOUR, GridIssue.ReworkOrdered, {}, [(DUE, NINE + HOUR, False), (NEW_DUE, None, True)]),
        (NINE + HOUR, GridIssue.RedoOrdered, {"request": REQUEST}, [(DUE, NINE + HOUR, False), (NEW_DUE, None, True)]),
        (LATE, GridIssue.RedoOrdered, {"request": REQUEST}, [(DUE, LATE, True), (NEW_DUE, None, True)]),
    ],
)
def test_going_round_again_begins_a_limit_and_a_miss_stays_a_miss(
    done: datetime, kind: Any, facts: Any, wanted: Any
) -> None:
    steps = (*TO_ACCEPTED, resolved(done), FAILED, again(kind, NEW_DUE, LATE + HOUR, **facts))
    assert stands(told("handle", *steps)) == wanted


def test_a_late_resolution_that_failed_its_check_is_one_miss() -> None:
    steps = (*TO_ACCEPTED, resolved(LATE), FAILED, again(GridIssue.ReworkOrdered, DUE, LATE + HOUR))
    assert stands(told("handle", *steps)) == [(DUE, LATE, True)]


def test_a_redo_has_its_own_time_until_the_case_is_closed_unless_that_was_missed() -> None:
    order = again(GridIssue.RedoOrdered, NEW_DUE, DUE, request=REQUEST)
    in_time = (*TO_ACCEPTED, resolved(NINE + HOUR), PASSED, CLOSED, order)
    assert stands(told("close", *in_time)) == [(DUE, NINE + HOUR, False), (NEW_DUE, None, True)]
    not_closed = (*TO_ACCEPTED, resolved(NINE + HOUR), PASSED, at(order, LATE))
    assert stands(told("close", *not_closed)) == [(DUE, None, False), (NEW_DUE, None, True)]
    stood = (at(RETURN_ASKED, DUE + 2 * HOUR), refused(NEW_DUE + HOUR, DUE + 3 * HOUR))
    assert stands(told("close", *in_time, *stood))[1:] == [(NEW_DUE, None, False), (NEW_DUE + HOUR, None, True)]
    missed = (*TO_ACCEPTED, resolved(LATE), PASSED, at(CLOSED, LATE), order)
    assert stands(told("close", *missed)) == [(DUE, LATE, True)]


@pytest.mark.parametrize(
    ("clock_of", "step", "who"),
    [
        ("dispatch", ASSIGNED, ISSUE),
        ("accept", ACCEPTED, ISSUE),
        ("check", PASSED, ISSUE),
        ("contact", CONTACTED, REQUEST),
        ("feedback", FED_BACK, REQUEST),
        ("call_back", CALLED_BACK, REQUEST),
    ],
)
def test_a_stage_is_on_time_by_the_step_it_waits_for(clock_of: str, step: Fact, who: Any) -> None:
    waiting = (REPORTED, attached_request(), (REQUEST, RECEIVED), (REQUEST, ATTACHED), stage_clock(clock_of))
    assert stands(told(clock_of, *waiting)) == [(DUE, None, True)]
    assert stands(told(clock_of, *waiting, (who, step))) == [(DUE, step.at, True)]
    for other in ("dispatch", "accept", "check", "contact", "feedback", "call_back"):
        if other != clock_of:
            steps = (REPORTED, (REQUEST, RECEIVED), (REQUEST, ATTACHED), stage_clock(other), (who, step))
            assert stands(told(other, *steps)) == [(DUE, None, True)]


def test_closed_without_a_check_nobody_owes_one() -> None:
    waiting = (REPORTED, SOLVED, stage_clock("check"))
    assert stands(told("check", *waiting, CLOSED)) == [(DUE, None, False)]
    assert stands(told("check", *waiting, at(CLOSED, LATE))) == [(DUE, None, True)], "what fell due before is missed"


def test_who_was_not_reached_was_not_heard() -> None:
    in_vain = fact(ResidentRequest.RequesterContacted, HANDLER, reached=False)
    steps = (REPORTED, (REQUEST, RECEIVED), (REQUEST, ATTACHED), stage_clock("contact"), (REQUEST, in_vain))
    assert stands(told("contact", *steps)) == [(DUE, None, True)]


def test_a_merged_issues_requests_are_heard_where_it_goes_on() -> None:
    steps = (
        REPORTED, (REQUEST, RECEIVED), (REQUEST, ATTACHED), (OTHER_ISSUE, REPORTED), MERGED,
        (OTHER_ISSUE, stage_clock("contact")), (REQUEST, CONTACTED),
    )  # fmt: skip
    assert stands(told("contact", *steps)) == [(DUE, NINE, True)]


def test_who_was_heard_need_not_be_heard_again_by_the_same_lead_but_by_another() -> None:
    heard = (REPORTED, (REQUEST, RECEIVED), (REQUEST, ATTACHED), stage_clock("contact"), (REQUEST, CONTACTED))
    goes_on = stage_clock("contact", due=NEW_DUE)
    assert stands(told("contact", *heard, goes_on)) == [(DUE, NINE, True)]
    anew = stage_clock("contact", due=NEW_DUE, start=NINE + HOUR)
    assert stands(told("contact", *heard, anew)) == [(DUE, NINE, True), (NEW_DUE, None, True)]


def test_who_asks_while_a_return_is_asked_waits_for_the_next_lead_alone() -> None:
    asked = (*TO_ASSIGNED, RETURN_ASKED, attached_request(), stage_clock("contact"))
    assert stands(told("contact", *asked)) == [(DUE, None, True)]
    assert stands(told("contact", *asked, RETURN_GRANTED)) == [(DUE, None, False)]
    late = at(RETURN_GRANTED, LATE)
    to_another = (assigned(WATER, at=LATE, nth=2), stage_clock("contact", DUE, LATE, LATE))
    rows = told("contact", *asked, late, *to_another)
    assert [(row["at"], row["unit"], row["known_to"]) for row in rows] == [(DUE, ROADS, None), (DUE, WATER, None)]


def test_when_the_last_voice_leaves_nobody_waits_to_be_heard() -> None:
    leaves = fact(issue_ties.RequestDetached, RECEIVER, request=REQUEST)
    one = (REPORTED, attached_request(), stage_clock("contact"))
    assert stands(told("contact", *one, leaves)) == [(DUE, None, False)]
    two = (REPORTED, attached_request(), attached_request(OTHER_ISSUE), stage_clock("contact"))
    assert stands(told("contact", *two, leaves)) == [(DUE, None, True)]


def test_a_parted_issue_has_the_limits_again_that_it_had() -> None:
    parted = fact(issue_ties.Unmerged, DISPATCHER, into=OTHER_ISSUE, back_to="assigned")
    steps = (*TO_ASSIGNED, MERGED, parted)
    for name in ("handle", "close"):
        assert stands(told(name, *steps)) == [(DUE, None, False), (DUE, None, True)]
    (met,) = [row for row in told("handle", *steps, ACCEPTED, RESOLVED) if row["done_at"]]
    assert (met["nth"], met["known_to"]) == (2, None)


def test_a_limit_falls_due_where_the_case_lies_then() -> None:
    steps = (*TO_ACCEPTED, moved(NINE + HOUR))
    assert [(row["place"], row["known_to"] is None) for row in told("handle", *steps)] == [
        (GRID, False), (ELSEWHERE, True),
    ]  # fmt: skip
    for passed in (DUE, LATE):
        assert [row["place"] for row in told("handle", *TO_ACCEPTED, moved(passed))] == [GRID]


def test_a_move_while_nobody_leads_leaves_a_limit_with_its_unit() -> None:
    rows = told("close", *TO_ASSIGNED, RETURN_ASKED, RETURN_GRANTED, moved(NINE + HOUR))
    assert [(row["place"], row["unit"]) for row in rows] == [(GRID, ROADS), (ELSEWHERE, ROADS)]
