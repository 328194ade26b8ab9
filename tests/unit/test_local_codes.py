"""自定义小类: 080-999 of a 大类, from the top down, never one that was used."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.refusals import BadCode
from domain.registry.case_type_key import CaseKind
from domain.registry.catalogue_refusals import NoLocalCode
from domain.registry.local_codes import is_local, local_name, next_local_code

M = CaseKind.MATTER


@given(st.sets(st.integers(80, 999), max_size=919))
def test_the_highest_free_number_is_given(taken: set[int]) -> None:
    used = [f"matter-06{number:03d}" for number in taken]
    given_out = next_local_code(M, "06", used)
    number = int(given_out[-3:])
    assert number not in taken
    assert taken >= set(range(number + 1, 1000))


def test_kinds_headings_and_standard_numbers_do_not_interfere() -> None:
    used = ["asset-06999", "matter-07999", "matter-06079", "matter-06999-2"]
    assert next_local_code(M, "06", used) == "matter-06998"
    assert next_local_code(CaseKind.ASSET, "06", used) == "asset-06998"


def test_no_number_is_given_when_all_are_taken() -> None:
    with pytest.raises(NoLocalCode):
        next_local_code(M, "06", [f"matter-06{number:03d}" for number in range(80, 1000)])


@pytest.mark.parametrize("heading", ["6", "006", "x6", ""])
def test_a_heading_is_two_digits(heading: str) -> None:
    with pytest.raises(BadCode):
        next_local_code(M, heading, [])


def test_a_local_class_is_marked_once_in_its_name() -> None:
    assert [is_local(key) for key in ("matter-06079", "matter-06080", "asset-06999-3")] == [False, True, True]
    assert local_name("噪声") == local_name("噪声（自定义）") == "噪声（自定义）"
