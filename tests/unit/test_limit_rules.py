"""时限规则: for every stage which rule wins is explicit, ties are found exactly, and row order means nothing."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations, product
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.limits.default_limits import CODE, default_limits, ship_default_limits
from domain.limit import Limit, LimitUnit
from domain.limit_stages import LimitStage
from domain.refusals import BadCode, OutsideArea, WrongRole
from domain.registry.edition_difference import ChangeKind
from domain.registry.limit_difference import limit_difference
from domain.registry.limit_rule import LimitBook, LimitInputs, LimitRule, limit_ties, lost_by
from domain.registry.limit_rule_refusals import BadLimitRule
from domain.registry.limit_rules import LimitRules
from domain.registry.refusals import BadChoice, NothingChanged
from domain.registry.rule_edition import begun, in_force_at
from domain.registry.rule_refusals import EditionPublished, NoRules, NoSuchRule, NotRetroactive, RulesTie
from tests.registry_office import CITY, TODAY, Office, admin, run
from tests.spec import DISPATCHER, act

S = LimitStage
KEY = "matter-06017"
HOURS, DAYS = Limit(2, LimitUnit.WORK_HOUR), Limit(2, LimitUnit.WORKDAY)


def rule(number: str = "1", *stages: LimitStage, limit: Limit = HOURS, **said: Any) -> LimitRule:
    return LimitRule.checked(number=number, limits=dict.fromkeys(stages or (S.ACCEPT,), limit), **said)


def edition(*rules: LimitRule, code: str = "limits-1") -> LimitRules:
    drafted = LimitRules.draft(admin(), city=CITY, code=code, name="2026 年时限规则")
    if rules:
        drafted.lay(admin(), city=CITY, rules=rules)
    return drafted


def winners(rules: list[LimitRule], inputs: LimitInputs) -> dict[LimitStage, list[LimitRule]]:
    """For each stage the rules of the highest precedence among those that speak of it."""
    found: dict[LimitStage, list[LimitRule]] = {}
    matching = LimitBook(rules).matching(inputs)
    for stage in LimitStage:
        speaking = [one for one in matching if one.limit(stage)]
        found[stage] = [one for one in speaking if one.precedence == speaking[0].precedence]
    return found


# --- what a rule matches ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "matched"),
    [
        ({}, True),
        ({"category": "matter"}, True),
        ({"category": "asset"}, False),
        ({"category": "matter-06017-1"}, True),
        ({"category": "matter-06017-2"}, False),
        ({"channel": "hotline"}, True),
        ({"channel": "patrol"}, False),
        ({"urgency": "urgent"}, True),
        ({"urgency": "normal"}, False),
    ],
)
def test_a_rule_matches_by_each_of_its_conditions(said: dict[str, Any], matched: bool) -> None:
    assert bool(LimitBook([rule(**said)]).matching(LimitInputs(KEY, "hotline", "urgent"))) is matched


def test_without_a_category_only_rules_for_all_matters_match() -> None:
    rules = [rule("1"), rule("2", category="matter"), rule("3", urgency="urgent")]
    assert {one.number for one in LimitBook(rules).matching(LimitInputs("", "patrol", "urgent"))} == {"1", "3"}


@pytest.mark.parametrize(
    ("stronger", "weaker", "criterion"),
    [
        ({"rank": 1}, {"category": "matter-06017-1", "urgency": "urgent", "channel": "hotline"}, "优先级"),
        ({"category": "matter-06017"}, {"category": "matter", "urgency": "urgent", "channel": "hotline"}, "事项"),
        ({"urgency": "urgent"}, {"channel": "hotline"}, "紧急程度"),
        ({"channel": "hotline"}, {}, "渠道"),
    ],
)
def test_precedence_is_rank_then_category_urgency_and_channel(
    stronger: dict[str, Any], weaker: dict[str, Any], criterion: str
) -> None:
    first, second = rule("b", **stronger), rule("a", **weaker)
    inputs = LimitInputs(KEY, "hotline", "urgent")
    for rows in ([first, second], [second, first]):
        assert [one.number for one in LimitBook(rows).matching(inputs)] == ["b", "a"]
    assert lost_by(second.precedence, first.precedence) == criterion


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"category": "06017"}, BadCode),
        ({"channel": "pigeon"}, BadChoice),
        ({"urgency": "at once"}, BadChoice),
        ({"rank": 1_001}, BadLimitRule),
        ({"number": "第一条"}, BadCode),
    ],
)
def test_a_rule_is_told_in_the_words_of_the_field(said: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        rule(**said)
    with pytest.raises(BadLimitRule):
        LimitRule.checked(number="1", limits={})


# --- ties ---------------------------------------------------------------------------------------


def test_a_tie_is_refused_with_both_rules_and_a_common_case_named() -> None:
    tied = edition(
        rule("7", S.ACCEPT, S.HANDLE, category="matter-06017", urgency="urgent"),
        rule("12", S.HANDLE, S.CHECK, category="matter-06017", urgency="urgent"),
        rule("13", S.HANDLE, category="matter-06017"),
    )
    with pytest.raises(RulesTie) as refusal:
        tied.publish(admin(), city=CITY, valid_from=TODAY)
    assert tied.valid_from is None
    told = refusal.value.detail()
    assert "1 对" in told
    assert "第 12 条与第 7 条" in told
    assert "matter-06017（小类）、紧急、任一渠道的案件的处置时限" in told


@pytest.mark.parametrize(
    "other", [{"rank": 1}, {"category": "asset"}, {"urgency": "urgent"}, {"channel": "hotline"}, {"stages": (S.CHECK,)}]
)
def test_what_has_no_common_case_or_stage_or_another_precedence_does_not_tie(other: dict[str, Any]) -> None:
    stages = other.pop("stages", (S.ACCEPT,))
    edition(rule("1", category="matter"), rule("2", *stages, **({"category": "matter"} | other))).publish(
        admin(), city=CITY, valid_from=TODAY
    )


CATEGORIES = ("matter-06017", "matter-06017-2", "matter-06018", "asset-01037", "")
SCOPES = ("", "matter", "matter-06", "matter-06017", "matter-06017-1", "matter-06017-2", "asset")
CHANNELS, URGENCIES = ("hotline", "patrol"), ("urgent", "normal", "complex")
UNIVERSE = [LimitInputs(*case) for case in product(CATEGORIES, CHANNELS, URGENCIES)]
STAGES = (S.ACCEPT, S.HANDLE, S.CASE)


@st.composite
def rule_sets(draw: st.DrawFn) -> list[LimitRule]:
    return [
        rule(
            str(number),
            *draw(st.sets(st.sampled_from(STAGES), min_size=1)),
            limit=Limit(draw(st.integers(1, 9)), LimitUnit.WORK_HOUR),
            category=draw(st.sampled_from(SCOPES)),
            channel=draw(st.sampled_from(("", *CHANNELS))),
            urgency=draw(st.sampled_from(("", *URGENCIES))),
            rank=draw(st.sampled_from((0, 0, 1))),
        )
        for number in range(draw(st.integers(2, 8)))
    ]


@given(rule_sets())
def test_ties_found_by_comparing_are_those_found_by_trying_every_case(rules: list[LimitRule]) -> None:
    tried = {
        (frozenset((one.number, other.number)), stage)
        for inputs in UNIVERSE
        for one, other in combinations(LimitBook(rules).matching(inputs), 2)
        for stage in STAGES
        if one.precedence == other.precedence and one.limit(stage) and other.limit(stage)
    }
    found = {
        (frozenset((tie.one.number, tie.other.number)), stage) for tie in limit_ties(rules) for stage in tie.stages
    }
    # The asset rules of scope "asset" and all others have cases in the universe, so none is missed.
    assert found == tried


@given(rule_sets(), st.randoms(use_true_random=False))
def test_a_published_set_gives_every_stage_one_winner_at_most_whatever_the_order_of_rows(
    rules: list[LimitRule], chance: Random
) -> None:
    drafted = edition(*rules)
    try:
        drafted.publish(admin(), city=CITY, valid_from=TODAY)
    except RulesTie:
        return
    shuffled = list(drafted.rules.values())
    chance.shuffle(shuffled)
    for inputs in UNIVERSE:
        found = winners(rules, inputs)
        assert all(len(one) <= 1 for one in found.values())
        assert winners(shuffled, inputs) == found


@given(rule_sets(), st.sampled_from(UNIVERSE))
def test_the_book_finds_what_asking_every_rule_finds(rules: list[LimitRule], inputs: LimitInputs) -> None:
    key = inputs.category and f"{inputs.category}-1" if inputs.category.count("-") == 1 else inputs.category
    asked = {
        one.number
        for one in rules
        if key.startswith(one.category) and one.channel in ("", inputs.channel) and one.urgency in ("", inputs.urgency)
    }
    assert {one.number for one in LimitBook(rules).matching(inputs)} == asked


# --- editions -----------------------------------------------------------------------------------


def test_an_edition_is_drafted_rule_by_rule_then_published_and_never_changes() -> None:
    drafted = edition(rule("1"), rule("2", category="matter"))
    drafted.lay(admin(minutes=1), city=CITY, rules=[rule("2", category="asset"), rule("1")])
    assert drafted.version == 4
    drafted.drop(admin(minutes=2), city=CITY, numbers=["1"])
    assert [one.category for one in drafted.rules.values()] == ["asset"]
    drafted.publish(admin(minutes=3), city=CITY, valid_from=TODAY + timedelta(days=1))
    assert not begun(drafted, admin().at)
    assert in_force_at([drafted, edition(rule())], admin(minutes=24 * 60).at) is drafted
    with pytest.raises(EditionPublished) as refusal:
        drafted.lay(admin(), city=CITY, rules=[rule("9")])
    assert "时限规则版本 limits-1 已发布" in refusal.value.detail()
    with pytest.raises(EditionPublished):
        drafted.drop(admin(), city=CITY, numbers=["2"])
    with pytest.raises(EditionPublished):
        drafted.publish(admin(), city=CITY, valid_from=TODAY)


def test_what_is_not_there_is_not_dropped_and_what_reads_the_same_is_not_laid() -> None:
    drafted = edition(rule("1"))
    with pytest.raises(NoSuchRule):
        drafted.drop(admin(), city=CITY, numbers=["1", "9"])
    with pytest.raises(NothingChanged):
        drafted.lay(admin(), city=CITY, rules=[rule("1")])
    with pytest.raises(NotRetroactive):
        drafted.publish(admin(), city=CITY, valid_from=TODAY - timedelta(days=1))
    with pytest.raises(NoRules):
        edition().publish(admin(), city=CITY, valid_from=TODAY)


def test_rules_are_kept_by_administrators_of_the_city() -> None:
    with pytest.raises(WrongRole):
        LimitRules.draft(act(DISPATCHER), city=CITY, code="d", name="d")
    with pytest.raises(OutsideArea):
        LimitRules.draft(admin("150785"), city=CITY, code="d", name="d")


def test_editions_differ_by_what_their_limits_are_for_not_by_their_numbers() -> None:
    before = [rule("1", S.ACCEPT, S.HANDLE, category="matter"), rule("2", S.CHECK)]
    handled = rule("8", S.HANDLE, category="matter", limit=DAYS)
    after = [rule("9", S.ACCEPT, category="matter"), handled, rule("7", S.CASE)]
    found = limit_difference(before, after)
    assert [(one.stage, one.change, one.rule, one.before, one.after) for one in found.changes] == [
        (S.CHECK, ChangeKind.WITHDRAWN, "2", "2个工作时", ""),
        (S.CASE, ChangeKind.ADDED, "7", "", "2个工作时"),
        (S.HANDLE, ChangeKind.CHANGED, "8", "2个工作时", "2个工作日"),
    ]
    assert found.unchanged == 1


# --- the default edition ------------------------------------------------------------------------


def test_the_default_edition_is_graded_by_urgency() -> None:
    book = LimitBook(default_limits(admin(), city=CITY, valid_from=TODAY).rules.values())
    graded = {}
    for urgency in ("emergency", "urgent", "normal", "complex"):
        (only,) = book.matching(LimitInputs(KEY, "hotline", urgency))
        graded[urgency] = (str(only.limit(S.DISPATCH)), str(only.limit(S.FEEDBACK)))
    assert graded == {
        "emergency": ("1个紧急工作时", "2个紧急工作时"),
        "urgent": ("2个紧急工作时", "24个紧急工作时"),
        "normal": ("24个紧急工作时", "7个自然日"),
        "complex": ("24个紧急工作时", "15个自然日"),
    }


def test_a_city_without_published_rules_gets_the_default_edition_once() -> None:
    office = Office().with_divisions()
    run(office.desk.register_many([edition(rule(), code="draft-only")]))
    assert run(ship_default_limits(office.desk, admin(minutes=1)))
    assert not run(ship_default_limits(office.desk, admin(minutes=2)))
    shipped = office.view.find(LimitRules, CODE)
    assert (shipped.valid_from, len(shipped.rules)) == (TODAY.isoformat(), 4)
    assert "DB11/T 2021-2022" in shipped.source


def test_a_city_with_rules_of_its_own_keeps_them() -> None:
    office = Office().with_divisions()
    own = edition(rule())
    own.publish(admin(), city=CITY, valid_from=TODAY + timedelta(days=30))
    run(office.desk.register_many([own]))
    assert not run(ship_default_limits(office.desk, admin(minutes=1)))
