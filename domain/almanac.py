"""历: every stretch of a calendar's years, and why it counts or does not. Made once a year and calendar."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from domain.workdays import WorkCalendar

_DAY = timedelta(days=1)
_NONE = timedelta()


class Reason(Enum):
    """Why a stretch of time counts, or does not. `joins`: with time that does not count, told by `counted` alone."""

    label: str
    counts: bool
    joins: bool

    WORKING = ("working", "工作时段", True)
    WORKDAYS = ("workdays", "工作日的工作时段", True, True)
    WORKING_WEEKS = ("working_weeks", "工作日的工作时段（其间周末不计）", True, True)
    WORKING_YEAR = ("working_year", "工作日的工作时段（其间周末、节假日不计）", True, True)
    WORKED_REST_DAY = ("worked_rest_day", "调休上班", True)
    UNPUBLISHED = ("unpublished", "日历尚未公布，暂按平常工作日", True)
    ALL_TIME = ("all_time", "不分昼夜和节假日", True)
    OUTSIDE = ("outside_periods", "非工作时段")
    WEEKEND = ("weekend", "周末")
    HOLIDAY = ("holiday", "节假日")
    PAUSE = ("pause", "暂停")
    FIRST_DAY = ("first_day", "当日不计入")
    REST_DAYS_LAST = ("rest_days_last", "末日逢休息日顺延")

    def __new__(cls, code: str, label: str, counts: bool = False, joins: bool = False) -> Reason:
        reason = object.__new__(cls)
        reason._value_, reason.label, reason.counts, reason.joins = code, label, counts, joins
        return reason

    # One object each; the enum's own hash is that of the name, found anew by a function each time.
    __hash__ = object.__hash__


class Span(NamedTuple):
    """A stretch of time with one reason. `counted` is what ran in it: less than its length where stretches are joined.

    `pause` numbers the pauses from 1, and is 0 for all else. `end` is None for a pause that lasts.
    """

    start: datetime
    end: datetime | None
    counted: timedelta
    reason: Reason
    pause: int = 0

    @property
    def label(self) -> str:
        return f"第{self.pause}次暂停" if self.pause else self.reason.label


class Stretch(NamedTuple):
    """A stretch of a year."""

    start: datetime
    end: datetime
    reason: Reason


class Grain(Enum):
    """How finely a time is told: by periods; by runs of whole days; so, with ordinary weekends among the workdays.

    All but the first tell the first and the last day by periods.
    """

    PERIODS = 1
    DAYS = 2
    WEEKS = 3

    __hash__ = object.__hash__


class _Year(NamedTuple):
    starts: list[datetime]
    ends: list[datetime]
    spans: list[Span]


class Almanac:
    """The stretches of one calendar, year by year."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self._calendar = calendar
        self._years: dict[tuple[int, Grain], _Year] = {}
        self._midnights: dict[int, datetime] = {}

    def spans(self, since: datetime, until: datetime, grain: Grain) -> list[Span]:
        """What lies between two instants, without gap or overlap; none for an empty time."""
        if grain is Grain.PERIODS:
            return self._spans(since, until, grain)
        local = self._calendar.local
        first = min(until, self._midnight(local(since).toordinal() + 1))
        last = max(first, self._midnight(local(until).toordinal()))
        found = self._spans(since, first, Grain.PERIODS)
        _go_on(found, self._spans(first, last, grain))
        _go_on(found, self._spans(last, until, Grain.PERIODS))
        return found

    def _spans(self, since: datetime, until: datetime, grain: Grain) -> list[Span]:
        found: list[Span] = []
        if since >= until:
            return found
        year = since.year  # in UTC, and so near the local one
        starts, ends, spans = self._year(year, grain)
        if since < starts[0]:
            year -= 1
            starts, ends, spans = self._year(year, grain)
        found += spans[bisect_right(ends, since) : bisect_left(starts, until)]
        while ends[-1] < until:
            year += 1
            starts, ends, spans = self._year(year, grain)
            _go_on(found, spans[bisect_right(ends, since) : bisect_left(starts, until)])
        if found[0].start < since:
            found[0] = self._cut(found[0], since, found[0].end or until, grain)
        if (found[-1].end or until) > until:
            found[-1] = self._cut(found[-1], found[-1].start, until, grain)
        return found

    def _midnight(self, ordinal: int) -> datetime:
        if ordinal not in self._midnights:
            self._midnights[ordinal] = self._calendar.midnight(date.fromordinal(ordinal))
        return self._midnights[ordinal]

    def _cut(self, span: Span, since: datetime, until: datetime, grain: Grain) -> Span:
        return Span(since, until, self._counted(since, until, span.reason, grain), span.reason)

    def _counted(self, since: datetime, until: datetime, reason: Reason, grain: Grain) -> timedelta:
        if not reason.counts:
            return _NONE
        return until - since if grain is Grain.PERIODS else self._calendar.between(since, until)

    def _year(self, year: int, grain: Grain) -> _Year:
        if (year, grain) not in self._years:
            days = [date.fromordinal(n) for n in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())]
            found = self._by_period(days) if grain is Grain.PERIODS else self._by_day(days, grain)
            spans = [
                Span(one.start, one.end, self._counted(one.start, one.end, one.reason, grain), one.reason)
                for one in _joining(found)
            ]
            self._years[year, grain] = _Year([s.start for s in spans], [s.end or s.start for s in spans], spans)
        return self._years[year, grain]

    def _by_period(self, days: Sequence[date]) -> Iterator[Stretch]:
        calendar, cursor = self._calendar, self._calendar.midnight(days[0])
        # Sorted over days: where clocks go back across midnight, the periods of two days interleave.
        for start, end in sorted(chain.from_iterable(calendar.spans(day) for day in days)):
            yield from self._rest(cursor, start)
            yield Stretch(start, end, self._worked(calendar.local(start).date(), Reason.WORKING))
            cursor = end
        yield from self._rest(cursor, calendar.midnight(days[-1] + _DAY))

    def _rest(self, cursor: datetime, until: datetime) -> Iterator[Stretch]:
        """The time between two working periods, day by day."""
        while cursor < until:
            day = self._calendar.local(cursor).date()
            end = min(until, max(self._calendar.midnight(day + _DAY), cursor + timedelta(seconds=1)))
            yield Stretch(cursor, end, Reason.OUTSIDE if self._calendar.is_workday(day) else self._resting(day))
            cursor = end

    def _by_day(self, days: Sequence[date], grain: Grain) -> Iterator[Stretch]:
        ordinary = Reason.WORKING_WEEKS if grain is Grain.WEEKS else Reason.WORKDAYS
        for day in days:
            reason = self._worked(day, ordinary) if self._calendar.is_workday(day) else self._resting(day)
            if grain is Grain.WEEKS and reason is Reason.WEEKEND:
                reason = self._worked(day, ordinary)
            yield Stretch(self._calendar.midnight(day), self._calendar.midnight(day + _DAY), reason)

    def _worked(self, day: date, ordinary: Reason) -> Reason:
        if day in self._calendar.workdays and day.weekday() in self._calendar.weekend:
            return Reason.WORKED_REST_DAY
        return Reason.UNPUBLISHED if day > self._calendar.known_until else ordinary

    def _resting(self, day: date) -> Reason:
        return Reason.HOLIDAY if day in self._calendar.holidays else Reason.WEEKEND


@lru_cache(maxsize=64)
def almanac(calendar: WorkCalendar) -> Almanac:
    """The almanac of a calendar; kept for the calendars used last."""
    return Almanac(calendar)


def _joining(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Neighbours with one reason as one; empty ones left out."""
    found: list[Stretch] = []
    for one in stretches:
        if one.start >= one.end:
            continue
        if found and found[-1].reason is one.reason and found[-1].end == one.start:
            found[-1] = Stretch(found[-1].start, one.end, one.reason)
        else:
            found.append(one)
    return found


def _go_on(found: list[Span], more: list[Span]) -> None:
    """Add spans that follow, the first of them to the last one when that has its reason."""
    if found and more and found[-1].reason is more[0].reason:
        more[0] = Span(found[-1].start, more[0].end, found.pop().counted + more[0].counted, more[0].reason)
    found += more
