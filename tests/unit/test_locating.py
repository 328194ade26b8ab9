"""定位: a point lies in exactly one grid, or nowhere with advice."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.refusals import BadCoordinates, Nowhere
from domain.registry.grid import Drawing, Grid
from infrastructure.registry.grid_map import GridMap
from infrastructure.registry.surveying import ShapelySurveyor
from tests.registry_office import COMMUNITY, FIRST, GRID, PHONE, Office, admin, square

WEST, SOUTH = 121.5, 50.7
flaw = ShapelySurveyor().flaw
STEP = 0.001
WHOLE = range(1, 40)


def grid(number: int, polygon: list[list[list[float]]]) -> Grid:
    return Grid.define(
        admin(),
        code=f"{COMMUNITY}{number:03}",
        name=f"第{number}网格",
        kind="综合",
        polygon=polygon,
        supervision_phone=PHONE,
        valid_from=FIRST,
        flaw=flaw,
    )


def everywhere(grid: Grid, drawing: Drawing) -> bool:
    return grid.valid_until is None and drawing.edition == grid.edition


def cuts() -> st.SearchStrategy[list[int]]:
    inner = st.sets(st.sampled_from(WHOLE), max_size=4)
    return inner.map(lambda marks: [0, *sorted(marks), 40])


@st.composite
def tilings(draw: st.DrawFn) -> list[Grid]:
    """A rectangle cut into tiles at random, their corners pulled aside, numbered in random order."""
    columns, rows = draw(cuts()), draw(cuts())
    skew = draw(st.floats(-0.4, 0.4))

    def corner(column: int, row: int) -> list[float]:
        return [WEST + STEP * (column + skew * row), SOUTH + STEP * (row + skew * column)]

    tiles = [
        [corner(left, low), corner(right, low), corner(right, high), corner(left, high), corner(left, low)]
        for low, high in pairwise(rows)
        for left, right in pairwise(columns)
    ]
    numbers = draw(st.permutations(range(1, len(tiles) + 1)))
    return [grid(number, [tile]) for number, tile in zip(numbers, tiles, strict=True)]


def drawn(grids: list[Grid]) -> GridMap:
    grid_map = GridMap()
    for each in grids:
        grid_map.draw(each)
    return grid_map


@given(tilings(), st.data())
def test_a_point_inside_a_tile_lies_in_that_tile_only(grids: list[Grid], data: st.DataObject) -> None:
    tile = grids[data.draw(st.integers(0, len(grids) - 1))]
    across, up = data.draw(st.floats(0.01, 0.99)), data.draw(st.floats(0.01, 0.99))
    one, two, three, four = tile.polygon[0][:4]
    point = [
        (1 - up) * ((1 - across) * one[axis] + across * two[axis])
        + up * ((1 - across) * four[axis] + across * three[axis])
        for axis in (0, 1)
    ]
    assert drawn(grids).at(point[0], point[1], everywhere) is tile


@given(tilings(), st.data())
def test_a_corner_of_several_tiles_lies_in_the_one_with_the_lowest_code(grids: list[Grid], data: st.DataObject) -> None:
    corner = data.draw(st.sampled_from([point for tile in grids for point in tile.polygon[0]]))
    lowest = min((tile for tile in grids if corner in tile.polygon[0]), key=lambda tile: tile.code)
    found = drawn(grids).at(corner[0], corner[1], everywhere)
    assert found is lowest


def test_a_point_on_a_shared_border_lies_in_the_grid_with_the_lowest_code() -> None:
    grids = [grid(2, square(WEST, SOUTH)), grid(1, square(WEST + 0.01, SOUTH))]
    found = drawn(grids).at(grids[1].polygon[0][0][0], SOUTH + 0.005, everywhere)
    assert found is grids[1]


def test_what_counts_decides_at_a_border_too() -> None:
    grids = [grid(1, square(WEST, SOUTH)), grid(2, square(WEST + 0.01, SOUTH))]
    border = grids[1].polygon[0][0][0]
    found = drawn(grids).at(border, SOUTH + 0.005, lambda each, drawing: each.code.endswith("002"))
    assert found is grids[1]


def test_a_hole_is_not_in_the_grid() -> None:
    holed = grid(1, [*square(WEST, SOUTH), *square(WEST + 0.002, SOUTH + 0.002, 0.002)])
    grid_map = drawn([holed])
    assert grid_map.at(WEST + 0.003, SOUTH + 0.003, everywhere) is None
    assert grid_map.at(WEST + 0.001, SOUTH + 0.001, everywhere) is holed


def test_a_redrawn_grid_is_found_where_it_is_now() -> None:
    moved = grid(1, square(WEST, SOUTH))
    grid_map = drawn([moved])
    assert grid_map.at(WEST + 0.005, SOUTH + 0.005, everywhere) is moved
    moved.redraw(admin(), polygon=square(WEST + 0.1, SOUTH), flaw=flaw)
    grid_map.draw(moved)
    assert grid_map.at(WEST + 0.005, SOUTH + 0.005, everywhere) is None
    assert grid_map.at(WEST + 0.105, SOUTH + 0.005, everywhere) is moved


def test_a_point_beside_all_grids_hears_of_the_nearest() -> None:
    office = Office().with_divisions().with_grid(GRID, square(WEST, SOUTH))
    with pytest.raises(Nowhere) as refused:
        office.view.locate(WEST + 0.015, SOUTH + 0.005)
    # five thousandths of a degree of longitude at 50.7 degrees north
    assert f"最近的网格是 {GRID}（约 353 米）" in refused.value.detail()


def test_a_point_far_from_all_grids_hears_of_none() -> None:
    office = Office().with_divisions().with_grid(GRID, square(WEST, SOUTH))
    with pytest.raises(Nowhere) as refused:
        office.view.locate(WEST + 0.0172, SOUTH + 0.005)
    assert refused.value.facts["advice"] == ""


def test_a_city_without_grids_locates_nothing() -> None:
    with pytest.raises(Nowhere):
        Office().view.locate(WEST, SOUTH)


def test_swapped_coordinates_are_told() -> None:
    with pytest.raises(BadCoordinates) as refused:
        Office().view.locate(SOUTH, WEST)
    assert "经纬度似乎颠倒" in refused.value.detail()
