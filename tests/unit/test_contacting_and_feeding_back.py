"""联系 and 反馈: the lead hears the requester and tells what was done; nobody else does."""

from dataclasses import replace

import pytest

from domain.actor import Role
from domain.refusals import ComplainedAbout, NotLead, OutsideArea, WrongStage
from domain.resident_request import ResidentRequest
from domain.stages import RequestStage
from tests.cases import ATTACHED, CONTACTED, FED_BACK, RECEIVED, received
from tests.spec import (
    DISTRICT,
    GRID,
    HANDLER,
    REQUEST,
    ROADS,
    WATER,
    WATER_HANDLER,
    Given,
    act,
    fact,
    given,
    staff,
)

LOCAL_HANDLER = replace(HANDLER, areas=(GRID[:9],))


def following(**facts: object) -> Given:
    return given(received(**facts), ATTACHED, id=REQUEST)


def test_the_lead_contacts_the_requester() -> None:
    request = following().when(lambda request: request.contact(act(HANDLER), reached=True, lead=ROADS)).then(CONTACTED)
    assert (request.stage, request.handled_by) == (RequestStage.CONTACTED, {HANDLER.id})


def test_an_attempt_that_did_not_reach_anybody_is_a_fact_too_but_no_contact() -> None:
    request = (
        following()
        .when(lambda request: request.contact(act(HANDLER), reached=False, lead=ROADS))
        .then(fact(ResidentRequest.RequesterContacted, HANDLER, reached=False))
    )
    assert (request.stage, request.handled_by) == (RequestStage.ATTACHED, {HANDLER.id})


def test_a_later_attempt_that_fails_does_not_undo_a_contact() -> None:
    request = (
        given(RECEIVED, ATTACHED, CONTACTED, id=REQUEST)
        .when(lambda request: request.contact(act(HANDLER), reached=False, lead=ROADS))
        .then(fact(ResidentRequest.RequesterContacted, HANDLER, reached=False))
    )
    assert request.stage is RequestStage.CONTACTED


def test_another_unit_does_not_contact_the_requester() -> None:
    refusal = (
        following()
        .when(lambda request: request.contact(act(WATER_HANDLER), reached=True, lead=ROADS))
        .then_refused(NotLead)
    )
    assert refusal.facts == {"lead": ROADS}


@pytest.mark.parametrize("unit", [ROADS, ""], ids=["of a unit", "of no unit"])
def test_nobody_contacts_the_requester_while_the_issue_has_no_lead(unit: str) -> None:
    nobody = staff("nobody", Role.HANDLER, unit=unit)
    following().when(lambda request: request.contact(act(nobody), reached=True, lead="")).then_refused(NotLead)


def test_the_lead_of_one_street_hears_a_requester_of_whom_only_the_district_is_known() -> None:
    following(place=DISTRICT).when(lambda request: request.contact(act(LOCAL_HANDLER), reached=True, lead=ROADS)).then(
        CONTACTED
    )


def test_the_lead_of_one_street_does_not_hear_a_requester_of_another() -> None:
    following(place="150785002").when(
        lambda request: request.contact(act(LOCAL_HANDLER), reached=True, lead=ROADS)
    ).then_refused(OutsideArea)


def test_who_is_complained_about_never_sees_the_complainant() -> None:
    about_roads = following(complained_about=ROADS)
    about_roads.when(lambda request: request.contact(act(HANDLER), reached=True, lead=ROADS)).then_refused(
        ComplainedAbout
    )
    about_roads.when(lambda request: request.feed_back(act(HANDLER), lead=ROADS)).then_refused(ComplainedAbout)


def test_the_lead_hears_who_complains_about_another_unit() -> None:
    following(complained_about=WATER).when(
        lambda request: request.contact(act(HANDLER), reached=True, lead=ROADS)
    ).then(CONTACTED)


def test_the_lead_feeds_back() -> None:
    request = following().when(lambda request: request.feed_back(act(HANDLER), lead=ROADS)).then(FED_BACK)
    assert (request.stage, request.handled_by) == (RequestStage.FED_BACK, {HANDLER.id})


def test_another_unit_does_not_feed_back() -> None:
    following().when(lambda request: request.feed_back(act(WATER_HANDLER), lead=ROADS)).then_refused(NotLead)


def test_feedback_is_given_once_a_round() -> None:
    given(RECEIVED, ATTACHED, FED_BACK, id=REQUEST).when(
        lambda request: request.feed_back(act(HANDLER), lead=ROADS)
    ).then_refused(WrongStage)
