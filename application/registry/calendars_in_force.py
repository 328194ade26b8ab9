"""CalendarsInForce: by which calendar the cases of a unit or a place are measured on a day, and what it says today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from application.registry.registry import Registry
from domain.registry.calendar import ALARM_DAYS, Calendar
from domain.registry.calendar_use import PLACE, UNIT, CalendarUse, use_code
from domain.registry.entry import entry_id
from domain.registry.unit import Unit
from domain.workdays import WorkCalendar

_PLACES = (12, 9, 6, 4)
"""Whose calendar is asked after a unit's own, by the digits of its place: the nearest first."""
_ALL = 10_000


@dataclass(frozen=True)
class Standing:
    """台账 of one calendar: its version, the last published day, and whether that is near. `built_in` comes with us."""

    code: str
    name: str
    edition: str
    runs_out_on: date
    alarm: bool
    built_in: bool


class CalendarsInForce:
    """The calendars of the registry; `usual` is what holds where nothing is said.

    A registered calendar of the usual one's name takes its place, also for clocks that run on it.
    """

    def __init__(self, registry: Registry, usual: WorkCalendar) -> None:
        self._registry, self.usual = registry, usual
        # A measure lays out each year it is asked about once, so there is one of each edition.
        self._measures: dict[str, WorkCalendar] = {usual.name: usual}

    def of_unit(self, unit: Unit, on: date) -> WorkCalendar:
        """The unit's own, or that of the place it is in."""
        return self._in_use(use_code(UNIT, unit.code), on) or self.of_place(unit.place, on)

    def of_place(self, place: str, on: date) -> WorkCalendar:
        """That of the community, street, district or city that `place`, also a grid's code, lies in."""
        for digits in _PLACES:
            found = self._in_use(use_code(PLACE, place[:digits]), on) if len(place) >= digits else None
            if found is not None:
                return found
        return self.measure(self.usual.name)

    def newest(self, name: str) -> WorkCalendar | None:
        """The newest version of a calendar, by its name; None when there is none of it."""
        if not self._registry.holds(entry_id(Calendar.TOPIC, name)):
            return self.usual if name == self.usual.name else None
        calendar = self._registry.find(Calendar, name)
        measure = self._measures.get(name)
        if measure is None or measure is self.usual or measure.version != calendar.edition:
            measure = self._measures[name] = calendar.as_measure()
        return measure

    def measure(self, name: str) -> WorkCalendar:
        """The newest version of a calendar, or the usual one where there is none of that name any more."""
        return self.newest(name) or self.usual

    def standing(self, today: date) -> list[Standing]:
        """All calendars by code. The usual one is told while none registered takes its place."""
        known = self._registry.entries(Calendar, lambda _calendar: True, limit=_ALL)
        found = [
            Standing(one.code, one.name, one.edition, one.known_until, one.alarm(today), built_in=False)
            for one in known
        ]
        if all(one.code != self.usual.name for one in known):
            usual = self.usual
            alarm = (usual.known_until - today).days <= ALARM_DAYS
            found.append(Standing(usual.name, "机关工作日历", usual.version, usual.known_until, alarm, built_in=True))
        return sorted(found, key=lambda one: one.code)

    def _in_use(self, use: str, on: date) -> WorkCalendar | None:
        if not self._registry.holds(entry_id(CalendarUse.TOPIC, use)):
            return None
        return self.newest(self._registry.find(CalendarUse, use).on(on))
