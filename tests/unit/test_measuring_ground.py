"""拓扑: overlaps, gaps and strays are measured and named; slivers of digitising are borne."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.registry.ground import Plot, Topology
from domain.registry.outline import canonical
from tests.ground import SURVEYOR, A, B, C, D, Drawing, place, rect
from tests.registry_office import COMMUNITY

OUTLINE = {COMMUNITY: [rect(0, 0, 300, 100)]}


def plots(*drawings: Drawing) -> list[Plot]:
    return [Plot(f"{COMMUNITY}{nth:03}", drawn) for nth, drawn in enumerate(drawings, start=1)]


def topology(*drawings: Drawing, outlined: bool = True) -> Topology:
    return SURVEYOR.topology(plots(*drawings), [COMMUNITY], OUTLINE if outlined else {})


ROW = (rect(0, 0, 100, 100), rect(100, 0, 200, 100), rect(200, 0, 300, 100))


def test_grids_that_share_borders_and_fill_their_community_are_sound() -> None:
    assert topology(*ROW).sound
    assert topology(*ROW, outlined=False).sound


def test_an_overlap_names_the_pair_its_ground_and_its_share_of_the_smaller() -> None:
    found = topology(rect(0, 0, 150, 100), ROW[1], ROW[2])
    (overlap,) = found.overlaps
    assert (overlap.one, overlap.other) == (A, B)
    assert overlap.area_m2 == pytest.approx(5_000, rel=0.01)
    assert overlap.share == pytest.approx(0.5, rel=0.01)
    assert f"{A} 与 {B} 重叠" in str(overlap)


@pytest.mark.parametrize(("metres", "sound"), [(0.9, True), (1.5, False)])
def test_of_a_small_grid_a_hundredth_is_borne(metres: float, sound: bool) -> None:
    assert topology(rect(0, 0, 100 + metres, 100), ROW[1], ROW[2]).sound is sound
    assert topology(rect(0, 0, 100 - 2 * metres, 100), ROW[1], ROW[2]).sound is sound


@pytest.mark.parametrize(("metres", "sound"), [(8, True), (12, False)])
def test_between_large_grids_a_sliver_of_ten_metres_is_borne(metres: float, sound: bool) -> None:
    large = rect(0, 0, 3_000, 3_000)
    for border in (3_000 - metres, 3_000 + metres):
        pair = plots(large, rect(border, 0, 6_000, 3_000))
        outline = {COMMUNITY: [rect(0, 0, 6_000, 3_000)]}
        assert SURVEYOR.topology(pair, [COMMUNITY], outline).sound is sound


def test_a_gap_names_its_place_its_ground_and_its_neighbours() -> None:
    (gap,) = topology(ROW[0], ROW[2]).gaps
    assert (gap.community, gap.neighbours) == (COMMUNITY, (A, B))
    assert gap.area_m2 == pytest.approx(10_000, rel=0.01)
    assert [gap.longitude, gap.latitude] == pytest.approx(place(150, 50), abs=0.001)
    assert A in str(gap)


def test_without_an_outline_enclosed_ground_and_wide_slivers_are_gaps_and_open_ground_is_none() -> None:
    ring = [*rect(0, 0, 300, 300), *rect(100, 100, 200, 200)]
    (gap,) = topology(ring, outlined=False).gaps
    assert gap.area_m2 == pytest.approx(10_000, rel=0.01)
    assert topology(ring, rect(100, 100, 200, 200), outlined=False).sound
    assert topology(ROW[0], ROW[2], outlined=False).sound
    (gap,) = topology(rect(0, 0, 97, 100), ROW[1], outlined=False).gaps
    assert gap.neighbours == (A, B)
    assert gap.area_m2 == pytest.approx(300, rel=0.02)


def test_ground_outside_the_community_is_named_with_its_share() -> None:
    (stray,) = topology(*ROW[:2], rect(200, 0, 400, 100)).strays
    assert (stray.code, stray.community) == (C, COMMUNITY)
    assert stray.share == pytest.approx(0.5, rel=0.01)
    assert topology(*ROW[:2], rect(200, 0, 300.5, 100)).sound


def test_ground_of_the_next_community_that_strays_here_is_no_gap_as_well() -> None:
    next_door = "150785001002"
    here = [*plots(*ROW[:2]), Plot(f"{next_door}001", rect(200, 0, 300, 100))]
    found = SURVEYOR.topology(here, [COMMUNITY, next_door], OUTLINE | {next_door: [rect(300, 0, 400, 100)]})
    assert [gap.community for gap in found.gaps] == [next_door]
    assert [stray.code for stray in found.strays] == [f"{next_door}001"]


def test_what_was_wrong_before_is_not_blamed_on_a_change() -> None:
    before = plots(rect(0, 0, 150, 100), *ROW[1:])
    after = [*before, Plot(D, rect(0, 100, 100, 200))]
    assert SURVEYOR.made_worse(before, after, [D], {}).sound
    assert SURVEYOR.made_worse(before, after, [A], {}).overlaps


def test_ground_given_up_is_a_gap_with_or_without_an_outline() -> None:
    before, after = plots(*ROW), plots(ROW[0], rect(120, 0, 200, 100), ROW[2])
    for outlines in ({}, OUTLINE):
        (gap,) = SURVEYOR.made_worse(before, after, [B], outlines).gaps
        assert gap.area_m2 == pytest.approx(2_000, rel=0.01)
        assert set(gap.neighbours) == {A, B}
    narrower = {COMMUNITY: [rect(0, 0, 200, 100)]}
    assert SURVEYOR.made_worse(before, plots(*ROW[:2], rect(250, 0, 300, 100)), [C], narrower).gaps == ()


def test_a_sliver_beside_a_new_grid_is_a_gap_and_open_ground_is_not() -> None:
    before = plots(ROW[0])
    (gap,) = SURVEYOR.made_worse(before, plots(ROW[0], rect(103, 0, 200, 100)), [B], OUTLINE).gaps
    assert gap.neighbours == (A, B)
    assert SURVEYOR.made_worse(before, plots(ROW[0], ROW[2]), [B], OUTLINE).sound


def test_a_drawing_is_the_same_however_it_is_written() -> None:
    outer, hole = rect(0, 0, 300, 300)[0], rect(100, 100, 200, 200)[0]
    turned = [outer[::-1], [*hole[1:], hole[1]]]
    assert canonical(turned) == canonical([outer, hole])
    area = sum(one[0] * two[1] - two[0] * one[1] for one, two in pairwise(canonical(turned)[0]))
    assert area > 0


cuts = st.lists(st.integers(20, 380), max_size=3, unique=True).map(sorted)


@settings(max_examples=40)
@given(cuts, cuts, st.data())
def test_any_cutting_of_a_field_keeps_its_ground_and_one_tile_less_is_a_gap(
    columns: list[int], rows: list[int], data: st.DataObject
) -> None:
    field = rect(0, 0, 400, 400)
    wide = [cut for cut, _ in pairwise([*columns, 400]) if cut % 20 == 0]
    high = [cut for cut, _ in pairwise([*rows, 400]) if cut % 20 == 0]
    tiles = [
        rect(west, south, east, north)
        for west, east in pairwise([0, *wide, 400])
        for south, north in pairwise([0, *high, 400])
    ]
    outline = {COMMUNITY: [field]}
    assert SURVEYOR.differ([field], tiles) is None
    assert SURVEYOR.topology(plots(*tiles), [COMMUNITY], outline).sound
    missing = data.draw(st.integers(0, len(tiles) - 1))
    left = [tile for nth, tile in enumerate(tiles) if nth != missing]
    lost = SURVEYOR.differ([field], left) if left else None
    if lost is not None:
        (gap,) = SURVEYOR.topology(plots(*left), [COMMUNITY], outline).gaps
        area = SURVEYOR.area_m2(tiles[missing])
        assert lost.lost_m2 == pytest.approx(area, rel=0.01)
        assert lost.gained_m2 == 0
        assert gap.area_m2 == pytest.approx(area, rel=0.01)


def test_the_real_districts_of_beijing_tile_their_ground_and_one_less_is_a_gap(shared_data: Path) -> None:
    content = (shared_data / "cn_counties_beijing_hulunbuir.geojson").read_text(encoding="utf-8")
    parts = [
        (feature["properties"]["name"], part)
        for feature in json.loads(content)["features"]
        if feature["properties"]["code"].startswith("11")
        for part in feature["geometry"]["coordinates"]
    ]
    everything = plots(*(part for _, part in parts))
    assert len(everything) == 17
    assert SURVEYOR.topology(everything, [COMMUNITY], {}).sound
    names = {plot.code: name for plot, (name, _) in zip(everything, parts, strict=True)}
    left = [plot for plot in everything if names[plot.code] != "东城区"]
    (gap,) = SURVEYOR.topology(left, [COMMUNITY], {}).gaps
    assert {names[code] for code in gap.neighbours} == {"西城区", "朝阳区", "丰台区"}
