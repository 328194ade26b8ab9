"""GeoJSON (RFC 7946) of polygons as offices export it: features with properties, each one "line" of the file.

A file that is no collection of features in degrees is refused as a whole; a feature that is wrong by itself is told
apart from the rest. Nothing here knows what is registered, nor whether a drawing is sound.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from domain.registry.outline import MAX_PARTS, MAX_POINTS, MAX_RINGS, Rings
from domain.registry.refusals import BadFile

MOST_BYTES = 64 * 1024 * 1024
MOST_FEATURES = 50_000
MOST_SHOWN = 120
_IN_DEGREES = re.compile(r"4490|4326|CRS:?84|CGCS2000|WGS ?84", re.IGNORECASE)
_PROJECTED = re.compile(r"zone|gauss|kruger|mercator|utm", re.IGNORECASE)


@dataclass(frozen=True)
class Feature:
    """要素: the `number`th of its file, from 1, with one or several polygons."""

    number: int
    properties: dict[str, object]
    parts: list[Rings]

    @property
    def code(self) -> str:
        """The property `code`, whatever it is, short enough to be shown."""
        return self.text("code")[:MOST_SHOWN]

    def text(self, name: str) -> str:
        """A property as text without outer blanks, "" when it is not there."""
        value = self.properties.get(name)
        return "" if value is None else str(value).strip()


@dataclass(frozen=True)
class Unreadable:
    """要素 that is no polygon, and why, in Chinese."""

    number: int
    code: str
    reason: str


class _Wrong(Exception):
    """Why a feature cannot be read."""


def read_features(content: bytes) -> Iterator[Feature | Unreadable]:
    """All features in order. Refuses `BadFile`: size, encoding, JSON, kind, reference system."""
    features = _collection(content)
    for number, found in enumerate(features, start=1):
        properties = found.get("properties") if isinstance(found, dict) else None
        known = {str(name): value for name, value in properties.items()} if isinstance(properties, dict) else {}
        try:
            yield Feature(number, known, _parts(found))
        except _Wrong as wrong:
            yield Unreadable(number, str(known.get("code") or "")[:MOST_SHOWN], str(wrong))


def _collection(content: bytes) -> list[object]:
    if len(content) > MOST_BYTES:
        raise BadFile(problem=f"文件超过 {MOST_BYTES >> 20} MB，请分开导入")
    try:
        told = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadFile(problem="文件编码不是 UTF-8，请另存为 UTF-8 的 GeoJSON") from None
    except (ValueError, RecursionError) as wrong:
        line = f"（第 {wrong.lineno} 行）" if isinstance(wrong, json.JSONDecodeError) else ""
        raise BadFile(problem=f"文件不是有效的 JSON{line}") from None
    if not isinstance(told, dict) or told.get("type") != "FeatureCollection":
        raise BadFile(problem="文件不是 GeoJSON 要素集合（FeatureCollection）")
    _require_degrees(told.get("crs"))
    features = told.get("features")
    if not isinstance(features, list) or len(features) > MOST_FEATURES:
        raise BadFile(problem=f"features 应为要素的列表，至多 {MOST_FEATURES} 个")
    return features


def _require_degrees(crs: object) -> None:
    """RFC 7946 knows no other system; files of before name theirs in `crs`."""
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name") if isinstance(properties, dict) else crs)[:MOST_SHOWN]
    if not _IN_DEGREES.search(name) or _PROJECTED.search(name):
        raise BadFile(problem=f"坐标系是“{name}”，请转换为 CGCS2000 经纬度（EPSG:4490）后再导入")


def _parts(feature: object) -> list[Rings]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise _Wrong("不是 GeoJSON 要素（Feature）")
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in {"Polygon", "MultiPolygon"}:
        raise _Wrong(f"几何类型应为 Polygon 或 MultiPolygon，实为 {str(kind)[:MOST_SHOWN]}")
    coordinates = geometry.get("coordinates")
    parts = [coordinates] if kind == "Polygon" else _list(coordinates, MAX_PARTS, "部分")
    return [[_ring(ring) for ring in _list(part, MAX_RINGS, "环")] for part in parts]


def _ring(ring: object) -> list[list[float]]:
    return [_point(point) for point in _list(ring, MAX_POINTS, "点")]


def _point(point: object) -> list[float]:
    """A height is allowed and passed over."""
    found = _list(point, 3, "坐标值")
    numbers = [one for one in found if isinstance(one, int | float) and not isinstance(one, bool)]
    if len(found) < 2 or len(numbers) < len(found):
        raise _Wrong("坐标应为“经度、纬度”两个数")
    try:
        return [float(numbers[0]), float(numbers[1])]
    except OverflowError:
        raise _Wrong("坐标数值过大") from None


def _list(value: object, most: int, what: str) -> list[object]:
    if not isinstance(value, list) or not 1 <= len(value) <= most:
        raise _Wrong(f"坐标结构有误：每层应为 1 至 {most} 个{what}的列表")
    return value
