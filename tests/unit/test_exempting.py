"""剔除: a flag for statistics, asked by one with a reason and decided by another; an overdue stays a fact."""

from __future__ import annotations

from typing import Any

import pytest

from domain.actor import Actor, Role
from domain.exempting import ask_exemption, decide_exemption
from domain.grid_issue import GridIssue
from domain.refusals import AlreadyExempt, DutyConflict, ExemptionPending, NoExemptionAsked, ReasonMissing
from domain.resident_request import ResidentRequest
from tests.cases import ATTACHED, DUE, FED_BACK, RECEIVED, REPORTED, TO_ACCEPTED, TO_RESOLVED
from tests.spec import (
    DISPATCHER,
    HANDLER,
    HOUR,
    RECEIVER,
    SUPERVISOR,
    Fact,
    act,
    doing_all,
    fact,
    given,
    staff,
)

LATE = act(HANDLER, DUE + HOUR, "法院已受理")
Kind = type[GridIssue] | type[ResidentRequest]
BOTH = pytest.mark.parametrize(("kind", "first"), [(GridIssue, REPORTED), (ResidentRequest, RECEIVED)])


def asked(kind: Any, by: Actor = HANDLER, role: Role = Role.HANDLER) -> Fact:
    return fact(kind.ExemptionAsked, by, role=role, reason="法院已受理")


@BOTH
def test_an_exemption_is_asked_for_with_its_reason(kind: Kind, first: Fact) -> None:
    case = given(first).when(lambda case: ask_exemption(LATE, case=case)).then(asked(kind))
    assert (case.exempt, case.exemption_asked_by) == (False, HANDLER.id)


@BOTH
def test_no_exemption_is_asked_for_without_a_reason(kind: Kind, first: Fact) -> None:
    given(first).when(lambda case: ask_exemption(act(HANDLER), case=case)).then_refused(ReasonMissing)


@BOTH
def test_one_exemption_is_decided_before_another_is_asked_for(kind: Kind, first: Fact) -> None:
    given(first, asked(kind)).when(lambda case: ask_exemption(LATE, case=case)).then_refused(ExemptionPending)


@BOTH
def test_what_is_exempt_is_not_asked_for_again(kind: Kind, first: Fact) -> None:
    granted = fact(kind.Exempted, SUPERVISOR)
    given(first, asked(kind), granted).when(lambda case: ask_exemption(LATE, case=case)).then_refused(AlreadyExempt)


@BOTH
def test_a_supervisor_grants_it(kind: Kind, first: Fact) -> None:
    case = (
        given(first, asked(kind))
        .when(lambda case: decide_exemption(act(SUPERVISOR), case=case, granted=True))
        .then(fact(kind.Exempted, SUPERVISOR))
    )
    assert (case.exempt, case.exemption_asked_by) == (True, "")


@BOTH
def test_a_supervisor_refuses_it_and_it_may_be_asked_for_again(kind: Kind, first: Fact) -> None:
    case = (
        given(first, asked(kind))
        .when(lambda case: decide_exemption(act(SUPERVISOR), case=case, granted=False))
        .then(fact(kind.ExemptionRefused, SUPERVISOR))
    )
    assert not case.exempt
    ask_exemption(act(RECEIVER, reason="补充判决书"), case=case)
    assert case.exemption_asked_by == RECEIVER.id


@BOTH
def test_nothing_is_decided_that_nobody_asked_for(kind: Kind, first: Fact) -> None:
    given(first).when(lambda case: decide_exemption(act(SUPERVISOR), case=case, granted=True)).then_refused(
        NoExemptionAsked
    )


@BOTH
@pytest.mark.parametrize("granted", [True, False])
def test_who_asks_does_not_decide(kind: Kind, first: Fact, granted: bool) -> None:
    both = doing_all("both")
    given(first, asked(kind, both, Role.DISPATCHER)).when(
        lambda case: decide_exemption(act(both), case=case, granted=granted)
    ).then_refused(DutyConflict)


def test_who_handled_the_issue_does_not_decide() -> None:
    handler = staff(HANDLER.id, Role.SUPERVISOR)
    asked_by_another = asked(GridIssue, DISPATCHER, Role.DISPATCHER)
    refusal = (
        given(*TO_ACCEPTED, asked_by_another)
        .when(lambda case: decide_exemption(act(handler), case=case, granted=True))
        .then_refused(DutyConflict)
    )
    assert refusal.facts == {"did": "办理", "wants": "审批剔除"}


def test_who_answered_the_requester_does_not_decide() -> None:
    handler = staff(HANDLER.id, Role.SUPERVISOR)
    asked_by_another = asked(ResidentRequest, RECEIVER, Role.RECEIVER)
    given(RECEIVED, ATTACHED, FED_BACK, asked_by_another).when(
        lambda case: decide_exemption(act(handler), case=case, granted=True)
    ).then_refused(DutyConflict)


def test_an_exemption_erases_nothing() -> None:
    late = Fact(GridIssue.Resolved, {**TO_RESOLVED[-1].facts, "overdue": True}, DUE + HOUR)
    case = (
        given(*TO_ACCEPTED, late, asked(GridIssue))
        .when(lambda case: decide_exemption(act(SUPERVISOR, DUE + HOUR), case=case, granted=True))
        .then(fact(GridIssue.Exempted, SUPERVISOR))
    )
    assert (case.assignment.due, case.assignment.stopped_at, case.stage.label) == (DUE, DUE + HOUR, "办理反馈")
