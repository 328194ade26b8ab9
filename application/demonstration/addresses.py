"""Addresses 地名地址 of the demonstration district: invented roads, one a community, numbered house by house."""

from __future__ import annotations

from datetime import date

from application.demonstration.dice import dice
from application.demonstration.places import COMMUNITIES, DEDICATED, GRIDS, STREETS, GridPlace
from domain.actor import Act
from domain.registry.address import Address

HOUSES_EACH = 4
_ROADS = (
    "白桦路", "落叶松街", "杜鹃路", "柳兰街", "稠李巷", "红豆路", "蓝莓街", "樟子松路", "云杉街", "赤杨巷", "林海路",
    "雪岭街", "清泉路", "鹿鸣街", "溪畔巷", "晨曦路", "长青街", "行云路", "重阳街", "绿原路", "松涛街", "银霜巷",
    "鹿角路", "石蕊街", "篝火路",
)  # fmt: skip
_ROAD_OF = dict(zip(COMMUNITIES, _ROADS, strict=True))


def addresses(act: Act, since: date) -> list[Address]:
    """A few houses in every grid, each at a point of its own."""
    return [_address(act, since, grid, house) for grid in GRIDS for house in range(1, HOUSES_EACH + 1)]


def _address(act: Act, since: date, grid: GridPlace, house: int) -> Address:
    number = (int(grid.code[-3:]) - 1) * HOUSES_EACH + house
    longitude, latitude = grid.point(dice("address", grid.code, house))
    dedicated = DEDICATED.get(grid.community) if grid.name.endswith("专属网格") and house == 1 else None
    return Address.register(
        act, code=f"DZ{grid.code}{house:02}", name=f"{STREETS[grid.street]}{_ROAD_OF[grid.community]}{number}号",
        aliases=[f"{dedicated}正门"] if dedicated else [], longitude=longitude, latitude=latitude, grid=grid.code,
        valid_from=since,
    )  # fmt: skip
