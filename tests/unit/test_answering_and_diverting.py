"""直接答复 and 分流: what is not dispatched, with the closed list of reasons."""

import pytest

from domain.refusals import ComplainedAbout, WrongRole, WrongStage
from domain.resident_request import ResidentRequest
from domain.stages import RequestStage
from domain.vocabulary import Diversion
from tests.cases import ANSWERED, ATTACHED, DIVERTED, RECEIVED, received
from tests.spec import ADMIN, DISPATCHER, OFFICE, RECEIVER, REQUEST, WORKER, act, fact, given


def test_what_can_be_answered_at_once_is() -> None:
    request = given(RECEIVED, id=REQUEST).when(lambda request: request.answer(act(RECEIVER))).then(ANSWERED)
    assert request.stage is RequestStage.ANSWERED


def test_a_worker_does_not_answer_for_the_desk() -> None:
    given(RECEIVED, id=REQUEST).when(lambda request: request.answer(act(WORKER))).then_refused(WrongRole)


def test_what_an_issue_will_solve_is_not_answered_away() -> None:
    given(RECEIVED, ATTACHED, id=REQUEST).when(lambda request: request.answer(act(RECEIVER))).then_refused(WrongStage)


@pytest.mark.parametrize("code", Diversion)
def test_there_are_six_reasons_not_to_dispatch(code: Diversion) -> None:
    request = (
        given(RECEIVED, id=REQUEST)
        .when(lambda request: request.divert(act(DISPATCHER), code=code))
        .then(fact(ResidentRequest.Diverted, DISPATCHER, code=code.value))
    )
    assert request.stage is RequestStage.DIVERTED
    assert len(Diversion) == 6


def test_what_was_diverted_is_not_answered_as_well() -> None:
    given(RECEIVED, DIVERTED, id=REQUEST).when(lambda request: request.answer(act(RECEIVER))).then_refused(WrongStage)


def test_staff_of_the_unit_complained_about_neither_answer_nor_divert_the_complaint() -> None:
    accused = given(received(complained_about=OFFICE), id=REQUEST)
    refusal = accused.when(lambda request: request.answer(act(RECEIVER))).then_refused(ComplainedAbout)
    accused.when(lambda request: request.divert(act(RECEIVER), code=Diversion.UNLAWFUL)).then_refused(ComplainedAbout)
    assert refusal.facts == {"unit": OFFICE}


def test_the_reply_of_another_system_is_carried_over() -> None:
    request = (
        given(received(source="旧热线", external_id="1"), id=REQUEST)
        .when(lambda request: request.carry_over_reply(act(ADMIN)))
        .then(fact(ResidentRequest.FedBack, ADMIN))
    )
    assert request.stage is RequestStage.FED_BACK


def test_no_reply_is_carried_over_by_those_who_answer_here() -> None:
    given(RECEIVED, id=REQUEST).when(lambda request: request.carry_over_reply(act(RECEIVER))).then_refused(WrongRole)
