"""排名: the best first, ties by volume then code, groups without data last and unranked, movement against before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.statistics.numbers import NUMBERS
from domain.statistics.policy import Ties
from domain.statistics.ranking import FEWER_IS_BETTER, Better, Entrant, Ranked, better_end, rank


def group(key: str, value: float | None, volume: int = 10) -> Entrant:
    return Entrant(key, f"街道{key}", value, volume)


def ranked(
    entrants: list[Entrant], order: Better = Better.HIGHEST, ties: Ties = Ties.VOLUME
) -> list[tuple[str, int | None]]:
    return [(row.key, row.rank) for row in rank(entrants, order, ties)]


groups = st.lists(
    st.builds(
        Entrant, st.text("abc", min_size=1, max_size=3), st.just(""),
        st.none() | st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.integers(0, 3),
    ),
    unique_by=lambda one: one.key,
    max_size=12,
)  # fmt: skip


def test_the_best_comes_first_and_what_is_best_depends_on_the_number() -> None:
    entrants = [group("a", 0.5), group("b", 0.9), group("c", 0.1)]
    assert ranked(entrants) == [("b", 1), ("a", 2), ("c", 3)]
    assert ranked(entrants, Better.LOWEST) == [("c", 1), ("a", 2), ("b", 3)]
    assert better_end("composite_score") is Better.HIGHEST
    assert better_end("rework_rate") is Better.LOWEST


def test_every_number_by_which_fewer_is_better_exists() -> None:
    assert set(NUMBERS) >= FEWER_IS_BETTER


@pytest.mark.parametrize("order", Better)
def test_ties_go_by_volume_and_then_by_code_whichever_end_is_good(order: Better) -> None:
    entrants = [group("c", 0.5, 20), group("b", 0.5), group("a", 0.5)]
    assert ranked(entrants, order) == [("c", 1), ("a", 2), ("b", 3)]


def test_shared_ties_leave_the_next_rank_out() -> None:
    entrants = [group("a", 0.5), group("b", 0.5, 20), group("c", 0.4), group("d", 0.9)]
    assert ranked(entrants, ties=Ties.SHARED) == [("d", 1), ("b", 2), ("a", 2), ("c", 4)]


def test_a_group_without_data_is_last_and_unranked_and_one_at_nought_is_ranked() -> None:
    assert ranked([group("a", None, 0), group("b", 0.0), group("c", 0.5)]) == [("c", 1), ("b", 2), ("a", None)]


def test_movement_is_told_against_the_period_before_where_both_have_a_rank() -> None:
    before = [group("a", 0.9), group("b", 0.8), group("c", None, 0)]
    now = [group("a", 0.7), group("b", 0.8), group("c", 0.1), group("d", 0.05)]
    rows = rank(now, Better.HIGHEST, Ties.VOLUME, before)
    assert [(row.key, row.rank, row.before, row.moved) for row in rows] == [
        ("b", 1, 2, 1), ("a", 2, 1, -1), ("c", 3, None, None), ("d", 4, None, None),
    ]  # fmt: skip
    back = rank(before, Better.HIGHEST, Ties.VOLUME, now)
    assert [(row.key, row.rank, row.before, row.moved) for row in back][-1] == ("c", None, 3, None)


@given(groups, st.sampled_from(Better), st.sampled_from(Ties))
def test_ranks_run_from_one_and_never_contradict_the_values(entrants: list[Entrant], order: Better, ties: Ties) -> None:
    rows = rank(entrants, order, ties)
    assert {row.key for row in rows} == {one.key for one in entrants}
    with_data: list[Ranked] = [row for row in rows if row.rank is not None]
    assert rows[: len(with_data)] == with_data
    values = [row.value for row in with_data if row.value is not None]
    assert values == sorted(values, reverse=order is Better.HIGHEST)
    for nth, row in enumerate(with_data, 1):
        better = sum(
            1 for value in values if (value > (row.value or 0)) == (order is Better.HIGHEST) and value != row.value
        )
        assert row.rank == (nth if ties is Ties.VOLUME else better + 1)


@given(groups, st.sampled_from(Better))
def test_the_order_in_which_groups_come_means_nothing(entrants: list[Entrant], order: Better) -> None:
    turned = list(reversed(entrants))
    assert rank(entrants, order, Ties.VOLUME) == rank(turned, order, Ties.VOLUME)
