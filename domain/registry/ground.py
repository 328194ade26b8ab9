"""Ground 地块: whose is which ground on one day, what is wrong between neighbours, and what is still tolerated.

Borders are digitised one by one, each true to some metres (GB/T 30428.1 class C: 10 m), so neighbours cross or
part by slivers; what is wider than that, or more than a hundredth of the ground, is ground of two or of nobody.
Areas are square metres. Measuring is done outside the domain, by a `Surveyor` (`application.registry.surveying`).
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.registry.outline import Outline

SLIVER_M = 10.0
"""A strip up to this wide between two borders is a sliver of digitising."""
MOST_SHARE = 0.01
"""Slivers are borne up to this share: of the smaller grid (overlap), of the grid (outside its community), of the
grids around it (gap)."""
SPECK_M2 = 1.0
"""Less ground than this is a matter of arithmetic."""
MOST_NAMED = 20
"""Offenders that a refusal names."""


@dataclass(frozen=True, slots=True)
class Plot:
    """图斑: the ground of one grid on the day looked at."""

    code: str
    polygon: Outline


@dataclass(frozen=True, slots=True)
class Overlap:
    """重叠: ground of two grids; `share` (0 to 1) is of the smaller."""

    one: str
    other: str
    area_m2: float
    share: float

    def __str__(self) -> str:
        return f"{self.one} 与 {self.other} 重叠 {_m2(self.area_m2)}（占较小网格的 {self.share:.1%}）"


@dataclass(frozen=True, slots=True)
class Gap:
    """空隙: ground of nobody at a point inside it, between or beside the grids `neighbours`."""

    community: str
    longitude: float
    latitude: float
    area_m2: float
    neighbours: tuple[str, ...]

    def __str__(self) -> str:
        beside = " 与 ".join(self.neighbours[:4]) or "无相邻网格"
        more = f" 等 {len(self.neighbours)} 个网格" if len(self.neighbours) > 4 else ""
        where = f"经度 {self.longitude:.5f}、纬度 {self.latitude:.5f}"
        return f"社区 {self.community} 在 {where} 处有 {_m2(self.area_m2)} 无网格（{beside}{more}之间或旁边）"


@dataclass(frozen=True, slots=True)
class Stray:
    """越界: ground of a grid outside the outline of its community; `share` (0 to 1) is of the grid."""

    code: str
    community: str
    area_m2: float
    share: float

    def __str__(self) -> str:
        return f"{self.code} 有 {_m2(self.area_m2)}（{self.share:.1%}）在社区 {self.community} 之外"


@dataclass(frozen=True, slots=True)
class Topology:
    """拓扑检查: what is beyond tolerance, the most ground first."""

    overlaps: tuple[Overlap, ...] = ()
    gaps: tuple[Gap, ...] = ()
    strays: tuple[Stray, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing is."""
        return not (self.overlaps or self.gaps or self.strays)


@dataclass(frozen=True, slots=True)
class Difference:
    """What ground two sets of drawings do not share, beyond tolerance, in square metres."""

    lost_m2: float
    gained_m2: float


def _m2(area: float) -> str:
    return f"{area:,.0f} 平方米"
