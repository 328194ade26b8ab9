"""关联: many requests may hang on one issue; each on one only, and the unit it complains about is kept away."""

import pytest

from domain import issue_ties
from domain.actor import Role
from domain.refusals import AlreadyAttached, ComplainedAbout, NotAttached, OtherLog, OutsideArea, WrongStage
from domain.resident_request import ResidentRequest
from domain.stages import IssueStage, RequestStage
from tests.cases import (
    ASSIGNED,
    ATTACHED,
    CONTACTED,
    FILED,
    ISSUE_AT,
    MERGED,
    RECEIVED,
    REPORTED,
    REQUEST_AT,
    SOLVED,
    assigned,
    attached_request,
    received,
)
from tests.spec import (
    HOUR,
    ISSUE,
    NEXT_DISTRICT,
    NINE,
    OTHER_ISSUE,
    OTHER_REQUEST,
    PARKS,
    RECEIVER,
    REQUEST,
    ROADS,
    WATER,
    WORKER,
    Fact,
    act,
    case_id,
    fact,
    given,
    past,
    staff,
)

NOON = NINE + 3 * HOUR


def test_many_requests_hang_on_one_issue() -> None:
    issue = (
        given(REPORTED, attached_request())
        .when(lambda issue: issue.attach_request(act(RECEIVER), request=OTHER_REQUEST, complained_about=WATER))
        .then(attached_request(OTHER_REQUEST, WATER))
    )
    assert issue.requests == {REQUEST: "", OTHER_REQUEST: WATER}
    assert issue.complained_about == {WATER}


def test_a_request_hangs_on_an_issue_once() -> None:
    refusal = (
        given(REPORTED, attached_request())
        .when(lambda issue: issue.attach_request(act(RECEIVER), request=REQUEST))
        .then_refused(AlreadyAttached)
    )
    assert refusal.facts == {"request": REQUEST, "issue": ISSUE}


@pytest.mark.parametrize("unit", [ROADS, WATER, PARKS])
def test_no_complaint_about_a_unit_reaches_what_that_unit_has_in_hand(unit: str) -> None:
    given(REPORTED, FILED, assigned(copies=[WATER], assists=[PARKS])).when(
        lambda issue: issue.attach_request(act(RECEIVER), request=REQUEST, complained_about=unit)
    ).then_refused(ComplainedAbout)


def test_a_complaint_about_another_unit_or_none_is_heard_while_it_is_handled() -> None:
    issue = past(REPORTED, FILED, ASSIGNED, id=ISSUE)
    issue.attach_request(act(RECEIVER), request=REQUEST, complained_about=WATER)
    issue.attach_request(act(RECEIVER), request=OTHER_REQUEST)
    assert issue.complained_about == {WATER}


def test_a_complaint_about_the_unit_that_returned_it_is_heard() -> None:
    given(*ISSUE_AT[IssueStage.RETURNED]).when(
        lambda issue: issue.attach_request(act(RECEIVER), request=REQUEST, complained_about=ROADS)
    ).then(attached_request(complained_about=ROADS))


def test_a_request_is_detached_and_its_complaint_with_it() -> None:
    issue = (
        given(REPORTED, attached_request(complained_about=WATER))
        .when(lambda issue: issue.detach_request(act(RECEIVER), request=REQUEST))
        .then(fact(issue_ties.RequestDetached, RECEIVER, request=REQUEST))
    )
    assert (issue.requests, issue.complained_about) == ({}, set())


def test_a_request_is_detached_from_a_merged_issue_but_none_is_attached_to_it() -> None:
    facts = (REPORTED, attached_request(), MERGED)
    given(*facts).when(lambda issue: issue.detach_request(act(RECEIVER), request=REQUEST)).then(
        fact(issue_ties.RequestDetached, RECEIVER, request=REQUEST)
    )
    given(*facts).when(lambda issue: issue.attach_request(act(RECEIVER), request=OTHER_REQUEST)).then_refused(
        WrongStage
    )


def test_what_does_not_hang_on_an_issue_is_not_detached_from_it() -> None:
    given(REPORTED, SOLVED).when(lambda issue: issue.detach_request(act(RECEIVER), request=REQUEST)).then_refused(
        NotAttached
    )


def test_a_request_follows_the_issue_that_will_solve_it() -> None:
    request = (
        given(RECEIVED, id=REQUEST).when(lambda request: request.attach(act(RECEIVER), issue=ISSUE)).then(ATTACHED)
    )
    assert (request.stage, request.issue) == (RequestStage.ATTACHED, ISSUE)


@pytest.mark.parametrize("stage", [stage for stage in RequestStage if ATTACHED in REQUEST_AT[stage]])
def test_a_request_follows_one_issue_only(stage: RequestStage) -> None:
    late = act(RECEIVER, NINE + 100 * HOUR)
    refusal = (
        given(*REQUEST_AT[stage], id=REQUEST)
        .when(lambda request: request.attach(late, issue=OTHER_ISSUE))
        .then_refused(AlreadyAttached)
    )
    assert refusal.facts == {"request": REQUEST, "issue": ISSUE}


@pytest.mark.parametrize("stage", [RequestStage.ANSWERED, RequestStage.DIVERTED], ids=str)
def test_what_was_answered_or_diverted_follows_no_issue(stage: RequestStage) -> None:
    given(*REQUEST_AT[stage], id=REQUEST).when(lambda request: request.attach(act(WORKER), issue=ISSUE)).then_refused(
        WrongStage
    )


def test_who_may_not_touch_a_request_does_not_learn_its_issue() -> None:
    stranger = staff("stranger", Role.RECEIVER, areas=(NEXT_DISTRICT,))
    given(RECEIVED, ATTACHED, id=REQUEST).when(
        lambda request: request.attach(act(stranger), issue=OTHER_ISSUE)
    ).then_refused(OutsideArea)


def test_a_request_follows_no_issue_of_another_district() -> None:
    foreign = case_id(1, NEXT_DISTRICT)
    given(RECEIVED, id=REQUEST).when(lambda request: request.attach(act(RECEIVER), issue=foreign)).then_refused(
        OtherLog
    )


@pytest.mark.parametrize("facts", [(ATTACHED,), (ATTACHED, CONTACTED)], ids=["attached", "contacted"])
def test_a_request_is_detached_before_anything_was_fed_back(facts: tuple[Fact, ...]) -> None:
    request = (
        given(RECEIVED, *facts, id=REQUEST)
        .when(lambda request: request.detach(act(RECEIVER), issue=ISSUE))
        .then(fact(ResidentRequest.Detached, RECEIVER, issue=ISSUE))
    )
    assert (request.stage, request.issue) == (RequestStage.RECEIVED, None)


def test_a_request_fed_back_stays_with_its_issue() -> None:
    given(*REQUEST_AT[RequestStage.FED_BACK], id=REQUEST).when(
        lambda request: request.detach(act(RECEIVER), issue=ISSUE)
    ).then_refused(WrongStage)


def test_a_request_is_not_detached_from_an_issue_it_does_not_follow() -> None:
    refusal = (
        given(RECEIVED, ATTACHED, id=REQUEST)
        .when(lambda request: request.detach(act(RECEIVER), issue=OTHER_ISSUE))
        .then_refused(NotAttached)
    )
    assert refusal.facts == {"request": REQUEST, "issue": OTHER_ISSUE}


def test_a_request_detached_may_follow_another_issue() -> None:
    request = past(received(), ATTACHED, id=REQUEST)
    request.detach(act(RECEIVER, NOON), issue=ISSUE)
    request.attach(act(RECEIVER, NOON), issue=OTHER_ISSUE)
    assert request.issue == OTHER_ISSUE
