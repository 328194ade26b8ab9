"""三率: over valid call-backs, weights as data; nothing due is no data, never 0 % or 100 %."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rates import Counts, RatePolicy, Rates, mean_of, rates

POLICY = RatePolicy()


@st.composite
def counts(draw: st.DrawFn) -> Counts:
    base = draw(st.integers(0, 500))
    parts = st.integers(0, base)
    solved, satisfied = draw(parts), draw(parts)
    due = draw(st.integers(0, 500))
    return Counts(
        valid_call_backs=base,
        contacted=draw(parts),
        solved=solved,
        partly_solved=draw(st.integers(0, base - solved)),
        satisfied=satisfied,
        basically_satisfied=draw(st.integers(0, base - satisfied)),
        due=due,
        closed_on_time=draw(st.integers(0, due)),
    )


def test_a_district_of_forty_call_backs_by_hand() -> None:
    group = Counts(
        valid_call_backs=40, contacted=38, solved=30, partly_solved=4, satisfied=20, basically_satisfied=10, due=8,
        closed_on_time=6,
    )  # fmt: skip
    assert rates(group, POLICY) == Rates(0.95, 0.75, 29 / 40, 0.75)


def test_weights_are_data() -> None:
    group = Counts(valid_call_backs=10, partly_solved=4, basically_satisfied=10)
    policy = RatePolicy(version="x", basically_satisfied=Fraction(1, 2), partly_solved=Fraction(1, 4))
    assert rates(group, policy) == Rates(0.0, 0.1, 0.5, None)


def test_no_call_backs_and_nothing_due_are_no_data() -> None:
    assert rates(Counts(), POLICY) == Rates(None, None, None, None)


def test_exempt_cases_stand_beside_the_rates() -> None:
    assert rates(Counts(exempt_requests=5, exempt_issues=5), POLICY) == Rates(None, None, None, None)


@given(counts())
def test_a_rate_lies_between_0_and_1(group: Counts) -> None:
    assert all(rate is None or 0 <= rate <= 1 for rate in vars(rates(group, POLICY)).values())


@given(counts(), counts())
def test_pooled_counts_are_sums_and_their_rates_lie_between_those_of_the_groups(left: Counts, right: Counts) -> None:
    pooled = left + right
    assert pooled.valid_call_backs == left.valid_call_backs + right.valid_call_backs
    assert pooled.due == left.due + right.due
    one, other = rates(left, POLICY).response, rates(right, POLICY).response
    both = rates(pooled, POLICY).response
    if one is not None and other is not None and both is not None:
        assert min(one, other) - 1e-12 <= both <= max(one, other) + 1e-12
    else:
        assert both == (other if one is None else one)


def test_the_mean_of_units_gives_each_the_same_weight() -> None:
    large = rates(Counts(valid_call_backs=1000, contacted=1000, due=10, closed_on_time=10), POLICY)
    small = rates(Counts(valid_call_backs=1), POLICY)
    mean = mean_of([large, small])
    assert (mean.response, mean.on_time_close) == (0.5, 1.0)


def test_a_unit_without_data_is_left_out_of_the_mean() -> None:
    assert mean_of([rates(Counts(), POLICY), Rates(0.5, 0.5, 0.5, 0.5)]) == Rates(0.5, 0.5, 0.5, 0.5)


@pytest.mark.parametrize("groups", [[], [rates(Counts(), POLICY)]])
def test_a_mean_of_nothing_is_no_data(groups: list[Rates]) -> None:
    assert mean_of(groups) == Rates(None, None, None, None)
