"""A year of cases in one district, in the order they were recorded; the same for the same seed."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import datetime
from random import Random

from application.issues import Issues
from application.synthetic.arrivals import END, arrivals
from application.synthetic.lives import live
from application.synthetic.strand import Made, Setting, Strand, YearOver
from application.synthetic.town import SIZES, district
from application.timers import IssueTimers


def shares(cases: int) -> dict[str, int]:
    """How many of `cases` happen in each district; the first takes what rounding leaves."""
    counts = {code: int(cases * share) for code, (_, share) in SIZES.items()}
    first = next(iter(counts))
    counts[first] += cases - sum(counts.values())
    return counts


def year(issues: Issues, code: str, cases: int, seed: int) -> Iterator[Made]:
    """What `cases` requests and issues of a district recorded: some are still open at the end of the year.

    Memory is what goes on at a time takes, however many there are before.
    """
    waiting: list[tuple[datetime, int, Made]] = []
    nth = 0
    for began, strand in _strands(issues, code, cases, seed):
        for one in strand.made:
            nth += 1
            heapq.heappush(waiting, (one.recorded_at, nth, one))
        while waiting[0][0] < began:
            yield heapq.heappop(waiting)[2]
    while waiting:
        yield heapq.heappop(waiting)[2]


def _strands(issues: Issues, code: str, cases: int, seed: int) -> Iterator[tuple[datetime, Strand]]:
    """Each lived to its end or the year's, in the order they begin, with when that is."""
    setting = Setting(issues, IssueTimers(issues), district(code), END)
    chance = Random(f"{seed} {code}")  # noqa: S311 - makes cases up, guards nothing
    when, done = arrivals(issues.calendar.is_workday), 0
    while done < cases:
        began = when.at((done + chance.random()) / cases)
        strand = Strand(setting, chance, began)
        try:
            live(strand, cases - done)
        except YearOver:
            pass  # no error: a case the year's end cuts off stays open, with what was made of it
        else:
            strand.settle(END)
        if strand.made:
            done += len(strand.issues) + len(strand.requests)
            yield began, strand
