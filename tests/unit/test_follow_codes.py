"""查询码 and 案件号: what people read out and type, told apart from what they meant by nothing but chance."""

from __future__ import annotations

from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case_number import CaseNumber
from domain.follow_code import ALPHABET, follow_code, shown, typed_code
from infrastructure.privacy.follow_codes import FollowCodes
from infrastructure.privacy.guesses import network_of

NUMBERS = st.integers(0, 2**256)
ONE, OTHER = UUID(int=1), UUID(int=2)
CODES = FollowCodes(b"a secret of the service's, long enough")


@given(NUMBERS)
def test_a_code_is_read_as_it_is_shown(number: int) -> None:
    code = follow_code(number)
    assert typed_code(shown(code)) == code
    assert len(code) == 8
    assert set(code) <= set(ALPHABET)


@given(NUMBERS, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_no_code(number: int, place: int, sign: str) -> None:
    code = follow_code(number)
    wrong = code[:place] + sign + code[place + 1 :]
    assert (typed_code(wrong) is None) == (wrong != code)


@given(NUMBERS)
def test_two_that_changed_places_are_no_code(number: int) -> None:
    code = follow_code(number)
    for place, (left, right) in enumerate(pairwise(code)):
        swapped = code[:place] + right + left + code[place + 2 :]
        assert (typed_code(swapped) is None) == (left != right)


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}\n", "｛｝", "lower", "wide", "dash"])
def test_however_it_is_typed_it_is_the_same_code(typed: str) -> None:
    code = follow_code(20_261_123)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    forms = {"lower": code.lower(), "wide": wide, "dash": f"{code[:4]}－{code[4:]}", "｛｝": f"{code[:4]} {code[4:]}"}
    assert typed_code(forms.get(typed, typed.format(code))) == code


@pytest.mark.parametrize("typed", ["", "7KQ2", "7KQ2-MXWP-2", "OOOO-IIII", "七七七七七七七七", "7KQ2MXW\x00"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert typed_code(typed) is None


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("150785-2585", CaseNumber("150785", 2585)), (" 1507-1 ", CaseNumber("1507", 1)),
        ("１５０７８５—２５８５", CaseNumber("150785", 2585)), ("150785 - 2585", CaseNumber("150785", 2585)),
        ("1507852585", None), ("150785-", None), ("150785-x", None), ("15078-5", None), ("", None),
        ("150785-1234567890123", None),
    ],
)  # fmt: skip
def test_case_numbers_are_read_as_people_write_them(typed: str, number: CaseNumber | None) -> None:
    assert CaseNumber.typed(typed) == number
    assert number is None or CaseNumber.typed(str(number)) == number


def test_a_code_is_of_one_request_and_one_secret() -> None:
    assert CODES.of(ONE) == CODES.of(ONE)
    assert len({CODES.of(ONE), CODES.of(OTHER), FollowCodes(b"another secret of another service").of(ONE)}) == 3
    assert CODES.proves(CODES.of(ONE), ONE)
    assert not CODES.proves(CODES.of(ONE), OTHER)


def test_no_code_opens_what_is_not_there() -> None:
    assert not CODES.proves(CODES.of(UUID(int=0)), None)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("testclient", "testclient"), ("", ""),
    ],
)  # fmt: skip
def test_a_household_counts_as_one_address(address: str, counted: str) -> None:
    assert network_of(address) == counted
