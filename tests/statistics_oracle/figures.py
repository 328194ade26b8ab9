"""Every number of the statistics, counted from lives of cases one after the other. Slow and plain on purpose.

Written from the design and the contract of the numbers, not from the program that counts them.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction

from tests.statistics_oracle.asked import Asked, Key
from tests.statistics_oracle.life import Life, Outcome, Span

ONE, NONE = Fraction(1), Fraction(0)
MICROSECOND = timedelta(microseconds=1)
COUNTS = {
    "received": ("request", "received"), "reported": ("issue", "reported"), "closed": ("issue", "closed"),
    "closed_requests": ("request", "closed"), "answered": ("request", "answered"),
    "diverted": ("request", "diverted"), "returned": ("issue", "returned"), "escalated": ("issue", "escalated"),
    "suspended": ("issue", "suspended"), "extended": ("issue", "extended"), "exempted": ("", "exempted"),
    "voided": ("issue", "voided"), "merged": ("issue", "merged"),
}  # fmt: skip
"""件数: case kind ("" for both) and kind of what is counted."""
RATIOS = {
    "filing_rate": ("issue", "filed", "reported"), "return_rate": ("issue", "returned", "assigned"),
    "rework_rate": ("issue", "rework", "resolved"), "redo_rate": ("issue", "redo", "resolved"),
    "repeat_rate": ("request", "repeat", "received"),
}  # fmt: skip
"""Of two kinds, each in the period of its own instant."""
SHARES: dict[str, tuple[str, str, Callable[[Outcome], bool]]] = {
    "found_in_grid": ("issue", "reported", lambda one: one.channel == "patrol"),
    "before_complaint": ("issue", "reported", lambda one: one.value == "patrol_first"),
    "solved_in_grid": ("issue", "closed", lambda one: one.value == "grid"),
    "solved_in_community": ("issue", "closed", lambda one: one.value in ("grid", "community")),
    "ping_pong": ("issue", "assigned", lambda one: one.value == "again"),
    "check_pass_rate": ("issue", "checked", lambda one: one.value == "passed"),
    "valid_call_back_rate": ("request", "called_back", lambda one: one.value == "valid"),
}
VOICES: dict[str, Callable[[Outcome, Asked], Fraction]] = {
    "response_rate": lambda one, asked: _response(one),
    "resolution_rate": lambda one, asked: _resolution(one, asked),
    "satisfaction_rate": lambda one, asked: _satisfaction(one, asked),
    "composite_score": lambda one, asked: (
        asked.response * _response(one)
        + asked.resolution * _resolution(one, asked)
        + asked.satisfaction * _satisfaction(one, asked)
    ),
}
CLOCKS = {f"on_time_{name}": f"clock:{name}" for name in (
    "dispatch", "accept", "contact", "feedback", "handle", "check", "call_back", "close",
)}  # fmt: skip
SPREADS = {
    "file_time": ("issue", "filed"), "dispatch_time": ("issue", "assigned"), "accept_time": ("issue", "accepted"),
    "handle_time": ("issue", "resolved"), "close_time": ("issue", "closed"), "request_time": ("request", "closed"),
}  # fmt: skip
HELD, BACKLOG = "time_held", "backlog"
MEDIAN, TENTH_FROM_TOP = Fraction(1, 2), Fraction(9, 10)
KINDS = {
    **{number: {kind} for number, (_, kind) in COUNTS.items()},
    **{number: {part, whole} for number, (_, part, whole) in RATIOS.items()},
    **{number: {kind} for number, (_, kind, _) in SHARES.items()},
    **{number: {"called_back"} for number in VOICES}, **{number: {kind} for number, kind in CLOCKS.items()},
    **{number: {kind} for number, (_, kind) in SPREADS.items()}, "overdue_open": {"clock:handle"},
    "due_soon": {"clock:handle"},
}  # fmt: skip
"""Of what kinds of outcome a number is told."""
NUMBERS = (*COUNTS, *RATIOS, *SHARES, *VOICES, *CLOCKS, "overdue_open", "due_soon", *SPREADS, HELD, BACKLOG)


@dataclass
class Figure:
    """One group: weighted facts over facts, those taken out, and whose they are. A case may stand there twice."""

    numerator: Fraction = NONE
    denominator: int = 0
    excluded: int = 0
    over: list[str] = field(default_factory=list)
    counted: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    seconds: array[int] = field(default_factory=lambda: array("q"))

    @property
    def share(self) -> Fraction | None:
        return self.numerator / self.denominator if self.denominator else None

    def add(self, other: Figure) -> None:
        """Another group beside this one."""
        self.numerator += other.numerator
        self.denominator += other.denominator
        self.excluded += other.excluded
        self.over += other.over
        self.counted += other.counted
        self.left_out += other.left_out
        self.seconds += other.seconds

    def percentile(self, part: Fraction) -> int | None:
        """The shortest time that at least this part of all keeps within."""
        ranked = sorted(self.seconds)
        return next((one for nth, one in enumerate(ranked, 1) if nth >= part * len(ranked)), None)

    @property
    def score(self) -> Fraction | None:
        """Points of 100, to one decimal, halves up."""
        if self.share is None:
            return None
        return Fraction((self.share * 1000 + Fraction(1, 2)).__floor__(), 10)


class Shelf:
    """Lives taken apart: outcomes that stand by their kinds, and spans, each with whose it is."""

    def __init__(self, lives: Iterable[Life]) -> None:
        self.outcomes: dict[str, list[tuple[Life, Outcome]]] = defaultdict(list)
        self.spans: list[tuple[Life, Span]] = []
        for life in lives:
            self.spans += [(life, span) for span in life.spans]
            for one in life.outcomes:
                if not one.withdrawn:
                    self.outcomes[one.kind].append((life, one))


class Tally:
    """The groups of one number as asked. Tell it lives in any order, some at a time; `naming` whose they are or not."""

    def __init__(self, number: str, asked: Asked, *, naming: bool = True) -> None:
        self.number, self.asked, self.naming = number, asked, naming
        self.periods = asked.periods() if "period" in asked.by else [(asked.start, asked.end)]
        self.groups: dict[Key, Figure] = {}

    def tell(self, lives: Iterable[Life] | Shelf) -> Tally:
        shelf = lives if isinstance(lives, Shelf) else Shelf(lives)
        if self.number in (HELD, BACKLOG):
            for life, span in shelf.spans:
                self._hold(life, span)
        for kind in KINDS.get(self.number, ()):
            for life, one in shelf.outcomes[kind]:
                if self._wants(one):
                    self._count(life, one)
        return self

    def pooled(self) -> Figure:
        """All groups together; of a backlog by period the last period alone, whatever was open before."""
        whole, groups = Figure(), self.groups
        if self.number == BACKLOG and "period" in self.asked.by:
            begun = [first.isoformat() for first, _ in self.periods if first < self.asked.moment]
            nth = self.asked.by.index("period")
            groups = {key: one for key, one in groups.items() if key[nth] == begun[-1]}
        for one in groups.values():
            whole.add(one)
        return whole

    def _add(self, figure: Figure, case: str, weight: Fraction, *, base: bool = True) -> None:
        figure.numerator += weight
        figure.denominator += base
        if self.naming:
            figure.counted += [case] if weight else []
            figure.over += [case] if base else []

    def _leave_out(self, figure: Figure, case: str) -> None:
        figure.excluded += 1
        figure.left_out += [case] if self.naming else []

    def _group(self, life: Life, fact: Outcome | Span, at: datetime) -> Figure:
        of = {"log": life.log, "place": fact.place, "unit": fact.unit, "category": fact.category}
        of["channel"] = fact.channel
        if isinstance(fact, Span):
            of["holder_kind"], _, of["stage"], of["level"], *_ = fact.held
        key = self.asked.key(of, self._period(at))
        if key not in self.groups:
            self.groups[key] = Figure()
        return self.groups[key]

    def _period(self, at: datetime) -> str:
        """The mark of the period an instant lies in: when it begins, within what is asked."""
        return next((begun.isoformat() for begun, end in self.periods if begun <= at < end), "")

    def _wants(self, one: Outcome) -> bool:
        asked = self.asked
        if not asked.wants(one.place, one.unit, one.category, one.channel):
            return False
        if self.number == "due_soon":
            return asked.moment <= one.at < asked.moment + timedelta(hours=asked.soon_hours)
        if self.number in CLOCKS or self.number == "overdue_open":
            return asked.start <= one.at < min(asked.end, asked.moment)
        return asked.start <= one.at < asked.end

    def _count(self, life: Life, one: Outcome) -> None:
        number = self.number
        if number in COUNTS:
            case_kind, kind = COUNTS[number]
            if one.kind == kind and case_kind in ("", life.case_kind):
                self._add(self._group(life, one, one.at), life.id, ONE, base=False)
        elif number in RATIOS:
            case_kind, part, whole = RATIOS[number]
            if life.case_kind == case_kind and one.kind in (part, whole):
                weight = ONE if one.kind == part else NONE
                self._add(self._group(life, one, one.at), life.id, weight, base=one.kind == whole)
        elif number in SHARES:
            case_kind, kind, is_counted = SHARES[number]
            if life.case_kind == case_kind and one.kind == kind:
                self._add(self._group(life, one, one.at), life.id, ONE if is_counted(one) else NONE)
        elif number in SPREADS:
            self._time(life, one)
        elif number in VOICES:
            self._say(life, one)
        else:
            self._fall_due(life, one)

    def _time(self, life: Life, one: Outcome) -> None:
        case_kind, kind = SPREADS[self.number]
        if life.case_kind == case_kind and one.kind == kind and one.seconds is not None:
            figure = self._group(life, one, one.at)
            self._add(figure, life.id, ONE)
            figure.seconds.append(one.seconds)

    def _say(self, life: Life, one: Outcome) -> None:
        if one.kind != "called_back" or one.value != "valid":
            return
        figure = self._group(life, one, one.at)
        if life.exempt or one.channel in self.asked.without:
            self._leave_out(figure, life.id)
        else:
            self._add(figure, life.id, VOICES[self.number](one, self.asked))

    def _fall_due(self, life: Life, one: Outcome) -> None:
        kind = CLOCKS.get(self.number, "clock:handle")
        if one.kind != kind or (self.number not in CLOCKS and one.done_at is not None):
            return
        figure = self._group(life, one, one.at)
        if life.exempt:
            self._leave_out(figure, life.id)
        elif self.number in CLOCKS:
            self._add(figure, life.id, ONE if one.done_at is not None and one.done_at <= one.at else NONE)
        else:
            self._add(figure, life.id, ONE, base=False)

    def _hold(self, life: Life, span: Span) -> None:
        asked = self.asked
        if not asked.wants(span.place, span.unit, span.category, span.channel):
            return
        for begun, end in self.periods:
            if begun > (span.ended_at or begun) or end <= span.started_at:
                continue
            if self.number == BACKLOG:
                at = min(end, asked.moment)
                if begun < asked.moment and span.started_at < at and (span.ended_at is None or span.ended_at >= at):
                    self._add(self._group(life, span, begun), life.id, ONE, base=False)
                continue
            since = max(span.started_at, begun)
            until = min(end, asked.moment, span.ended_at or asked.moment)
            if since < until:
                self._add(self._group(life, span, begun), life.id, Fraction((until - since) // MICROSECOND, 10**6))


def _response(one: Outcome) -> Fraction:
    return ONE if one.contacted else NONE


def _resolution(one: Outcome, asked: Asked) -> Fraction:
    return {"solved": ONE, "partly": asked.partly}.get(one.solved or "", NONE)


def _satisfaction(one: Outcome, asked: Asked) -> Fraction:
    return {"satisfied": ONE, "basically": asked.basically}.get(one.satisfaction or "", NONE)
