"""Calendar 工作日历 of the registry: office periods and the published years, version by version.

A calendar has one set of periods: summer hours are a calendar of their own, put in use from a day on
(`domain.registry.calendar_use`), so that no case is measured by hours that did not hold when it began. Setting the
periods anew is for putting a mistake right, and re-sets what is open as every new version does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, time, timedelta

from eventsourcing.domain import Aggregate

from domain.actor import Act, Role, record, signature
from domain.registry.calendar_refusals import NoWorkingCalendar, YearsApart
from domain.registry.entry import administer, civil_day, entry_id, local_code, wording
from domain.registry.published_year import PublishedYear
from domain.registry.refusals import NothingChanged
from domain.step import Step
from domain.workdays import BadCalendar, Period, WorkCalendar

ALARM_DAYS = 60
"""So many days before the last published day somebody has to be told."""
MOST_PERIODS = 12


class Calendar(Aggregate):
    """One calendar as its events tell it. `years` are the notices by year, without a gap between them."""

    TOPIC = "calendar"
    label = "工作日历"

    class Event(Step):
        """Base of the events of `Calendar`."""

    class Created(Event, Aggregate.Created):
        """Never recorded; the library wants it named."""

        TOPIC = "calendar.created"

    class Opened(Created):
        """建立. `periods` are wall times, an end of 00:00 midnight; `weekend` weekday numbers, Monday 0."""

        TOPIC = "calendar.opened"
        code: str
        name: str
        zone: str
        periods: list[list[str]]
        weekend: list[int]

    class YearPublished(Event):
        """公布年度安排, for the first time or as amended."""

        TOPIC = "calendar.year_published"
        year: int
        holidays: list[str]
        workdays: list[str]
        source: str

        def apply(self, calendar: Calendar) -> None:
            notice = PublishedYear(self.year, tuple(self.holidays), tuple(self.workdays), self.source)
            calendar.years = {**calendar.years, self.year: notice}
            calendar.changes += 1

    class PeriodsCorrected(Event):
        """更正时段 or weekend: they were wrong from the beginning."""

        TOPIC = "calendar.periods_corrected"
        periods: list[list[str]]
        weekend: list[int]

        def apply(self, calendar: Calendar) -> None:
            calendar.periods, calendar.weekend = self.periods, self.weekend
            calendar.changes += 1

    years: dict[int, PublishedYear]

    def __init__(self, *, code: str, name: str, zone: str, periods: list[list[str]], weekend: list[int]) -> None:
        self.code, self.name, self.zone = code, name, zone
        self.periods, self.weekend = periods, weekend
        self.years = {}
        self.changes = 0

    @property
    def known_until(self) -> date:
        """The last published day; the eve of its opening while nothing is."""
        return date(max(self.years), 12, 31) if self.years else civil_day(self.created_on) - timedelta(days=1)

    @property
    def edition(self) -> str:
        """The version of today, by the last published year and how often it has changed: "2026.4"."""
        return f"{self.known_until.year}.{self.changes}"

    def as_measure(self) -> WorkCalendar:
        """What limits are measured on. Of a day that two notices speak of, the later year's holds."""
        said: dict[date, bool] = {}
        for _, notice in sorted(self.years.items()):
            said |= {date.fromisoformat(day): False for day in notice.holidays}
            said |= {date.fromisoformat(day): True for day in notice.workdays}
        return WorkCalendar(
            name=self.code, version=self.edition, zone=self.zone, periods=_read(self.periods),
            known_until=self.known_until, weekend=frozenset(self.weekend),
            holidays=frozenset(day for day, worked in said.items() if not worked),
            # An ordinary working day that a list repeats is nothing moved.
            workdays=frozenset(day for day, worked in said.items() if worked and day.weekday() in self.weekend),
        )  # fmt: skip

    @classmethod
    def open(
        cls, act: Act, *, city: str, code: str, name: str, zone: str, periods: Sequence[Period],
        weekend: Collection[int],
    ) -> Calendar:  # fmt: skip
        """建立 for the whole city. Refuses `NoWorkingCalendar`, `BadCode`, `BadText`."""
        role = administer(act, city)
        _require_working(local_code(code, "工作日历代码"), zone, periods, weekend)
        return cls._create(
            cls.Opened, id=entry_id(cls.TOPIC, code), timestamp=act.at, **signature(act, role), code=code,
            name=wording(name, "工作日历名称"), zone=zone, periods=_written(periods), weekend=sorted(set(weekend)),
        )  # fmt: skip

    def publish(self, act: Act, *, city: str, notice: PublishedYear) -> None:
        """公布年度安排. Refuses `YearsApart`, `NothingChanged`, `NoWorkingCalendar` for days both off and worked."""
        role = administer(act, city)
        if notice.same_days(self.years.get(notice.year)):
            raise NothingChanged(kind=self.label, code=f"{self.code} {notice.year} 年")
        if self.years and not min(self.years) - 1 <= notice.year <= max(self.years) + 1:
            raise YearsApart(code=self.code, first=min(self.years), last=max(self.years), year=notice.year)
        if both := set(notice.holidays) & set(notice.workdays):
            raise NoWorkingCalendar(code=self.code, problem=f"{min(both)} 既列为节假日又列为上班日")
        self._published(act, role, notice)

    def correct(self, act: Act, *, city: str, periods: Sequence[Period], weekend: Collection[int]) -> None:
        """更正时段. Refuses `NoWorkingCalendar`, `NothingChanged`."""
        role = administer(act, city)
        _require_working(self.code, self.zone, periods, weekend)
        said = {"periods": _written(periods), "weekend": sorted(set(weekend))}
        if (said["periods"], said["weekend"]) == (self.periods, self.weekend):
            raise NothingChanged(kind=self.label, code=self.code)
        record(self, self.PeriodsCorrected, act, role, **said)

    def in_turn(self, years: Iterable[int]) -> list[int]:
        """`years` in an order in which each can be published, if any is: forth from the first known, then back."""
        first = min(self.years, default=0)
        return sorted(years, key=lambda year: (year < first, abs(year - first)))

    def alarm(self, today: date) -> bool:
        """Whether it runs out within sixty days, or has."""
        return (self.known_until - today).days <= ALARM_DAYS

    def _published(self, act: Act, role: Role, notice: PublishedYear) -> None:
        record(
            self, self.YearPublished, act, role, year=notice.year, holidays=list(notice.holidays),
            workdays=list(notice.workdays), source=notice.source,
        )  # fmt: skip


def _require_working(code: str, zone: str, periods: Sequence[Period], weekend: Collection[int]) -> None:
    if len(periods) > MOST_PERIODS:
        raise NoWorkingCalendar(code=code, problem=f"一天的时段至多 {MOST_PERIODS} 个")
    if len(set(weekend)) == 7:
        raise NoWorkingCalendar(code=code, problem="没有工作时间")
    try:
        WorkCalendar(
            name=code, version="", zone=zone, periods=periods, known_until=date.min, weekend=frozenset(weekend)
        )
    except BadCalendar as wrong:
        raise NoWorkingCalendar(code=code, problem=wrong.problem) from None


def _written(periods: Sequence[Period]) -> list[list[str]]:
    return [[start.isoformat("minutes"), end.isoformat("minutes")] for start, end in sorted(periods)]


def _read(periods: Sequence[Sequence[str]]) -> tuple[Period, ...]:
    return tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in periods)
