"""LocalUnits 属地单位: which units of a level sit in a place, without leafing through all units."""

from __future__ import annotations

from eventsourcing.domain import DomainEvent

from application.registry.registry import Entry
from domain.registry.unit import Unit, UnitLevel


class LocalUnits:
    """Units by level and place; neither of the two ever changes."""

    def __init__(self) -> None:
        self._units: dict[tuple[UnitLevel, str], dict[str, Unit]] = {}

    def learn(self, entry: Entry, event: DomainEvent) -> None:
        """Note a unit, or what it has become."""
        if isinstance(entry, Unit):
            self._units.setdefault((entry.level, entry.place), {})[entry.code] = entry

    def at(self, level: UnitLevel, place: str) -> list[Unit]:
        """By ascending code, valid or not."""
        found = self._units.get((level, place), {})
        return [found[code] for code in sorted(found)]
