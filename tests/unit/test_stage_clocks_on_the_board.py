"""环节时限 on the board: a column for each stage that has begun, emptied when nobody owes it any more."""

from __future__ import annotations

from typing import Any

import pytest

from infrastructure.projections.issue_rules import FRESH, RULES
from infrastructure.projections.stage_clock_rules import NOTHING_YET

DUE = "2026-03-02T11:00:00+08:00"
COLUMNS = ("dispatch_due", "accept_due", "contact_due", "feedback_due", "check_due", "call_back_due")


def clock(stage: str, **said: Any) -> dict[str, Any]:
    usual = {"limit_amount": 2, "limit_unit": "work_hour", "provisional": False, "due": DUE}
    return {"stage": stage} | usual | said


def row_with(*stages: str) -> dict[str, Any]:
    row = {**FRESH, "timing": None, "stage": "assigned", "lead": "roads", "grid": "150785001001001"}
    RULES["issue.stage_clocks_set"](row, {"clocks": [clock(stage) for stage in stages]})
    return row


def shown(row: dict[str, Any]) -> set[str]:
    return {column for column in COLUMNS if row[column] is not None}


@pytest.mark.parametrize("column", COLUMNS)
def test_each_stage_has_its_column_and_leaves_the_others_and_the_leads_alone(column: str) -> None:
    row = row_with(column.removesuffix("_due"))
    assert shown(row) == {column}
    assert (row["due"], row["case_due"]) == (None, None)


def test_the_limit_of_handling_stays_where_the_assignment_set_it() -> None:
    assert shown(row_with("handle", "case")) == set()


def test_what_was_returned_is_owed_by_no_lead() -> None:
    row = row_with("dispatch", "accept", "contact", "feedback")
    RULES["issue.return_granted"](row, {"lead": "roads", "timestamp": DUE})
    assert shown(row) == {"dispatch_due"}


def test_what_goes_round_again_waits_for_no_check_yet() -> None:
    row = row_with("accept", "check", "call_back")
    RULES["issue.reopened"](row, {"round": 2, "timestamp": DUE})
    assert shown(row) == {"accept_due"}


def test_a_case_with_a_limit_of_its_own_is_measured_by_that() -> None:
    known = {"amount": 2, "unit": "workday", "provisional": False, "added": 0}
    row = {**FRESH, "timing": {**NOTHING_YET, "case": known}}
    whole = clock("case", limit_amount=9, limit_unit="natural_day", provisional=True)
    RULES["issue.stage_clocks_set"](row, {"clocks": [whole]})
    assert row["timing"]["case"] == {"amount": 9, "unit": "natural_day", "provisional": True, "added": 0}
