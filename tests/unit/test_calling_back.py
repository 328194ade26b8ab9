"""回访: after the limit ended, by somebody who did not handle it, with all three answers or none."""

from __future__ import annotations

from typing import Any

import pytest

from domain.actor import Actor, Role
from domain.refusals import AnswersIncomplete, ComplainedAbout, DutyConflict, LimitStillRunning, WrongStage
from domain.resident_request import ResidentRequest
from domain.stages import RequestStage
from domain.vocabulary import Satisfaction, Solved
from tests.cases import ATTACHED, CALLED_BACK, DUE, FED_BACK, RECEIVED, called_back, received
from tests.spec import (
    HANDLER,
    HOUR,
    OFFICE,
    RECEIVER,
    REQUEST,
    VERIFIER,
    act,
    fact,
    given,
    staff,
)

HAPPY: dict[str, Any] = {
    "valid": True,
    "contacted": True,
    "solved": Solved.SOLVED,
    "satisfaction": Satisfaction.SATISFIED,
}
INVALID: dict[str, Any] = {"valid": False}
FOLLOWING = given(RECEIVED, ATTACHED, id=REQUEST)
TOLD = given(RECEIVED, ATTACHED, FED_BACK, id=REQUEST)


def test_the_requester_says_whether_it_was_solved_and_how_content_they_are() -> None:
    request = (
        TOLD.when(lambda request: request.call_back(act(VERIFIER, DUE), due=DUE, handlers=(), **HAPPY))
        .then(CALLED_BACK)
    )  # fmt: skip
    assert (request.stage, request.answer_valid, request.content) == (RequestStage.CALLED_BACK, True, True)


def test_the_call_back_waits_for_the_limit_not_for_the_feedback() -> None:
    early = act(VERIFIER, DUE - HOUR / 3600)
    refusal = TOLD.when(lambda request: request.call_back(early, due=DUE, handlers=(), **HAPPY)).then_refused(
        LimitStillRunning
    )
    assert refusal.facts == {"due": DUE}


def test_who_got_no_feedback_is_called_back_all_the_same() -> None:
    FOLLOWING.when(lambda request: request.call_back(act(VERIFIER, DUE), due=DUE, handlers=(), **HAPPY)).then(
        CALLED_BACK
    )


def test_what_was_solved_on_the_spot_has_no_limit_to_wait_for() -> None:
    FOLLOWING.when(lambda request: request.call_back(act(VERIFIER), due=None, handlers=(), **HAPPY)).then(
        fact(
            ResidentRequest.CalledBack, VERIFIER, valid=True, contacted=True, solved="solved",
            satisfaction="satisfied", due=None,
        )
    )  # fmt: skip


@pytest.mark.parametrize("handlers", [["caller"], {"caller", "another"}], ids=["alone", "with others"])
def test_who_handled_the_issue_does_not_call_back(handlers: Any) -> None:
    caller = staff("caller", Role.VERIFIER)
    refusal = TOLD.when(
        lambda request: request.call_back(act(caller, DUE), due=DUE, handlers=handlers, **HAPPY)
    ).then_refused(DutyConflict)
    assert refusal.facts == {"did": "办理", "wants": "回访"}


def test_who_gave_the_feedback_does_not_call_back() -> None:
    told = staff(HANDLER.id, Role.VERIFIER)
    TOLD.when(lambda request: request.call_back(act(told, DUE), due=DUE, handlers=(), **HAPPY)).then_refused(
        DutyConflict
    )


def test_staff_of_the_unit_complained_about_do_not_call_back() -> None:
    given(received(complained_about=OFFICE), ATTACHED, id=REQUEST).when(
        lambda request: request.call_back(act(VERIFIER, DUE), due=DUE, handlers=(), **HAPPY)
    ).then_refused(ComplainedAbout)


@pytest.mark.parametrize("missing", ["contacted", "solved", "satisfaction"])
def test_a_valid_call_back_has_all_three_answers(missing: str) -> None:
    answers = {**HAPPY, missing: None}
    TOLD.when(lambda request: request.call_back(act(VERIFIER, DUE), due=DUE, handlers=(), **answers)).then_refused(
        AnswersIncomplete
    )


@pytest.mark.parametrize("answer", ["contacted", "solved", "satisfaction"])
def test_an_invalid_call_back_has_none(answer: str) -> None:
    answers = {**INVALID, answer: HAPPY[answer]}
    TOLD.when(lambda request: request.call_back(act(VERIFIER, DUE), due=DUE, handlers=(), **answers)).then_refused(
        AnswersIncomplete
    )


def test_not_contacted_is_an_answer() -> None:
    answers = {**HAPPY, "contacted": False}
    request = TOLD.when(
        lambda request: request.call_back(act(RECEIVER, DUE), due=DUE, handlers=(), **answers)
    ).then(
        fact(
            ResidentRequest.CalledBack, RECEIVER, valid=True, contacted=False, solved="solved",
            satisfaction="satisfied", due=DUE,
        )
    )  # fmt: skip
    assert request.answer_valid


@pytest.mark.parametrize("actor", [VERIFIER, RECEIVER], ids=lambda one: one.id)
def test_nobody_reached_may_be_tried_again_until_they_are(actor: Actor) -> None:
    unreached = called_back(solved=None)
    request = (
        given(RECEIVED, ATTACHED, FED_BACK, unreached, unreached, id=REQUEST)
        .when(lambda request: request.call_back(act(VERIFIER, DUE), due=DUE, handlers=(), **HAPPY))
        .then(CALLED_BACK)
    )
    assert request.answer_valid


def test_a_valid_answer_is_not_asked_for_again() -> None:
    given(RECEIVED, ATTACHED, FED_BACK, CALLED_BACK, id=REQUEST).when(
        lambda request: request.call_back(act(VERIFIER, DUE), due=DUE, handlers=(), **HAPPY)
    ).then_refused(WrongStage)


def test_a_request_that_follows_no_issue_is_not_called_back() -> None:
    given(RECEIVED, id=REQUEST).when(
        lambda request: request.call_back(act(VERIFIER, DUE), due=None, handlers=(), **HAPPY)
    ).then_refused(WrongStage)
