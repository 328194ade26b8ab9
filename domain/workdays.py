"""工作日历: which instants are working time, and how working time adds up.

An instant is working time exactly when the wall clock of the calendar's zone shows a time inside a period
of a working day; a day of 23 or 25 hours needs no other rule. Every instant handed back is in UTC: Python
compares and subtracts two datetimes of one zone by their wall clocks, which lies on such days.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import accumulate, chain, pairwise
from math import ceil, floor
from typing import NamedTuple
from zoneinfo import ZoneInfo

Period = tuple[time, time]

FIRST_YEAR, LAST_YEAR = 1970, 2199  # instants outside are taken for mistakes, and the cache stays bounded
HORIZON_YEARS = 50  # how far a search goes on before it gives up: years of holidays must not hang a caller
SATURDAY_SUNDAY = frozenset({5, 6})

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_DAY = timedelta(days=1)


def as_utc(value: datetime, name: str) -> datetime:
    """`value` in UTC. Raises ValueError naming the argument when it is naive or outside 1970-2199."""
    if value.tzinfo is UTC and FIRST_YEAR <= value.year <= LAST_YEAR:
        return value
    if value.utcoffset() is None:
        raise ValueError(f"{name} must carry its UTC offset, got {value.isoformat()}")
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"{name} must lie in {FIRST_YEAR}-{LAST_YEAR}, got {value.isoformat()}")
    return value.astimezone(UTC)


class BadCalendar(ValueError):
    """A calendar that makes no sense. `problem` tells in Chinese what is wrong, for whoever wrote it down."""

    def __init__(self, told: str, problem: str) -> None:
        super().__init__(told)
        self.problem = problem


class TooLittleWorkingTime(ValueError):
    """A calendar on which a search finds no end within the horizon."""


class _Year(NamedTuple):
    """The working spans of one year in microseconds since the epoch, ascending, and its working days."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    worked: tuple[int, ...]  # working time of the year up to the end of each span
    days: tuple[int, ...]  # ordinals

    @property
    def total(self) -> int:
        return self.worked[-1] if self.worked else 0

    def worked_until(self, tick: int) -> int:
        i = bisect_right(self.starts, tick) - 1
        return self.worked[i] - max(self.ends[i] - tick, 0) if i >= 0 else 0


@dataclass(frozen=True, kw_only=True)
class WorkCalendar:
    """工作日历 of one office, one published version of it.

    `zone` is an IANA name. `periods` hold on every working day, in wall time, start included, end not; an
    end of 00:00 is midnight closing the day. `weekend` has weekday numbers, Monday 0. `workdays` are the
    worked weekend days (调休). After `known_until`, the last published day, only weekends are known.

    Raises BadCalendar for a calendar without working time, periods that overlap or run backwards, a day
    that is both holiday and working day, an unknown zone or weekday.
    """

    name: str
    version: str
    zone: str
    periods: Sequence[Period]
    known_until: date
    weekend: frozenset[int] = SATURDAY_SUNDAY
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _years: dict[int, _Year] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for fault, problem in self._faults():
            raise BadCalendar(f"calendar {self.name} {self.version}: {fault}", problem)
        object.__setattr__(self, "periods", tuple(sorted(self.periods)))
        object.__setattr__(self, "_zone", ZoneInfo(self.zone))

    def is_workday(self, day: date) -> bool:
        return day in self.workdays or (day.weekday() not in self.weekend and day not in self.holidays)

    def spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """The working spans of the local `day` as instants, ascending; none on a rest day."""
        if not self.is_workday(day):
            return []
        return [(_instant(start), _instant(end)) for start, end in sorted(self._ticks(day))]

    def local(self, instant: datetime) -> datetime:
        """What the wall clock of the calendar's zone shows at `instant`."""
        return instant.astimezone(self._zone)

    def midnight(self, day: date) -> datetime:
        """The instant at which the local `day` begins."""
        return _shown(datetime.combine(day, time.min, self._zone))

    def fold_began(self, instant: datetime) -> datetime | None:
        """When clocks went back, at an `instant` whose time of day comes for the second time; else None."""
        local = self.local(instant)
        if not local.fold:
            return None
        first, _ = _readings(local)
        return _change(self._zone, first, instant)

    def next_opening(self, instant: datetime) -> datetime:
        """`instant` itself inside a period, else the next start of one; ValueError past the horizon."""
        at = as_utc(instant, "instant")
        tick = _tick(at)
        for year in self._years_from(at):
            i = bisect_right(year.ends, tick)
            if i < len(year.ends):
                return _instant(max(tick, year.starts[i]))
        raise TooLittleWorkingTime(self._exhausted(at))

    def add(self, start: datetime, working: timedelta) -> datetime:
        """The first instant by which `working` time has passed since `start`; `start` itself for none.

        A span used up to its end gives that end, not the next opening: seven hours from the opening end at
        closing. Raises ValueError for negative `working` and past the horizon.
        """
        at, wanted = as_utc(start, "start"), working // _TICK
        if wanted < 0:
            raise ValueError(f"working must not be negative, got {working}")
        if wanted == 0:
            return at
        wanted += self._year(self.local(at).year).worked_until(_tick(at))
        for year in self._years_from(at):
            if wanted <= year.total:
                i = bisect_left(year.worked, wanted)
                return _instant(year.ends[i] - (year.worked[i] - wanted))
            wanted -= year.total
        raise TooLittleWorkingTime(self._exhausted(at))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`; negative when `end` is the earlier one."""
        first, last = as_utc(start, "start"), as_utc(end, "end")
        if last < first:
            return -self.between(last, first)
        since, until = self.local(first).year, self.local(last).year
        whole = sum(self._year(year).total for year in range(since, until))
        until_last = self._year(until).worked_until(_tick(last))
        return (whole + until_last - self._year(since).worked_until(_tick(first))) * _TICK

    def add_workdays(self, start: datetime, days: int) -> datetime:
        """工作日: the same time of day, `days` working days after `start`.

        A start outside the periods (break, closing second, rest day) counts from the next opening.
        Raises ValueError for negative `days` and past the horizon.
        """
        if days < 0:
            raise ValueError(f"days must not be negative, got {days}")
        opening = self.next_opening(as_utc(start, "start"))
        local = self.local(opening)
        position = bisect_left(self._year(local.year).days, local.toordinal()) + days
        for year in self._years_from(opening):
            if position < len(year.days):
                day = date.fromordinal(year.days[position])
                return _shown(datetime.combine(day, local.time(), self._zone))
            position -= len(year.days)
        raise TooLittleWorkingTime(self._exhausted(opening))

    def add_local(self, start: datetime, span: timedelta) -> datetime:
        """自然日: the instant when the local clock shows `span` more than at `start`.

        Whole days keep the time of day over a change of clocks. A time that clocks skip is the instant they
        do so; of one that comes twice it is the first, unless `start` lies in a second coming itself.
        """
        local = self.local(as_utc(start, "start"))
        return _shown((local + span).replace(fold=local.fold))

    def _faults(self) -> Iterator[tuple[str, str]]:
        """What is wrong: as a program is told it, and as people are."""
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError):
            yield f"unknown time zone {self.zone!r}", f"没有时区 {self.zone}"
        if not self.weekend <= set(range(7)):
            yield f"weekend has numbers outside 0-6: {sorted(self.weekend)}", "周末须为 0（星期一）至 6（星期日）"
        if not self.periods or (len(self.weekend) == 7 and not self.workdays):
            yield "no working time", "没有工作时间"
        for start, end in self.periods:
            read = f"{start:%H:%M}-{end:%H:%M}"
            if start.tzinfo or end.tzinfo:
                yield f"period {start}-{end} must be wall time without an offset", f"时段 {read} 不得带时区"
            if start >= end and end != time.min:
                yield f"period {start}-{end} does not end after it starts", f"时段 {read} 的止不晚于起"
        for (start, end), (following, _) in pairwise(sorted(self.periods)):
            if end > following or end == time.min:
                problem = f"时段 {start:%H:%M}-{end:%H:%M} 与 {following:%H:%M} 起的时段重叠"
                yield f"period {start}-{end} overlaps the one from {following}", problem
        if both := self.holidays & self.workdays:
            yield f"{min(both)} is both holiday and working day", f"{min(both)} 既列为节假日又列为上班日"

    def _exhausted(self, start: datetime) -> str:
        return (
            f"calendar {self.name} {self.version}: too little working time in the {HORIZON_YEARS} years"
            f" from {start.isoformat()}, up to {LAST_YEAR}"
        )

    def _years_from(self, instant: datetime) -> Iterator[_Year]:
        first = self.local(instant).year
        for year in range(first, min(first + HORIZON_YEARS, LAST_YEAR) + 1):
            yield self._year(year)

    def _year(self, year: int) -> _Year:
        if (known := self._years.get(year)) is not None:
            return known
        first, following = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
        days = (date.fromordinal(ordinal) for ordinal in range(first, following))
        ticks = {day: list(self._ticks(day)) for day in days if self.is_workday(day)}
        worked = tuple(day.toordinal() for day, some in ticks.items() if some)
        # Sorted over days: where clocks go back across midnight, the spans of two days interleave.
        spans = sorted(chain.from_iterable(ticks.values()))
        starts, ends = (tuple(span[side] for span in spans) for side in (0, 1))
        sums = tuple(accumulate(end - start for start, end in spans))
        self._years[year] = _Year(starts, ends, sums, worked)
        return self._years[year]

    def _ticks(self, day: date) -> Iterator[tuple[int, int]]:
        """The instants whose wall clock reads inside a period of `day`, as half-open spans of ticks."""
        midnight = datetime.combine(day, time.min, self._zone)
        opens = min(_readings(midnight))
        closes = max(_readings(datetime.combine(day + _DAY, time.min, self._zone)))
        cuts = [opens, closes]
        if self.local(opens).utcoffset() != self.local(closes).utcoffset():
            cuts.insert(1, _change(self._zone, opens, closes))
        for since, until in pairwise(cuts):
            zero = _tick(midnight.replace(tzinfo=UTC) - (self.local(since).utcoffset() or timedelta()))
            for start, end in self.periods:
                first = max(zero + _of_day(start), _tick(since))
                last = min(zero + (_of_day(end) or _DAY // _TICK), _tick(until))
                if first < last:
                    yield first, last


def _tick(instant: datetime) -> int:
    return (instant - _EPOCH) // _TICK


def _instant(tick: int) -> datetime:
    return _EPOCH + timedelta(microseconds=tick)


def _of_day(wall: time) -> int:
    return ((wall.hour * 60 + wall.minute) * 60 + wall.second) * 1_000_000 + wall.microsecond


def _readings(wall: datetime) -> tuple[datetime, datetime]:
    """`wall` by the offset before and by the offset after a change of clocks: mostly one instant twice."""
    return wall.replace(fold=0).astimezone(UTC), wall.replace(fold=1).astimezone(UTC)


def _shown(wall: datetime) -> datetime:
    """The instant a clock shows `wall`; when clocks skip it, the instant they do so.

    The usual shift by the skipped hour would let a start before it end after a later start.
    """
    before, after = _readings(wall)
    if after < before:
        return _change(wall.tzinfo, after, before)
    return after if wall.fold else before


def _change(zone: tzinfo | None, low: datetime, high: datetime) -> datetime:
    """The instant in (`low`, `high`] at which the offset of `zone` changes; changes fall on whole seconds."""
    since, until = floor(low.timestamp()), ceil(high.timestamp())
    offset = low.astimezone(zone).utcoffset()
    while until - since > 1:
        middle = (since + until) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            since = middle
        else:
            until = middle
    return datetime.fromtimestamp(until, UTC)
