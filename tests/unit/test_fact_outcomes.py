"""结果: what happened to a case is a fact of its kind once it happened, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from domain import appeal_events, escalations, issue_ties, moves, pausing_events
from domain.grid_issue import GridIssue
from domain.resident_request import ResidentRequest
from tests.cases import (
    ACCEPTED,
    ANSWERED,
    ASSIGNED,
    ATTACHED,
    CALLED_BACK,
    CLOSED,
    CONSULTATION_OPENED,
    CONTACTED,
    DIVERTED,
    DUE,
    FAILED,
    FED_BACK,
    FILED,
    MERGED,
    PASSED,
    RECEIVED,
    REPORTED,
    REQUEST_CLOSED,
    RETURN_ASKED,
    RETURN_GRANTED,
    SOLVED,
    SUSPENDED,
    SUSPENSION_ASKED,
    TO_RESOLVED,
    VOIDED,
    absorbed,
    assigned,
    attached_request,
    called_back,
    clock,
    reported,
)
from tests.fact_sheets import happening, outcomes, recorded_by, told
from tests.spec import (
    DISPATCHER,
    GRID,
    HANDLER,
    HOUR,
    ISSUE,
    NINE,
    OTHER_ISSUE,
    OTHER_REQUEST,
    RECEIVER,
    REQUEST,
    ROADS,
    SUPERVISOR,
    VERIFIER,
    WATER,
    Fact,
    fact,
)

ELSEWHERE = GRID[:-1] + "2"
TO_RETURNED = (REPORTED, FILED, ASSIGNED, RETURN_ASKED, RETURN_GRANTED)
RETURN_REFUSED = fact(GridIssue.ReturnRefused, DISPATCHER, lead=ROADS, back_to="assigned", **clock())
REWORK = fact(GridIssue.ReworkOrdered, VERIFIER, lead=ROADS, round=2, **clock())
REDO = fact(GridIssue.RedoOrdered, VERIFIER, lead=ROADS, round=2, request=REQUEST, **clock())
REOPENED = fact(GridIssue.Reopened, VERIFIER, round=2, request=None)
REOPENED_FOR_A_REQUEST = fact(GridIssue.Reopened, VERIFIER, round=2, request=REQUEST)
ESCALATED = fact(
    escalations.Escalated, DISPATCHER, from_level="grid", from_unit="", level="community", to_unit="c", leader="",
    automatic=False,
)  # fmt: skip
EXTENSION_ASKED = fact(pausing_events.ExtensionAsked, HANDLER, lead=ROADS)
EXTENDED = fact(pausing_events.Extended, DISPATCHER, lead=ROADS, nth=1, added=2, case_added=2, **clock())
EXEMPTED = fact(GridIssue.Exempted, SUPERVISOR)
APPEAL_GRANTED = fact(appeal_events.AppealGranted, RECEIVER)
REQUEST_EXEMPTED = fact(ResidentRequest.Exempted, SUPERVISOR)
OTHER_ATTACHED = fact(ResidentRequest.Attached, RECEIVER, issue=ISSUE)
DETACHED = fact(ResidentRequest.Detached, RECEIVER, issue=ISSUE)
MOVED = fact(moves.RequestMoved, DISPATCHER, from_place=GRID, place=ELSEWHERE, cause="retired")


def later(one: Fact, hours: int) -> Fact:
    return replace(one, at=NINE + hours * HOUR)


def of_issue(*facts: Fact) -> tuple[tuple[Any, Fact], ...]:
    return tuple((ISSUE, one) for one in facts)


def of_request(*facts: Fact) -> tuple[tuple[Any, Fact], ...]:
    return tuple((REQUEST, one) for one in facts)


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        (of_request(RECEIVED), {("received", "complaint", None)}),
        (of_request(RECEIVED, ANSWERED), {("answered", None, None)}),
        (of_request(RECEIVED, DIVERTED), {("diverted", "emergency", None)}),
        (of_request(RECEIVED, ATTACHED, CALLED_BACK), {("called_back", "valid", None)}),
        (of_request(RECEIVED, ATTACHED, called_back(solved=None)), {("called_back", "invalid", None)}),
        (of_request(RECEIVED, ATTACHED, CALLED_BACK, REQUEST_CLOSED), {("closed", None, 48 * 3600)}),
        (of_request(RECEIVED, REQUEST_EXEMPTED), {("exempted", None, None)}),
        (of_request(RECEIVED, ATTACHED), set()),
        (of_request(RECEIVED, ATTACHED, CONTACTED), set()),
        (of_request(RECEIVED, ATTACHED, CONTACTED, FED_BACK), set()),
        (of_issue(REPORTED), {("reported", "patrol_first", None)}),
        (of_issue(reported(channel="hotline")), {("reported", None, None)}),
        (of_issue(REPORTED, VOIDED), {("voided", None, None)}),
        (of_issue(REPORTED, later(FILED, 1)), {("filed", None, 3600)}),
        (of_issue(REPORTED, SOLVED, REOPENED, later(FILED, 1)), {("filed", None, 3600)}),
        (of_issue(REPORTED, FILED, CONSULTATION_OPENED), set()),
        (of_issue(*TO_RETURNED), {("returned", "not_our_duty", None)}),
        (of_issue(*TO_RETURNED[:-1]), set()),
        (of_issue(REPORTED, FILED, ASSIGNED, later(ACCEPTED, 1)), {("accepted", None, 3600)}),
        (of_issue(*TO_RESOLVED), {("resolved", "street", 3600)}),
        (of_issue(REPORTED, later(SOLVED, 2)), {("solved_on_spot", "grid", 7200)}),
        (of_issue(*TO_RESOLVED, PASSED), {("checked", "passed", None)}),
        (of_issue(*TO_RESOLVED, FAILED), {("checked", "failed", None)}),
        (of_issue(*TO_RESOLVED, PASSED, CLOSED), {("closed", "street", 3600)}),
        (of_issue(REPORTED, SOLVED, REOPENED), {("rework", None, None)}),
        (of_issue(REPORTED, SOLVED, REOPENED_FOR_A_REQUEST), {("redo", None, None)}),
        (of_issue(REPORTED, ESCALATED), {("escalated", "community", None)}),
        (of_issue(REPORTED, MERGED), {("merged", None, None)}),
        (of_issue(REPORTED, FILED, ASSIGNED, ACCEPTED, SUSPENSION_ASKED), set()),
        (of_issue(REPORTED, FILED, ASSIGNED, ACCEPTED, SUSPENDED), {("suspended", None, None)}),
        (of_issue(REPORTED, FILED, ASSIGNED, ACCEPTED, EXTENSION_ASKED), set()),
        (of_issue(REPORTED, FILED, ASSIGNED, ACCEPTED, EXTENDED), {("extended", None, None)}),
        (of_issue(REPORTED, EXEMPTED), {("exempted", None, None)}),
        (of_issue(REPORTED, APPEAL_GRANTED), {("exempted", None, None)}),
    ],
)
def test_a_step_is_the_outcome_it_is_and_no_other(steps: Any, wanted: set[tuple[str, str | None, int | None]]) -> None:
    assert {(row["kind"], row["value"], row["seconds"]) for row in recorded_by(*steps)} == wanted


@pytest.mark.parametrize(
    ("steps", "kind", "value"),
    [
        (of_issue(REPORTED, FILED, later(ASSIGNED, 1)), "assigned", None),
        (of_issue(*TO_RETURNED, assigned(again=True, nth=2)), "assigned", "again"),
        (of_issue(REPORTED, FILED, ASSIGNED, RETURN_ASKED, RETURN_REFUSED), "return_refused", "not_our_duty"),
        (of_issue(*TO_RESOLVED, FAILED, REWORK), "rework", None),
        (of_issue(*TO_RESOLVED, PASSED, CLOSED, REDO), "redo", None),
    ],
)
def test_a_step_that_sets_clocks_too_is_an_outcome(steps: Any, kind: str, value: str | None) -> None:
    (row,) = [row for row in recorded_by(*steps) if not row["kind"].startswith("clock:")]
    assert (row["kind"], row["value"]) == (kind, value)


def test_only_the_first_assignment_tells_how_long_the_filed_case_waited() -> None:
    first = recorded_by(*of_issue(REPORTED, FILED, later(ASSIGNED, 3)))
    assert [row["seconds"] for row in first if row["kind"] == "assigned"] == [3 * 3600]
    again = recorded_by(*of_issue(*TO_RETURNED, later(assigned(WATER, nth=2), 3)))
    assert [row["seconds"] for row in again if row["kind"] == "assigned"] == [None]


def test_who_gave_a_case_back_is_its_unit() -> None:
    (row,) = recorded_by(*of_issue(*TO_RETURNED))
    assert row["unit"] == ROADS
    (after,) = recorded_by(*of_issue(*TO_RETURNED, ESCALATED))
    assert after["unit"] == ""


@pytest.mark.parametrize("again", [REDO, REOPENED])
def test_a_closing_counts_no_more_once_the_case_goes_round_again(again: Fact) -> None:
    steps = of_issue(*TO_RESOLVED, PASSED, CLOSED)
    closed = [row for row in outcomes(told(happening(*steps, (ISSUE, again)))) if row["kind"] == "closed"]
    assert [row["known_to"] for row in closed] == [len(steps) + 1]
    before = [row for row in outcomes(told(happening(*steps))) if row["kind"] == "closed"]
    assert [row["known_to"] for row in before] == [None]


def test_the_second_voice_of_an_issue_is_a_repeat_and_the_first_is_not() -> None:
    first = [*of_issue(REPORTED), *of_request(RECEIVED, ATTACHED), *of_issue(attached_request())]
    assert "repeat" not in {row["kind"] for row in outcomes(told(happening(*first)))}
    second = [*first, (OTHER_REQUEST, RECEIVED), (OTHER_REQUEST, later(OTHER_ATTACHED, 2))]
    (row,) = recorded_by(*second)
    assert (row["kind"], row["case_id"], row["at"]) == ("repeat", str(OTHER_REQUEST), NINE)
    (gone,) = [
        row for row in outcomes(told(happening(*second, (OTHER_REQUEST, DETACHED)))) if row["kind"] == "repeat"
    ]  # fmt: skip
    assert gone["known_to"] == len(second) + 1


def test_an_issue_told_of_the_voice_first_does_not_take_it_for_an_earlier_one() -> None:
    steps = [*of_issue(REPORTED), *of_request(RECEIVED), *of_issue(attached_request()), *of_request(ATTACHED)]
    assert recorded_by(*steps) == []


def test_a_voice_on_an_issue_that_absorbed_another_is_a_repeat() -> None:
    steps = [*of_issue(REPORTED, absorbed(OTHER_ISSUE)), *of_request(RECEIVED, ATTACHED)]
    assert [row["kind"] for row in recorded_by(*steps)] == ["repeat"]


def test_a_later_call_back_takes_the_place_of_the_one_before_and_counts_where_the_request_came_from() -> None:
    steps = of_request(RECEIVED, ATTACHED, MOVED, called_back(solved=None), CALLED_BACK)
    first, second = [row for row in outcomes(told(happening(*steps))) if row["kind"] == "called_back"]
    assert (first["known_to"], second["known_to"]) == (5, None)
    assert (second["at"], second["place"], second["done_at"], second["done_in"]) == (NINE, GRID, DUE, 5)
    assert (second["contacted"], second["solved"], second["satisfaction"]) == (True, "solved", "satisfied")


def test_a_call_back_is_of_the_unit_that_leads_where_the_request_is_handled() -> None:
    led = [(OTHER_ISSUE, one) for one in (REPORTED, FILED, assigned(WATER))]
    merged = [*of_issue(REPORTED, attached_request()), *of_request(RECEIVED, ATTACHED), *led, (ISSUE, MERGED)]
    assert [row["unit"] for row in recorded_by(*merged, (REQUEST, CALLED_BACK))] == [WATER]
    parted = fact(issue_ties.Unmerged, DISPATCHER, into=OTHER_ISSUE, back_to="reported")
    assert [row["unit"] for row in recorded_by(*merged, (ISSUE, parted), (REQUEST, CALLED_BACK))] == [""]


@pytest.mark.parametrize("exemption", [EXEMPTED, APPEAL_GRANTED])
def test_an_exemption_stands_beside_all_outcomes_of_its_case_and_of_no_other(exemption: Fact) -> None:
    steps = [(OTHER_ISSUE, REPORTED), *of_issue(REPORTED, exemption, FILED)]
    rows = {(row["case_id"], row["kind"]): row["exempt_in"] for row in outcomes(told(happening(*steps)))}
    assert rows == {
        (str(OTHER_ISSUE), "reported"): None, (str(ISSUE), "reported"): 3, (str(ISSUE), "exempted"): 3,
        (str(ISSUE), "filed"): 3,
    }  # fmt: skip
