"""Small groups of a public table are hidden, and do not follow from what is shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.statistics.suppression import hidden

SIZES = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 40))
THRESHOLD = st.integers(1, 10)


def test_a_table_of_large_groups_is_shown_whole() -> None:
    assert hidden({"a": 5, "b": 60}, 5) == frozenset()


def test_one_small_group_is_hidden_with_the_next_smallest() -> None:
    assert hidden({"a": 1, "b": 60, "c": 7}, 5) == {"a", "c"}


def test_small_groups_that_hide_each_other_need_no_more() -> None:
    assert hidden({"a": 3, "b": 60, "c": 4}, 5) == {"a", "c"}


def test_small_groups_that_are_small_together_need_another() -> None:
    assert hidden({"a": 1, "b": 60, "c": 2}, 5) == {"a", "b", "c"}


@given(SIZES, THRESHOLD)
def test_nothing_shown_is_small_and_nothing_hidden_can_be_told(sizes: dict[str, int], threshold: int) -> None:
    gone = hidden(sizes, threshold)
    assert all(sizes[group] >= threshold for group in sizes.keys() - gone)
    assert not gone or gone == sizes.keys() or (len(gone) > 1 and sum(sizes[group] for group in gone) >= threshold)
    assert gone == frozenset() or min(sizes.values()) < threshold
