"""占有: whatever happens to a case, every second of it while it is open belongs to one holder, and to one only."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.stages import OPEN_ISSUE, OPEN_REQUEST, IssueStage, RequestStage
from domain.statistics.holding import Held, HolderKind, issue_held, request_held
from tests.case_walks import Walking
from tests.cases import ATTACHED, CONTACTED, FED_BACK, RECEIVED
from tests.fact_sheets import Row, happening, spans, told
from tests.spec import HOUR, NINE, REQUEST

TOLD: dict[str, Any] = {"grid": "150785001001001", "lead": "roads", "level": "street", "round": 2, "edition": "2026.1"}


def by_case(rows: list[Row]) -> dict[str, list[Row]]:
    return {case: list(some) for case, some in groupby(sorted(rows, key=_order), key=lambda row: row["case_id"])}


def _order(row: Row) -> tuple[str, int]:
    return row["case_id"], row["nth"]


@pytest.mark.parametrize("stage", IssueStage)
def test_an_issue_is_held_while_it_is_open_and_not_after(stage: IssueStage) -> None:
    held = issue_held(stage.value, **TOLD)
    assert (held is not None) == (stage in OPEN_ISSUE)


@pytest.mark.parametrize("stage", RequestStage)
def test_a_request_is_held_while_it_is_open_and_not_after(stage: RequestStage) -> None:
    held = request_held(stage.value, issue="an issue", round=1)
    assert (held is not None) == (stage in OPEN_REQUEST)


@pytest.mark.parametrize(
    ("stage", "kind", "holder", "clock", "rules"),
    [
        ("reported", "grid", "150785001001001", "", ""),
        ("filed", "desk", "", "", ""),
        ("assigned", "unit", "roads", "lead", "2026.1"),
        ("suspended", "unit", "roads", "stopped", "2026.1"),
        ("return_asked", "unit", "roads", "stopped", "2026.1"),
        ("returned", "desk", "", "", ""),
        ("resolved", "check", "", "", ""),
        ("checked", "closing", "", "", ""),
    ],
)
def test_who_holds_an_issue_and_on_which_clock(stage: str, kind: str, holder: str, clock: str, rules: str) -> None:
    assert issue_held(stage, **TOLD) == Held(kind, holder, stage, "street", 2, clock, rules)


def test_a_request_is_held_with_its_issue_until_it_is_fed_back() -> None:
    assert request_held("contacted", issue="an issue", round=1) == Held(
        "issue", "an issue", "contacted", "grid", 1, "", ""
    )
    assert request_held("fed_back", issue="an issue", round=1) == Held("call_back", "", "fed_back", "grid", 1, "", "")


def test_a_stage_there_is_none_of_is_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="invented"):
        issue_held("invented", **TOLD)
    with pytest.raises(ValueError, match="invented"):
        request_held("invented", issue=None, round=1)


def test_every_holder_has_a_word() -> None:
    assert len({kind.label for kind in HolderKind}) == len(HolderKind)


def test_what_is_told_later_than_it_happened_takes_no_time_from_who_held_it_before() -> None:
    contacted = replace(CONTACTED, at=NINE + 2 * HOUR)
    fed_back = replace(FED_BACK, at=NINE + HOUR)
    steps = [(REQUEST, RECEIVED), (REQUEST, ATTACHED), (REQUEST, contacted), (REQUEST, fed_back)]
    *_, before, after = spans(told(happening(*steps)))
    assert (before["started_at"], before["ended_at"]) == (NINE + 2 * HOUR, NINE + 2 * HOUR)
    assert (after["started_at"], after["known_from"]) == (NINE + 2 * HOUR, 4)


@settings(max_examples=60)
@given(seed=st.integers(0, 10_000), steps=st.integers(1, 250))
def test_every_second_of_a_case_belongs_to_exactly_one_holder(seed: int, steps: int) -> None:
    walking = Walking(seed)
    events = list(walking.events(steps))
    held = by_case(spans(told(events)))
    assert held.keys() == {str(event.originator_id) for event in events}
    began = {str(event.originator_id): event.timestamp for event in reversed(events)}
    at_the_end = walking.stands_at()
    for case, row in held.items():
        assert [one["nth"] for one in row] == list(range(1, len(row) + 1))
        assert row[0]["started_at"] == began[case]
        assert all(one["ended_at"] is not None for one in row[:-1])
        assert all(_goes_on(one, other, events) for one, other in pairwise(row))
        is_open = at_the_end[case] in OPEN_ISSUE | OPEN_REQUEST
        assert (row[-1]["ended_at"] is None) == is_open
        assert (row[-1]["stage"] == at_the_end[case]) == is_open


def _goes_on(one: Row, other: Row, events: list[Any]) -> bool:
    """Whether nothing lies between two spans but time in which the case was over."""
    if one["ended_at"] == other["started_at"] and one["known_to"] == other["known_from"]:
        return True
    ends = events[one["known_to"] - 1]
    begins = events[other["known_from"] - 1]
    over = {"issue.closed", "issue.merged_into", "issue.voided"}
    again = {"issue.redo_ordered", "issue.reopened", "issue.unmerged"}
    return ends.TOPIC in over and begins.TOPIC in again and one["ended_at"] <= other["started_at"]


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000))
def test_who_holds_a_case_after_each_event_is_as_the_charts_say(seed: int) -> None:
    """The charts of the tests are written from the design, not from the code."""
    walking = Walking(seed)
    events, stands = [], []
    for event in walking.events(120):
        events.append(event)
        stands.append(walking.stands_at()[str(event.originator_id)])
    rows = spans(told(events))
    for position, (event, stage) in enumerate(zip(events, stands, strict=True), 1):
        lasting = [
            row["stage"] for row in rows
            if row["case_id"] == str(event.originator_id) and row["known_from"] <= position
            and (row["known_to"] is None or row["known_to"] > position)
        ]  # fmt: skip
        assert lasting == ([stage] if stage in OPEN_ISSUE | OPEN_REQUEST else [])
