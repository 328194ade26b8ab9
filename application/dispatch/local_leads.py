"""Local leads 属地: from a unit's code, or its relation to a place, to the one unit that is valid that day."""

from __future__ import annotations

from datetime import date

from application.registry.registry import Registry
from domain.refusals import Refused
from domain.registry.dispatch_rule import LOCAL, LOCAL_LABELS
from domain.registry.unit import Unit, UnitLevel

_DIGITS = {UnitLevel.COMMUNITY: 12, UnitLevel.STREET: 9, UnitLevel.DISTRICT: 6}


def unit_for(registry: Registry, named: str, place: str, on: date) -> Unit | str:
    """The unit, or why there is none, in Chinese."""
    if named in LOCAL:
        return _local(registry, named, place, on)
    try:
        return registry.unit(named, valid_on=on)
    except Refused as refused:
        return refused.detail().removesuffix("。")


def _local(registry: Registry, named: str, place: str, on: date) -> Unit | str:
    level, label = LOCAL[named], LOCAL_LABELS[named]
    digits = _DIGITS[level]
    if len(place) < digits:
        return f"{place} 不在某一{label}之内"
    units = registry.units_at(level, place[:digits], valid_on=on)
    if len(units) == 1:
        return units[0]
    if not units:
        return f"{label} {place[:digits]} 在 {on} 没有登记单位"
    return f"{label} {place[:digits]} 有 {'、'.join(unit.code for unit in units)} 等 {len(units)} 个单位"
