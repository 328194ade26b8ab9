"""重投: how long an event is offered, when it is set aside, and when the webhook halts."""

from __future__ import annotations

import pytest

from application.feed.retrying import (
    LONGEST_ASKED_SECONDS,
    PARKED_IN_A_ROW,
    REFUSED_TRIES,
    SCHEDULE_SECONDS,
    Next,
    Outcome,
    after_failure,
)

SILENT = Outcome(None, "timeout", 15_000)


def said(status: int, asked: float | None = None) -> Outcome:
    return Outcome(status, f"status-{status}", 10, asked)


def test_who_does_not_answer_is_asked_ever_more_seldom_for_a_night() -> None:
    waits = [after_failure(SILENT, attempts, 0) for attempts in range(1, len(SCHEDULE_SECONDS) + 1)]
    assert [then for then, _ in waits] == [Next.AGAIN] * len(SCHEDULE_SECONDS)
    assert [seconds for _, seconds in waits] == sorted(seconds for _, seconds in waits)
    assert 12 * 3600 < sum(seconds for _, seconds in waits) < 24 * 3600


def test_in_the_end_the_event_is_parked_and_the_third_in_a_row_halts_instead() -> None:
    last = len(SCHEDULE_SECONDS) + 1
    assert [after_failure(SILENT, last, parked)[0] for parked in range(PARKED_IN_A_ROW)] == [
        *[Next.PARK] * (PARKED_IN_A_ROW - 1), Next.HALT,
    ]  # fmt: skip


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
def test_who_is_there_and_says_no_is_asked_less_often(status: int) -> None:
    assert after_failure(said(status), REFUSED_TRIES - 1, 0)[0] is Next.AGAIN
    assert after_failure(said(status), REFUSED_TRIES, 0)[0] is Next.PARK


@pytest.mark.parametrize("status", [301, 307, 408, 425, 429, 500, 502, 503])
def test_who_says_later_is_asked_as_often_as_who_says_nothing(status: int) -> None:
    assert after_failure(said(status), REFUSED_TRIES, 0)[0] is Next.AGAIN


def test_gone_halts_at_once_and_a_wish_for_time_is_granted_within_bounds() -> None:
    assert after_failure(said(410), 1, 0)[0] is Next.HALT
    assert after_failure(said(429, 60.0), 1, 0) == (Next.AGAIN, 60.0)
    assert after_failure(said(429, 1.0), 1, 0) == (Next.AGAIN, SCHEDULE_SECONDS[0])
    assert after_failure(said(503, 1e9), 1, 0) == (Next.AGAIN, LONGEST_ASKED_SECONDS)
