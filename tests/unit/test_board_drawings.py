"""Drawings of the board: shades of the map, courses of figures, plans of grids."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import cast

import pytest

from domain.registry.grid import Grid
from interfaces.web.board.ground import SHADES, shade_of, tops
from interfaces.web.board.ground_plan import TALLEST, drawn
from interfaces.web.board.strip import HIGH, spark

DAY = date(2026, 3, 18)


def test_as_many_areas_get_each_shade_as_equal_values_allow() -> None:
    values = [float(nth) for nth in range(60)]
    steps = tops(values)
    shades = [shade_of(value, steps) for value in values]
    assert [shades.count(shade) for shade in range(SHADES)] == [10] * SHADES
    assert shades == sorted(shades, key=lambda one: one or 0)


@pytest.mark.parametrize(
    ("values", "shades"),
    [([], []), ([0.5], [5]), ([0.0, 1.0], [0, 5]), ([0.1, 0.1, 0.2, 0.3], [0, 0, 2, 5]), ([1.0] * 50, [5] * 50)],
)
def test_few_values_stay_apart(values: list[float], shades: list[int]) -> None:
    assert [shade_of(value, tops(values)) for value in values] == shades


def test_what_has_no_data_has_no_shade() -> None:
    assert shade_of(None, tops([0.5])) is None


def grid(code: str, west: float, south: float) -> Grid:
    ring = [[west, south], [west + 0.01, south], [west + 0.01, south + 0.01], [west, south + 0.01], [west, south]]
    drawing = SimpleNamespace(polygon=[ring])
    return cast(Grid, SimpleNamespace(code=code, name=code, drawn_on=lambda _on: drawing))


def test_grids_fill_the_drawing_with_north_above() -> None:
    plan = drawn([grid("a", 121.50, 50.78), grid("b", 121.51, 50.79)], DAY)
    assert plan.high == TALLEST
    assert plan.wide == pytest.approx(TALLEST * 0.632, rel=0.01)
    south, north = (float(shape.path.split(",")[1].split("L")[0]) for shape in plan.shapes)
    assert north < south


def test_no_grids_make_an_empty_plan() -> None:
    assert drawn([], DAY).shapes == []


def test_a_course_breaks_where_there_is_no_data() -> None:
    course = spark([(0.2, "20%"), (None, "无数据"), (0.4, "40%"), (0.8, "80%")])
    assert len(course.lines) == 1
    assert len(course.dots) == 2
    assert course.words == "由 20% 到 80%"
    assert all(0 < float(y) < HIGH for line in course.lines for _, y in [point.split(",") for point in line.split()])
    assert spark([(None, "无数据")]).words == "无数据"
