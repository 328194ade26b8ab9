"""Use cases of duty rosters 值班表: open, set, withdraw and pass shifts; who signs for a unit, and when nobody does."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta

from application.ports import Receipt, RequestKey
from application.registry.calendars_in_force import CalendarsInForce
from application.registry.desk import RegistryDesk
from application.registry.registry import Registry
from domain.actor import Act, Role
from domain.registry.duty_roster import DutyRoster
from domain.registry.entry import civil_day, entry_id
from domain.registry.on_duty import DutyBook, DutyGap, OnDuty
from domain.registry.roster_refusals import NotOfTheUnit, RangeTooLong
from domain.registry.shift import DayKind
from domain.registry.staff import Staff
from domain.workdays import WorkCalendar

MOST_DAYS = 366
MOST_HANDLERS = 500


class Rosters:
    """值班表登记, by the unit's calendar for office hours, holidays and worked weekends; by `calendar` without one."""

    def __init__(self, desk: RegistryDesk, calendar: WorkCalendar) -> None:
        self._desk, self._calendars = desk, CalendarsInForce(desk.registry, calendar)

    async def open(self, act: Act, *, code: str, name: str = "", key: RequestKey | None = None) -> Receipt:
        """建立 for the registered unit `code`. Refuses `NoSuchEntry`, `NotValidThen`, `AlreadyRegistered`."""
        return await self._desk.register(lambda: new_roster(act, self._desk.registry, code, name), key)

    async def set_shift(
        self, act: Act, *, code: str, member: str, begins: str, ends: str, day: date | None = None,
        weekdays: Collection[int] = (), days: str = DayKind.ALL, first_day: date | None = None,
        last_day: date | None = None, version: int | None = None, key: RequestKey | None = None,
    ) -> Receipt:  # fmt: skip
        """排班 of a handler of the unit. Refuses `ShiftsOverlap`, `BadShift`, `NotOfTheUnit`, `NoSuchEntry`."""

        def command(roster: DutyRoster) -> None:
            roster.set_shift(
                act, member=member, begins=begins, ends=ends, day=day, weekdays=weekdays, days=days,
                first_day=first_day, last_day=last_day,
            )  # fmt: skip
            require_of_unit(self._desk.registry.staff(member), code)

        return await self._change(code, command, version, key)

    async def withdraw_shift(
        self, act: Act, *, code: str, shift: int, last_day: date | None = None, version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:  # fmt: skip
        """撤班 after `last_day`, or from today on."""

        def command(roster: DutyRoster) -> None:
            roster.withdraw_shift(act, shift=shift, last_day=last_day)

        return await self._change(code, command, version, key)

    async def pass_shift(
        self, act: Act, *, code: str, shift: int, to: str, since: date | None = None, version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:  # fmt: skip
        """换班 to another handler of the unit from `since`, or from today on."""

        def command(roster: DutyRoster) -> None:
            roster.pass_shift(act, shift=shift, to=to, since=since)
            require_of_unit(self._desk.registry.staff(to), code)

        return await self._change(code, command, version, key)

    def on_duty(self, unit: str, at: datetime) -> OnDuty:
        """谁来签收: who signs for a unit, by what is registered now. Refuses `NoSuchEntry`."""
        return self.book(unit, civil_day(at)).at(at)

    def gaps(self, unit: str, start: datetime, end: datetime) -> list[DutyGap]:
        """The spans of [start, end) in which nobody signs. Refuses `RangeTooLong`, `NoSuchEntry`."""
        if end - start > timedelta(days=MOST_DAYS):
            raise RangeTooLong(start=start, end=end, most=MOST_DAYS)
        return self.book(unit, civil_day(start)).gaps(start, end)

    def book(self, code: str, on: date) -> DutyBook:
        """What decides who signs for a unit, as registered now, by its calendar of a day. Refuses `NoSuchEntry`."""
        registry = self._desk.registry
        handlers = registry.staff_members(unit=code, role=Role.HANDLER, limit=MOST_HANDLERS)
        held = registry.holds(entry_id(DutyRoster.TOPIC, code))
        roster = registry.find(DutyRoster, code) if held else None
        unit = registry.unit(code)
        return DutyBook(unit, handlers, roster, self._calendars.of_unit(unit, on), registry.staff)

    async def _change(
        self, code: str, command: Callable[[DutyRoster], None], version: int | None, key: RequestKey | None
    ) -> Receipt:
        return await self._desk.change(DutyRoster, code, command, version=version, key=key)


def new_roster(act: Act, registry: Registry, unit: str, name: str = "") -> DutyRoster:
    """The roster of a registered unit, named after it when no name is given. Refuses `NoSuchEntry`, `NotValidThen`."""
    known = registry.unit(unit, valid_on=civil_day(act.at))
    return DutyRoster.open(act, unit=unit, name=name or f"{known.name}值班表", place=known.place)


def require_of_unit(member: Staff, unit: str) -> None:
    """Refuses `NotOfTheUnit`: only a handler of the unit who is there may sign for it."""
    if member.left_on is not None or member.unit != unit or Role.HANDLER not in member.roles:
        raise NotOfTheUnit(member=member.code, unit=unit)
