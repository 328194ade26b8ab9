"""受理: one voice, through one channel; what was said and by whom stays outside the events."""

import pytest

from domain.actor import Act, Actor
from domain.refusals import OutsideArea, WrongRole
from domain.resident_request import ResidentRequest
from domain.stages import RequestStage
from domain.vocabulary import Channel, RequestKind
from tests.cases import SUBJECT, received
from tests.spec import (
    ADMIN,
    AUDITOR,
    DISPATCHER,
    DISTRICT,
    GRID,
    HANDLER,
    NEXT_DISTRICT,
    NINE,
    RECEIVER,
    REQUEST,
    SUPERVISOR,
    VERIFIER,
    WATER,
    WORKER,
    act,
    given,
    staff,
)


def receive(deed: Act, place: str = GRID) -> ResidentRequest:
    return ResidentRequest.receive(
        deed, id=REQUEST, subject=SUBJECT, kind=RequestKind.COMPLAINT, channel=Channel.HOTLINE, place=place
    )


def test_a_request_is_received_wherever_it_is_heard() -> None:
    request = given().when(lambda _: receive(act(RECEIVER))).then(received(source="", external_id=""))
    assert (request.id, request.version, request.created_on) == (REQUEST, 1, NINE)
    assert (request.stage, request.issue, request.round) == (RequestStage.RECEIVED, None, 1)


@pytest.mark.parametrize("actor", [RECEIVER, WORKER, DISPATCHER, ADMIN], ids=lambda one: one.id)
def test_four_roles_receive(actor: Actor) -> None:
    assert receive(act(actor)).pending_events[0].by == actor.id  # type: ignore[attr-defined]


@pytest.mark.parametrize("actor", [HANDLER, VERIFIER, SUPERVISOR, AUDITOR], ids=lambda one: one.id)
def test_no_other_role_receives(actor: Actor) -> None:
    given().when(lambda _: receive(act(actor))).then_refused(WrongRole)


def test_a_place_outside_the_own_area_is_not_received_for() -> None:
    given().when(lambda _: receive(act(RECEIVER), place=NEXT_DISTRICT)).then_refused(OutsideArea)


def test_a_place_above_the_own_area_is_not_received_for() -> None:
    local = staff("local", *RECEIVER.roles, areas=(GRID[:9],))
    given().when(lambda _: receive(act(local), place=DISTRICT)).then_refused(OutsideArea)


def test_everything_known_of_it_is_kept_but_no_personal_data() -> None:
    given().when(
        lambda _: ResidentRequest.receive(
            act(RECEIVER), id=REQUEST, subject=SUBJECT, kind=RequestKind.HELP, channel=Channel.IMPORTED,
            place=DISTRICT, category="c", longitude=121.5, latitude=43.6, complained_about=WATER, confidential=True,
            source="旧热线", external_id="2025-1",
        )
    ).then(
        received(
            kind="help", channel="imported", place=DISTRICT, category="c", longitude=121.5, latitude=43.6,
            complained_about=WATER, confidential=True, source="旧热线", external_id="2025-1",
        )
    )  # fmt: skip
