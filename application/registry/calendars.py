"""Use cases of work calendars 工作日历: open, publish a year, take over the years known here, correct, put in use."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date

from application.ports import Receipt, RequestKey
from application.registry.calendars_in_force import CalendarsInForce
from application.registry.desk import RegistryDesk
from domain.actor import Act
from domain.refusals import NoSuchEntry
from domain.registry.calendar import Calendar
from domain.registry.calendar_use import UNIT, CalendarUse, use_code
from domain.registry.entry import civil_day, entry_id
from domain.registry.published_year import PublishedYear
from domain.registry.refusals import NothingChanged
from domain.workdays import Period

KnownYears = Callable[[], Sequence[PublishedYear]]
"""The years of China that the installed data has, ascending."""


class Calendars:
    """工作日历登记, for the whole city; what is in force is asked of `in_force`."""

    def __init__(self, desk: RegistryDesk, in_force: CalendarsInForce, known_years: KnownYears) -> None:
        self._desk, self.in_force, self._known_years = desk, in_force, known_years

    async def open(
        self, act: Act, *, code: str, name: str, zone: str, periods: Sequence[Period], weekend: Collection[int],
        with_known_years: bool = False, key: RequestKey | None = None,
    ) -> Receipt:  # fmt: skip
        """建立, empty or with the years of China that are known here. Refuses `NoWorkingCalendar`."""

        def make() -> Calendar:
            calendar = Calendar.open(
                act, city=self._desk.city, code=code, name=name, zone=zone, periods=periods, weekend=weekend
            )
            if with_known_years:
                self._take_over(act, calendar)
            return calendar

        return await self._desk.register(make, key)

    async def publish(
        self, act: Act, *, code: str, notice: PublishedYear, version: int | None = None, key: RequestKey | None = None
    ) -> Receipt:
        """公布年度安排. Open deadlines are re-set by `application.recalculating`, when somebody says so."""

        def command(calendar: Calendar) -> None:
            calendar.publish(act, city=self._desk.city, notice=notice)

        return await self._desk.change(Calendar, code, command, version=version, key=key)

    async def take_over_known_years(
        self, act: Act, *, code: str, version: int | None = None, key: RequestKey | None = None
    ) -> Receipt:
        """采用已知年份: publish what the installed data has and this calendar has not, or has otherwise.

        Refuses `NothingChanged` when it has all of it.
        """

        def command(calendar: Calendar) -> None:
            if not self._take_over(act, calendar):
                raise NothingChanged(kind=calendar.label, code=code)

        return await self._desk.change(Calendar, code, command, version=version, key=key)

    async def correct(
        self, act: Act, *, code: str, periods: Sequence[Period], weekend: Collection[int],
        version: int | None = None, key: RequestKey | None = None,
    ) -> Receipt:  # fmt: skip
        """更正时段."""

        def command(calendar: Calendar) -> None:
            calendar.correct(act, city=self._desk.city, periods=periods, weekend=weekend)

        return await self._desk.change(Calendar, code, command, version=version, key=key)

    async def put_in_use(
        self, act: Act, *, kind: str, target: str, calendar: str, since: date, key: RequestKey | None = None
    ) -> Receipt:
        """适用 for a registered unit or division from `since` on; "" gives up what was its own.

        Refuses `NoSuchEntry`, `NotValidThen`, `InUseBefore`, `NothingChanged`.
        """
        code = use_code(kind, target)
        await self._desk.registry.refresh()
        if self._desk.registry.holds(entry_id(CalendarUse.TOPIC, code)):
            return await self._desk.change(
                CalendarUse, code, lambda use: self._change(act, use, calendar, since), version=None, key=key
            )
        return await self._desk.register(lambda: self._begin(act, kind, target, calendar, since), key)

    def _begin(self, act: Act, kind: str, target: str, calendar: str, since: date) -> CalendarUse:
        today = civil_day(act.at)
        if kind == UNIT:
            place = self._desk.registry.unit(target, valid_on=today).place
        else:
            place = self._desk.registry.division(target, valid_on=today).code
        use = CalendarUse.begin(act, code=use_code(kind, target), place=place, calendar=calendar, since=since)
        self._require_known(calendar)
        return use

    def _change(self, act: Act, use: CalendarUse, calendar: str, since: date) -> None:
        use.change(act, calendar=calendar, since=since)
        if calendar:
            self._require_known(calendar)

    def _require_known(self, calendar: str) -> None:
        if self.in_force.newest(calendar) is None:
            raise NoSuchEntry(kind=Calendar.label, code=calendar)

    def _take_over(self, act: Act, calendar: Calendar) -> int:
        """How many years were published."""
        known = {one.year: one for one in self._known_years()}
        news = [year for year in known if not known[year].same_days(calendar.years.get(year))]
        for year in calendar.in_turn(news):
            calendar.publish(act, city=self._desk.city, notice=known[year])
        return len(news)
