"""The engine of limits 时限: due instants a second in bulk, on one core; and whole answers of `wangge due`."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any, TypeVar

import orjson

from domain.clock import Clock
from domain.limit import Limit
from domain.pauses import Pause
from infrastructure.calendars import chinese_office_calendar
from interfaces.cli.due_lines import Answers
from tests.bench.figures import Figure

BAR = 50_000
SINCE = datetime(2023, 1, 1, tzinfo=UTC)
SPAN_SECONDS = 3 * 365 * 86_400
AMOUNTS = {"minute": 600, "urgent_hour": 48, "work_hour": 40, "workday": 20, "natural_day": 60}
PAUSED = 0.2
T = TypeVar("T")


def limits(*, smoke: bool) -> Iterator[Figure]:
    """Each unit as often, starts over three years to the second, every fifth clock paused for up to four days."""
    calendar, dice = chinese_office_calendar(), random.Random(9)  # noqa: S311 - a benchmark
    asked = [_asked(dice) for _ in range(500 if smoke else 100_000)]
    instants = [[datetime.fromisoformat(text) for text in (one["start"], *one["pauses"])] for one in asked]
    work = [(Limit.of(one["amount"], one["unit"]), starts) for one, starts in zip(asked, instants, strict=True)]

    def due(one: tuple[Limit, list[datetime]]) -> None:
        limit, (start, *pause) = one
        assert Clock(limit, start, calendar, (Pause(*pause),) if pause else ()).due

    each = _a_second(due, work)
    yield Figure("due instants", each, "a second", bar=f">= {BAR:,}", holds=each >= BAR)
    answers = Answers({calendar.name: calendar})
    lines = [orjson.dumps(one | {"pauses": [one["pauses"]] if one["pauses"] else []}) for one in asked]
    yield Figure("lines of wangge due, each explained", _a_second(answers.answer, lines), "a second")


def _asked(dice: random.Random) -> dict[str, Any]:
    unit = dice.choice(sorted(AMOUNTS))
    start = SINCE + timedelta(seconds=dice.randrange(SPAN_SECONDS))
    stopped = start + timedelta(seconds=dice.randrange(86_400))
    pause = [stopped, stopped + timedelta(seconds=dice.randrange(4 * 86_400))] if dice.random() < PAUSED else []
    return {
        "start": start.isoformat(),
        "amount": dice.randint(1, AMOUNTS[unit]),
        "unit": unit,
        "pauses": [one.isoformat() for one in pause],
    }


def _a_second(work: Callable[[T], object], on: Sequence[T]) -> float:
    for one in on[: len(on) // 10]:
        work(one)
    began = perf_counter()
    for one in on:
        work(one)
    return len(on) / (perf_counter() - began)
