"""单位关系: under whom a unit stands and who reads what it leads, by period; circles are refused by name."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.registry.relations import standing_copies
from domain.refusals import NoSuchEntry, NotValidThen, OutsideArea, WrongRole
from domain.registry import unit_relations
from domain.registry.refusals import BadPeriod, NoLongerKept, NothingChanged
from domain.registry.unit_refusals import (
    CopyOnRecord,
    CopyToItself,
    NoCopyRelation,
    NotSupervised,
    SupervisedSince,
    SupervisionCycle,
)
from tests.registry_office import STREET, TODAY, Office, admin, run
from tests.spec import WORKER, act

MARCH, APRIL, MAY = (date(2026, month, 1) for month in (3, 4, 5))
EVE = timedelta(days=1)


def office() -> Office:
    city = Office().with_divisions()
    for code in ("a", "b", "c", "d"):
        city.with_unit(code)
    return city


def under(city: Office, code: str, above: str, since: date = MARCH) -> None:
    run(city.unit_relations.place_under(admin(), code=code, above=above, since=since))


def test_a_unit_stands_under_another_and_that_one_under_a_third() -> None:
    city = office()
    under(city, "a", "b")
    under(city, "b", "c", APRIL)
    assert city.unit_relations.of("a", APRIL).above == ["b", "c"]
    assert city.unit_relations.of("a", MARCH).above == ["b"]
    assert city.unit_relations.of("a", MARCH - EVE).above == []
    assert city.unit_relations.of("b", APRIL).below == ["a"]


def test_a_new_supervisor_ends_the_one_before_on_the_eve() -> None:
    city = office()
    under(city, "a", "b")
    under(city, "a", "c", APRIL)
    assert city.view.unit("a").supervision == (("b", "2026-03-01", "2026-03-31"), ("c", "2026-04-01", None))
    with pytest.raises(SupervisedSince) as refusal:
        under(city, "a", "d", MARCH)
    assert refusal.value.facts == {"unit": "a", "since": "2026-04-01", "above": "c"}
    with pytest.raises(NothingChanged):
        under(city, "a", "c", MAY)
    under(city, "a", "d", APRIL)  # a mistake of the same day is put right
    assert city.view.unit("a").supervision[-1] == ("d", "2026-04-01", None)


def test_a_circle_is_refused_and_its_units_are_named() -> None:
    city = office()
    under(city, "a", "b")
    under(city, "b", "c")
    with pytest.raises(SupervisionCycle) as refusal:
        under(city, "c", "a")
    assert refusal.value.facts["units"] == ["c", "a", "b", "c"]
    assert "c → a → b → c" in refusal.value.detail()
    with pytest.raises(SupervisionCycle):
        under(city, "d", "d")
    assert city.view.unit("c").supervision == ()


def test_units_that_were_above_each_other_at_different_times_make_no_circle() -> None:
    city = office()
    under(city, "a", "b")
    run(city.unit_relations.end_supervision(admin(), code="a", last_day=APRIL - EVE))
    with pytest.raises(SupervisionCycle):
        under(city, "b", "a", MARCH)
    under(city, "b", "a", APRIL)
    assert city.unit_relations.of("b", APRIL).above == ["a"]
    with pytest.raises(SupervisionCycle) as refusal:
        under(city, "a", "b", MAY)
    assert refusal.value.facts["day"] == MAY


CODES = st.sampled_from("abcd")
ORDERS = st.lists(st.tuples(CODES, CODES, st.integers(0, 6), st.booleans()), max_size=14)


@given(ORDERS)
def test_whatever_is_ordered_no_day_has_a_circle_and_only_circles_are_refused(orders: Any) -> None:
    units = {code: SimpleNamespace(code=code, supervision=()) for code in "abcd"}

    def above(code: str, day: date) -> str | None:
        return unit_relations.above(cast(Any, units[code]), day)

    for code, higher, day, ends in orders:
        since = TODAY + timedelta(days=day)
        unit, before = units[code], units[code].supervision
        closes = unit_relations.circle_closed(code, higher, since.isoformat(), lambda one: units[one].supervision)
        event = unit_relations.PlacedUnder if not ends else unit_relations.SupervisionEnded
        if ends:
            if before and before[-1][2] is None and before[-1][1] <= since.isoformat():
                event.apply(cast(Any, SimpleNamespace(last_day=since.isoformat())), cast(Any, unit))
            continue
        event.apply(cast(Any, SimpleNamespace(above=higher, since=since.isoformat())), cast(Any, unit))
        days = [TODAY + timedelta(days=number) for number in range(9)]
        round_again = any(circular(code, day, above) for day in days)
        assert round_again == bool(closes)
        if closes:
            unit.supervision = before


def circular(code: str, day: date, above: Any) -> bool:
    seen, at = set(), above(code, day)
    while at is not None and at not in seen:
        seen.add(at)
        at = above(at, day)
    return code in seen


def test_supervision_ends_once_it_has_begun() -> None:
    city = office()
    with pytest.raises(NotSupervised):
        run(city.unit_relations.end_supervision(admin(), code="a", last_day=APRIL))
    under(city, "a", "b")
    with pytest.raises(BadPeriod):
        run(city.unit_relations.end_supervision(admin(), code="a", last_day=MARCH - EVE))
    run(city.unit_relations.end_supervision(admin(), code="a", last_day=APRIL))
    with pytest.raises(NotSupervised):
        run(city.unit_relations.end_supervision(admin(), code="a", last_day=MAY))


def test_relations_need_known_units_that_are_open_and_an_administrator_of_the_place() -> None:
    city = office()
    run(city.units.close(admin(), code="d", last_day=APRIL))
    relations = city.unit_relations
    for asked, refusal in (
        (relations.place_under(admin(), code="a", above="x", since=MARCH), NoSuchEntry),
        (relations.place_under(admin(), code="x", above="a", since=MARCH), NoSuchEntry),
        (relations.place_under(admin(), code="a", above="d", since=MAY), NotValidThen),
        (relations.place_under(admin("150785002"), code="a", above="b", since=MARCH), OutsideArea),
        (relations.place_under(act(WORKER, at=admin().at), code="a", above="b", since=MARCH), WrongRole),
        (relations.set_copy(admin(), code="a", to="x", since=MARCH), NoSuchEntry),
        (relations.set_copy(admin(), code="a", to="d", since=MAY), NotValidThen),
        (relations.set_copy(admin(STREET, minutes=100_000), code="d", to="a", since=MARCH), NoLongerKept),
    ):
        with pytest.raises(refusal):
            run(asked)
    assert city.view.unit("a").version == 1


def test_what_a_unit_leads_is_copied_while_the_relation_lasts() -> None:
    city = office()
    run(city.unit_relations.set_copy(admin(), code="a", to="b", since=MARCH))
    run(city.unit_relations.set_copy(admin(), code="a", to="c", since=APRIL))
    run(city.unit_relations.end_copy(admin(), code="a", to="b", last_day=APRIL))
    assert city.unit_relations.of("a", APRIL).copied_to == ["b", "c"]
    assert city.unit_relations.of("a", MAY).copied_to == ["c"]
    assert city.unit_relations.of("c", MAY).copied_from == ["a"]
    run(city.unit_relations.set_copy(admin(), code="a", to="b", since=MAY))
    assert city.unit_relations.of("a", MAY).copied_to == ["b", "c"]


def test_a_copy_relation_is_not_set_twice_nor_to_oneself_nor_ended_twice() -> None:
    city = office()
    run(city.unit_relations.set_copy(admin(), code="a", to="b", since=MARCH))
    with pytest.raises(CopyOnRecord):
        run(city.unit_relations.set_copy(admin(), code="a", to="b", since=APRIL))
    with pytest.raises(CopyToItself):
        run(city.unit_relations.set_copy(admin(), code="a", to="a", since=APRIL))
    with pytest.raises(BadPeriod):
        run(city.unit_relations.end_copy(admin(), code="a", to="b", last_day=MARCH - EVE))
    run(city.unit_relations.end_copy(admin(), code="a", to="b", last_day=APRIL))
    with pytest.raises(NoCopyRelation):
        run(city.unit_relations.end_copy(admin(), code="a", to="b", last_day=MAY))
    with pytest.raises(NoCopyRelation):
        run(city.unit_relations.end_copy(admin(), code="a", to="c", last_day=MAY))


def test_standing_copies_leave_out_who_is_named_closed_or_complained_about() -> None:
    city = office().with_unit("e").with_unit("f")
    for to in ("b", "c", "d", "e", "f"):
        run(city.unit_relations.set_copy(admin(), code="a", to=to, since=MARCH))
    run(city.units.close(admin(), code="c", last_day=TODAY))
    lead, later = city.view.unit("a"), TODAY + EVE
    assert standing_copies(city.view, lead, later, beside=["b"], avoid={"d"}) == ["e", "f"]
    assert standing_copies(city.view, lead, TODAY, beside=[], avoid=()) == ["b", "c", "d", "e", "f"]
