"""Recoding 改码: what still goes by a division's code, and so must be seen to before the code changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from application.registry.registry import Registry
from domain.actor import Act
from domain.registry.code_table import CodeTable
from domain.registry.division import Division
from domain.registry.division_refusals import StillCoded
from domain.registry.entry import administer

_MOST = 1_000


@dataclass(frozen=True)
class Affected:
    """受影响的登记: codes of what carries or names the division's code; at most a thousand of each."""

    divisions: list[str]
    grids: list[str]
    units: list[str]
    staff: list[str]

    @property
    def carrying(self) -> list[str]:
        """Those whose own code begins with the old one."""
        return [*self.divisions, *self.grids]

    @property
    def all(self) -> list[str]:
        """Every entry that speaks of the division by its code."""
        return [*self.carrying, *self.units, *self.staff]


def of_history(act: Act, city: str) -> Act:
    """The deed, for places of old whose codes begin otherwise: who keeps the whole city may. Refuses `OutsideArea`."""
    administer(act, city)
    return replace(act, actor=replace(act.actor, areas=("",)))


def affected_by(registry: Registry, division: Division, on: date) -> Affected:
    """What speaks of the division by its code and is in force on a day or later.

    Divisions that only a change list told of are history and carry nothing.
    """
    code, day = division.code, on.isoformat()

    def remains(last: str | None) -> bool:
        return last is None or last >= day

    def is_below(one: Division) -> bool:
        return one.code != code and one.table != CodeTable.GB2260 and remains(one.valid_until)

    below = registry.entries(Division, is_below, begin=code, limit=_MOST)
    return Affected(
        divisions=[one.code for one in below],
        grids=[one.code for one in registry.grids(within=code, limit=_MOST) if remains(one.valid_until)],
        units=[one.code for one in registry.units(within=code, limit=_MOST) if remains(one.valid_until)],
        staff=[
            one.code
            for one in registry.staff_members(limit=_MOST)
            if any(area.startswith(code) for area in one.areas)
        ],
    )  # fmt: skip


def require_free(registry: Registry, division: Division, on: date) -> None:
    """Refuses `StillCoded` while anything speaks of the division by its code."""
    found = affected_by(registry, division, on).all
    if found:
        raise StillCoded(code=division.code, example=found[0], count=len(found))
