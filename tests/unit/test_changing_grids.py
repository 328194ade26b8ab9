"""网格调整: redrawn together, split, merged, renumbered; no ground lost, the past as it was."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.refusals import AlreadyRegistered, NotValidThen, Nowhere, OutsideArea, Stale
from domain.registry.grid_refusals import AliasTaken, BadSuccession, GridsGap, GroundNotKept, OutsideCommunity
from domain.registry.refusals import BadPeriod, GridsOverlap, NoLongerKept, NotAGridWorker, NothingChanged
from tests.ground import TOMORROW, YESTERDAY, A, B, C, D, GroundOffice, rect, successor
from tests.registry_office import COMMUNITY, COUNTY, TODAY, admin, run

HALVES = [successor(D, rect(0, 0, 50, 100)), successor(f"{COMMUNITY}005", rect(50, 0, 100, 100))]


def office(count: int = 3) -> GroundOffice:
    return GroundOffice().with_row(count)


def redraw(office: GroundOffice, drawings: dict[str, list[list[list[float]]]], first_day: date | None = None) -> None:
    versions = dict.fromkeys(drawings, None)
    run(office.changes.redraw(admin(), drawings=drawings, first_day=first_day, versions=versions))


# --- redraw -------------------------------------------------------------------------------------


def test_neighbours_are_redrawn_together_in_one_save() -> None:
    city = office()
    saves = city.log.saves
    redraw(city, {A: rect(0, 0, 130, 100), B: rect(130, 0, 200, 100)})
    assert city.log.saves == saves + 1
    assert [city.view.grid(code).edition for code in (A, B, C)] == [2, 2, 1]
    assert (city.at(120, 50), city.at(120, 50, YESTERDAY)) == (A, B)


def test_one_alone_can_neither_take_its_neighbours_ground_nor_leave_it_to_nobody() -> None:
    city = office()
    with pytest.raises(GridsOverlap) as overlap:
        redraw(city, {A: rect(0, 0, 130, 100)})
    assert f"{A} 与 {B} 重叠" in overlap.value.detail()
    with pytest.raises(GridsGap) as gap:
        redraw(city, {A: rect(0, 0, 70, 100)})
    assert f"{A} 与 {B}" in gap.value.detail()
    assert "3,000 平方米" in gap.value.detail()
    assert [city.view.grid(code).edition for code in (A, B)] == [1, 1]


def test_a_grid_stays_inside_its_community() -> None:
    city = office().with_outline(rect(0, 0, 300, 100))
    with pytest.raises(OutsideCommunity) as refused:
        redraw(city, {C: rect(200, 0, 400, 100)})
    assert C in refused.value.detail()
    redraw(city, {C: rect(200, 0, 300.5, 100)})


def test_a_drawing_for_a_day_to_come_holds_from_then_on() -> None:
    city = office()
    redraw(city, {A: rect(0, 0, 130, 100), B: rect(130, 0, 200, 100)}, TOMORROW)
    assert [city.at(120, 50, day) for day in (TODAY, TOMORROW)] == [B, A]
    assert [city.view.grid(A).drawn_on(day).edition for day in (YESTERDAY, TODAY, TOMORROW)] == [1, 1, 2]
    with pytest.raises(BadPeriod):
        redraw(city, {A: rect(0, 0, 110, 100), B: rect(110, 0, 200, 100)}, TODAY)


def test_nothing_is_drawn_back_into_the_past() -> None:
    with pytest.raises(BadPeriod):
        redraw(office(), {A: rect(0, 0, 130, 100), B: rect(130, 0, 200, 100)}, YESTERDAY)


def test_ground_that_somebody_has_from_a_later_day_is_taken_already() -> None:
    city = office(1)
    told: dict[str, Any] = {"name": "第二网格", "kind": "综合", "supervision_phone": "0470-1"}
    ground = rect(100, 0, 200, 100)
    run(city.grids.define(admin(), code=B, polygon=ground, valid_from=TOMORROW + timedelta(days=30), **told))
    with pytest.raises(GridsOverlap):
        run(city.grids.define(admin(), code=C, polygon=ground, valid_from=TODAY, **told))
    until = TOMORROW + timedelta(days=29)
    run(city.grids.define(admin(), code=C, polygon=ground, valid_from=TODAY, valid_until=until, **told))


def test_the_same_drawing_written_otherwise_is_no_change() -> None:
    with pytest.raises(NothingChanged):
        redraw(office(), {A: [rect(0, 0, 100, 100)[0][::-1]]})


def test_a_version_somebody_saw_guards_each_of_several() -> None:
    city = office()
    drawings = {A: rect(0, 0, 130, 100), B: rect(130, 0, 200, 100)}
    with pytest.raises(Stale):
        run(city.changes.redraw(admin(), drawings=drawings, versions={A: 1, B: 2}))
    run(city.changes.redraw(admin(), drawings=drawings, versions={A: 1, B: 1}))


def test_another_countys_administrator_changes_nothing_here() -> None:
    city = office()
    with pytest.raises(OutsideArea):
        run(city.changes.split(admin("150784"), code=A, into=HALVES, last_day=TODAY))


# --- split --------------------------------------------------------------------------------------


def test_a_split_ends_the_old_grid_and_begins_its_parts_the_day_after() -> None:
    city = office()
    saves = city.log.saves
    receipt = run(city.changes.split(admin(), code=A, into=HALVES, last_day=TODAY, version=1))
    assert (receipt.version, city.log.saves) == (2, saves + 1)
    old, part = city.view.grid(A), city.view.grid(D)
    assert (old.valid_until, old.ended_by, old.successors) == (TODAY.isoformat(), "split", (D, f"{COMMUNITY}005"))
    assert (part.valid_from, part.formed_by, part.predecessors) == (TOMORROW.isoformat(), "split", (A,))
    assert [city.at(20, 50, day) for day in (TODAY, TOMORROW)] == [A, D]
    with pytest.raises(NoLongerKept):
        run(city.changes.split(admin(), code=A, into=HALVES, last_day=TODAY))


def test_parts_must_be_all_of_the_old_ground_and_no_more() -> None:
    city = office()
    short = [successor(D, rect(0, 0, 40, 100)), HALVES[1]]
    with pytest.raises(GroundNotKept) as refused:
        run(city.changes.split(admin(), code=A, into=short, last_day=TODAY))
    assert refused.value.facts["lost_m2"] == pytest.approx(1_000, rel=0.01)
    long = [successor(D, rect(-20, 0, 50, 100)), HALVES[1]]
    with pytest.raises(GroundNotKept) as refused:
        run(city.changes.split(admin(), code=A, into=long, last_day=TODAY))
    assert refused.value.facts["gained_m2"] == pytest.approx(2_000, rel=0.01)
    crossing = [successor(D, rect(0, 0, 60, 100)), HALVES[1]]
    with pytest.raises(GridsOverlap):
        run(city.changes.split(admin(), code=A, into=crossing, last_day=TODAY))
    assert city.view.grid(A).valid_until is None


def test_parts_have_codes_of_their_own_in_the_same_community() -> None:
    city = office().with_divisions("150785001002")
    elsewhere = successor("150785001002001", rect(0, 0, 50, 100))
    for into in ([HALVES[0]], [HALVES[0], HALVES[0]], [successor(A, rect(0, 0, 50, 100)), HALVES[1]],
                 [elsewhere, HALVES[1]]):  # fmt: skip
        with pytest.raises(BadSuccession):
            run(city.changes.split(admin(), code=A, into=into, last_day=TODAY))
    taken = [successor(B, rect(0, 0, 50, 100)), HALVES[1]]
    with pytest.raises(AlreadyRegistered):
        run(city.changes.split(admin(), code=A, into=taken, last_day=TODAY))


def test_a_dedicated_grid_is_cut_out_of_the_ground_around_it() -> None:
    city = office(1)
    park = rect(20, 20, 60, 60)
    into = [successor(D, park, kind="专属"), successor(C, [*rect(0, 0, 100, 100), *park])]
    run(city.changes.split(admin(), code=A, into=into, last_day=TODAY))
    assert city.view.grid(D).kind == "专属"
    assert [city.at(*point, day=TOMORROW) for point in ((40, 40), (10, 10))] == [D, C]


# --- merge, renumber ----------------------------------------------------------------------------


def test_grids_merge_into_one_that_begins_the_day_after() -> None:
    city = office()
    into = successor(D, rect(0, 0, 200, 100))
    run(city.changes.merge(admin(), versions={A: 1, B: 1}, into=into, last_day=TODAY))
    assert [city.view.grid(code).successors for code in (A, B, C)] == [(D,), (D,), ()]
    assert city.view.grid(D).predecessors == (A, B)
    assert [city.at(150, 50, day) for day in (TODAY, TOMORROW)] == [B, D]


def test_a_merger_of_one_or_with_ground_of_others_is_refused() -> None:
    city = office()
    with pytest.raises(BadSuccession):
        run(city.changes.merge(admin(), versions={A: 1}, into=successor(D, rect(0, 0, 100, 100)), last_day=TODAY))
    wide = successor(D, rect(0, 0, 250, 100))
    with pytest.raises(GroundNotKept):
        run(city.changes.merge(admin(), versions={A: 1, B: 1}, into=wide, last_day=TODAY))


def test_renumbering_keeps_ground_name_phone_worker_and_aliases() -> None:
    city = office().with_divisions("150785001002").with_unit("hedong")
    city.with_staff("w1", "hedong", "worker", area=A)
    run(city.grids.assign_worker(admin(), code=A, worker="w1"))
    run(city.aliases.give(admin(), code=A, network="综治网格", number="17", since=YESTERDAY))
    new = "150785001002001"
    run(city.changes.renumber(admin(), code=A, new_code=new, last_day=TODAY))
    old, now = city.view.grid(A), city.view.grid(new)
    assert (now.polygon, now.name, now.supervision_phone) == (old.polygon, old.name, old.supervision_phone)
    assert (now.worker, now.community, now.predecessors, now.formed_by) == ("w1", "150785001002", (A,), "renumber")
    assert set(city.view.staff("w1").areas) == {A, new}
    found = [city.aliases.find(network="综治网格", number="17", on=day).code for day in (TODAY, TOMORROW)]
    assert found == [A, new]


def test_a_new_code_begins_with_a_community_valid_then() -> None:
    city = office()
    with pytest.raises(BadSuccession):
        run(city.changes.renumber(admin(), code=A, new_code=A, last_day=TODAY))
    city.with_divisions("150785001002")
    run(city.divisions.abolish(admin(), code="150785001002", last_day=TODAY))
    with pytest.raises(NotValidThen):
        run(city.changes.renumber(admin(), code=A, new_code="150785001002001", last_day=TODAY))


def test_areas_of_staff_follow_the_ground() -> None:
    city = office().with_unit("hedong").with_staff("w1", "hedong", "worker", area=A)
    city.with_staff("w2", "hedong", "worker", area=B).with_staff("w3", "hedong", "worker")
    run(city.changes.split(admin(COUNTY), code=A, into=HALVES, last_day=TODAY))
    assert city.view.staff("w1").areas == (A, D, f"{COMMUNITY}005")
    assert city.view.staff("w2").areas == (B,)
    assert city.view.staff("w3").areas == (COMMUNITY,)


def test_a_worker_whose_areas_cannot_follow_is_not_taken_over_silently() -> None:
    city = office().with_divisions("150785002").with_unit("hedong")
    areas = [A, "150785002"]
    run(city.staff.join(admin(), code="w1", name="岗位", unit="hedong", roles=["worker"], areas=areas))
    run(city.grids.assign_worker(admin(), code=A, worker="w1"))
    with pytest.raises(NotAGridWorker):
        run(city.changes.renumber(admin(COMMUNITY), code=A, new_code=D, last_day=TODAY))
    run(city.changes.renumber(admin(COUNTY), code=A, new_code=D, last_day=TODAY))
    assert city.view.grid(D).worker == "w1"


def test_a_merged_grid_takes_over_the_aliases_of_all() -> None:
    city = office()
    for code, number in ((A, "1"), (B, "2")):
        run(city.aliases.give(admin(), code=code, network="综治网格", number=number, since=YESTERDAY))
    into = successor(D, rect(0, 0, 200, 100))
    run(city.changes.merge(admin(), versions={A: None, B: None}, into=into, last_day=TODAY))
    assert [alias.number for alias in city.view.grid(D).aliases_on(TOMORROW)] == ["1", "2"]
    with pytest.raises(AliasTaken):
        run(city.aliases.give(admin(), code=C, network="综治网格", number="1", since=TOMORROW))


def test_retired_ground_is_nobodys_until_it_is_drawn_anew() -> None:
    city = office()
    run(city.grids.retire(admin(), code=B, last_day=TODAY))
    with pytest.raises(Nowhere):
        city.at(150, 50, TOMORROW)
    found = run(city.questions.topology(within=COMMUNITY, on=TOMORROW))
    assert found.sound  # without an outline nobody knows how far the community reaches
    city.with_outline(rect(0, 0, 300, 100))
    assert run(city.questions.topology(within=COMMUNITY, on=TODAY)).sound
    (gap,) = run(city.questions.topology(within="", on=TOMORROW)).gaps
    assert gap.neighbours == (A, C)
