"""A log whose numbers are compared: written, projected in small batches, and asked as known at any position."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg import sql

from application.statistics.bound import Bound
from tests.projecting import projector
from tests.spec import DISTRICT
from tests.statistics_oracle import served, told
from tests.statistics_oracle.asked import Asked
from tests.statistics_oracle.asking import Desk, desk
from tests.statistics_oracle.books import Books
from tests.statistics_oracle.compare import Verdict, compare, fits, questions
from tests.statistics_oracle.figures import NUMBERS
from tests.statistics_oracle.told import Told

SCALE = float(os.environ.get("NUMBERS_SCALE", "1"))
"""How many times the usual number of cases: `NUMBERS_SCALE=10 make test` looks harder, and longer."""
FROM, TO = datetime(2026, 2, 28, 16, tzinfo=UTC), datetime(2026, 3, 31, 16, tzinfo=UTC)
MARCH = Asked(FROM, TO, TO)


def some(usual: int) -> int:
    return max(1, round(usual * SCALE))


def project(url: str, logs: Sequence[str], batch: int = 53) -> None:
    """Tell all read models what the logs hold, a few events a transaction."""

    async def run() -> None:
        async with projector(url, logs=logs, batch=batch) as one:
            await one.catch_up()

    asyncio.run(run())


def rebuild(url: str, logs: Sequence[str]) -> None:
    """Fill every read model anew beside what is served, and serve that."""

    async def run() -> None:
        async with projector(url, logs=logs) as one:
            await one.rebuild()

    asyncio.run(run())


def events_of(url: str) -> list[Told]:
    with psycopg.connect(url) as connection:
        return list(told.read(connection, told.newest(connection)))


def replay(events: Iterable[Told], bound: Mapping[str, int]) -> Books:
    """An honest replay of what was recorded up to a bound."""
    return Books(event for event in events if event.position <= bound.get(event.log, 0))


def facts_apart(url: str, books: Books, bound: Mapping[str, int]) -> list[str]:
    """What of all facts, as known at a bound, the read model tells otherwise than the replay."""
    apart: list[str] = []
    with psycopg.connect(url) as connection:
        for log, upto in bound.items():
            lived = served.lived(life for life in books.lives if life.log == log)
            for ours, theirs in zip(lived, served.shown(connection, log, upto), strict=True):
                apart += served.apart(ours, theirs)
    return apart


def numbers_apart(
    url: str, books: Books, bound: Mapping[str, int], askings: Sequence[Asked], *, page: int = 50,
    numbers: Sequence[str] = NUMBERS, lists: bool = True,
) -> list[str]:  # fmt: skip
    """What of all numbers, as known at a bound and the askings' one moment, is answered otherwise than counted."""
    (moment,) = {asked.moment for asked in askings}

    async def run() -> list[Verdict]:
        async with desk(url, Bound(moment, bound, past=True), page) as one:
            return await compare(one, books.lives, questions(askings, numbers=numbers, lists=lists))

    verdicts = asyncio.run(run())
    assert all(verdict.looked_at for verdict in verdicts)
    return [line for verdict in verdicts for line in verdict.apart]


def asked_by(*groupings: tuple[str, ...], of: Asked = MARCH, **how: Any) -> list[Asked]:
    """The same question grouped each way."""
    return [Asked(**{**vars(of), "by": by, **how}) for by in groupings]


def all_answers(url: str, bound: Mapping[str, int], askings: Sequence[Asked], numbers: Iterable[str]) -> list[Any]:
    """Every answer of the program, whole."""

    async def run() -> list[Any]:
        async with desk(url, Bound(askings[0].moment, bound, past=True)) as one:
            return [await _answer(one, number, asked) for number in numbers for asked in askings]

    return asyncio.run(run())


async def _answer(one: Desk, number: str, asked: Asked) -> Any:
    return await one.number(number, asked) if fits(number, asked) else None


def ask_as_of(url: str, moment: datetime, asked: Asked, numbers: Iterable[str]) -> list[Any]:
    """The same where the program finds out itself what was known at a moment."""

    async def run() -> list[Any]:
        async with desk(url, Bound(moment, {DISTRICT: 0})) as one:
            one.bound = await one.statistics.bound(moment, datetime.now(UTC))
            return [await one.number(number, asked) for number in numbers]

    return asyncio.run(run())


def copy_events(url: str, into: str, upto: int) -> None:
    """The first events of every log in another database, which knows of no others."""
    with psycopg.connect(url) as source, psycopg.connect(into) as target:
        target.execute("INSERT INTO log (log_id) VALUES (%s)", [DISTRICT])
        query = sql.SQL("COPY (SELECT * FROM event WHERE position <= {}) TO STDOUT").format(upto)
        with source.cursor().copy(query) as said, target.cursor().copy("COPY event FROM STDIN") as heard:
            for rows in said:
                heard.write(rows)


ENDS = {"issue.voided", "issue.merged_into", "issue.closed", "request.answered", "request.diverted", "request.closed"}
BEGINS_AGAIN = {"issue.unmerged", "issue.redo_ordered", "issue.rework_ordered", "issue.reopened"}


def over_and_open_again(events: Iterable[Told]) -> list[tuple[datetime, datetime | None]]:
    """When a case was over and when it was open again, None where it is not, told by its own events alone."""
    found: list[tuple[datetime, datetime | None]] = []
    for event in events:
        if event.topic in ENDS:
            found.append((event.at, None))
        elif event.topic in BEGINS_AGAIN and found and found[-1][1] is None:
            found[-1] = (found[-1][0], event.at)
    return found
