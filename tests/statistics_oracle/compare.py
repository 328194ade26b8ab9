"""Number by number, group by group, case by case: what the program answers beside what was counted from the events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from statistics import fmean

from application.statistics.answers import Group
from tests.statistics_oracle.asked import Asked
from tests.statistics_oracle.asking import Answered, Desk
from tests.statistics_oracle.figures import (
    BACKLOG,
    COUNTS,
    HELD,
    MEDIAN,
    NUMBERS,
    SPREADS,
    TENTH_FROM_TOP,
    Figure,
    Shelf,
    Tally,
)
from tests.statistics_oracle.life import Life

NO_BASE = {*COUNTS, "overdue_open", "due_soon", BACKLOG}
"""Numbers that are not over anything."""
OF_SPANS = {"holder_kind", "stage", "level"}
"""By these, time held and the backlog alone are grouped."""
BESIDE = ("response_rate", "resolution_rate", "satisfaction_rate", "composite_score", "overdue_open", "due_soon")
Counted = tuple[float, int | None, int, float | None]
"""Numerator, denominator, excluded, value."""


@dataclass
class Verdict:
    """How many figures and lists of a number were looked at, and where the two part."""

    number: str
    looked_at: int = 0
    apart: list[str] = field(default_factory=list)

    def look(self, what: str, ours: object, theirs: object) -> None:
        self.looked_at += 1
        if ours != theirs:
            self.apart.append(f"{self.number} {what}: counted {ours}, answered {theirs}")


class Question:
    """One question to one number, counted from lives that are told some at a time; with `lists` whose they are too."""

    def __init__(self, number: str, asked: Asked, *, lists: bool = True) -> None:
        self.number, self.asked, self.lists = number, asked, lists
        self.grouped = Tally(number, asked, naming=lists)
        # A span that lasts over several periods is one span all the same.
        self.spans = Tally(number, _ungrouped(asked), naming=lists) if number == HELD and asked.by else None

    def tell(self, shelf: Shelf) -> None:
        self.grouped.tell(shelf)
        if self.spans:
            self.spans.tell(shelf)

    async def compare(self, desk: Desk, verdict: Verdict) -> None:
        """Lay the answers beside what was counted."""
        answered = await desk.number(self.number, self.asked)
        whole = (self.spans or self.grouped).pooled()
        self._figures(whole, answered, verdict)
        if not self.lists:
            return
        for part, cases in self._parts(whole):
            theirs = await desk.cases(self.number, self.asked, part, None)
            verdict.look(f"{self.asked.by} {part}", cases, theirs)
        if self.asked.by and self.grouped.groups:
            key = sorted(self.grouped.groups)[len(self.grouped.groups) // 2]
            for part, cases in self._parts(self.grouped.groups[key]):
                theirs = await desk.cases(self.number, self.asked, part, key)
                verdict.look(f"{self.asked.by} {key} {part}", cases, theirs)

    def _figures(self, whole: Figure, answered: Answered, verdict: Verdict) -> None:
        by = self.asked.by
        verdict.look(f"{by} pooled", self._counted(whole), _answered(answered.pooled))
        if not by:
            return
        ours = {key: self._counted(one) for key, one in self.grouped.groups.items()}
        theirs = {key: _answered(one) for key, one in answered.groups.items()}
        for key in sorted({*ours, *theirs}):
            verdict.look(f"{by} {key}", ours.get(key), theirs.get(key))
        values = [value for *_, value in ours.values() if value is not None]
        mean = fmean(values) if values else None
        verdict.look(f"{by} mean", _near(mean), _near(answered.mean))
        if self.number in SPREADS:
            tails = {key: one.percentile(TENTH_FROM_TOP) for key, one in self.grouped.groups.items()}
            verdict.look(
                f"{by} p90", tails, {key: one.spread and one.spread.p90 for key, one in answered.groups.items()}
            )

    def _counted(self, one: Figure) -> Counted:
        if self.number in SPREADS:
            median = one.percentile(MEDIAN)
            return float(sum(one.seconds)), len(one.seconds), 0, None if median is None else float(median)
        if self.number in NO_BASE:
            return float(one.numerator), None, one.excluded, float(one.numerator)
        if self.number == HELD:
            value = float(one.numerator) if one.denominator else None
        else:
            share = one.score if self.number == "composite_score" else one.share
            value = None if share is None else float(share)
        return float(one.numerator), one.denominator, one.excluded, value

    def _parts(self, one: Figure) -> Iterator[tuple[str, Counter[str]]]:
        yield "numerator", Counter(one.counted)
        if self.number not in NO_BASE:
            yield "denominator", Counter(one.over)
        if self.number in BESIDE or self.number.startswith("on_time_"):
            yield "excluded", Counter(one.left_out)


def fits(number: str, asked: Asked) -> bool:
    """Whether a number can be grouped so: what looks ahead of the moment looks at no period."""
    if number == "due_soon":
        return not {"period", *OF_SPANS} & {*asked.by}
    return number in (HELD, BACKLOG) or not OF_SPANS & {*asked.by}


def questions(askings: Iterable[Asked], *, numbers: Iterable[str] = NUMBERS, lists: bool = True) -> list[Question]:
    """Every number as asked each time, where it can be asked so."""
    pairs = product(askings, tuple(numbers))
    return [Question(number, asked, lists=lists) for asked, number in pairs if fits(number, asked)]


async def compare(desk: Desk, lives: Sequence[Life], asked: Iterable[Question]) -> list[Verdict]:
    """The answers to all questions, over lives that are known at the desk's bound."""
    verdicts: dict[str, Verdict] = {}
    shelf = Shelf(lives)
    for question in asked:
        question.tell(shelf)
        await question.compare(desk, verdicts.setdefault(question.number, Verdict(question.number)))
    return list(verdicts.values())


def _ungrouped(asked: Asked) -> Asked:
    return Asked(**{**vars(asked), "by": ()})


def _answered(one: Group) -> Counted:
    return one.numerator, one.denominator, one.excluded, one.value


def _near(value: float | None) -> float | None:
    """The mean adds in some order; the last digits are not the matter."""
    return None if value is None else round(value, 9)
