"""代班: who may stand in for whom, that it makes no chains, and what standing in lets somebody do."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from domain.actor import Act, Actor, Role
from domain.grid_issue import GridIssue
from domain.refusals import NoSuchEntry, NotLead, OutsideArea, Refused
from domain.registry.refusals import BadChoice, BadPeriod, NoLongerKept, SelfGrant
from domain.registry.staff_refusals import NoSuchStandIn, NotFitToStandIn, StandInChain, StoodInFor
from domain.stages import IssueStage
from tests.cases import ISSUE_AT
from tests.registry_office import COMMUNITY, COUNTY, STREET, TODAY, Office, admin, run
from tests.spec import ISSUE, NINE, ROADS, past, recorded

MONDAY, FRIDAY = date(2026, 3, 9), date(2026, 3, 13)
DAY = timedelta(days=1)


def office() -> Office:
    """Two units: `roads` with h1 and h2, `water` with h3 in the whole county and h4 in one community."""
    city = Office().with_divisions().with_unit(ROADS, "department", COUNTY).with_unit("water", "department", COUNTY)
    city.with_staff("h1", ROADS, "handler", area=STREET).with_staff("h2", ROADS, "handler", area=COUNTY)
    city.with_staff("h3", "water", "handler", "worker", area=COUNTY)
    return city.with_staff("h4", "water", "handler", area=COMMUNITY)


def stand_in(city: Office, code: str, by: str, first: date = MONDAY, last: date = FRIDAY, **facts: Any) -> None:
    run(city.staff.name_stand_in(admin(), code=code, stand_in=by, first_day=first, last_day=last, **facts))


def end(city: Office, code: str, first: date, last: date) -> None:
    run(city.staff.end_stand_in(admin(), code=code, first_day=first, last_day=last))


def test_a_stand_in_of_another_unit_acts_for_it_while_the_days_last() -> None:
    city = office()
    stand_in(city, "h1", "h3")
    for day, units in ((MONDAY - DAY, set()), (MONDAY, {ROADS}), (FRIDAY, {ROADS}), (FRIDAY + DAY, set())):
        assert city.view.actor("h3", on=day).acts_for == units
    assert city.view.actor("h3").acts_for == frozenset()  # who asks for no day gets no more than is always so
    assert city.view.actor("h1", on=MONDAY).acts_for == frozenset()


def test_what_the_stand_in_may_do_is_the_leads_to_do() -> None:
    city = office()
    stand_in(city, "h1", "h3")
    assigned: GridIssue = past(*ISSUE_AT[IssueStage.ASSIGNED], id=ISSUE)
    with pytest.raises(NotLead):
        assigned.accept(Act(city.view.actor("h3", on=FRIDAY + DAY), NINE))
    assigned.accept(Act(city.view.actor("h3", on=MONDAY), NINE))
    (accepted,) = recorded(assigned)
    assert (accepted.facts["by"], accepted.facts["of_unit"]) == ("h3", "water")  # who signed, and whose they are
    assert "h3" in assigned.handled_by


def test_standing_in_without_the_handlers_role_opens_no_case_of_the_unit() -> None:
    city = office().with_staff("both", ROADS, "handler", "worker", area=COMMUNITY)
    stand_in(city, "both", "h3", roles=["worker"])
    assert city.view.actor("h3", on=MONDAY).acts_for == frozenset()


def test_the_right_ends_with_the_member_or_their_unit() -> None:
    city = office()
    for code in ("h1", "h2"):
        stand_in(city, code, "h3")
    run(city.leaving.leave(admin(), code="h1"))
    assert city.view.actor("h3", on=MONDAY).acts_for == {ROADS}
    run(city.staff.move(admin(), code="h2", unit="water"))
    assert city.view.actor("h3", on=MONDAY).acts_for == frozenset()


@pytest.mark.parametrize(
    ("by", "lacking"),
    [("h1", "本人"), ("h4", STREET), ("w1", "承办人"), ("gone", "离岗")],
)
def test_who_stands_in_is_another_on_duty_with_the_roles_and_the_areas(by: str, lacking: str) -> None:
    city = office().with_staff("w1", ROADS, "worker", area=COUNTY).with_staff("gone", ROADS, "handler", area=COUNTY)
    run(city.leaving.leave(admin(), code="gone"))
    with pytest.raises(NotFitToStandIn) as refusal:
        stand_in(city, "h1", by)
    assert lacking in refusal.value.detail()


def test_chains_and_circles_are_refused_and_named() -> None:
    city = office().with_staff("h5", ROADS, "handler", area=COUNTY).with_staff("h6", ROADS, "handler", area=COUNTY)
    stand_in(city, "h2", "h5")
    for code, by, chain in (("h5", "h2", ["h5", "h2", "h5"]), ("h5", "h6", ["h2", "h5", "h6"]), ("h6", "h2", None)):
        with pytest.raises(StandInChain) as refusal:
            stand_in(city, code, by, FRIDAY, FRIDAY)
        assert refusal.value.facts["staff"] == (chain or ["h6", "h2", "h5"])
        assert " → ".join(chain or ["h6", "h2", "h5"]) in refusal.value.detail()
    stand_in(city, "h5", "h6", FRIDAY + DAY, FRIDAY + DAY)  # when it is over, nothing is in the way


def test_nobody_has_two_stand_ins_on_one_day() -> None:
    city = office()
    stand_in(city, "h1", "h2")
    with pytest.raises(StoodInFor):
        stand_in(city, "h1", "h3", FRIDAY, FRIDAY + DAY)
    stand_in(city, "h1", "h3", FRIDAY + DAY, FRIDAY + DAY)
    assert [one.stand_in for one in city.view.staff("h1").stand_ins] == ["h2", "h3"]


def test_a_stand_in_ends_early_or_is_called_off() -> None:
    city = office()
    stand_in(city, "h1", "h2")
    end(city, "h1", MONDAY, MONDAY + DAY)
    assert city.view.staff("h1").stand_ins[0].last_day == "2026-03-10"
    with pytest.raises(NoSuchStandIn):
        end(city, "h1", MONDAY, FRIDAY)
    with pytest.raises(BadPeriod):
        end(city, "h1", MONDAY, MONDAY - 2 * DAY)
    end(city, "h1", MONDAY, MONDAY - DAY)
    assert city.view.staff("h1").stand_ins == ()
    with pytest.raises(NoSuchStandIn):
        end(city, "h1", MONDAY, MONDAY)


@pytest.mark.parametrize(
    ("act", "facts", "refusal"),
    [
        (admin(code="h1"), {}, SelfGrant),  # for oneself
        (admin(code="h2"), {}, SelfGrant),  # by oneself
        (admin("150784"), {}, OutsideArea),
        (admin(), {"stand_in": "nobody"}, NoSuchEntry),
        (admin(), {"first_day": FRIDAY + DAY}, BadPeriod),
        (admin(), {"roles": ["mayor"]}, BadChoice),
        (admin(), {"roles": ["verifier"]}, NotFitToStandIn),
    ],
)
def test_a_stand_in_is_named_by_another_administrator(act: Act, facts: dict[str, Any], refusal: type[Refused]) -> None:
    city = office()
    said: dict[str, Any] = {"stand_in": "h2", "first_day": MONDAY, "last_day": FRIDAY}
    with pytest.raises(refusal):
        run(city.staff.name_stand_in(act, code="h1", **(said | facts)))
    assert city.view.staff("h1").version == 1


def test_who_has_left_is_stood_in_for_no_more() -> None:
    city = office()
    run(city.leaving.leave(admin(), code="h1"))
    with pytest.raises(NoLongerKept):
        stand_in(city, "h1", "h2")


def test_an_actor_without_standing_in_has_their_own_unit_only() -> None:
    plain = Actor("h1", frozenset({Role.HANDLER}), ROADS, (COUNTY,))
    assert plain.units == {ROADS}
    assert office().view.actor("h2", on=TODAY) == Actor("h2", frozenset({Role.HANDLER}), ROADS, (COUNTY,))
