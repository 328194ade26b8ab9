"""办结: after the call-back, by somebody who did not handle it."""

import pytest

from domain.actor import Actor, Role
from domain.refusals import ComplainedAbout, DutyConflict, NotImported, WrongStage
from domain.resident_request import ResidentRequest
from domain.stages import RequestStage
from tests.cases import ATTACHED, CALLED_BACK, DUE, FED_BACK, RECEIVED, REQUEST_CLOSED, called_back, received
from tests.spec import ADMIN, DISPATCHER, HANDLER, OFFICE, RECEIVER, REQUEST, VERIFIER, act, fact, given, staff

CALLED = (RECEIVED, ATTACHED, FED_BACK, CALLED_BACK)


def test_a_request_called_back_is_closed() -> None:
    request = given(*CALLED, id=REQUEST).when(lambda request: request.close(act(VERIFIER, DUE))).then(REQUEST_CLOSED)
    assert request.stage is RequestStage.CLOSED


@pytest.mark.parametrize("actor", [RECEIVER, DISPATCHER], ids=lambda one: one.id)
def test_a_receiver_or_a_dispatcher_closes_too(actor: Actor) -> None:
    given(*CALLED, id=REQUEST).when(lambda request: request.close(act(actor, DUE))).then(
        fact(ResidentRequest.Closed, actor)
    )


@pytest.mark.parametrize("solved", [None, "unsolved"], ids=["nobody was reached", "not content"])
def test_it_may_be_closed_without_a_valid_or_a_good_answer_which_stays_a_fact(solved: str | None) -> None:
    given(RECEIVED, ATTACHED, called_back(solved=solved), id=REQUEST).when(
        lambda request: request.close(act(VERIFIER, DUE))
    ).then(REQUEST_CLOSED)


def test_nothing_is_closed_before_the_call_back() -> None:
    given(*CALLED[:-1], id=REQUEST).when(lambda request: request.close(act(VERIFIER, DUE))).then_refused(WrongStage)


def test_a_request_answered_before_it_was_imported_is_closed_without_a_call_back() -> None:
    carried = fact(ResidentRequest.FedBack, ADMIN)
    given(RECEIVED, carried, id=REQUEST).when(lambda request: request.close(act(VERIFIER, DUE))).then(REQUEST_CLOSED)


def test_no_reply_is_carried_over_to_a_request_of_our_own() -> None:
    own = received(source="", external_id="")
    given(own, id=REQUEST).when(lambda request: request.carry_over_reply(act(ADMIN))).then_refused(NotImported)


def test_who_gave_the_feedback_does_not_close() -> None:
    handler = staff(HANDLER.id, Role.VERIFIER)
    refusal = (
        given(*CALLED, id=REQUEST).when(lambda request: request.close(act(handler, DUE))).then_refused(DutyConflict)
    )
    assert refusal.facts == {"did": "办理", "wants": "办结"}


def test_staff_of_the_unit_complained_about_do_not_close_the_complaint() -> None:
    given(received(complained_about=OFFICE), *CALLED[1:], id=REQUEST).when(
        lambda request: request.close(act(VERIFIER, DUE))
    ).then_refused(ComplainedAbout)
