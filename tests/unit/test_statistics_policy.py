"""考核办法: editions are sound, published for ever, and every period goes by the one in force at its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from application.registry.statistics_policies import DEFAULT, StatisticsEditions, ship_default_policy
from application.statistics.policies import PoliciesInForce
from domain.rates import RatePolicy
from domain.refusals import AlreadyRegistered, BadCode, NoSuchEntry, OutsideArea, WrongRole
from domain.registry.refusals import BadChoice, NothingChanged
from domain.registry.rule_refusals import EditionPublished, NotRetroactive
from domain.registry.statistics_policy import StatisticsEdition
from domain.statistics.periods import Cut
from domain.statistics.policy import StatisticsPolicy, Terms, Ties
from domain.statistics.policy_refusals import BadHour, BadMonthDay, BadSmallCell, BadWeights
from tests.registry_office import CITY, COUNTY, TODAY, Office, admin, run
from tests.spec import DISPATCHER, act

THIRDS = RatePolicy("", Fraction(1, 2), Fraction(1, 4), Fraction(3, 10), Fraction(35, 100), Fraction(35, 100))
OTHER = StatisticsPolicy(replace(THIRDS, excluded_channels=frozenset({"imported"})), day_hour=0, month_day=1)
CODE = "assessment-2"


def drafted(policy: StatisticsPolicy = OTHER) -> StatisticsEdition:
    return StatisticsEdition.draft(admin(), city=CITY, code=CODE, name="下半年办法", policy=policy, source="细则")


class Rules:
    """The policies of a small city."""

    def __init__(self) -> None:
        self.office = Office()
        self.editions = StatisticsEditions(self.office.desk)
        self.in_force = PoliciesInForce(self.office.view)

    def with_edition(self, code: str, first: date, policy: StatisticsPolicy = OTHER) -> Rules:
        run(self.editions.draft(admin(), code=code, name=code, policy=policy))
        run(self.editions.publish(admin(), code=code, valid_from=first))
        return self


# --- an edition ---------------------------------------------------------------------------------


def test_an_edition_says_what_it_was_drafted_with_under_its_own_code() -> None:
    edition = drafted()
    assert edition.policy == replace(OTHER, rates=replace(OTHER.rates, version=CODE))
    assert (edition.policy.edition, edition.source, edition.valid_from) == (CODE, "细则", None)


def test_what_is_written_down_reads_the_same() -> None:
    for policy in (DEFAULT, OTHER, replace(OTHER, ties=Ties.SHARED, small_cell=0, zone="Asia/Urumqi")):
        assert Terms.of(policy).policy(policy.edition) == policy


@pytest.mark.parametrize(
    ("rates", "said", "refusal"),
    [
        ({"response_weight": Fraction(2, 10)}, {}, BadWeights),
        ({"response_weight": Fraction(-1, 10), "resolution_weight": Fraction(7, 10)}, {}, BadWeights),
        ({"basically_satisfied": Fraction(11, 10)}, {}, BadWeights),
        ({"partly_solved": Fraction(1, 3)}, {}, BadWeights),
        ({"excluded_channels": frozenset({"pigeon"})}, {}, BadChoice),
        ({}, {"day_hour": 24}, BadHour),
        ({}, {"month_day": 29}, BadMonthDay),
        ({}, {"small_cell": -1}, BadSmallCell),
        ({}, {"zone": "Asia/Nowhere"}, BadChoice),
        ({}, {"zone": "../etc"}, BadChoice),
    ],
)
def test_an_unsound_policy_is_refused(rates: dict[str, Any], said: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        drafted(replace(DEFAULT, rates=replace(DEFAULT.rates, **rates), **said))


def test_only_who_keeps_the_registry_of_the_city_drafts() -> None:
    with pytest.raises(WrongRole):
        StatisticsEdition.draft(act(DISPATCHER), city=CITY, code=CODE, name="x", policy=OTHER)
    with pytest.raises(OutsideArea):
        StatisticsEdition.draft(admin(COUNTY), city=CITY, code=CODE, name="x", policy=OTHER)
    with pytest.raises(BadCode):
        StatisticsEdition.draft(admin(), city=CITY, code="考核", name="x", policy=OTHER)


def test_a_draft_is_revised_but_not_into_itself() -> None:
    edition = drafted()
    edition.revise(admin(), city=CITY, policy=replace(OTHER, ties=Ties.SHARED))
    assert edition.policy.ties is Ties.SHARED
    with pytest.raises(NothingChanged):
        edition.revise(admin(), city=CITY, policy=replace(OTHER, ties=Ties.SHARED))


def test_a_published_edition_never_changes() -> None:
    edition = drafted()
    edition.publish(admin(), city=CITY, valid_from=TODAY)
    with pytest.raises(EditionPublished):
        edition.revise(admin(), city=CITY, policy=DEFAULT)
    with pytest.raises(EditionPublished):
        edition.publish(admin(), city=CITY, valid_from=TODAY)


def test_an_edition_does_not_reach_back() -> None:
    with pytest.raises(NotRetroactive):
        drafted().publish(admin(), city=CITY, valid_from=TODAY - timedelta(days=1))


# --- which is in force --------------------------------------------------------------------------


def test_before_the_first_edition_the_default_one_counts() -> None:
    rules = Rules()
    assert rules.in_force.over(datetime(2025, 1, 1, tzinfo=UTC)) == DEFAULT
    assert rules.in_force.named("2026.1") == DEFAULT


def test_a_period_goes_by_the_edition_in_force_at_its_last_instant() -> None:
    rules = Rules().with_edition("a", date(2026, 4, 1))
    begins = datetime(2026, 3, 31, 16, tzinfo=UTC)
    # One that ends where the edition begins lies wholly before it.
    assert rules.in_force.over(begins) == DEFAULT
    assert rules.in_force.over(begins + datetime.resolution).edition == "a"


def test_a_draft_counts_nothing_but_can_be_asked_for() -> None:
    rules = Rules()
    run(rules.editions.draft(admin(), code="a", name="a", policy=OTHER))
    assert rules.in_force.over(datetime(2027, 1, 1, tzinfo=UTC)) == DEFAULT
    assert rules.in_force.named("a").rates.resolution_weight == Fraction(35, 100)
    with pytest.raises(NoSuchEntry):
        rules.in_force.named("b")


def test_a_period_is_cut_by_the_edition_that_counts_it() -> None:
    rules = Rules().with_edition("calendar", date(2026, 4, 1))
    before, default = rules.in_force.period(Cut.MONTH, date(2026, 3, 1))
    assert (before.label, default.edition) == ("2026年3月（上月19日起）", "2026.1")
    after, policy = rules.in_force.period(Cut.MONTH, date(2026, 6, 30))
    assert (after.label, policy.edition) == ("2026年6月", "calendar")
    assert policy == rules.in_force.over(after.end)


def test_the_default_edition_is_shipped_once_and_its_code_is_nobody_elses() -> None:
    rules = Rules()
    with pytest.raises(AlreadyRegistered):
        run(rules.editions.draft(admin(), code=DEFAULT.edition, name="自拟", policy=OTHER))
    assert run(ship_default_policy(rules.office.desk, admin(minutes=1)))
    assert not run(ship_default_policy(rules.office.desk, admin(minutes=2)))
    assert rules.in_force.at(datetime(2026, 3, 3, tzinfo=UTC)) == DEFAULT


def test_a_city_with_an_edition_of_its_own_gets_none() -> None:
    rules = Rules().with_edition("own", TODAY)
    assert not run(ship_default_policy(rules.office.desk, admin(minutes=1)))
