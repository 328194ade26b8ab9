"""交接: a case goes on in the hands of another of the same unit, and neither of the two judges it."""

from __future__ import annotations

from typing import Any

import pytest

from domain import issue_ties
from domain.actor import Actor, Role
from domain.handing_over import IN_HAND, TO_ANSWER, hand_over_issue, hand_over_request
from domain.refusals import ComplainedAbout, DutyConflict, OutsideArea, Refused, WrongRole, WrongStage
from domain.registry.staff_refusals import NotFitToTakeOver, NotTheHandler
from domain.resident_request import ResidentRequest
from domain.stages import IssueStage, RequestStage
from tests.cases import DUE, ISSUE_AT, REQUEST_AT, RESOLVED, TO_ACCEPTED, received
from tests.spec import (
    ADMIN,
    DISPATCHER,
    HANDLER,
    ISSUE,
    NEXT_DISTRICT,
    OFFICE,
    REQUEST,
    ROADS,
    WATER,
    act,
    fact,
    given,
    past,
    staff,
)

SECOND = "second-handler"
HANDED: dict[str, Any] = {"from_staff": "handler", "to_staff": SECOND}
GIVEN_ISSUE = fact(issue_ties.HandedOver, ADMIN, **HANDED)
GIVEN_REQUEST = fact(ResidentRequest.HandedOver, ADMIN, **HANDED)


def issue_over(by: Actor = ADMIN, **facts: Any) -> Any:
    said = {"giver": "handler", "taker": SECOND, "taker_unit": ROADS} | facts
    return lambda issue: hand_over_issue(act(by, at=DUE), issue=issue, **said)


def request_over(by: Actor = ADMIN, **facts: Any) -> Any:
    said = {"giver": "handler", "taker": SECOND, "taker_unit": ROADS, "lead": ROADS} | facts
    return lambda request: hand_over_request(act(by, at=DUE), request=request, **said)


@pytest.mark.parametrize("stage", IN_HAND)
def test_an_issue_in_hand_goes_on_in_the_hands_of_another(stage: IssueStage) -> None:
    issue = given(*ISSUE_AT[stage]).when(issue_over()).then(GIVEN_ISSUE)
    assert (issue.handler, issue.stage) == (SECOND, stage)
    assert {"handler", SECOND} <= issue.handled_by


def test_neither_who_gave_nor_who_took_over_judges_the_issue() -> None:
    resolved = past(*TO_ACCEPTED, GIVEN_ISSUE, RESOLVED, id=ISSUE)
    for somebody in ("handler", SECOND):
        judge = staff(somebody, Role.VERIFIER, unit=OFFICE)
        with pytest.raises(DutyConflict):
            resolved.check(act(judge, at=DUE), passed=True)
    resolved.check(act(staff("somebody", Role.VERIFIER), at=DUE), passed=True)


@pytest.mark.parametrize(
    ("order", "refusal"),
    [
        (issue_over(giver="somebody"), NotTheHandler),
        (issue_over(taker="handler"), NotFitToTakeOver),
        (issue_over(taker_unit=WATER), NotFitToTakeOver),
        (issue_over(staff("admin", Role.ADMIN, areas=(NEXT_DISTRICT,))), OutsideArea),
        (issue_over(HANDLER), WrongRole),
    ],
)
def test_an_issue_is_not_handed_over_at_will(order: Any, refusal: type[Refused]) -> None:
    given(*TO_ACCEPTED).when(order).then_refused(refusal)


@pytest.mark.parametrize("stage", [stage for stage in IssueStage if stage not in IN_HAND])
def test_an_issue_in_nobodys_hands_is_not_handed_over(stage: IssueStage) -> None:
    given(*ISSUE_AT[stage]).when(issue_over()).then_refused(WrongStage)


@pytest.mark.parametrize("by", [ADMIN, DISPATCHER])
def test_who_handed_over_has_not_handled(by: Actor) -> None:
    issue = given(*TO_ACCEPTED).when(issue_over(by)).then(fact(issue_ties.HandedOver, by, **HANDED))
    assert by.id not in issue.handled_by


@pytest.mark.parametrize("stage", TO_ANSWER)
def test_a_request_to_be_answered_goes_on_too_and_neither_calls_back(stage: RequestStage) -> None:
    request = given(*REQUEST_AT[stage], id=REQUEST).when(request_over()).then(GIVEN_REQUEST)
    caller = staff(SECOND, Role.VERIFIER)
    with pytest.raises(DutyConflict):
        request.call_back(act(caller, at=DUE), due=DUE, handlers=(), valid=False)


@pytest.mark.parametrize(
    ("history", "order", "refusal"),
    [
        (REQUEST_AT[RequestStage.FED_BACK], request_over(), WrongStage),
        (REQUEST_AT[RequestStage.CONTACTED], request_over(taker_unit=WATER), NotFitToTakeOver),
        (REQUEST_AT[RequestStage.CONTACTED], request_over(taker="handler"), NotFitToTakeOver),
        (REQUEST_AT[RequestStage.CONTACTED], request_over(HANDLER), WrongRole),
        (
            REQUEST_AT[RequestStage.CONTACTED],
            request_over(staff("admin", Role.ADMIN, areas=(NEXT_DISTRICT,))),
            OutsideArea,
        ),
        ((received(complained_about=ROADS), *REQUEST_AT[RequestStage.ATTACHED][1:]), request_over(), ComplainedAbout),
    ],
)
def test_a_request_is_not_handed_over_at_will(history: Any, order: Any, refusal: type[Refused]) -> None:
    given(*history, id=REQUEST).when(order).then_refused(refusal)
