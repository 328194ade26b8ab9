"""A figure and its list are of the same facts: for every number, in every group, as known at any position."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from application.statistics.answers import CountedCase, Group
from application.statistics.bound import Bound
from application.statistics.filter import Dimension, Grouping
from application.statistics.statistics import Statistics
from domain.statistics.number import Number, Part, Shape, Window
from domain.statistics.numbers import NUMBERS
from domain.statistics.refusals import NoSuchPart
from tests import fact_rows, town
from tests.statistics_desk import MARCH, POLICY, Desk, grouping

POSITIONS = {town.CITY: 150, town.DISTRICT: 260}
BY = [
    (None, None), (Dimension.STREET, Dimension.PERIOD), (Dimension.UNIT, Dimension.CATEGORY),
    (Dimension.PERIOD, Dimension.CHANNEL), (Dimension.GRID, Dimension.LOG), (Dimension.COMMUNITY, None),
]  # fmt: skip
BY_HOLDER = [(Dimension.HOLDER_KIND, Dimension.PERIOD), (Dimension.STAGE, Dimension.LEVEL)]


@pytest.fixture(scope="module")
def desk(module_database_url: str) -> Desk:
    dice = random.Random(6)  # noqa: S311 - made-up facts, the same each time
    fact_rows.write(module_database_url, [*fact_rows.outcomes(dice, 2_500), *fact_rows.holdings(dice, 200)])
    return Desk(module_database_url)


@pytest.mark.parametrize("as_of", [None, POSITIONS], ids=["now", "then"])
@pytest.mark.parametrize("number", NUMBERS.values(), ids=lambda number: number.id)
def test_every_figure_is_the_number_of_its_cases(desk: Desk, number: Number, as_of: dict[str, int] | None) -> None:
    bound = desk.bound(as_of)

    async def compared(statistics: Statistics) -> int:
        groups = 0
        for by, then in [*BY, *(BY_HOLDER if number.shape in {Shape.HELD, Shape.BACKLOG} else [])]:
            if number.window is not Window.AHEAD or Dimension.PERIOD not in {by, then}:
                groups += await _compared(desk, statistics, number, grouping(by, then), bound)
        return groups

    assert desk.run(compared) > 2, "groups that have something to list"


async def _compared(desk: Desk, statistics: Statistics, number: Number, by: Grouping, bound: Bound) -> int:
    answer = await desk.number(statistics, number.id, by, bound)
    for group in [*answer.groups, answer.pooled]:
        whole = group is answer.pooled
        keys = (None, None) if whole else (group.key, group.then_key if by.then else None)
        for part in Part:
            absent = {Part.DENOMINATOR: group.denominator is None, Part.EXCLUDED: not number.exempts}
            if absent.get(part):
                continue
            cases = await desk.cases(statistics, number.id, by, bound, part, *keys)
            assert len({(one.case_id, one.kind, one.nth) for one in cases}) == len(cases)
            _agree(number, part, group, cases)
    return len(answer.groups)


def _agree(number: Number, part: Part, group: Group, cases: Sequence[CountedCase]) -> None:
    weights = number.weigh(POLICY)
    match number.shape, part:
        case _, Part.EXCLUDED:
            assert len(cases) == group.excluded
        case _, Part.DENOMINATOR:
            assert len(cases) == group.denominator
        case (Shape.SPREAD, _):
            assert sum(one.seconds or 0 for one in cases) == group.numerator
            assert sorted(one.seconds or 0 for one in cases)[(len(cases) - 1) // 2 :][:1] == (
                [group.value] if cases else []
            )
        case (Shape.HELD, _):
            assert sum(float(one.seconds or 0) for one in cases) == pytest.approx(group.numerator)
        case (Shape.BACKLOG, _):
            assert len(cases) == group.numerator
        case _:
            assert float(sum(weights[one.answer] for one in cases)) == group.numerator
            assert all(weights[one.answer] for one in cases)


def test_all_pages_together_are_the_list_in_order(desk: Desk) -> None:
    async def listed(statistics: Statistics) -> tuple[list[CountedCase], list[CountedCase]]:
        bound = await statistics.bound(None, fact_rows.recorded_at(fact_rows.LAST))
        by_sevens = Desk(desk.url, page=7)
        asked = "reported", grouping(), bound, Part.NUMERATOR
        return await by_sevens.cases(statistics, *asked), await desk.cases(statistics, *asked)

    by_sevens, at_once = desk.run(listed)
    assert by_sevens == at_once
    assert [one.at for one in at_once] == sorted((one.at for one in at_once), reverse=True)
    assert all(MARCH.start <= one.at < MARCH.end for one in at_once)


@pytest.mark.parametrize("number", [NUMBERS["overdue_open"], NUMBERS["received"]], ids=lambda number: number.id)
def test_the_soonest_are_the_same_cases_the_other_way_round(desk: Desk, number: Number) -> None:
    async def listed(statistics: Statistics) -> tuple[Sequence[CountedCase], list[CountedCase]]:
        bound = await statistics.bound(None, fact_rows.recorded_at(fact_rows.LAST))
        every = await desk.cases(statistics, number.id, grouping(), bound, Part.NUMERATOR)
        return await statistics.soonest(desk.actor, number.id, MARCH, bound=bound, policy=POLICY, limit=5), every

    soonest, every = desk.run(listed)
    assert len(every) > 5
    assert list(soonest) == every[::-1][:5]


def test_spans_have_no_soonest(desk: Desk) -> None:
    async def asked(statistics: Statistics) -> None:
        bound = await statistics.bound(None, fact_rows.recorded_at(fact_rows.LAST))
        with pytest.raises(NoSuchPart):
            await statistics.soonest(desk.actor, "time_held", MARCH, bound=bound, policy=POLICY)

    desk.run(asked)
