"""Ribbon 时限带: a clock as a strip of days. A pure layout of the explanation's spans; no rule of counting here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

from domain.almanac import Grain, Reason, Span, almanac
from domain.case_clocks import CaseClock
from domain.explaining import Explanation
from interfaces.web.case.strip import DAY, Scale, Strip, Tick

KINDS = {
    Reason.WORKED_REST_DAY: "worked", Reason.UNPUBLISHED: "doubtful", Reason.OUTSIDE: "night",
    Reason.WEEKEND: "weekend", Reason.HOLIDAY: "holiday", Reason.PAUSE: "pause", Reason.FIRST_DAY: "night",
    Reason.REST_DAYS_LAST: "holiday",
}  # fmt: skip
SIGNS = {"worked": "班", "holiday": "休", "pause": "停"}


@dataclass(frozen=True)
class Piece:
    """A stretch of the strip, in percent; `number` is its span's in the list under the ribbon, 0 for none.

    `kind`: counted, extended, worked, doubtful, night, weekend, holiday, pause, late.
    """

    left: float
    width: float
    kind: str
    number: int


@dataclass(frozen=True)
class Sign:
    """A letter over a stretch: 班 over a worked rest day, 休 over a holiday, 停 over a pause."""

    left: float
    kind: str

    @property
    def letter(self) -> str:
        return SIGNS[self.kind]


@dataclass(frozen=True)
class Mark:
    """A line across the strip with a word: due 到期, first 原到期, now 现在, stop 停止.

    `beyond`: the instant lies farther on than the strip reaches.
    """

    left: float
    kind: str
    at: datetime
    beyond: bool = False

    @property
    def anchor(self) -> str:
        """Which side of the line the word is on, so that it stays on the strip."""
        return "start" if self.left < 22 else "end" if self.left > 78 else "middle"


@dataclass(frozen=True)
class Row:
    """A span of the list under the ribbon. Of kind `extended` is what counts on what extensions gave.

    `sign`: the kind that has a letter, "" for none; a worked rest day keeps it whatever it counts on.
    """

    number: int
    start: datetime
    end: datetime | None
    counted: timedelta
    kind: str
    label: str
    sign: str = ""
    why: str = ""


@dataclass(frozen=True)
class Ribbon:
    """The strip of one clock. `run` is how far it has run, in percent."""

    scale: str
    pieces: list[Piece]
    signs: list[Sign]
    ticks: list[Tick]
    edges: list[float]
    marks: list[Mark]
    rows: list[Row]
    run: tuple[float, float]


def ribbon(
    clock: CaseClock, explanation: Explanation, at: datetime, reasons: Mapping[datetime, str] | None = None
) -> Ribbon:  # fmt: skip
    """The ribbon of `clock` at `at`. `reasons` tell of instants from which it stood why it did."""
    stands = clock.stopped_at is not None and not clock.over
    shown_at = min(at, clock.stopped_at or at)
    now = shown_at if clock.over else at
    last = max(clock.due, *(span.end or span.start for span in explanation.spans[-1:]))
    strip = Strip.over(clock.start, max(last, clock.stopped_at or last) if stands else last, now, clock.calendar.local)
    rows = _rows(clock, explanation.spans, reasons or {})
    if clock.stopped_at and stands:
        told = (reasons or {}).get(clock.stopped_at, "")
        rows.append(Row(len(rows) + 1, clock.stopped_at, None, timedelta(), "pause", "暂停中", "pause", told))
    pieces = list(chain.from_iterable(_pieces(row, strip, clock, at) for row in rows))
    if clock.is_late(at):
        pieces.append(_piece(strip, clock.due, shown_at, "late", 0))
    return Ribbon(
        scale=strip.scale.code, pieces=_joined(pieces), signs=_signs(rows, strip, at), ticks=strip.ticks(),
        edges=strip.edges(), marks=list(_marks(clock, strip, at)), rows=rows,
        run=(strip.at(clock.start), strip.at(shown_at)),
    )  # fmt: skip


def _rows(clock: CaseClock, spans: Iterable[Span], reasons: Mapping[datetime, str]) -> list[Row]:
    """The spans, cut where the limit as first given would have ended; what counts after that is the extensions'."""
    ends = _without_extensions(clock)
    found: list[Row] = []
    for span in _cut(spans, ends, clock):
        kind = KINDS.get(span.reason, "counted")
        sign = kind if kind in SIGNS else ""
        if ends and span.reason.counts and span.start >= ends:
            kind = "extended"
        why = reasons.get(span.start, "") if span.pause else ""
        label = f"{span.label}（延期）" if kind == "extended" else span.label
        found.append(Row(len(found) + 1, span.start, span.end, span.counted, kind, label, sign, why))
    return found


def _without_extensions(clock: CaseClock) -> datetime | None:
    return replace(clock.as_measured, extended=0).due if clock.added else None


def _cut(spans: Iterable[Span], at: datetime | None, clock: CaseClock) -> Iterator[Span]:
    measured = clock.as_measured
    for span in spans:
        if at is None or span.end is None or not span.start < at < span.end or not span.reason.counts:
            yield span
            continue
        before = measured.used(at) - measured.used(span.start)
        yield span._replace(end=at, counted=before)
        yield span._replace(start=at, counted=span.counted - before)


def _pieces(row: Row, strip: Strip, clock: CaseClock, at: datetime) -> Iterator[Piece]:
    """A row on the strip. Where days are wide enough, joined workdays show their nights."""
    end = row.end or max(at, row.start)
    joined = row.counted and row.counted < end - row.start and clock.limit.unit.on_workdays
    if joined and strip.scale not in (Scale.WEEKS, Scale.MONTHS):
        for part in almanac(clock.calendar).spans(row.start, end, Grain.PERIODS):
            kind = row.kind if part.reason.counts else KINDS[part.reason]
            yield _piece(strip, part.start, part.end or end, kind, row.number)
    else:
        yield _piece(strip, row.start, end, row.kind, row.number)


def _piece(strip: Strip, start: datetime, end: datetime, kind: str, number: int) -> Piece:
    left, right = strip.at(start), strip.at(end)
    return Piece(left, round(right - left, 4), kind, number)


def _signs(rows: Iterable[Row], strip: Strip, at: datetime) -> list[Sign]:
    """One over each worked rest day, and one over all else that has a letter."""
    found: dict[tuple[float, str], Sign] = {}
    for row in rows:
        if not row.sign:
            continue
        end = row.end or max(at, row.start)
        middles = [row.start + (end - row.start) / 2]
        if row.sign == "worked":
            first = strip.local(row.start).replace(hour=12, minute=0, second=0, microsecond=0)
            middles = [first + n * DAY for n in range(max(1, round((end - row.start) / DAY)))]
        for middle in middles:
            left = strip.at(middle)
            found[left, row.sign] = Sign(left, row.sign)
    return list(found.values())


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """What has a width; neighbours of one row and kind as one."""
    found: list[Piece] = []
    for one in pieces:
        if one.width <= 0:
            continue
        last = found[-1] if found else None
        if last and (last.kind, last.number) == (one.kind, one.number) and last.left + last.width == one.left:
            found[-1] = replace(last, width=round(last.width + one.width, 4))
        else:
            found.append(one)
    return found


def _marks(clock: CaseClock, strip: Strip, at: datetime) -> Iterator[Mark]:
    first = _without_extensions(clock)
    if first and strip.holds(first):
        yield Mark(strip.at(first), "first", first)
    yield Mark(strip.at(clock.due), "due", clock.due)
    if clock.over:
        if clock.stopped_at and clock.stopped_at >= clock.start:
            yield Mark(strip.at(clock.stopped_at), "stop", clock.stopped_at, clock.stopped_at > strip.end)
        return
    yield Mark(strip.at(at), "now", at, at > strip.end)
