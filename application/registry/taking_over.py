"""接手: who takes over a piece of work: whom the order names, who stands in, or the only other one who could."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from application.registry.open_work import OpenItem, WorkKind
from application.registry.registry import Registry
from domain.actor import Role
from domain.registry.staff import Staff
from domain.registry.standing_in import stand_in_on

_ENOUGH = 50  # candidates looked at: two who could are already too many to choose between


@dataclass(frozen=True)
class Handed:
    """One piece of work and who takes it over."""

    item: OpenItem
    taker: Staff


class Takers:
    """Who may take over from `leaver` on a day, `named` before all others."""

    def __init__(self, registry: Registry, leaver: Staff, named: str | None, day: date) -> None:
        self._registry, self._leaver, self._day = registry, leaver, day
        stand_in = stand_in_on(leaver, day)
        codes = [*([named] if named else []), *([stand_in.stand_in] if stand_in else [])]
        self._first = [registry.staff(code) for code in codes]

    def of(self, item: OpenItem) -> Staff | None:
        """The taker of a piece of work, None when nobody is fit or more than one could be meant."""
        for candidate in self._first:
            if self._fit(candidate, item):
                return candidate
        others = [other for other in self._others(item) if self._fit(other, item)]
        return others[0] if len(others) == 1 else None

    def _others(self, item: OpenItem) -> Sequence[Staff]:
        """Whom nobody named: a grid's other workers, a unit's other handlers."""
        match item.kind:
            case WorkKind.GRID:
                return self._registry.staff_members(role=Role.WORKER, covering=item.place, limit=_ENOUGH)
            case WorkKind.ISSUE | WorkKind.REQUEST | WorkKind.SHIFT:
                return self._registry.staff_members(unit=item.unit, role=Role.HANDLER, limit=_ENOUGH)
            case _:
                return ()

    def _fit(self, candidate: Staff, item: OpenItem) -> bool:
        there = candidate.left_on is None and stand_in_on(candidate, self._day) is None
        if not there or candidate.code == self._leaver.code:
            return False
        handles = Role.HANDLER in candidate.roles and candidate.unit == item.unit
        match item.kind:
            case WorkKind.GRID:
                return candidate.works_in(item.place)
            case WorkKind.SHIFT:
                return handles
            case WorkKind.ISSUE:
                return handles and candidate.covers(item.place)
            case WorkKind.REQUEST:
                return handles and candidate.actor().overlaps(item.place)
            case WorkKind.CONTACT:
                return candidate.covers(item.place)
            case WorkKind.STAND_IN:
                return candidate.code != item.code
