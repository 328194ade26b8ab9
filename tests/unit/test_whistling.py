"""吹哨报到: the street calls, units come in time or late or not at all, and both sides say once what they think."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from domain.actor import Actor, Role
from domain.case_id import log_of, whistle_id
from domain.limit import Limit, deadline
from domain.refusals import (
    ComplainedAbout,
    DutyConflict,
    OutOfOrder,
    OutsideArea,
    ReasonMissing,
    WrongRole,
    WrongStage,
)
from domain.stages import AT_WORK, IssueStage, WhistleStage
from domain.vocabulary import WhistleOccasion, WhistleRemark
from domain.whistle import HALF_AN_HOUR, Whistle, WhistlePolicy
from domain.whistle_refusals import (
    AlreadyArrived,
    AlreadyRated,
    BadStars,
    CallerCalled,
    NotCalled,
    NotTheCaller,
    UnitNotCalled,
)
from tests.cases import CALENDAR, ISSUE_AT, REPORTED, attached_request
from tests.spec import (
    DISPATCHER,
    DISTRICT,
    GRID,
    HANDLER,
    HOUR,
    ISSUE,
    NEXT_DISTRICT,
    NINE,
    ONE_OF_EACH,
    PARKS,
    ROADS,
    SUPERVISOR,
    WATER,
    WATER_HANDLER,
    Fact,
    act,
    case_id,
    fact,
    given,
    past,
    staff,
)

STREET = "street"
CALLER = staff("street-dispatcher", Role.DISPATCHER, unit=STREET, areas=(GRID[:9],))
WHISTLE = case_id(77)
MINUTE = HOUR / 60
DUE = NINE + 30 * MINUTE
WHY = "路面塌陷，需多家到场"
DEADLINE = deadline(HALF_AN_HOUR, NINE, CALENDAR)


def blown(*called: str, by: Actor = CALLER) -> Fact:
    return fact(
        Whistle.Blown, by, reason=WHY, issue=ISSUE, grid=GRID, caller=STREET, occasion="emergency",
        called=list(called or (ROADS, WATER)), limit_amount=30, limit_unit="minute", calendar="office",
        calendar_version="cn-2026.1", provisional=False, clock_start=DEADLINE.clock_start, due=DEADLINE.due,
    )  # fmt: skip


def arrived(by: Actor, at: datetime = NINE, *, late: bool = False) -> Fact:
    return fact(Whistle.Arrived, by, at=at, unit=by.unit, arrived_at=at, late=late)


def ended(*, absent: tuple[str, ...] = (), spared: tuple[str, ...] = (), at: datetime = NINE + HOUR) -> Fact:
    return fact(Whistle.Ended, CALLER, at=at, measure="围挡抢修", absent=list(absent), spared=list(spared))


def blow(actor: Actor = CALLER, called: tuple[str, ...] = (WATER, ROADS), reason: str = WHY, issue: Any = None) -> Any:
    return lambda _: Whistle.blow(
        act(actor, NINE, reason), id=WHISTLE, issue=issue or past(REPORTED, id=ISSUE), caller=STREET, called=called,
        occasion=WhistleOccasion.EMERGENCY, deadline=DEADLINE,
    )  # fmt: skip


def whistle(*facts: Fact) -> Any:
    return given(*facts, id=WHISTLE)


BLOWN = blown()
ENDED = (BLOWN, arrived(HANDLER), arrived(WATER_HANDLER, NINE + 40 * MINUTE, late=True), ended())
LATER = NINE + 2 * HOUR

# --- blowing -------------------------------------------------------------------------------------


def test_the_streets_dispatcher_calls_units_and_half_an_hour_runs() -> None:
    made = whistle().when(blow()).then(BLOWN)
    assert (made.stage, made.due, made.called) == (WhistleStage.SOUNDING, DUE, (ROADS, WATER))
    assert WhistlePolicy().arrive_within == Limit.of(30, "minute")


def test_a_supervisor_of_the_area_blows_for_the_street() -> None:
    whistle().when(blow(SUPERVISOR)).then(blown(by=SUPERVISOR))


@pytest.mark.parametrize("actor", [one for one in ONE_OF_EACH if not one.roles & {Role.DISPATCHER, Role.SUPERVISOR}])
def test_nobody_else_blows(actor: Actor) -> None:
    whistle().when(blow(actor)).then_refused(WrongRole)


def test_a_dispatcher_of_another_unit_does_not_blow_for_the_street() -> None:
    refusal = whistle().when(blow(DISPATCHER)).then_refused(NotTheCaller)
    assert STREET in refusal.detail()


@pytest.mark.parametrize("actor", [CALLER, SUPERVISOR])
def test_nobody_blows_about_what_lies_outside_their_area(actor: Actor) -> None:
    whistle().when(blow(replace(actor, areas=(NEXT_DISTRICT,)))).then_refused(OutsideArea)


def test_a_whistle_says_why() -> None:
    whistle().when(blow(reason="")).then_refused(ReasonMissing)


def test_the_street_does_not_call_itself() -> None:
    whistle().when(blow(called=(ROADS, STREET))).then_refused(CallerCalled)


def test_who_is_complained_about_is_not_called() -> None:
    issue = past(REPORTED, attached_request(complained_about=WATER), id=ISSUE)
    whistle().when(blow(issue=issue)).then_refused(ComplainedAbout)


@pytest.mark.parametrize("stage", [stage for stage in IssueStage if stage not in AT_WORK])
def test_no_whistle_is_blown_about_what_is_finished(stage: IssueStage) -> None:
    whistle().when(blow(issue=past(*ISSUE_AT[stage], id=ISSUE))).then_refused(WrongStage)


def test_the_same_call_meets_itself_and_another_does_not() -> None:
    one = whistle_id(DISTRICT, ISSUE, [ROADS, WATER], 1)
    assert one == whistle_id(DISTRICT, ISSUE, [WATER, ROADS], 1)
    assert log_of(one) == DISTRICT
    others = {whistle_id(DISTRICT, ISSUE, [ROADS, WATER], 2), whistle_id(DISTRICT, ISSUE, [ROADS], 1)}
    assert one not in others
    assert len(others) == 2


# --- coming --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "late"), [(0, False), (30, False), (31, True)])
def test_late_is_after_the_time_and_a_fact(minutes: int, late: bool) -> None:
    at = NINE + minutes * MINUTE
    whistle(BLOWN).when(lambda one: one.arrive(act(HANDLER, at))).then(arrived(HANDLER, at, late=late))


def test_who_came_first_may_be_entered_last() -> None:
    entered = whistle(BLOWN, arrived(HANDLER, NINE + 20 * MINUTE))
    one = entered.when(lambda one: one.arrive(act(WATER_HANDLER, NINE + 5 * MINUTE))).then(
        arrived(WATER_HANDLER, NINE + 5 * MINUTE)
    )
    assert one.arrived == {ROADS: NINE + 20 * MINUTE, WATER: NINE + 5 * MINUTE}


def test_nobody_comes_before_they_are_called() -> None:
    whistle(BLOWN).when(lambda one: one.arrive(act(HANDLER, NINE - MINUTE))).then_refused(OutOfOrder)


def test_a_unit_comes_once() -> None:
    colleague = staff("colleague", Role.HANDLER, unit=ROADS)
    when = whistle(BLOWN, arrived(HANDLER)).when(lambda one: one.arrive(act(colleague, DUE)))
    assert ROADS in when.then_refused(AlreadyArrived).detail()


def test_who_was_not_called_does_not_come() -> None:
    stranger = staff("gardener", Role.HANDLER, unit=PARKS)
    whistle(BLOWN).when(lambda one: one.arrive(act(stranger))).then_refused(NotCalled)


def test_who_stands_in_for_another_called_unit_says_it_for_each_in_turn() -> None:
    both = replace(HANDLER, acts_for=frozenset({WATER}))
    came = fact(Whistle.Arrived, both, at=NINE, unit=WATER, arrived_at=NINE, late=False)
    whistle(BLOWN, arrived(HANDLER)).when(lambda one: one.arrive(act(both))).then(came)


def test_a_handler_outside_their_area_does_not_come() -> None:
    far = replace(HANDLER, areas=(NEXT_DISTRICT,))
    whistle(BLOWN).when(lambda one: one.arrive(act(far))).then_refused(OutsideArea)
    whistle(BLOWN).when(lambda one: one.arrive(act(CALLER))).then_refused(WrongRole)


# --- ending --------------------------------------------------------------------------------------


def test_who_did_not_come_in_time_is_absent() -> None:
    late = NINE + HOUR
    one = (
        whistle(BLOWN, arrived(HANDLER))
        .when(lambda one: one.end(act(CALLER, late), measure="围挡抢修"))
        .then(ended(absent=(WATER,), at=late))
    )
    assert one.stage is WhistleStage.ENDED


def test_who_had_time_left_is_spared() -> None:
    whistle(BLOWN, arrived(HANDLER)).when(lambda one: one.end(act(CALLER, DUE), measure="围挡抢修")).then(
        ended(spared=(WATER,), at=DUE)
    )


def test_only_the_street_ends_or_withdraws() -> None:
    for stranger, refusal in ((DISPATCHER, NotTheCaller), (HANDLER, WrongRole)):
        deed = act(stranger, DUE, "误吹")
        whistle(BLOWN).when(lambda one, deed=deed: one.end(deed, measure="x")).then_refused(refusal)
        whistle(BLOWN).when(lambda one, deed=deed: one.withdraw(deed)).then_refused(refusal)


def test_a_mistake_is_withdrawn_with_a_reason_and_rated_by_nobody() -> None:
    whistle(BLOWN).when(lambda one: one.withdraw(act(CALLER))).then_refused(ReasonMissing)
    mistaken = fact(Whistle.Withdrawn, CALLER, reason="误吹")
    whistle(BLOWN).when(lambda one: one.withdraw(act(CALLER, NINE, "误吹"))).then(mistaken)
    whistle(BLOWN, mistaken).when(lambda one: one.rate_unit(act(CALLER, DUE), unit=ROADS, stars=1)).then_refused(
        WrongStage
    )
    whistle(BLOWN, mistaken).when(lambda one: one.rate(act(HANDLER, DUE), justified=True)).then_refused(WrongStage)


@pytest.mark.parametrize("over", [ended(), fact(Whistle.Withdrawn, CALLER, reason="误吹")])
def test_what_is_over_is_over(over: Fact) -> None:
    for deed in (
        lambda one: one.arrive(act(HANDLER, LATER)),
        lambda one: one.end(act(CALLER, LATER), measure="x"),
        lambda one: one.withdraw(act(CALLER, LATER, "误吹")),
    ):
        whistle(BLOWN, over).when(deed).then_refused(WrongStage)


# --- rating --------------------------------------------------------------------------------------


def test_the_street_rates_each_unit_once() -> None:
    remarks = (WhistleRemark.TARDY, WhistleRemark.COOPERATIVE, WhistleRemark.TARDY)
    rated = fact(Whistle.UnitRated, CALLER, unit=WATER, stars=3, remarks=["cooperative", "tardy"])
    whistle(*ENDED).when(lambda one: one.rate_unit(act(CALLER, LATER), unit=WATER, stars=3, remarks=remarks)).then(
        rated
    )
    again = whistle(*ENDED, replace(rated, at=LATER)).when(
        lambda one: one.rate_unit(act(SUPERVISOR, LATER), unit=WATER, stars=5)
    )
    again.then_refused(AlreadyRated)


@pytest.mark.parametrize("stars", [-1, 0, 6])
def test_stars_are_one_to_five(stars: int) -> None:
    whistle(*ENDED).when(lambda one: one.rate_unit(act(CALLER, LATER), unit=ROADS, stars=stars)).then_refused(BadStars)


def test_who_was_not_called_is_not_rated() -> None:
    whistle(*ENDED).when(lambda one: one.rate_unit(act(CALLER, LATER), unit=PARKS, stars=3)).then_refused(UnitNotCalled)


def test_nobody_rates_before_the_end() -> None:
    whistle(BLOWN).when(lambda one: one.rate_unit(act(CALLER, DUE), unit=ROADS, stars=3)).then_refused(WrongStage)
    whistle(BLOWN).when(lambda one: one.rate(act(HANDLER, DUE), justified=True)).then_refused(WrongStage)


def test_nobody_rates_their_own_unit_or_what_they_came_for() -> None:
    own = staff("overseer", Role.SUPERVISOR, unit=ROADS)
    whistle(*ENDED).when(lambda one: one.rate_unit(act(own, LATER), unit=ROADS, stars=5)).then_refused(DutyConflict)
    both = replace(HANDLER, roles=frozenset({Role.HANDLER, Role.SUPERVISOR}))
    whistle(*ENDED).when(lambda one: one.rate_unit(act(both, LATER), unit=WATER, stars=5)).then_refused(DutyConflict)


def test_each_called_unit_says_once_whether_it_was_justified() -> None:
    said = fact(Whistle.Rated, HANDLER, unit=ROADS, justified=True)
    whistle(*ENDED).when(lambda one: one.rate(act(HANDLER, LATER), justified=True)).then(said)
    whistle(*ENDED, replace(said, at=LATER)).when(
        lambda one: one.rate(act(HANDLER, LATER), justified=False)
    ).then_refused(AlreadyRated)
    other = fact(Whistle.Rated, WATER_HANDLER, reason="街道自己能办", unit=WATER, justified=False)
    whistle(*ENDED, replace(said, at=LATER)).when(
        lambda one: one.rate(act(WATER_HANDLER, LATER, "街道自己能办"), justified=False)
    ).then(other)


def test_who_calls_it_unjustified_says_why() -> None:
    whistle(*ENDED).when(lambda one: one.rate(act(HANDLER, LATER), justified=False)).then_refused(ReasonMissing)


def test_who_was_not_called_does_not_rate_the_whistle() -> None:
    stranger = staff("gardener", Role.HANDLER, unit=PARKS)
    whistle(*ENDED).when(lambda one: one.rate(act(stranger, LATER), justified=True)).then_refused(NotCalled)


def test_nobody_who_blew_or_belongs_to_the_street_rates_the_whistle() -> None:
    of_the_street = replace(CALLER, roles=frozenset({Role.HANDLER}), acts_for=frozenset({ROADS}), id="other")
    whistle(*ENDED).when(lambda one: one.rate(act(of_the_street, LATER), justified=True)).then_refused(DutyConflict)
    blew = staff(CALLER.id, Role.HANDLER, unit=ROADS)
    whistle(*ENDED).when(lambda one: one.rate(act(blew, LATER), justified=True)).then_refused(DutyConflict)


# --- whatever happens ------------------------------------------------------------------------------


CAME = st.tuples(st.sampled_from([HANDLER, WATER_HANDLER]), st.integers(0, 90))


@drawn(st.lists(CAME, max_size=6), st.integers(0, 90))
def test_every_called_unit_came_or_was_absent_or_was_spared(comings: list[tuple[Actor, int]], end: int) -> None:
    one = past(BLOWN, id=WHISTLE)
    for who, minutes in comings:
        if who.unit not in one.arrived:
            one.arrive(act(who, NINE + minutes * MINUTE))
    last = max([one.modified_on, NINE + end * MINUTE])
    one.end(act(CALLER, last), measure="围挡")
    *before, over = one.pending_events
    assert sorted([*one.arrived, *over.absent, *over.spared]) == [ROADS, WATER]
    assert not (over.absent and over.spared)
    assert all(event.late == (event.arrived_at > one.due) for event in before)
    assert all(left.timestamp <= right.timestamp for left, right in pairwise([*before, over]))
