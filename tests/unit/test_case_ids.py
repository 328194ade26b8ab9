"""案件编号: an id names the log that holds it, and repeats of an imported case meet."""

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case_id import imported_case_id, log_of, new_case_id
from domain.case_rules import require_same_log
from domain.refusals import OtherLog

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
digits = st.integers(1, 99).map("{:02}".format)
logs = st.lists(digits, min_size=1, max_size=3).map("".join)
bits = st.binary(min_size=8, max_size=16)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
words = st.text(max_size=20)


@given(logs, moments, bits)
def test_an_id_says_whose_log_it_is_in(log: str, at: datetime, randomness: bytes) -> None:
    assert log_of(new_case_id(log, at, randomness)) == log


@pytest.mark.parametrize(("log", "start"), [("150785", "150785"), ("1507", "150700"), ("11", "110000")])
def test_an_id_can_be_read_by_people(log: str, start: str) -> None:
    assert str(new_case_id(log, NOW, bytes(8))).startswith(start)


@given(logs, moments, bits)
def test_an_id_is_a_uuid_of_version_8(log: str, at: datetime, randomness: bytes) -> None:
    case = new_case_id(log, at, randomness)
    assert (case.version, case.variant) == (8, RFC_4122)
    assert imported_case_id(log, "s", "1").version == 8


@given(moments, st.integers(1, 10**8), bits)
def test_ids_of_one_log_sort_by_time(at: datetime, seconds: int, randomness: bytes) -> None:
    later = at + timedelta(seconds=seconds)
    assert new_case_id("150785", at, b"\xff" * 8) < new_case_id("150785", later, randomness)


@given(bits, bits)
def test_ids_of_one_instant_differ_by_randomness(left: bytes, right: bytes) -> None:
    same = int.from_bytes(left[:8], "big") % 2**62 == int.from_bytes(right[:8], "big") % 2**62
    assert (new_case_id("150785", NOW, left) == new_case_id("150785", NOW, right)) == same


@given(logs, words, words)
def test_an_imported_case_has_one_id_and_its_log(log: str, source: str, external_id: str) -> None:
    case = imported_case_id(log, source, external_id)
    assert case == imported_case_id(log, source, external_id)
    assert log_of(case) == log


@given(words, words, words, words)
def test_two_imported_cases_have_two_ids(source: str, external_id: str, other_source: str, other_id: str) -> None:
    same = (source, external_id) == (other_source, other_id)
    left, right = imported_case_id("150785", source, external_id), imported_case_id("150785", other_source, other_id)
    assert (left == right) == same


def test_an_external_id_that_runs_on_from_the_source_is_another_case() -> None:
    assert imported_case_id("150785", "a", "1b") != imported_case_id("150785", "a1", "b")


def test_any_other_uuid_names_a_log_nobody_has() -> None:
    assert log_of(UUID(int=0)) == "00"
    assert log_of(UUID("abcdef00-0000-4000-8000-000000000000")) == "abcdef"
    assert len(log_of(uuid4())) <= 6


def test_two_cases_of_one_log_may_be_saved_together_and_two_of_different_logs_not() -> None:
    here, there = new_case_id("150785", NOW, bytes(8)), new_case_id("150784", NOW, bytes(8))
    require_same_log(here, new_case_id("150785", NOW, b"12345678"))
    with pytest.raises(OtherLog) as refusal:
        require_same_log(here, there)
    assert refusal.value.facts == {"left": here, "right": there}
