"""Whereabouts 位置: from a code, a point or both to the one place a case belongs to."""

from __future__ import annotations

from datetime import date
from typing import TypedDict
from uuid import UUID

from application.registry.registry import Registry
from domain.place import GRID_DIGITS, place_code
from domain.refusals import BadCode, BadCoordinates


class PlaceNoted(TypedDict):
    """What a case keeps of its place."""

    place_id: UUID
    place_version: int


def whereabouts(
    registry: Registry, *, place: str | None, longitude: float | None, latitude: float | None, on: date | None
) -> str:
    """The finest code known: the grid the point lies in, or `place`, as they are valid that day (None: whenever).

    Refuses `Nowhere`, `BadCoordinates` (also for a point outside `place`), `BadCode`, `NoSuchEntry`, `NotValidThen`.
    """
    code = place and _registered(registry, place_code(place), on)
    if longitude is None and latitude is None:
        if not code:
            raise BadCoordinates(problem="请给出网格编码，或经度和纬度")
        return code
    grid = registry.locate(longitude, latitude, valid_on=on).code
    if code and not grid.startswith(code):
        raise BadCoordinates(problem=f"坐标在网格 {grid} 内，不在 {code} 内")
    return grid


def grid_at(
    registry: Registry, *, grid: str | None, longitude: float | None, latitude: float | None, on: date | None
) -> str:
    """As `whereabouts`, and refuses `BadCode` unless it comes down to a grid."""
    code = whereabouts(registry, place=grid, longitude=longitude, latitude=latitude, on=on)
    if len(code) != GRID_DIGITS:
        raise BadCode(code=code, kind="网格编码", rule="网格事件须落到网格，应为 15 位数字")
    return code


def as_of_intake(registry: Registry, code: str, on: date) -> PlaceNoted:
    """The stream behind a registered code and its version, for the case to keep: of a grid its edition."""
    if len(code) == GRID_DIGITS:
        grid = registry.grid(code)
        return {"place_id": grid.id, "place_version": grid.drawn_on(on).edition}
    division = registry.division(code)
    return {"place_id": division.id, "place_version": division.version}


def _registered(registry: Registry, code: str, on: date | None) -> str:
    if len(code) == GRID_DIGITS:
        return registry.grid(code, valid_on=on).code
    return registry.division(code, valid_on=on).code
