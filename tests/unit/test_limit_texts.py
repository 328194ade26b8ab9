"""处置时限 as standards print it: plain ones are read, odd ones are kept as text with a proposal, never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.limit import Limit, LimitUnit
from domain.registry.limit_text import read_limit

UNITS = {
    "紧急工作时": LimitUnit.URGENT_HOUR, "工作时": LimitUnit.WORK_HOUR, "工作日": LimitUnit.WORKDAY,
    "自然日": LimitUnit.NATURAL_DAY, "天": LimitUnit.NATURAL_DAY, "分钟": LimitUnit.MINUTE,
}  # fmt: skip


@given(st.integers(1, 2_000), st.sampled_from(sorted(UNITS)), st.sampled_from(["", "个"]))
def test_a_number_and_one_of_our_units_is_plain(amount: int, unit: str, measure: str) -> None:
    reading = read_limit(f"{amount}{measure}{unit}")
    assert (reading.limit, reading.proposal, reading.why) == (Limit(amount, UNITS[unit]), None, "")


@pytest.mark.parametrize("text", ["1紧急工作时\n", " 1 紧急工作时", "１紧急工作时", "1紧急\n工作时", "　1紧急工作时　"])
def test_blanks_line_breaks_and_full_width_digits_say_nothing(text: str) -> None:
    reading = read_limit(text)
    assert reading.limit == Limit(1, LimitUnit.URGENT_HOUR)
    assert reading.text == text.strip()


@pytest.mark.parametrize(
    ("text", "proposal", "why"),
    [
        ("1紧急工作时制止", Limit(1, LimitUnit.URGENT_HOUR), "别的文字"),
        ("种植季节15工作日", Limit(15, LimitUnit.WORKDAY), "别的文字"),
        ("4小时", Limit(4, LimitUnit.WORK_HOUR), "可能指工作时，也可能指紧急工作时"),
        ("2紧急工作日", Limit(2, LimitUnit.NATURAL_DAY), "不是可用的时限单位"),
        ("4工作时停工、7工作日处罚", None, "多个时限"),
        ("2-3工作日", None, "认不出"),
        ("1.5天", None, "认不出"),
        ("三个工作日", None, "认不出"),
        ("尽快", None, "认不出"),
        ("0工作日", None, "超出"),
        ("99999工作日", None, "超出"),
        ("", None, "没有写"),
    ],
)
def test_what_says_more_or_less_waits_for_a_person(text: str, proposal: Limit | None, why: str) -> None:
    reading = read_limit(text)
    assert (reading.limit, reading.proposal, reading.text) == (None, proposal, text)
    assert why in reading.why


@given(st.text(max_size=30))
def test_any_text_is_read_or_left_open_with_a_reason(text: str) -> None:
    reading = read_limit(text)
    assert (reading.limit is None) == bool(reading.why)
