"""立案标准版次: drafted, compared, published as one save; in force from its day on and not before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.limit import Limit, LimitUnit
from domain.refusals import AlreadyRegistered, NoSuchEntry, NotValidThen, OutsideArea, Stale, WrongRole
from domain.registry.case_type_key import CaseKind
from domain.registry.catalogue_edition import Standing
from domain.registry.catalogue_refusals import (
    ConditionNotDrafted,
    EditionEmpty,
    EditionSettled,
    EditionTaken,
    EditionTooEarly,
    LimitSettled,
    LimitUndecided,
    NothingUndecided,
)
from domain.registry.edition_difference import ChangeKind
from tests.editions_office import (
    APRIL,
    DAYS,
    EVE_OF_JULY,
    FELLED,
    HOURS,
    JULY,
    LID,
    LITTER,
    condition,
    draft,
    publish,
)
from tests.registry_office import COUNTY, TODAY, Office, admin, run

ODD = "1紧急工作时制止"
URGENT = Limit(1, LimitUnit.URGENT_HOUR)


def office() -> Office:
    return Office().with_divisions().with_unit("cg", "department", COUNTY)


def two_editions() -> Office:
    """In April two matters and an asset; in July one matter has another limit, one is gone, one is new."""
    city = office()
    publish(city, "1", APRIL, condition(LITTER), condition(FELLED), condition(LID))
    publish(city, "2", JULY, condition(LITTER, DAYS), condition("matter-07001"))
    return city


# --- what holds when ----------------------------------------------------------------------------


def test_an_edition_acts_from_its_day_on_and_the_last_one_up_to_its_eve() -> None:
    litter = two_editions().view.case_type(LITTER)
    told = [(litter.on(day).edition, litter.on(day).content.limit) for day in (APRIL, EVE_OF_JULY, JULY)]
    assert told == [("1", HOURS), ("1", HOURS), ("2", DAYS)]
    assert [litter.in_force(day) for day in (APRIL - timedelta(days=1), APRIL, JULY)] == [False, True, True]


def test_what_an_edition_no_longer_lists_ends_on_its_eve_and_is_still_read() -> None:
    city = two_editions()
    assert city.view.case_type(FELLED, valid_on=EVE_OF_JULY).on(JULY).edition == "1"
    with pytest.raises(NotValidThen):
        city.view.case_type(FELLED, valid_on=JULY)
    assert city.view.case_type(FELLED).valid_until == EVE_OF_JULY.isoformat()


def test_a_kind_an_edition_does_not_speak_of_stays_as_it_is() -> None:
    city = two_editions()
    assert city.view.case_type(LID, valid_on=JULY).on(JULY).edition == "1"
    assert [one.code for one in city.view.case_types(valid_on=JULY)] == [LID, LITTER, "matter-07001"]


def test_a_condition_may_come_back_in_a_later_edition() -> None:
    city = two_editions()
    publish(city, "3", date(2026, 9, 1), condition(LITTER), condition(FELLED, DAYS))
    felled = city.view.case_type(FELLED)
    days = [EVE_OF_JULY, JULY, date(2026, 8, 31), date(2026, 9, 1)]
    assert [felled.in_force(day) for day in days] == [True, False, False, True]
    assert felled.on(date(2026, 8, 31)).content.limit == HOURS
    assert felled.on(date(2026, 9, 1)).content.limit == DAYS


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(1, 9)), min_size=1, max_size=6))
def test_each_day_has_the_content_of_the_last_edition_begun(gaps: list[tuple[int, int]]) -> None:
    city, day, begun = office(), TODAY, []
    for number, (gap, hours) in enumerate(gaps):
        day += timedelta(days=gap)
        publish(city, str(number), day, condition(LITTER, Limit(hours, LimitUnit.WORK_HOUR)))
        begun.append((day, str(number), hours))
    litter = city.view.case_type(LITTER)
    for ahead in range((day - TODAY).days + 2):
        asked = TODAY + timedelta(days=ahead)
        expected = [(name, hours) for since, name, hours in begun if since <= asked]
        assert litter.in_force(asked) == bool(expected)
        if expected:
            said = litter.on(asked)
            assert (said.edition, said.content.limit) == (expected[-1][0], Limit(expected[-1][1], LimitUnit.WORK_HOUR))


def test_an_edition_stands_as_draft_announced_in_force_and_superseded() -> None:
    city = two_editions()
    draft(city, "3", date(2026, 9, 1))
    first, second, third = city.editions.every()
    assert [first.standing(day) for day in (TODAY, APRIL, JULY)] == [
        Standing.ANNOUNCED, Standing.IN_FORCE, Standing.IN_FORCE,
    ]  # fmt: skip
    assert first.ended == {"matter": EVE_OF_JULY.isoformat()}
    assert [second.standing(day) for day in (TODAY, JULY)] == [Standing.ANNOUNCED, Standing.IN_FORCE]
    assert third.standing(JULY) is Standing.DRAFT
    publish(city, "4", date(2026, 10, 1), condition(LID))
    assert city.editions.find("1").standing(date(2026, 10, 1)) is Standing.SUPERSEDED


# --- publishing ---------------------------------------------------------------------------------


def test_publishing_is_one_save() -> None:
    city = office()
    draft(city, "1", APRIL, [condition(LITTER), condition(FELLED), condition(LID)])
    saves = city.log.saves
    run(city.editions.publish(admin(), code="1"))
    assert city.log.saves == saves + 1
    assert len(city.view.case_types()) == 3


def test_a_draft_acts_on_nothing() -> None:
    city = office()
    draft(city, "1", APRIL, [condition(LITTER)])
    with pytest.raises(NoSuchEntry):
        city.view.case_type(LITTER)


def test_publishing_is_refused_without_conditions_twice_and_to_others() -> None:
    city = office()
    draft(city, "1", APRIL)
    with pytest.raises(EditionEmpty):
        run(city.editions.publish(admin(), code="1"))
    run(city.editions.put(admin(), code="1", condition=condition()))
    with pytest.raises(OutsideArea):
        run(city.editions.publish(admin(COUNTY), code="1"))
    run(city.editions.publish(admin(), code="1"))
    before = len(city.log.recorded)
    with pytest.raises(EditionSettled):
        run(city.editions.publish(admin(), code="1"))
    with pytest.raises(EditionSettled):
        run(city.editions.put(admin(), code="1", condition=condition(LID)))
    assert len(city.log.recorded) == before


def test_a_stale_version_is_not_published() -> None:
    city = office()
    draft(city, "1", APRIL, [condition()])
    with pytest.raises(Stale):
        run(city.editions.publish(admin(), code="1", version=1))


@pytest.mark.parametrize("effective", [APRIL, APRIL - timedelta(days=1)])
def test_an_edition_comes_after_the_last_one_of_its_kinds(effective: date) -> None:
    city = office()
    publish(city, "1", APRIL, condition(LITTER))
    draft(city, "2", effective, [condition(LITTER, DAYS)])
    with pytest.raises(EditionTooEarly):
        run(city.editions.publish(admin(), code="2"))
    publish(city, "3", effective, condition(LID))


def test_days_that_have_passed_are_not_changed_but_an_empty_past_may_be_filled() -> None:
    city = office().with_case_type(LITTER)
    yesterday = TODAY - timedelta(days=1)
    draft(city, "1", yesterday, [condition(LITTER, DAYS)])
    with pytest.raises(EditionTooEarly):
        run(city.editions.publish(admin(), code="1"))
    run(city.editions.reschedule(admin(), code="1", effective_from=TODAY))
    run(city.editions.publish(admin(), code="1"))
    publish(city, "2", date(2020, 1, 1), condition(LID))
    assert city.view.case_type(LID, valid_on=date(2021, 1, 1)).on(TODAY).edition == "2"


def test_what_was_published_by_hand_is_ended_by_an_edition_without_it() -> None:
    city = office().with_case_type(LITTER).with_case_type(FELLED)
    publish(city, "1", APRIL, condition(FELLED, DAYS))
    assert city.view.case_type(LITTER).valid_until == "2026-03-31"
    felled = city.view.case_type(FELLED)
    assert (felled.on(TODAY).edition, felled.on(APRIL).edition) == ("2026-1", "1")


# --- drafting -----------------------------------------------------------------------------------


def test_a_draft_may_begin_with_what_will_be_in_force() -> None:
    city = two_editions()
    draft(city, "3", date(2026, 9, 1), copies=[CaseKind.MATTER])
    assert [one.code for one in city.editions.conditions("3")] == [LITTER, "matter-07001"]
    assert city.editions.difference("3").counts == {"added": 0, "changed": 0, "withdrawn": 0, "unchanged": 2}


def test_conditions_are_put_in_place_of_others_and_struck() -> None:
    city = office()
    draft(city, "1", APRIL, [condition(LITTER), condition(LITTER, DAYS), condition(LID)])
    run(city.editions.strike(admin(), code="1", condition=LID))
    assert [(one.code, one.limit) for one in city.editions.conditions("1")] == [(LITTER, DAYS)]
    with pytest.raises(ConditionNotDrafted):
        run(city.editions.strike(admin(), code="1", condition=LID))


def test_a_local_class_is_named_so_and_the_next_one_gets_the_next_number() -> None:
    city = office()
    code = city.editions.next_local_code(CaseKind.MATTER, "06")
    draft(city, "1", APRIL, [condition(code, name="无人机扰民")])
    assert city.editions.conditions("1")[0].name == "无人机扰民（自定义）"
    assert (code, city.editions.next_local_code(CaseKind.MATTER, "06")) == ("matter-06999", "matter-06998")


def test_a_discarded_draft_is_not_taken_up_again() -> None:
    city = office()
    draft(city, "1", APRIL, [condition()])
    run(city.editions.discard(admin(), code="1"))
    with pytest.raises(EditionSettled):
        run(city.editions.publish(admin(), code="1"))
    with pytest.raises(AlreadyRegistered):
        draft(city, "1", APRIL)


def test_the_code_of_an_edition_and_the_version_of_a_change_by_hand_are_not_the_same() -> None:
    city = office().with_case_type(LITTER)
    with pytest.raises(EditionTaken):
        draft(city, "2026-1", APRIL)
    draft(city, "1", APRIL)
    with pytest.raises(EditionTaken):
        run(city.catalogue.set_limit(admin(), code=LITTER, limit_amount=1, limit_unit="workday", edition="1"))


def test_an_unregistered_lead_is_refused() -> None:
    city = office()
    draft(city, "1", APRIL, [condition(lead="cg")])
    with pytest.raises(NoSuchEntry):
        run(city.editions.put(admin(), code="1", condition=condition(lead="nobody")))


# --- the difference -----------------------------------------------------------------------------


def test_the_difference_tells_what_is_added_changed_field_by_field_and_withdrawn() -> None:
    city = office()
    publish(city, "1", APRIL, condition(LITTER), condition(FELLED), condition(LID))
    draft(city, "2", JULY, [condition(LITTER, DAYS, closing_condition="清运"), condition("matter-07001")])
    before = city.editions.difference("2")
    run(city.editions.publish(admin(), code="2"))
    after = city.editions.difference("2")
    assert before == after
    assert before.counts == {"added": 1, "changed": 1, "withdrawn": 1, "unchanged": 0}
    litter, felled, new = before.changes
    assert (litter.change, felled.change, new.change) == (ChangeKind.CHANGED, ChangeKind.WITHDRAWN, ChangeKind.ADDED)
    assert [(one.label, one.before, one.after) for one in litter.fields] == [
        ("结案条件", "清理", "清运"), ("时限", "4个工作时", "2个工作日"),
    ]  # fmt: skip


# --- limits that wait for a decision ------------------------------------------------------------


def undecided() -> Office:
    city = office()
    publish(city, "1", APRIL, condition(FELLED, None, limit_text=ODD), condition(LITTER, None, limit_text="4小时"))
    return city


def test_an_odd_limit_is_listed_with_its_proposal_until_somebody_decides() -> None:
    city = undecided()
    first, second = city.editions.undecided(TODAY)
    assert (second.content.code, second.content.limit_text, second.content.reading.proposal) == (FELLED, ODD, URGENT)
    assert (first.edition, first.standing) == ("1", Standing.ANNOUNCED)
    run(city.catalogue.decide_limit(admin(), code=FELLED, edition="1", limit_amount=1, limit_unit="紧急工作时"))
    assert [one.content.code for one in city.editions.undecided(TODAY)] == [LITTER]
    felled = city.view.case_type(FELLED).on(APRIL)
    assert (felled.settled_limit(), felled.content.limit_text) == (URGENT, ODD)


def test_nothing_is_assigned_under_a_limit_nobody_decided() -> None:
    with pytest.raises(LimitUndecided) as refused:
        undecided().view.case_type(FELLED).on(APRIL).settled_limit()
    assert ODD in refused.value.detail()


def test_one_decision_settles_all_that_read_alike_in_a_draft_and_in_a_published_edition() -> None:
    city = undecided()
    draft(city, "2", JULY, [condition(code, None, limit_text="4小时") for code in (LITTER, FELLED)])
    for edition in ("1", "2"):
        run(city.editions.decide_limit(
            admin(), code=edition, limit_text="4小时", limit_amount=4, limit_unit="work_hour"
        ))  # fmt: skip
    assert [(one.edition, one.content.code) for one in city.editions.undecided(TODAY)] == [("1", FELLED)]
    assert {one.limit for one in city.editions.conditions("2")} == {HOURS}
    for edition in ("1", "2"):
        with pytest.raises(NothingUndecided):
            run(city.editions.decide_limit(
                admin(), code=edition, limit_text="4小时", limit_amount=4, limit_unit="work_hour"
            ))  # fmt: skip


def test_a_limit_that_stands_is_not_decided_again() -> None:
    city = undecided()
    run(city.catalogue.decide_limit(admin(), code=FELLED, edition="1", limit_amount=1, limit_unit="紧急工作时"))
    with pytest.raises(LimitSettled):
        run(city.catalogue.decide_limit(admin(), code=FELLED, edition="1", limit_amount=2, limit_unit="紧急工作时"))
    with pytest.raises(NothingUndecided):
        run(city.catalogue.decide_limit(admin(), code=FELLED, edition="9", limit_amount=2, limit_unit="紧急工作时"))


def test_a_limit_left_open_in_a_past_edition_may_still_be_decided() -> None:
    city = undecided()
    publish(city, "2", JULY, condition(FELLED, DAYS))
    run(city.catalogue.decide_limit(admin(), code=FELLED, edition="1", limit_amount=1, limit_unit="紧急工作时"))
    felled = city.view.case_type(FELLED)
    assert (felled.under("1", JULY).content.limit, felled.on(JULY).content.limit) == (URGENT, DAYS)


def test_only_an_administrator_of_the_city_decides() -> None:
    city = undecided()
    with pytest.raises(OutsideArea):
        run(city.editions.decide_limit(
            admin(COUNTY), code="1", limit_text=ODD, limit_amount=1, limit_unit="work_hour"
        ))  # fmt: skip


def test_only_an_administrator_drafts() -> None:
    city = office()
    dispatcher = admin()
    actor = type(dispatcher.actor)("d", frozenset(), "u", ("1507",))
    with pytest.raises(WrongRole):
        run(city.editions.draft(
            type(dispatcher)(actor, dispatcher.at), code="1", name="n", source="s", effective_from=APRIL
        ))  # fmt: skip
