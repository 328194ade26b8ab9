"""How long answers of the statistics take: each question once, through the use cases that HTTP calls."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from application.services import Services
from application.statistics.answers import Answer
from application.synthetic.questions import Question
from application.synthetic.town import CITY
from domain.actor import Actor, Role

SOMEBODY = Actor("measurement", frozenset({Role.SUPERVISOR}), "", (CITY,))
Stopwatch = Callable[[], float]
"""Seconds that have passed, since whenever."""


@dataclass(frozen=True)
class Asked:
    """A question, how many seconds it took and what was answered."""

    question: Question
    seconds: float
    answer: Answer


@dataclass(frozen=True)
class Pace:
    """Of several answers the median and the 95th percentile, in milliseconds."""

    n: int
    p50: float
    p95: float


async def ask(
    services: Services, questions: Iterable[Question], now: datetime, stopwatch: Stopwatch
) -> AsyncIterator[Asked]:
    """Ask one after another, as somebody who sees the whole town at the instant `now`."""
    for question in questions:
        began = stopwatch()
        bound = await services.statistics.bound(None, now)
        policy = services.policies.over(question.filter.end).rates
        answer = await services.statistics.number(
            SOMEBODY, question.number, question.filter, grouping=question.grouping, bound=bound, policy=policy
        )
        yield Asked(question, stopwatch() - began, answer)


def by_number(asked: Iterable[Asked]) -> Mapping[str, Pace]:
    """The pace of each number."""
    ordered = sorted(asked, key=lambda one: one.question.number)
    return {
        number: pace([one.seconds for one in some])
        for number, some in groupby(ordered, key=lambda one: one.question.number)
    }


def pace(seconds: Sequence[float]) -> Pace:
    """Of at least one."""
    ordered = sorted(seconds)
    p50, p95 = (ordered[round(share * (len(ordered) - 1))] * 1000 for share in (0.5, 0.95))
    return Pace(len(ordered), p50, p95)
