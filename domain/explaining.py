"""时限说明: why a limit is due when it is, as spans of time with their reasons and as one Chinese sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from domain.almanac import Grain, Reason, Span, almanac
from domain.clock import Clock
from domain.counting import uncounted
from domain.limit_sentence import sentence
from domain.measuring import run_since
from domain.pauses import Pause
from domain.workdays import WorkCalendar

FINE = timedelta(days=4)
COARSE = timedelta(days=200)
MOST_SPANS = 200
"""Of the spans between pauses; beyond it they are told by the year."""
_NONE = timedelta()


@dataclass(frozen=True, slots=True)
class Explanation:
    """The spans lie without gap from the start to the due instant; what is counted in them is the whole limit."""

    sentence: str
    spans: list[Span]


def explain(clock: Clock) -> Explanation:
    """Tell how `clock` comes to its due instant; while a pause lasts, up to that."""
    due, spans = clock.due, list[Span]()
    end = due or clock.rests[-1].start
    grain = _grain(end - clock.start)
    cursor = clock.start
    for start, until, reason, number in _holes(clock):
        if due is not None and start >= end:
            break
        spans += _running(clock, cursor, start, grain)
        spans.append(Span(start, until, _NONE, reason, number))
        cursor = until or start
    spans += _running(clock, cursor, end, grain)
    if len(spans) > MOST_SPANS:
        spans = _by_year(spans, clock.calendar)
    return Explanation(sentence(clock, spans), spans)


def _grain(length: timedelta) -> Grain:
    if length <= FINE:
        return Grain.PERIODS
    return Grain.DAYS if length <= COARSE else Grain.WEEKS


def _running(clock: Clock, since: datetime, until: datetime, grain: Grain) -> list[Span]:
    if since >= until:
        return []
    unit, calendar = clock.limit.unit, clock.calendar
    if unit.on_workdays:
        return almanac(calendar).spans(since, until, grain)
    run = run_since(clock.start, until, unit, calendar) - run_since(clock.start, since, unit, calendar)
    return [Span(since, until, run, Reason.ALL_TIME)]


def _holes(clock: Clock) -> Iterator[tuple[datetime, datetime | None, Reason, int]]:
    """What stands and does not count, ascending; a pause before the reasons that a day has."""
    if clock.days is None:
        for number, rest in enumerate(clock.rests, 1):
            yield rest.start, rest.end, Reason.PAUSE, number
        return
    first, *last = uncounted(clock.days, clock.start, clock.limit.unit, clock.calendar)
    found = [(rest.start, rest.end, Reason.PAUSE, n) for n, rest in enumerate(clock.rests, 1)]
    found += [(one.start, one.end, Reason.FIRST_DAY, 0) for one in _outside([first], clock.rests)]
    found += [(one.start, one.end, Reason.REST_DAYS_LAST, 0) for one in _outside(last, clock.rests)]
    yield from sorted(found, key=lambda hole: hole[0])


def _outside(pauses: Iterable[Pause], others: Sequence[Pause]) -> Iterator[Pause]:
    """What of `pauses` lies outside `others`, which are merged."""
    for pause in pauses:
        cursor, end = pause.start, pause.end or pause.start
        for other in others:
            if other.start >= end:
                break
            if cursor < other.start:
                yield Pause(cursor, other.start)
            cursor = max(cursor, other.end or end)
        if cursor < end:
            yield Pause(cursor, end)


def _by_year(spans: Sequence[Span], calendar: WorkCalendar) -> list[Span]:
    """Pauses as they are, all else joined within a calendar year."""
    found: list[Span] = []
    for (_, paused), group in groupby(
        spans, key=lambda span: (calendar.local(span.start).year, span.pause or span.reason is Reason.FIRST_DAY)
    ):
        part = list(group)
        if paused:
            found += part
            continue
        counted = sum((span.counted for span in part), _NONE)
        reason = Reason.WORKING_YEAR if len(part) > 1 else part[0].reason
        found.append(Span(part[0].start, part[-1].end, counted, reason))
    return found
