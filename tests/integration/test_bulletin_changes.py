"""The cases that a difference names are all there are: what they add and take away is the difference of the figures."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable
from typing import cast

import pytest
from psycopg_pool import AsyncConnectionPool

from application.registry.registry import Registry
from application.statistics import bulletin_figures
from application.statistics.bound import Bound
from application.statistics.bulletin_figures import About, BulletinFigures, CountedAs, FigureChange
from application.statistics.figures import of_cells
from application.statistics.filter import Dimension
from application.statistics.reading import Cell
from application.statistics.statistics import Statistics
from domain.statistics.bulletin import Issuance, Known
from domain.statistics.bulletin_figures import NUMBERS, POOLED, Figure
from domain.statistics.numbers import number_named
from domain.statistics.periods import Bucket
from infrastructure.statistics.bulletin_changes import PostgresFactChanges
from infrastructure.statistics.facts import PostgresFacts
from tests import fact_rows, town
from tests.statistics_desk import MARCH, NOW, POLICY, SUPERVISOR, NoNames

THEN = {town.CITY: 150, town.DISTRICT: 260}
PERIOD = Bucket(MARCH.start, MARCH.end, "2026年3月")


@pytest.fixture(scope="module")
def facts(module_database_url: str) -> str:
    dice = random.Random(23)  # noqa: S311 - made-up facts, the same each time
    fact_rows.write(module_database_url, fact_rows.outcomes(dice, 4_000))
    return module_database_url


def about(scope: str, by: Dimension) -> About:
    return About(scope, PERIOD, by, POLICY)


def changes(url: str, what: About, then: dict[str, int]) -> tuple[list[FigureChange], list[Figure]]:
    """What a bulletin issued at `then` is told to differ in, and the figures of today."""

    async def asked() -> tuple[list[FigureChange], list[Figure]]:
        async with AsyncConnectionPool(url, min_size=1, open=False) as pool:
            statistics = Statistics(PostgresFacts(pool, fact_rows.LOGS), cast(Registry, NoNames()))
            figures = BulletinFigures(statistics, PostgresFactChanges(pool))
            before = await figures.at(SUPERVISOR, what, Bound(NOW, then, past=True))
            bound = await statistics.bound(None, NOW)
            now = await figures.at(SUPERVISOR, what, bound)
            issued = Issuance(1, NOW, "", "", Known(NOW, then), tuple(before))
            return await figures.changes(SUPERVISOR, what, issued, bound, now), now

    return asyncio.run(asked())


def counts(number: str, counted: Iterable[CountedAs]) -> tuple[float, int, int]:
    """What these make of a figure."""
    cells = [Cell("", "", one.answer, one.excluded, 1) for one in counted]
    figure = of_cells(number_named(number), cells, POLICY).pooled
    return figure.numerator, figure.denominator or 0, figure.excluded


@pytest.mark.parametrize(
    ("scope", "by"),
    [
        (town.CITY, Dimension.LOG), (town.DISTRICT, Dimension.STREET), (town.DISTRICT, Dimension.UNIT),
        (town.STREET, Dimension.COMMUNITY),
    ],
)  # fmt: skip
def test_the_cases_of_a_difference_account_for_it(facts: str, scope: str, by: Dimension) -> None:
    told, _ = changes(facts, about(scope, by), THEN)
    assert {one.figure.number for one in told} == set(NUMBERS)
    for one in told:
        figure, cases = one.figure, one.cases
        if figure.group == POOLED:
            assert cases is None
            continue
        assert cases
        before = counts(figure.number, (counted for case in cases for counted in case.then))
        after = counts(figure.number, (counted for case in cases for counted in case.now))
        was, now = (side.counts if side else (0.0, 0, 0) for side in (figure.then, figure.now))
        added = [round(new - old, 6) for new, old in zip(now, was, strict=True)]
        assert added == [round(new - old, 6) for new, old in zip(after, before, strict=True)], figure


def test_without_anything_recorded_since_there_is_no_difference(facts: str) -> None:
    told, figures = changes(
        facts, about(town.DISTRICT, Dimension.STREET), dict.fromkeys(fact_rows.LOGS, fact_rows.LAST)
    )
    assert told == []
    assert any(figure.value for figure in figures)


def test_of_a_log_that_was_not_there_everything_is_new(facts: str) -> None:
    told, _ = changes(facts, about(town.CITY, Dimension.LOG), {town.CITY: fact_rows.LAST})
    assert {one.figure.group for one in told} == {POOLED, town.DISTRICT}
    assert all(case.then == () for one in told for case in one.cases or [])


def test_too_many_to_compare_are_told_without_cases(facts: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulletin_figures, "MOST_CASES", 1)
    told, _ = changes(facts, about(town.DISTRICT, Dimension.STREET), THEN)
    assert told
    assert all(one.cases is None for one in told)
