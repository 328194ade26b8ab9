"""Codes of places and coordinates: what passes, and what is sent back with advice."""

import pytest

from domain.place import Level, coordinates, division_code, grid_code, level_of, parent_of, place_code
from domain.refusals import BadCode, BadCoordinates


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("15", Level.PROVINCE, ""),
        ("1507", Level.CITY, "15"),
        ("150785", Level.COUNTY, "1507"),
        ("150785001", Level.STREET, "150785"),
        ("150785001001", Level.COMMUNITY, "150785001"),
    ],
)
def test_a_division_code_names_its_level_and_parent(code: str, level: Level, parent: str) -> None:
    assert (level_of(division_code(code)), parent_of(code)) == (level, parent)


def test_the_parent_of_a_grid_is_its_community() -> None:
    assert parent_of(grid_code("150785001001003")) == "150785001001"


@pytest.mark.parametrize("code", ["", "1", "15078", "15078500100", "15078A", "１５", "150785 "])
def test_what_is_no_division_code_is_refused(code: str) -> None:
    with pytest.raises(BadCode):
        division_code(code)


@pytest.mark.parametrize("code", ["150785001001", "15078500100100A", "1507850010010011"])
def test_what_is_no_grid_code_is_refused(code: str) -> None:
    with pytest.raises(BadCode):
        grid_code(code)


def test_a_place_is_a_division_or_a_grid() -> None:
    assert [place_code(code) for code in ("1507", "150785001001003")] == ["1507", "150785001001003"]
    with pytest.raises(BadCode):
        place_code("150785001001003004")


def test_coordinates_in_china_pass() -> None:
    assert coordinates(121.52, 50.78) == (121.52, 50.78)


@pytest.mark.parametrize(
    ("longitude", "latitude", "advice"),
    [
        (50.78, 121.52, "颠倒"),
        (121.52, None, "同时给出"),
        (None, 50.78, "同时给出"),
        (2.35, 48.85, "不在我国范围"),
        (float("nan"), 50.78, "不在我国范围"),
        (121.52, float("inf"), "不在我国范围"),
    ],
)
def test_wrong_coordinates_are_refused_with_advice(
    longitude: float | None, latitude: float | None, advice: str
) -> None:
    with pytest.raises(BadCoordinates) as refused:
        coordinates(longitude, latitude)
    assert advice in refused.value.detail()
