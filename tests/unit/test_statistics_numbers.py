"""The list of numbers is sound, and policies weigh what call-backs say."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from application.statistics.figures import of_cells, of_spread
from application.statistics.reading import Cell
from domain.rates import RatePolicy
from domain.statistics import voices
from domain.statistics.number import Number, Part, Shape, Told
from domain.statistics.numbers import NUMBERS, number_named
from domain.statistics.refusals import NoSuchNumber

POLICY = RatePolicy()
SATISFIED, BASICALLY, NOT = "yes/solved/satisfied", "yes/partly/basically", "no/unsolved/dissatisfied"


@pytest.mark.parametrize("number", NUMBERS.values(), ids=lambda number: number.id)
def test_a_number_counts_answers_that_its_facts_can_give(number: Number) -> None:
    assert re.fullmatch("[a-z_]+", number.id)
    assert number.kinds or number.shape in {Shape.HELD, Shape.BACKLOG}
    if number.told is Told.KIND:
        assert {*number.weigh(POLICY), *(number.base or ())} <= set(number.kinds)
    if number.shape in {Shape.COUNT, Shape.SHARE, Shape.SCORE}:
        assert number.answers(Part.NUMERATOR, POLICY)


def test_a_number_nobody_defined_is_refused() -> None:
    assert number_named("closed").name == "结案量"
    with pytest.raises(NoSuchNumber):
        number_named("happiness")


def cells(**said: int) -> list[Cell]:
    answers = {"satisfied": SATISFIED, "basically": BASICALLY, "not_": NOT}
    return [Cell("a", "", answers[name], False, n) for name, n in said.items()]


def value(number: str, told: list[Cell], policy: RatePolicy = POLICY) -> float | None:
    return of_cells(NUMBERS[number], told, policy).pooled.value


def test_three_rates_and_the_score_are_of_the_same_call_backs() -> None:
    told = cells(satisfied=2, basically=1, not_=1)
    assert value("response_rate", told) == 0.75
    assert value("resolution_rate", told) == 0.5
    assert value("satisfaction_rate", told) == 0.725
    assert value("composite_score", told) == 61.5


def test_weights_are_those_of_the_policy_asked_by() -> None:
    half = RatePolicy(version="x", basically_satisfied=Fraction(1, 2), partly_solved=Fraction(1, 3))
    told = cells(satisfied=1, basically=2)
    assert value("satisfaction_rate", told, half) == pytest.approx(2 / 3)
    assert value("resolution_rate", told, half) == pytest.approx(5 / 9)
    none = RatePolicy(partly_solved=Fraction(0))
    assert BASICALLY not in (NUMBERS["resolution_rate"].answers(Part.NUMERATOR, none) or [])
    assert BASICALLY in (NUMBERS["resolution_rate"].answers(Part.NUMERATOR, half) or [])


def test_no_call_back_is_no_data_and_an_exempt_one_stands_beside() -> None:
    made = of_cells(NUMBERS["response_rate"], [Cell("a", "", SATISFIED, True, 3)], POLICY)
    assert (made.pooled.value, made.pooled.denominator, made.pooled.excluded) == (None, 0, 3)
    assert made.mean() is None
    assert of_spread([]).pooled.value is None


def test_the_mean_of_groups_leaves_out_groups_without_data() -> None:
    told = [Cell("a", "", SATISFIED, False, 9), Cell("b", "", NOT, False, 1), Cell("c", "", NOT, True, 1)]
    made = of_cells(NUMBERS["response_rate"], told, POLICY)
    assert (made.pooled.value, made.mean()) == (0.9, 0.5)


def test_every_answer_a_call_back_can_give_is_weighed() -> None:
    assert len(set(voices.ANSWERS)) == len(voices.ANSWERS) == 3 * 4 * 5
    for answer in voices.ANSWERS:
        assert 0 <= voices.scored(answer, POLICY) <= 1
