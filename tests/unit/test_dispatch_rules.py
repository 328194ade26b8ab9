"""派遣规则: which rule wins is explicit, ties are found exactly and refused, a published edition never changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.refusals import BadCode, OutsideArea, WrongRole
from domain.registry.category_scope import condition_key, narrowness, scopes_of
from domain.registry.dispatch_refusals import BadRule
from domain.registry.dispatch_rule import DispatchRule, RuleInputs, lost_by
from domain.registry.dispatch_rules import DispatchRules
from domain.registry.refusals import BadPeriod, NothingChanged
from domain.registry.rule_book import RuleBook
from domain.registry.rule_edition import begun
from domain.registry.rule_refusals import EditionPublished, NoRules, NoSuchRule, NotRetroactive, RulesTie
from domain.registry.rule_ties import ties
from domain.registry.rule_time import Hours, Moment
from infrastructure.calendars import chinese_office_calendar
from tests.registry_office import CITY, TODAY, admin
from tests.spec import DISPATCHER, act

KEY, SECOND = "matter-06017", "matter-06017-2"
STREET, GRID = "150785001", "150785001001001"
MONDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 8)


def rule(number: str = "1", lead: str = "yl", **said: Any) -> DispatchRule:
    return DispatchRule.checked(number=number, lead=lead, **said)


def inputs(
    category: str = KEY, place: str = GRID, channel: str = "patrol", day: date = MONDAY, working: bool = True
) -> RuleInputs:
    return RuleInputs(category, place, channel, Moment(day, working))


def winners(rules: list[DispatchRule], asked: RuleInputs) -> list[str]:
    return [one.number for one in RuleBook(rules).matching(asked)]


def edition(*rules: DispatchRule) -> DispatchRules:
    drafted = DispatchRules.draft(admin(), city=CITY, code="dispatch-2026.1", name="2026 年派遣规则")
    if rules:
        drafted.lay(admin(), city=CITY, rules=rules)
    return drafted


# --- what a rule matches ------------------------------------------------------------------------


def test_scopes_run_from_one_condition_to_everything() -> None:
    assert scopes_of(KEY) == ("matter-06017-1", "matter-06017", "matter-06", "matter", "")
    assert scopes_of(SECOND)[:2] == ("matter-06017-2", "matter-06017")
    assert [narrowness(scope) for scope in scopes_of(KEY)] == [4, 3, 2, 1, 0]
    assert [condition_key(scope) for scope in scopes_of(SECOND)] == [SECOND, None, None, None, None]
    assert condition_key("matter-06017-1") == KEY


@pytest.mark.parametrize(
    ("said", "matched"),
    [
        ({"category": "matter"}, True),
        ({"category": "asset"}, False),
        ({"category": "matter-06"}, True),
        ({"category": "matter-06017"}, True),
        ({"category": "matter-06017-1"}, True),
        ({"category": "matter-06017-2"}, False),
        ({"place": STREET}, True),
        ({"place": "150785002"}, False),
        ({"place": GRID}, True),
        ({"channel": "patrol"}, True),
        ({"channel": "hotline"}, False),
        ({"hours": "working"}, True),
        ({"hours": "outside"}, False),
        ({"weekdays": [1, 2]}, True),
        ({"weekdays": [6, 7]}, False),
        ({"season_from": "10-15", "season_until": "04-15"}, True),
        ({"season_from": "04-15", "season_until": "10-15"}, False),
        ({"valid_from": MONDAY, "valid_until": MONDAY}, True),
        ({"valid_until": MONDAY - timedelta(days=1)}, False),
    ],
)
def test_a_rule_matches_by_each_of_its_conditions(said: dict[str, Any], matched: bool) -> None:
    assert bool(winners([rule(**said)], inputs())) is matched


def test_an_instant_is_read_by_the_calendar_in_its_own_zone() -> None:
    calendar = chinese_office_calendar()
    late_sunday_in_utc = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)
    assert Moment.of(late_sunday_in_utc, calendar) == Moment(MONDAY, working=False)
    assert Moment.of(datetime(2026, 3, 2, 1, 0, tzinfo=UTC), calendar) == Moment(MONDAY, working=True)
    worked_saturday = datetime(2026, 2, 14, 2, 0, tzinfo=UTC)
    assert Moment.of(worked_saturday, calendar).working


@pytest.mark.parametrize(
    ("stronger", "weaker", "criterion"),
    [
        ({"rank": 1}, {"category": "matter-06017-1", "place": GRID}, "优先级"),
        ({"category": "matter-06017"}, {"category": "matter-06", "place": GRID, "channel": "patrol"}, "事项"),
        ({"place": GRID}, {"place": STREET, "channel": "patrol"}, "地点"),
        ({"channel": "patrol"}, {"hours": "working", "weekdays": [1]}, "渠道"),
        ({"hours": "working", "weekdays": [1]}, {"hours": "working"}, "时间"),
    ],
)
def test_precedence_is_rank_then_category_place_channel_and_time(
    stronger: dict[str, Any], weaker: dict[str, Any], criterion: str
) -> None:
    first, second = rule("b", **stronger), rule("a", **weaker)
    assert winners([second, first], inputs()) == winners([first, second], inputs()) == ["b", "a"]
    assert lost_by(second, first) == criterion


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"category": "06017"}, BadCode),
        ({"category": "matter-06017-0"}, BadCode),
        ({"place": "1507850"}, BadCode),
        ({"hours": "night"}, BadRule),
        ({"weekdays": [0]}, BadRule),
        ({"season_from": "10-15"}, BadRule),
        ({"season_from": "02-30", "season_until": "03-01"}, BadRule),
        ({"rank": 1_001}, BadRule),
        ({"lead": "@province"}, BadRule),
        ({"copies": ["yl"]}, BadRule),
        ({"lead": "园林"}, BadCode),
        ({"number": "第一条"}, BadCode),
        ({"valid_from": SUNDAY, "valid_until": MONDAY}, BadPeriod),
    ],
)
def test_a_rule_is_told_in_the_words_of_the_field(said: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        rule(**said)


def test_all_seven_days_are_no_condition() -> None:
    assert rule(weekdays=[1, 2, 3, 4, 5, 6, 7]).time == rule().time


# --- ties ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "tied"),
    [
        ({}, {}, True),
        ({"rank": 1}, {}, False),
        ({"category": "matter"}, {"category": "asset"}, False),
        ({"place": STREET}, {"place": "150785002"}, False),
        ({"channel": "web"}, {"channel": "hotline"}, False),
        ({"hours": "working"}, {"hours": "outside"}, False),
        ({"hours": "working"}, {"weekdays": [7]}, True),
        ({"weekdays": [1, 2]}, {"weekdays": [2, 3]}, True),
        ({"weekdays": [1, 2]}, {"weekdays": [3]}, False),
        ({"season_from": "10-15", "season_until": "04-15"}, {"season_from": "04-15", "season_until": "06-01"}, True),
        ({"season_from": "10-15", "season_until": "04-15"}, {"season_from": "04-16", "season_until": "10-14"}, False),
        ({"season_from": "02-29", "season_until": "02-29"}, {"weekdays": [7]}, True),
        ({"valid_until": MONDAY}, {"valid_from": MONDAY}, True),
        ({"valid_until": MONDAY}, {"valid_from": MONDAY + timedelta(days=1)}, False),
        ({"valid_from": MONDAY, "valid_until": SUNDAY}, {"valid_from": SUNDAY, "valid_until": SUNDAY}, True),
        # Over before the edition begins.
        ({"valid_until": MONDAY - timedelta(days=1)}, {}, False),
        # A week without a Sunday has no case for both.
        ({"weekdays": [7], "valid_until": SUNDAY - timedelta(days=1)}, {"hours": "working"}, False),
    ],
)
def test_two_rules_tie_when_nothing_decides_and_a_case_could_match_both(
    one: dict[str, Any], other: dict[str, Any], tied: bool
) -> None:
    assert [(tie.one.number, tie.other.number) for tie in ties([rule("1", **one), rule("2", **other)], MONDAY)] == (
        [("1", "2")] if tied else []
    )


def test_a_tie_is_refused_with_both_rules_and_a_common_case_named() -> None:
    tied = edition(
        rule("7", category="matter-06017", place=STREET, weekdays=[6, 7]),
        rule("12", category="matter-06017", place=STREET, hours="outside"),
        rule("13", category="matter-06017"),
    )
    with pytest.raises(RulesTie) as refusal:
        tied.publish(admin(), city=CITY, valid_from=TODAY)
    assert tied.valid_from is None
    told = refusal.value.detail()
    assert "1 对" in told
    assert "第 12 条与第 7 条" in told
    assert "matter-06017（小类）、150785001、任一渠道、2026-03-07 周六工作时间之外的案件" in told


def test_a_rank_decides_what_would_tie() -> None:
    published = edition(rule("7"), rule("12", rank=1))
    published.publish(admin(), city=CITY, valid_from=TODAY)
    assert published.valid_from == TODAY.isoformat()


CATEGORIES = ("matter-06017", "matter-06017-2", "asset-01037")
PLACES = (GRID, "150785001001002", "150785002002001")
CHANNELS = ("patrol", "hotline")
DAYS = [MONDAY + timedelta(days=nth) for nth in range(14)]
EDGES = [f"{day.month:02}-{day.day:02}" for day in DAYS]
UNIVERSE = [
    inputs(category, place, channel, day, working)
    for category, place, channel, day, working in product(CATEGORIES, PLACES, CHANNELS, DAYS, (True, False))
]


@st.composite
def rules_about_two_weeks(draw: st.DrawFn) -> list[DispatchRule]:
    """Rules whose every condition, alone and together, the universe has cases for."""

    def season() -> tuple[str, str]:
        first, last = sorted(draw(st.tuples(st.sampled_from(EDGES), st.sampled_from(EDGES))))
        return first, last

    drawn = []
    for number in range(draw(st.integers(2, 6))):
        first, last = sorted(draw(st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS))))
        season_from, season_until = season() if draw(st.booleans()) else ("", "")
        drawn.append(
            rule(
                str(number),
                category=draw(st.sampled_from(("", "matter-06017"))),
                place=draw(st.sampled_from(("", STREET))),
                channel=draw(st.sampled_from(("", "patrol"))),
                hours=draw(st.sampled_from(list(Hours))).value,
                weekdays=draw(st.lists(st.integers(1, 7), max_size=3)),
                season_from=season_from,
                season_until=season_until,
                valid_from=first,
                valid_until=last,
            )
        )
    return drawn


@given(rules_about_two_weeks())
def test_ties_found_by_intersection_are_those_found_by_trying_every_case(rules: list[DispatchRule]) -> None:
    book = RuleBook(rules)
    tried = {
        frozenset((one.number, other.number))
        for asked in UNIVERSE
        for one, other in combinations(book.matching(asked), 2)
        if one.precedence == other.precedence
    }
    assert {frozenset((tie.one.number, tie.other.number)) for tie in ties(rules, MONDAY)} == tried


@given(rules_about_two_weeks(), st.sampled_from(UNIVERSE))
def test_the_book_finds_what_asking_every_rule_finds(rules: list[DispatchRule], asked: RuleInputs) -> None:
    scopes = scopes_of(asked.category)
    all_asked = [one for one in rules if one.category in scopes and asked.place.startswith(one.place)]
    assert set(winners(rules, asked)) == {one.number for one in all_asked if one.suits(asked)}


@given(rules_about_two_weeks())
def test_what_is_published_gives_every_case_one_winner_at_most(rules: list[DispatchRule]) -> None:
    drafted = edition(*rules)
    try:
        drafted.publish(admin(), city=CITY, valid_from=TODAY)
    except RulesTie:
        return
    for asked in UNIVERSE:
        found = [one.precedence for one in RuleBook(drafted.rules.values()).matching(asked)]
        assert all(other < found[0] for other in found[1:])


# --- editions -----------------------------------------------------------------------------------


def test_an_edition_is_drafted_rule_by_rule_then_published() -> None:
    drafted = edition(rule("1"), rule("2", category="matter"))
    drafted.lay(admin(minutes=1), city=CITY, rules=[rule("2", category="asset"), rule("1")])
    assert drafted.version == 4
    drafted.drop(admin(minutes=2), city=CITY, numbers=["1"])
    assert list(drafted.rules) == ["2"]
    assert drafted.rules["2"].category == "asset"
    drafted.publish(admin(minutes=3), city=CITY, valid_from=TODAY + timedelta(days=1))
    assert not begun(drafted, admin().at)
    assert begun(drafted, admin(minutes=24 * 60).at)


def test_a_published_edition_never_changes() -> None:
    published = edition(rule("1"))
    published.publish(admin(), city=CITY, valid_from=TODAY)
    with pytest.raises(EditionPublished):
        published.lay(admin(), city=CITY, rules=[rule("2")])
    with pytest.raises(EditionPublished):
        published.drop(admin(), city=CITY, numbers=["1"])
    with pytest.raises(EditionPublished):
        published.publish(admin(), city=CITY, valid_from=TODAY)


def test_a_new_edition_may_begin_with_the_rules_of_another() -> None:
    first = edition(rule("1"), rule("2", category="matter"))
    second = DispatchRules.draft(admin(), city=CITY, code="dispatch-2026.2", name="下半年", based_on=first)
    assert second.rules == first.rules
    assert second.based_on == "dispatch-2026.1"


def test_rules_are_never_retroactive_and_an_empty_edition_is_none() -> None:
    with pytest.raises(NoRules):
        edition().publish(admin(), city=CITY, valid_from=TODAY)
    with pytest.raises(NotRetroactive):
        edition(rule()).publish(admin(), city=CITY, valid_from=TODAY - timedelta(days=1))


def test_what_is_not_there_is_not_dropped_and_what_reads_the_same_is_not_laid() -> None:
    drafted = edition(rule("1"))
    with pytest.raises(NoSuchRule):
        drafted.drop(admin(), city=CITY, numbers=["1", "9"])
    assert list(drafted.rules) == ["1"]
    with pytest.raises(NothingChanged):
        drafted.lay(admin(), city=CITY, rules=[rule("1")])


def test_rules_are_kept_by_administrators_of_the_city() -> None:
    with pytest.raises(WrongRole):
        DispatchRules.draft(act(DISPATCHER), city=CITY, code="d", name="d")
    with pytest.raises(OutsideArea):
        DispatchRules.draft(admin("150785"), city=CITY, code="d", name="d")
