"""Every figure against the same facts counted one by one in plain Python, in every group, as known now and then."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from fractions import Fraction

import pytest

from application.statistics.answers import Answer
from application.statistics.bound import Bound
from application.statistics.filter import Dimension, Grouping, mark
from domain.statistics.number import Number, Shape, Told, Window
from domain.statistics.numbers import NUMBERS
from tests import fact_rows, town
from tests.fact_rows import Holding, Outcome
from tests.statistics_desk import MARCH, POLICY, Desk, grouping

Key = tuple[str, str]
BY = [
    (Dimension.STREET, Dimension.PERIOD), (Dimension.UNIT, Dimension.CATEGORY), (Dimension.GRID, Dimension.LOG),
    (Dimension.CHANNEL, None),
]  # fmt: skip
OF_FACTS = [one for one in NUMBERS.values() if one.shape in {Shape.COUNT, Shape.SHARE, Shape.SCORE, Shape.SPREAD}]


@pytest.fixture(scope="module")
def rows() -> list[Outcome | Holding]:
    dice = random.Random(7)  # noqa: S311 - made-up facts, the same each time
    return [*fact_rows.outcomes(dice, 3_000), *fact_rows.holdings(dice, 200)]


@pytest.fixture(scope="module")
def desk(module_database_url: str, rows: list[Outcome | Holding]) -> Desk:
    fact_rows.write(module_database_url, rows)
    return Desk(module_database_url)


def key_of(row: Outcome | Holding, dimension: Dimension | None, by: Grouping, at: datetime) -> str:
    digits = {Dimension.STREET: 9, Dimension.COMMUNITY: 12, Dimension.GRID: 15}
    match dimension:
        case None:
            return ""
        case Dimension.LOG:
            return row.log_id
        case Dimension.PERIOD:
            return next(mark(bucket) for bucket in by.buckets if bucket.start <= at < bucket.end)
        case Dimension.UNIT | Dimension.CATEGORY | Dimension.CHANNEL:
            return str(getattr(row, dimension.value))
        case _:
            return row.place[: digits[dimension]] if len(row.place) >= digits[dimension] else ""


def answer_of(number: Number, row: Outcome, position: int) -> str:
    match number.told:
        case Told.KIND:
            return row.kind
        case Told.VALUE:
            return row.value or ""
        case Told.CHANNEL:
            return row.channel
        case Told.CLOCK:
            if row.done_in is None or row.done_in > position or row.done_at is None:
                return "open"
            return "in_time" if row.done_at <= row.at else "late"
        case Told.VOICE:
            said = {True: "yes", False: "no", None: ""}[row.contacted]
            return "/".join([said, row.solved or "", row.satisfaction or ""])


def counted(number: Number, rows: list[Outcome | Holding], bound: Bound) -> Iterator[tuple[Outcome, str, bool]]:
    end = min(MARCH.end, bound.moment) if number.window is Window.FALLEN_DUE else MARCH.end
    for row in rows:
        position = bound.positions[row.log_id]
        if not isinstance(row, Outcome) or row.kind not in number.kinds or not MARCH.start <= row.at < end:
            continue
        if row.known_from > position or (row.known_to is not None and row.known_to <= position):
            continue
        if (number.case_kind and row.case_kind != number.case_kind) or (
            number.values and row.value not in number.values
        ):
            continue
        exempt = number.exempts and row.exempt_in is not None and row.exempt_in <= position
        yield row, answer_of(number, row, position), exempt


@pytest.mark.parametrize("as_of", [None, {town.CITY: 130, town.DISTRICT: 290}], ids=["now", "then"])
@pytest.mark.parametrize("number", [one for one in OF_FACTS if one.window is not Window.AHEAD], ids=lambda one: one.id)
def test_figures_are_what_counting_one_by_one_gives(
    desk: Desk, rows: list[Outcome | Holding], number: Number, as_of: dict[str, int] | None
) -> None:
    bound = desk.bound(as_of)
    for by, then in BY:
        grouped = grouping(by, then)
        answer = desk.run(lambda statistics: desk.number(statistics, number.id, grouped, bound))  # noqa: B023
        expected = figures(number, counted(number, rows, bound), lambda row: (
            key_of(row, by, grouped, row.at), key_of(row, then, grouped, row.at),  # noqa: B023
        ))  # fmt: skip
        assert told(answer) == expected


def told(answer: Answer) -> dict[Key, tuple[float, int | None, int, float | None]]:
    return {
        (group.key, group.then_key or ""): (group.numerator, group.denominator, group.excluded, group.value)
        for group in answer.groups
    }


def figures(
    number: Number, facts: Iterator[tuple[Outcome, str, bool]], key: Callable[[Outcome], Key]
) -> dict[Key, tuple[float, int | None, int, float | None]]:
    groups: dict[Key, list[tuple[Outcome, str, bool]]] = defaultdict(list)
    for row, answer, exempt in facts:
        if number.shape is not Shape.SPREAD or row.seconds is not None:
            groups[key(row)].append((row, answer, exempt))
    made = {keys: figure(number, group) for keys, group in groups.items()}
    return {keys: one for keys, one in made.items() if one[0] or one[1] or one[2]}


def figure(
    number: Number, group: list[tuple[Outcome, str, bool]]
) -> tuple[float, int | None, int, float | None]:  # fmt: skip
    if number.shape is Shape.SPREAD:
        seconds = sorted(row.seconds or 0 for row, _, _ in group)
        return sum(seconds), len(seconds), 0, seconds[(len(seconds) - 1) // 2]
    weights = number.weigh(POLICY)
    part = sum((weights.get(answer, Fraction(0)) for _, answer, exempt in group if not exempt), Fraction(0))
    if number.shape is Shape.COUNT:
        beside = sum(exempt and answer in weights for _, answer, exempt in group)
        return float(part), None, beside, float(part)
    of_base = [exempt for _, answer, exempt in group if number.base is None or answer in number.base]
    whole, beside = of_base.count(False), of_base.count(True)
    share = float(part / whole) if whole else None
    if share is not None and number.shape is Shape.SCORE:
        share = int(part / whole * 1000 + Fraction(1, 2)) / 10
    return float(part), whole, beside, share


@pytest.mark.parametrize("as_of", [None, {town.CITY: 130, town.DISTRICT: 290}], ids=["now", "then"])
def test_time_held_and_backlog_are_what_every_span_adds(
    desk: Desk, rows: list[Outcome | Holding], as_of: dict[str, int] | None
) -> None:
    bound = desk.bound(as_of)
    by = grouping(Dimension.PERIOD, Dimension.UNIT)
    held: dict[Key, float] = defaultdict(float)
    standing: dict[Key, float] = defaultdict(float)
    for row in rows:
        position = bound.positions[row.log_id]
        if not isinstance(row, Holding) or row.known_from > position:
            continue
        known = row.ended_at if row.known_to is not None and row.known_to <= position else None
        for bucket in by.buckets:
            end, key = min(bucket.end, bound.moment), (mark(bucket), row.unit)
            seconds = (min(known or end, end) - max(row.started_at, bucket.start)).total_seconds()
            held[key] += max(seconds, 0)
            standing[key] += bucket.start < bound.moment and row.started_at < end and (known is None or known >= end)
    for number, expected in (("time_held", held), ("backlog", standing)):
        answer = desk.run(lambda statistics: desk.number(statistics, number, by, bound))  # noqa: B023
        found = {(group.key, group.then_key): group.numerator for group in answer.groups}
        assert found == {key: pytest.approx(value) for key, value in expected.items() if value}
