"""根河市: its divisions (public administrative codes and names) and invented grids that tile the real ground."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from application.demonstration.dice import dice
from domain.actor import Act
from domain.place import parent_of
from domain.registry.division import Division
from domain.registry.grid import Grid, GridKind

CITY, DISTRICT = "1507", "150785"
GRIDS_EACH = 3
PHONE = "0470-1234500"
_SOURCE = "统计用区划代码 2023 年"

STREETS = {
    "150785001": "河东街道",
    "150785002": "河西街道",
    "150785003": "森工街道",
    "150785004": "好里堡街道",
    "150785101": "金河镇",
    "150785102": "阿龙山镇",
    "150785103": "满归镇",
    "150785104": "得耳布尔镇",
    "150785200": "敖鲁古雅鄂温克民族乡",
}
COMMUNITIES = {
    "150785001001": "西爱国街居委会",
    "150785001004": "光明居委会",
    "150785001005": "华利居委会",
    "150785002002": "铁西居委会",
    "150785002006": "幸福社区",
    "150785002008": "沿河社区",
    "150785003001": "红旗居委会",
    "150785003002": "林电居委会",
    "150785003004": "新兴居委会",
    "150785003006": "沿山居委会",
    "150785004001": "友谊社区",
    "150785101001": "胜利居委会",
    "150785101002": "平安居委会",
    "150785101003": "东光居委会",
    "150785101006": "创业居委会",
    "150785102001": "镇西居委会",
    "150785102004": "镇北居委会",
    "150785102005": "镇东居委会",
    "150785103004": "团结居委会",
    "150785103005": "共建居委会",
    "150785103006": "林安居委会",
    "150785104001": "友谊居委会",
    "150785104002": "和平居委会",
    "150785104003": "建设居委会",
    "150785200005": "敖鲁古雅社区居委会",
}
DEDICATED = {
    "150785001004": "医院",
    "150785002002": "火车站",
    "150785002008": "滨河公园",
    "150785003001": "机关",
    "150785003004": "商业街",
    "150785004001": "工业园区",
    "150785101001": "中心校",
    "150785102001": "林业局机关",
    "150785103004": "旅游服务区",
    "150785200005": "驯鹿文化景区",
}
"""Communities whose third grid is a 专属网格, and what lies in it."""

# The lattice of the tiles: five communities a row from west to east, rows from north to south (DB11/T 2157).
_WEST, _NORTH = 121.44, 50.7925
_WIDE, _HIGH = 0.008, 0.005
_ABREAST = 5 * GRIDS_EACH
_ASKEW = 0.15


@dataclass(frozen=True)
class GridPlace:
    """A grid on the ground: `corners` in degrees, south-west first, anticlockwise."""

    code: str
    name: str
    kind: GridKind
    corners: tuple[tuple[float, float], ...]
    worker: str
    """The staff id of its worker."""

    @property
    def community(self) -> str:
        return parent_of(self.code)

    @property
    def street(self) -> str:
        return parent_of(self.community)

    def point(self, chance: Random) -> tuple[float, float]:
        """Somewhere inside, away from the border."""
        east, north = chance.uniform(0.25, 0.75), chance.uniform(0.25, 0.75)
        shares = ((1 - east) * (1 - north), east * (1 - north), east * north, (1 - east) * north)
        longitude, latitude = (
            round(sum(share * corner[axis] for share, corner in zip(shares, self.corners, strict=True)), 6)
            for axis in (0, 1)
        )
        return longitude, latitude


def _corner(column: int, row: int) -> tuple[float, float]:
    """A crossing of the lattice, a little askew. Neighbours share it, so there is neither gap nor overlap."""
    chance = dice("corner", column, row)
    east, south = (line + chance.uniform(-_ASKEW, _ASKEW) for line in (column, row))
    return round(_WEST + east * _WIDE, 6), round(_NORTH - south * _HIGH, 6)


def _grid(nth_community: int, serial: int) -> GridPlace:
    community, name = list(COMMUNITIES.items())[nth_community]
    row, column = divmod(nth_community * GRIDS_EACH + serial - 1, _ABREAST)
    own = DEDICATED.get(community) if serial == GRIDS_EACH else None
    corners = ((column, row + 1), (column + 1, row + 1), (column + 1, row), (column, row))
    code = f"{community}{serial:03}"
    return GridPlace(
        code=code,
        name=f"{name}{own}专属网格" if own else f"{name}第{'一二三'[serial - 1]}网格",
        kind=GridKind.DEDICATED if own else GridKind.GENERAL,
        corners=tuple(_corner(*corner) for corner in corners),
        worker=f"worker-{code}",
    )


GRIDS = tuple(_grid(nth, serial) for nth in range(len(COMMUNITIES)) for serial in range(1, GRIDS_EACH + 1))
RENUMBERED = next(grid for grid in GRIDS if grid.code == "150785003006003")
"""The one that gets another code within the weeks; what happens there is told in `renumbering`."""

_SPECIAL = {GRIDS[0].code: 9, RENUMBERED.code: 0}
BUSY = tuple(_SPECIAL.get(grid.code, 2 if grid.street < "150785100" else 1) for grid in GRIDS)
"""How much happens in each: more in the streets of the town, most in the first, whose worker one may try to be."""


def name_of(code: str) -> str:
    """The name of a division of the district."""
    return {DISTRICT: "根河市", **STREETS, **COMMUNITIES}[code]


def divisions(act: Act) -> list[Division]:
    """The city, the district and all below it."""
    names = {CITY: "呼伦贝尔市", DISTRICT: "根河市", **STREETS, **COMMUNITIES}
    return [
        Division.register(
            act, code=code, name=name, parent=parent_of(code), source=_SOURCE, valid_from=date(2023, 1, 1)
        )
        for code, name in names.items()
    ]


def grids(act: Act, since: date) -> list[Grid]:
    """All grids, each with its worker."""
    return [_defined(act, since, place) for place in GRIDS]


def _defined(act: Act, since: date, place: GridPlace) -> Grid:
    ring = [list(corner) for corner in (*place.corners, place.corners[0])]
    grid = Grid.define(
        act, code=place.code, name=place.name, kind=place.kind.value, polygon=[ring], supervision_phone=PHONE,
        valid_from=since, flaw=lambda _: None,
    )  # fmt: skip
    grid.assign_worker(act, worker=place.worker)
    return grid
