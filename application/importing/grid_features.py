"""Features of grids 网格要素: what one says of a grid, held against what is registered.

Properties: code, name, kind (综合 when new and not told), supervision_phone, aliases ({network: [numbers]}). What a
feature does not tell of a registered grid stays as it is; others are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import date, timedelta

from application.importing.geojson import Feature
from domain.actor import Act
from domain.refusals import NotValidThen
from domain.registry.entry import civil_day
from domain.registry.grid import Grid, GridKind
from domain.registry.grid_refusals import BadFeature
from domain.registry.outline import Flaw, Rings, canonical, outline

Names = set[tuple[str, str]]
"""Networks and the numbers in them."""


def defined(act: Act, feature: Feature, valid_from: date, flaw: Flaw) -> Grid:
    """A new grid. Refuses `BadFeature` and what `Grid.define` does."""
    missing = [name for name in ("name", "supervision_phone") if not feature.text(name)]
    if missing:
        raise BadFeature(problem=f"新网格须有 {'、'.join(missing)}")
    grid = Grid.define(
        act,
        code=feature.text("code"),
        name=feature.text("name"),
        kind=feature.text("kind") or GridKind.GENERAL.value,
        polygon=_polygon(feature),
        supervision_phone=feature.text("supervision_phone"),
        valid_from=valid_from,
        flaw=flaw,
    )
    for network, number in sorted(names(feature) or ()):
        grid.give_alias(act, network=network, number=number, since=valid_from)
    return grid


def revised(act: Act, feature: Feature, known: Grid, day: date, flaw: Flaw) -> Grid:
    """A changed copy of a registered grid; without pending events where the feature says what is known.

    Refuses `BadFeature`, `NotValidThen`, and what the commands do.
    """
    if known.valid_until is not None and known.valid_until < day.isoformat():
        raise NotValidThen(kind=known.label, code=known.code, day=day)
    # The registry's own entry is for reading; the copy's version makes a change in between a conflict.
    grid = deepcopy(known)
    name, kind, phone = (feature.text(each) for each in ("name", "kind", "supervision_phone"))
    if name and name != grid.name:
        grid.rename(act, name=name)
    if kind and kind != grid.kind.value:
        grid.reclassify(act, kind=kind)
    if phone and phone != grid.supervision_phone:
        grid.set_supervision_phone(act, phone=phone)
    drawn = outline(_polygon(feature), flaw)
    if canonical(drawn) != canonical(grid.drawn_on(day).polygon):
        first_day = max(day, civil_day(act.at), date.fromisoformat(grid.valid_from))
        grid.redraw(act, polygon=drawn, flaw=flaw, first_day=first_day)
    wanted = names(feature)
    if wanted is not None:
        _call(act, grid, wanted, day)
    return grid


def is_redrawn(grid: Grid) -> bool:
    """Whether a copy's pending events give it ground it did not have."""
    drawn = Grid.Defined | Grid.Formed | Grid.Redrawn
    return any(isinstance(event, drawn) for event in grid.pending_events)


def names(feature: Feature) -> Names | None:
    """What other networks call the grid, None when the feature does not tell. Refuses `BadFeature`."""
    told = feature.properties.get("aliases")
    if told is None:
        return None
    if not isinstance(told, dict):
        raise BadFeature(problem="aliases 应写作 {网络名称: [编号]}")
    return {(str(network).strip(), number) for network, numbers in told.items() for number in _numbers(numbers)}


def _numbers(told: object) -> Iterator[str]:
    for each in told if isinstance(told, list) else [told]:
        if isinstance(each, bool) or not isinstance(each, str | int):
            raise BadFeature(problem="aliases 中的编号应为文本")
        yield str(each).strip()


def _call(act: Act, grid: Grid, wanted: Names, day: date) -> None:
    """End the aliases that are no longer told, give those that are new."""
    known = {(alias.network, alias.number): alias.since for alias in grid.aliases if alias.last_day is None}
    for network, number in sorted(known.keys() - wanted):
        last_day = max(day - timedelta(days=1), date.fromisoformat(known[network, number]))
        grid.end_alias(act, network=network, number=number, last_day=last_day)
    for network, number in sorted(wanted - known.keys()):
        grid.give_alias(act, network=network, number=number, since=day)


def _polygon(feature: Feature) -> Rings:
    """One polygon, also where it is the only one of several. Refuses `BadFeature`."""
    if len(feature.parts) != 1:
        raise BadFeature(problem=f"一个网格是一块地，此要素有 {len(feature.parts)} 块，请分成多个网格")
    return feature.parts[0]
