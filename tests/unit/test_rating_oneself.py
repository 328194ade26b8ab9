"""自评: whoever asked answers the three questions themselves, by the rules of a call-back, and counts as one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from application.timeline import tell
from application.views import TimelineStep
from domain.actor import Party
from domain.refusals import LimitStillRunning, WrongStage
from domain.resident_request import REQUESTER, ResidentRequest
from domain.stages import RequestStage
from domain.vocabulary import Satisfaction, Solved
from tests.cases import ATTACHED, CALLED_BACK, DUE, FED_BACK, RECEIVED, called_back, received
from tests.spec import HOUR, NINE, OFFICE, REQUEST, VERIFIER, Fact, act, fact, given, past

REDO = fact(ResidentRequest.RedoOrdered, VERIFIER, at=DUE, round=2)
SEALED = {"comment_4": "00" * 32}
TOLD = given(RECEIVED, ATTACHED, FED_BACK, id=REQUEST)


def rate(
    request: ResidentRequest, at: datetime = DUE, due: datetime | None = DUE, solved: Solved = Solved.SOLVED
) -> None:
    request.rate_oneself(at=at, due=due, contacted=True, solved=solved, satisfaction=Satisfaction.SATISFIED)


def rated(**said: Any) -> Fact:
    facts: dict[str, Any] = {"solved": "solved", "due": DUE, **said}
    return fact(
        ResidentRequest.CalledBack, REQUESTER, role=Party.REQUESTER, at=DUE, valid=True, contacted=True,
        satisfaction="satisfied", **facts,
    )  # fmt: skip


def test_the_answers_are_a_valid_call_back_by_nobody_of_staff() -> None:
    request = TOLD.when(rate).then(rated())
    assert (request.stage, request.answer_valid, request.content) == (RequestStage.CALLED_BACK, True, True)


def test_a_sentence_is_committed_to_and_never_told() -> None:
    TOLD.when(
        lambda request: request.rate_oneself(
            at=DUE, due=DUE, contacted=True, solved=Solved.SOLVED, satisfaction=Satisfaction.SATISFIED, sealed=SEALED
        )
    ).then(rated(sealed=SEALED))


def test_nothing_is_answered_before_the_limit_has_ended() -> None:
    refusal = TOLD.when(lambda request: rate(request, at=DUE - HOUR / 3600)).then_refused(LimitStillRunning)
    assert refusal.facts == {"due": DUE}


def test_what_was_solved_on_the_spot_has_no_limit_to_wait_for() -> None:
    given(RECEIVED, ATTACHED, id=REQUEST).when(lambda request: rate(request, at=NINE, due=None)).then(
        Fact(rated().kind, {**rated().facts, "due": None}, NINE)
    )


@pytest.mark.parametrize(
    "history",
    [
        (RECEIVED,), (RECEIVED, ATTACHED, FED_BACK, CALLED_BACK), (RECEIVED, ATTACHED, FED_BACK, rated()),
        (RECEIVED, ATTACHED, FED_BACK, CALLED_BACK, fact(ResidentRequest.Closed, VERIFIER, at=DUE)),
    ],
    ids=["followed by no issue", "answered to staff", "answered before", "closed"],
)  # fmt: skip
def test_nobody_answers_who_is_not_waited_for(history: tuple[Fact, ...]) -> None:
    given(*history, id=REQUEST).when(rate).then_refused(WrongStage)


def test_who_was_not_reached_may_still_answer() -> None:
    given(RECEIVED, ATTACHED, FED_BACK, called_back(solved=None), id=REQUEST).when(rate).then(rated())


def test_staff_do_not_ask_again_what_was_answered() -> None:
    given(RECEIVED, ATTACHED, FED_BACK, rated(), id=REQUEST).when(
        lambda request: request.call_back(
            act(VERIFIER, DUE), due=DUE, handlers=(), valid=True, contacted=True, solved=Solved.SOLVED,
            satisfaction=Satisfaction.SATISFIED,
        )
    ).then_refused(WrongStage)  # fmt: skip


def test_who_complains_of_a_unit_answers_like_anybody() -> None:
    given(received(complained_about=OFFICE), ATTACHED, id=REQUEST).when(rate).then(rated())


def test_one_sent_round_again_is_answered_again() -> None:
    unhappy = rated(solved="unsolved")
    given(RECEIVED, ATTACHED, FED_BACK, unhappy, REDO, id=REQUEST).when(rate).then(rated())


def test_the_request_of_who_is_not_content_may_be_redone() -> None:
    assert past(RECEIVED, ATTACHED, FED_BACK, rated(solved="unsolved"), id=REQUEST).content is False


def test_the_timeline_says_that_nobody_of_staff_asked() -> None:
    own, asked = (_told(one) for one in (rated(), CALLED_BACK))
    assert (own.who, own.role, own.unit) == ("反映人", "反映人", "")
    assert own.what == "反映人自评，单位已联系，解决，满意"
    assert asked.what == "回访有效，单位已联系，解决，满意"
    assert asked.role == "核查回访员"


def _told(one: Fact) -> Any:
    facts = {name: value for name, value in one.facts.items() if name not in ("by", "role", "of_unit", "reason")}
    facts["due"] = DUE.isoformat()
    signed = {name: str(one.facts[name]) for name in ("by", "role", "of_unit", "reason")}
    step = TimelineStep(
        position=4, version=4, topic="request.called_back", happened_at=DUE, recorded_at=DUE, facts=facts, **signed
    )
    return tell(step, _Nobody())


class _Nobody:
    """A registry that knows no names."""

    def __getattr__(self, name: str) -> Any:
        return lambda code: type("Entry", (), {"name": code})
