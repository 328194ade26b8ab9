"""What a measurement of the statistics asks, and what it makes of the times."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from application.statistics.filter import OF_HOLDING
from application.synthetic.arrivals import BEGIN, END
from application.synthetic.measuring import pace
from application.synthetic.questions import questions
from domain.statistics.number import Shape
from domain.statistics.numbers import NUMBERS
from interfaces.cli.bench_figures import Measured, holds


def test_every_number_is_asked_as_often_and_the_same_for_the_same_seed() -> None:
    asked = list(questions(4, 6))
    assert Counter(one.number for one in asked) == dict.fromkeys(NUMBERS, 6)
    assert asked == list(questions(4, 6))
    assert asked != list(questions(5, 6))


def test_questions_are_about_whole_months_of_the_year_narrowed_or_not_in_one_dimension_or_two() -> None:
    asked = list(questions(4, 20))
    lengths = {one.filter.end - one.filter.start for one in asked}
    assert lengths <= {timedelta(days=days) for days in (28, 30, 31)}
    assert min(one.filter.start for one in asked) == BEGIN
    assert max(one.filter.end for one in asked) == END
    for narrowed in ("street", "unit", "category", "channel"):
        assert 0 < sum(getattr(one.filter, narrowed) is not None for one in asked) < len(asked) / 2
    assert {one.grouping.then is None for one in asked} == {True, False}
    for one in asked:
        if NUMBERS[one.number].shape not in (Shape.HELD, Shape.BACKLOG):
            assert not OF_HOLDING & set(one.grouping.dimensions)


def test_some_months_only_where_only_those_are_there() -> None:
    first = list(questions(4, 5, slice(0, 3)))
    assert max(one.filter.end for one in first) == BEGIN + timedelta(days=31 + 28 + 31)


def test_the_pace_is_the_median_and_the_95th_percentile_in_milliseconds() -> None:
    told = pace([nth / 1000 for nth in range(101)])
    assert told.n == 101
    assert (told.p50, told.p95) == pytest.approx((50, 95))
    assert pace([0.002]).p95 == pytest.approx(2)


def test_the_bars_hold_or_are_missed_and_what_was_not_measured_has_none() -> None:
    assert holds(Measured(10, 1)) == {}
    quick, slow = pace([0.01]), pace([0.2])
    good = Measured(10, 1, all=quick, quarter=quick, quarter_in_all=quick, same_after_rebuild=True)
    bad = Measured(10, 1, all=slow, quarter=quick, quarter_in_all=slow, same_after_rebuild=False)
    assert set(holds(good).values()) == {True}
    assert set(holds(bad).values()) == {False}
