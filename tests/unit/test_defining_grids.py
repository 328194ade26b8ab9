"""网格: drawn inside one community on ground of its own, with editions and a worker."""

from datetime import date
from typing import Any

import pytest

from domain.refusals import BadCode, BadPolygon, NoSuchEntry, NotValidThen, OutsideArea
from domain.registry.refusals import (
    BadChoice,
    BadPhone,
    GridsOverlap,
    NoLongerKept,
    NotAGridWorker,
    NothingChanged,
)
from tests.registry_office import COMMUNITY, COUNTY, FIRST, GRID, PHONE, Office, admin, run, square

WEST, SOUTH = 121.5, 50.7
GROUND = square(WEST, SOUTH)
HOLED = [*GROUND, *square(WEST + 0.002, SOUTH + 0.002, 0.002)]


def define(office: Office, polygon: list[list[list[float]]], **facts: str) -> None:
    told: dict[str, Any] = {
        "code": GRID,
        "name": "第一网格",
        "kind": "综合",
        "supervision_phone": PHONE,
    } | facts
    run(office.grids.define(admin(), polygon=polygon, valid_from=FIRST, **told))


def office_with_grid() -> Office:
    return Office().with_divisions().with_grid(GRID, GROUND)


def test_a_grid_is_defined_in_its_community() -> None:
    office = Office().with_divisions()
    define(office, HOLED, kind="专属")
    grid = office.view.grid(GRID, valid_on=FIRST)
    assert (grid.community, grid.kind, grid.edition, grid.worker) == (COMMUNITY, "专属", 1, None)
    assert grid.polygon == HOLED


def test_a_grid_without_its_community_is_refused() -> None:
    with pytest.raises(NoSuchEntry):
        define(Office(), GROUND)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"code": COMMUNITY}, BadCode),
        ({"kind": "基础"}, BadChoice),
        ({"supervision_phone": "call me"}, BadPhone),
        ({"supervision_phone": "()- +"}, BadPhone),
    ],
)
def test_a_grid_is_told_in_the_words_of_the_field(facts: dict[str, str], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        define(Office().with_divisions(), GROUND, **facts)


@pytest.mark.parametrize(
    ("polygon", "problem"),
    [
        ([], "1 至 50 个环"),
        ([GROUND[0] * 1001], "5000 个点"),
        ([GROUND[0][:3]], "至少 4 个"),
        ([GROUND[0][:4]], "没有闭合"),
        ([[[50.7, 121.5], [50.8, 121.5], [50.8, 121.6], [50.7, 121.5]]], "颠倒"),
        ([[[2.3, 48.8], [2.4, 48.8], [2.4, 48.9], [2.3, 48.8]]], "不在我国范围"),
        ([[[121.5, 50.7, 600.0], [121.6, 50.7], [121.6, 50.8], [121.5, 50.7]]], "两个数"),
        ([[[121.5, 50.7], [121.6, 50.8], [121.6, 50.7], [121.5, 50.8], [121.5, 50.7]]], "自相交"),
        ([[[121.5, 50.7], [121.6, 50.7], [121.5, 50.7], [121.5, 50.7]]], "自相交"),
        (square(WEST, SOUTH, 1e-7), "不足 1 平方米"),
        ([*GROUND, *square(WEST + 1, SOUTH, 0.002)], "洞在外环之外"),
    ],
)
def test_a_drawing_that_is_no_piece_of_ground_is_refused(polygon: list[list[list[float]]], problem: str) -> None:
    office = Office().with_divisions()
    with pytest.raises(BadPolygon) as refused:
        define(office, polygon)
    assert problem in refused.value.detail()
    assert len(office.log.recorded) == 4


def test_ground_belongs_to_one_grid() -> None:
    office = office_with_grid()
    with pytest.raises(GridsOverlap) as refused:
        define(office, square(WEST + 0.005, SOUTH), code=COMMUNITY + "002")
    facts = refused.value.facts
    assert (facts["code"], facts["other"], facts["percent"]) == (GRID, COMMUNITY + "002", 50)
    assert facts["pairs"] == [f"{GRID} 与 {COMMUNITY}002 重叠 392,405 平方米（占较小网格的 50.0%）"]


def test_neighbours_may_cross_by_a_sliver() -> None:
    office = office_with_grid()
    define(office, square(WEST + 0.00995, SOUTH), code=COMMUNITY + "002")
    assert [grid.code for grid in office.view.grids(within=COMMUNITY)] == [GRID, COMMUNITY + "002"]


def test_a_hole_is_another_grids_ground() -> None:
    office = Office().with_divisions()
    define(office, HOLED)
    define(office, square(WEST + 0.002, SOUTH + 0.002, 0.002), code=COMMUNITY + "002", kind="专属")
    assert len(office.view.grids()) == 2


def test_retired_ground_may_be_drawn_again() -> None:
    office = office_with_grid()
    run(office.grids.retire(admin(), code=GRID, last_day=date(2026, 1, 31)))
    run(
        office.grids.define(
            admin(),
            code=COMMUNITY + "002",
            name="第二网格",
            kind="综合",
            polygon=GROUND,
            supervision_phone=PHONE,
            valid_from=date(2026, 2, 1),
        )
    )
    found = [
        office.view.locate(WEST + 0.005, SOUTH + 0.005, valid_on=day).code
        for day in (date(2026, 1, 31), date(2026, 2, 1), None)
    ]
    assert found == [GRID, COMMUNITY + "002", COMMUNITY + "002"]


def test_each_drawing_is_a_new_edition() -> None:
    office = office_with_grid()
    run(office.grids.redraw(admin(), code=GRID, polygon=square(WEST, SOUTH, 0.02), version=1))
    assert office.view.grid(GRID).edition == 2
    assert office.view.locate(WEST + 0.015, SOUTH + 0.015).code == GRID
    with pytest.raises(NothingChanged):
        run(office.grids.redraw(admin(), code=GRID, polygon=square(WEST, SOUTH, 0.02)))


def test_a_redrawn_grid_stays_off_its_neighbours_ground() -> None:
    office = office_with_grid().with_grid(COMMUNITY + "002", square(WEST + 0.01, SOUTH))
    with pytest.raises(GridsOverlap):
        run(office.grids.redraw(admin(), code=GRID, polygon=square(WEST, SOUTH, 0.02)))
    assert office.view.grid(GRID).edition == 1


def test_a_retired_grid_changes_no_more() -> None:
    office = office_with_grid()
    run(office.grids.retire(admin(), code=GRID, last_day=date(2026, 1, 31)))
    with pytest.raises(NoLongerKept):
        run(office.grids.redraw(admin(), code=GRID, polygon=square(WEST, SOUTH, 0.02)))
    with pytest.raises(NoLongerKept):
        run(office.grids.assign_worker(admin(), code=GRID, worker=None))
    with pytest.raises(NotValidThen):
        office.view.grid(GRID, valid_on=date(2026, 2, 1))


def test_a_grid_gets_a_worker_who_works_there() -> None:
    office = office_with_grid().with_unit("hedong").with_staff("w1", "hedong", "worker")
    run(office.grids.assign_worker(admin(), code=GRID, worker="w1"))
    assert office.view.grid(GRID).worker == "w1"
    with pytest.raises(NothingChanged):
        run(office.grids.assign_worker(admin(), code=GRID, worker="w1"))
    run(office.grids.assign_worker(admin(), code=GRID, worker=None))
    assert office.view.grid(GRID).worker is None


def test_nobody_else_becomes_a_grids_worker() -> None:
    other = "150785001002"
    office = office_with_grid().with_divisions(other).with_unit("hedong")
    office.with_staff("h1", "hedong", "handler").with_staff("w2", "hedong", "worker", area=other)
    office.with_staff("w3", "hedong", "worker")
    run(office.leaving.leave(admin(), code="w3"))
    for worker in ("h1", "w2", "w3"):
        with pytest.raises(NotAGridWorker):
            run(office.grids.assign_worker(admin(), code=GRID, worker=worker))
    with pytest.raises(NoSuchEntry):
        run(office.grids.assign_worker(admin(), code=GRID, worker="nobody"))


def test_another_countys_administrator_draws_nothing_here() -> None:
    office = office_with_grid()
    with pytest.raises(OutsideArea):
        run(office.grids.redraw(admin("150784"), code=GRID, polygon=square(WEST, SOUTH, 0.02)))
    run(office.grids.redraw(admin(COUNTY), code=GRID, polygon=square(WEST, SOUTH, 0.02)))
