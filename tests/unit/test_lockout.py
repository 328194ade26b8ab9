"""登录锁定: five failures in a quarter of an hour, then a quarter of an hour of waiting."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.lockout import LASTS, MOST_FAILURES, REMEMBERED, WITHIN, require_unlocked
from domain.sign_in_refusals import TooManyAttempts

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FIVE = [NINE + n * MINUTE for n in range(5)]
LOCKED_AT = FIVE[-1]


def test_four_failures_do_not_lock() -> None:
    require_unlocked(FIVE[:4], LOCKED_AT)


def test_the_fifth_failure_locks_and_the_refusal_says_for_how_long() -> None:
    with pytest.raises(TooManyAttempts) as refused:
        require_unlocked(FIVE, LOCKED_AT + timedelta(seconds=0.5))
    assert refused.value.facts == {"seconds": 900}
    assert "900 秒" in refused.value.detail()


def test_the_lock_opens_after_a_quarter_of_an_hour_and_not_before() -> None:
    with pytest.raises(TooManyAttempts):
        require_unlocked(FIVE, LOCKED_AT + LASTS - timedelta(microseconds=1))
    require_unlocked(FIVE, LOCKED_AT + LASTS)


def test_five_failures_over_a_quarter_of_an_hour_or_more_do_not_lock() -> None:
    require_unlocked([*FIVE[:4], FIVE[0] + WITHIN], FIVE[0] + WITHIN)


def test_the_order_in_which_failures_are_listed_does_not_matter() -> None:
    with pytest.raises(TooManyAttempts):
        require_unlocked(FIVE[::-1], LOCKED_AT)


@given(some.lists(some.integers(0, 400), max_size=60))
def test_no_quarter_of_an_hour_ever_sees_a_sixth_guess(pauses: list[int]) -> None:
    at, guesses = NINE, list[datetime]()
    for seconds in pauses:
        at += timedelta(seconds=seconds)
        try:
            require_unlocked([guess for guess in guesses if guess >= at - REMEMBERED], at)
        except TooManyAttempts:
            continue
        guesses.append(at)
    sixth = zip(guesses, guesses[MOST_FAILURES:], strict=False)
    assert all(later - earlier >= WITHIN for earlier, later in sixth)
