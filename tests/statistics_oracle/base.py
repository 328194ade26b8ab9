"""`compare_base`: a whole base against what is counted from its events, part by part, in bounded memory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import psycopg

from application.statistics.bound import Bound
from tests.statistics_oracle import parts, served, told
from tests.statistics_oracle.asked import Asked
from tests.statistics_oracle.asking import desk
from tests.statistics_oracle.books import Books
from tests.statistics_oracle.compare import Question, Verdict, questions
from tests.statistics_oracle.figures import NUMBERS, Shelf

CASES_A_PART = 25_000
"""Some hundred megabytes."""
Progress = Callable[[int, int], None]


def compare_base(
    url: str, *, bound: Mapping[str, int] | None = None, moment: datetime | None = None,
    askings: Sequence[Asked] | None = None, progress: Progress = lambda done, total: None,
) -> list[Verdict]:  # fmt: skip
    """Every fact and every number of a database with its facts projected, beside the count from its events.

    As known at `bound` (the last position of each log) and `moment` (when the last of those was recorded). The
    default askings are of all time by street, by unit and by month, and the lists of one community's days.
    """
    with psycopg.connect(url) as connection:
        found = told.newest(connection) if bound is None else dict(bound)
        at = moment or told.last_recorded(connection, found)
        asked = _questions(connection, askings, at)
        verdicts = {name: Verdict(name) for name in ("holding", "outcome", *NUMBERS)}
        cases = told.how_many_cases(connection)
        nth_parts = cases // CASES_A_PART + 1
        for nth, events in enumerate(parts.each(connection, nth_parts, found), start=1):
            _compare_part(connection, found, Books(events), asked, verdicts)
            progress(nth, nth_parts)
    asyncio.run(_ask(url, Bound(at, found, past=True), asked, verdicts))
    return list(verdicts.values())


def _compare_part(
    connection: psycopg.Connection[tuple[object, ...]], bound: Mapping[str, int], books: Books,
    asked: Sequence[Question], verdicts: Mapping[str, Verdict],
) -> None:  # fmt: skip
    for log, upto in bound.items():
        lives = [life for life in books.lives if life.log == log]
        lived = served.lived(lives)
        shown = served.shown(connection, log, upto, [life.id for life in lives])
        for name, ours, theirs in zip(("holding", "outcome"), lived, shown, strict=True):
            verdicts[name].looked_at += ours.total()
            verdicts[name].apart += served.apart(ours, theirs)
    shelf = Shelf(books.lives)
    for question in asked:
        question.tell(shelf)


async def _ask(url: str, bound: Bound, asked: Sequence[Question], verdicts: Mapping[str, Verdict]) -> None:
    async with desk(url, bound) as one:
        for question in asked:
            await question.compare(one, verdicts[question.number])


def _questions(
    connection: psycopg.Connection[tuple[object, ...]], askings: Sequence[Asked] | None, at: datetime
) -> list[Question]:
    if askings is not None:
        return questions(askings)
    start, end, community = told.extent(connection)
    whole = [Asked(start, end, at, by=by, cut="month") for by in (("street",), ("unit",), ("channel", "period"))]
    some = [
        Asked(start, end, at, by=("grid",), community=community),
        Asked(start, end, at, by=("holder_kind", "stage")),
    ]
    return [*questions(whole, lists=False), *questions(some[:1]), *questions(some[1:], lists=False)]
