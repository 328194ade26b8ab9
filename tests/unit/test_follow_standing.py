"""办理进度: every stage of a request and its issue in its requester's words, and nothing is done before it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from application.following.ports import FollowedRow, Measure
from application.following.standing import Followed, followed
from domain.stages import IssueStage, RequestStage
from tests.spec import DAY, GRID, HOUR, ISSUE, NINE, REQUEST

DUE = NINE + 2 * DAY
ROW = FollowedRow(
    log_id="150785", id=REQUEST, number=7, stage="attached", kind="help", category="asset-01037", place=GRID,
    received_at=NINE, diversion=None, round=1, fed_back_at=None, called_back_at=None, closed_at=None,
    call_back_valid=None, said_contacted=None, said_solved=None, said_satisfaction=None, issue=ISSUE,
    issue_stage="accepted", lead="roads", due=DUE, assigned_at=NINE, accepted_at=NINE + HOUR, resolved_at=None,
    suspended_until=None,
)  # fmt: skip
SAID: dict[str, Any] = {
    "stage": "called_back", "called_back_at": DUE, "call_back_valid": True, "said_contacted": False,
    "said_solved": "unsolved", "said_satisfaction": "dissatisfied",
}  # fmt: skip


class _Registry:
    """Everything is called by its code."""

    def __getattr__(self, name: str) -> Any:
        return lambda code: type("Entry", (), {"name": code})


def shown(now: datetime = NINE + DAY, **row: Any) -> Followed:
    return followed(replace(ROW, **row), [Measure(NINE, "已换灯", [])], _Registry(), now)


def states(one: Followed) -> dict[str, str]:
    return {step.name: step.state for step in one.steps}


@pytest.mark.parametrize("stage", RequestStage)
@pytest.mark.parametrize("issue_stage", [*IssueStage, None])
@pytest.mark.parametrize("valid", [True, False, None])
def test_every_stage_has_words(stage: RequestStage, issue_stage: IssueStage | None, valid: bool | None) -> None:
    said = SAID if valid else {"call_back_valid": valid}
    diversion = "beyond_duty" if stage is RequestStage.DIVERTED else None
    issue = ISSUE if issue_stage else None
    one = shown(**said | {"stage": stage, "issue_stage": issue_stage, "issue": issue, "diversion": diversion})
    assert one.told.endswith("。")
    assert "{" not in one.told
    assert one.answering.open or one.answering.why
    assert [step.state for step in one.steps[:4]] == sorted(
        [step.state for step in one.steps[:4]], key=["done", "now", "ahead"].index
    )


@pytest.mark.parametrize(
    ("issue_stage", "state"),
    [("assigned", "ahead"), ("accepted", "now"), ("resolved", "now"), ("failed", "now"), ("checked", "done")],
)
def test_what_is_not_checked_is_not_said_to_be_done(issue_stage: str, state: str) -> None:
    assert states(shown(issue_stage=issue_stage))["办完"] == state


def test_who_rates_a_case_that_is_late_still_sees_where_it_stands() -> None:
    one = shown(DUE + HOUR, **SAID)
    assert (one.standing, one.late) == ("handling", True)
    assert (states(one)["办完"], states(one)["评价"]) == ("now", "done")
    assert one.said
    assert one.said.contacted is False
    assert shown(DUE + HOUR, **SAID, issue_stage="closed").standing == "heard"


def test_late_is_after_the_due_instant_and_not_once_it_is_handled() -> None:
    assert [shown(at).late for at in (DUE, DUE + HOUR)] == [False, True]
    assert not shown(DUE + HOUR, issue_stage="resolved").late


def test_the_questions_are_open_from_the_due_instant_on() -> None:
    before, then = shown(DUE - HOUR), shown(DUE)
    assert (before.answering.open, before.answering.since) == (False, DUE)
    assert then.answering.open
    assert states(then)["评价"] == "now"


@pytest.mark.parametrize(
    ("row", "open"),
    [
        ({"issue_stage": "suspended"}, False), ({"due": None, "issue_stage": "filed"}, False),
        ({"due": None, "issue_stage": "solved"}, True), ({"stage": "received", "issue_stage": None}, False),
        ({"stage": "closed"}, False), ({"stage": "called_back", "call_back_valid": False}, True), (SAID, False),
    ],
)  # fmt: skip
def test_the_questions_are_open_to_whom_the_request_would_let_answer(row: dict[str, Any], open: bool) -> None:
    assert shown(DUE + DAY, **row).answering.open is open


def test_what_was_said_before_the_redo_is_not_what_is_said_now() -> None:
    again = shown(**SAID | {"stage": "attached", "round": 2})
    assert (again.said, again.round, again.standing) == (None, 2, "handling")


@pytest.mark.parametrize(
    "row",
    [{"stage": "answered", "fed_back_at": NINE}, {"stage": "diverted", "diversion": "unlawful"}],
    ids=["answered", "diverted"],
)
def test_what_was_answered_at_once_has_two_steps(row: dict[str, Any]) -> None:
    one = shown(**row, issue=None, issue_stage=None, due=None)
    assert states(one) == {"受理": "done", "答复": "done"}


def test_closed_without_an_answer_asks_for_none() -> None:
    assert "评价" not in states(shown(stage="closed", issue_stage="closed"))
