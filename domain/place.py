"""Place 地点: codes of divisions and grids, and coordinates on the ground.

A code names its own ancestors: GB/T 2260 gives 2 digits to a province, 4 to a city, 6 to a county; the
statistical code adds 3 for a street and 3 for a community; DB11/T 2157 adds 3 for a grid.
"""

import re
from enum import StrEnum
from math import isfinite

from domain.refusals import BadCode, BadCoordinates

# China's envelope in degrees, CGCS2000. The two spans do not meet, so a swapped pair can be told.
WEST, EAST, SOUTH, NORTH = 73.0, 136.0, 3.0, 54.0


class Level(StrEnum):
    """区划级别, from the top down."""

    PROVINCE = "province"  #: 省级, 2 digits
    CITY = "city"  #: 地级, 4 digits
    COUNTY = "county"  #: 县级, 6 digits
    STREET = "street"  #: 乡级, 9 digits
    COMMUNITY = "community"  #: 村级, 12 digits


_DIGITS = {2: Level.PROVINCE, 4: Level.CITY, 6: Level.COUNTY, 9: Level.STREET, 12: Level.COMMUNITY}
_LENGTHS = tuple(_DIGITS)
GRID_DIGITS = 15


def division_code(text: str) -> str:
    """A division's code as given. Refuses `BadCode`."""
    if not _digits(text) or len(text) not in _DIGITS:
        raise BadCode(code=text, kind="区划代码", rule="应为 2、4、6、9 或 12 位数字")
    return text


def grid_code(text: str) -> str:
    """A grid's code as given. Refuses `BadCode`."""
    if not _digits(text) or len(text) != GRID_DIGITS:
        raise BadCode(code=text, kind="网格编码", rule="应为 15 位数字，前 12 位是所属社区（村）的区划代码")
    return text


def place_code(text: str) -> str:
    """A division's or a grid's code as given. Refuses `BadCode`."""
    return grid_code(text) if len(text) == GRID_DIGITS else division_code(text)


def level_of(code: str) -> Level:
    """The level a division's code belongs to."""
    return _DIGITS[len(code)]


def parent_of(code: str) -> str:
    """The code one level up, "" above a province; of a grid, its community."""
    return code[: max((length for length in _LENGTHS if length < len(code)), default=0)]


def coordinates(longitude: float | None, latitude: float | None) -> tuple[float, float]:
    """A point in degrees CGCS2000. Refuses `BadCoordinates`: half given, swapped, or not in China."""
    if longitude is None or latitude is None:
        raise BadCoordinates(problem="经度和纬度须同时给出")
    if in_china(longitude, latitude):
        return longitude, latitude
    if in_china(latitude, longitude):
        raise BadCoordinates(problem=f"经纬度似乎颠倒：经度 {longitude}、纬度 {latitude}")
    raise BadCoordinates(
        problem=f"经度 {longitude}、纬度 {latitude} 不在我国范围（经度 73 至 136，纬度 3 至 54，单位为度）内"
    )


def in_china(longitude: float, latitude: float) -> bool:
    """Whether the point lies in China's envelope."""
    finite = isfinite(longitude) and isfinite(latitude)
    return finite and WEST <= longitude <= EAST and SOUTH <= latitude <= NORTH


def _digits(text: str) -> bool:
    return re.fullmatch(r"[0-9]+", text) is not None
