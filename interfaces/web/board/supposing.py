"""Supposing 假如: what other weights, limits or another calendar would have made of the same history.

It stands beside the truth, never in its place, and holds of the positions at which it was asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from application.duty_report import name_of as registered
from application.statistics.what_if import (
    MAY_SUPPOSE,
    ChangedRun,
    JobState,
    Supposition,
    Weights,
    WhatIfJob,
    WhatIfQuestion,
)
from domain.limit_stages import LimitStage
from domain.rates import RatePolicy
from domain.registry.calendar import Calendar
from domain.registry.limit_rules import LimitRules
from interfaces.web import telling
from interfaces.web.board.due import place_name
from interfaces.web.board.glance import Glance

MOST = 200
CHANGED_PAGE = 50
_RATES = {"response": "响应率", "resolution": "解决率", "satisfaction": "满意率"}


@dataclass(frozen=True)
class Compared:
    """A figure as it is and as it would be."""

    name: str
    then: str
    now: str
    change: str


@dataclass(frozen=True)
class Climb:
    """A group that would stand elsewhere in the ranking."""

    name: str
    then: int
    now: int


@dataclass(frozen=True)
class Result:
    """What a job found."""

    figures: Sequence[Compared]
    unchanged: Sequence[Compared]
    climbs: Sequence[Climb]
    cases: int
    newly_late: int
    no_longer_late: int


@dataclass(frozen=True)
class Supposing:
    """The form's choices, and the job that stands beside the truth."""

    may: bool
    editions: Sequence[tuple[str, str]]
    calendars: Sequence[tuple[str, str]]
    basically_satisfied: float
    partly_solved: float
    job: WhatIfJob | None = None
    said: str = ""
    result: Result | None = None

    @property
    def running(self) -> bool:
        """Whether the job is not over yet."""
        return self.job is not None and self.job.state in {JobState.WAITING, JobState.RUNNING}


async def supposing(look: Glance) -> Supposing:
    """Refuses `NoSuchWhatIf` for a job of somebody else."""
    registry, rates = look.services.registry, look.policy.rates
    editions = registry.entries(LimitRules, lambda _: True, limit=MOST)
    calendars = registry.entries(Calendar, lambda _: True, limit=MOST)
    job = None if look.at.job is None else await look.services.what_ifs.find(look.actor, look.at.job)
    return Supposing(
        bool(look.actor.roles & set(MAY_SUPPOSE)), [(one.code, one.name) for one in editions],
        [(one.code, one.name) for one in calendars], float(rates.basically_satisfied), float(rates.partly_solved), job,
        "" if job is None else said(look, job), None if job is None or job.result is None else told(job.result),
    )  # fmt: skip


def question(look: Glance, *, limits: str, calendar: str, basically: float, partly: float) -> WhatIfQuestion:
    """What the form asks about the board's period and filter. Weights that are as they are suppose nothing."""
    at, rates = look.at, look.policy.rates
    same = _same(rates, basically, partly)
    weights = None if same else Weights(str(basically), str(partly))
    return WhatIfQuestion(
        look.period.start, look.period.end, Supposition(limits, 0, calendar, weights), street=at.street, unit=at.unit,
        category=at.category, channel=at.channel,
    )  # fmt: skip


def _same(rates: RatePolicy, basically: float, partly: float) -> bool:
    return (basically, partly) == (float(rates.basically_satisfied), float(rates.partly_solved))


def said(look: Glance, job: WhatIfJob) -> str:
    """What is supposed, in words."""
    supposed, registry, parts = job.question.supposed, look.services.registry, []
    if supposed.weights:
        parts.append(
            f"基本满意计 {float(supposed.weights.basically_satisfied):g}、"
            f"部分解决计 {float(supposed.weights.partly_solved):g}"
        )
    if supposed.limits:
        parts.append(f"时限按“{registered(lambda code: registry.find(LimitRules, code), supposed.limits)}”")
    if supposed.calendar:
        parts.append(f"日历用“{registered(lambda code: registry.find(Calendar, code), supposed.calendar)}”")
    return "，".join(parts)


def told(result: Mapping[str, Any]) -> Result:
    """The answer of a job, as `application.statistics.what_if_tally` tells it, in words."""
    figures, climbs = [], []
    if result["weights"]:
        pooled = result["weights"]["pooled"]
        figures += [_compared(name, pooled["then"][key], pooled["now"][key]) for key, name in _RATES.items()]
        climbs += _climbs(result["weights"]["street"])
    figures += [
        _compared(f"按期{LimitStage(row['clock']).label}率", row["then"]["rate"], row["now"]["rate"])
        for row in result["clocks"]
    ]  # fmt: skip
    climbs += _climbs([row for row in result["groups"]["street"] if row["clock"] == LimitStage.CASE.value])
    changed = [one for one in figures if one.then != one.now]
    unchanged = [one for one in figures if one.then == one.now]
    return Result(changed, unchanged, climbs, result["cases"], result["newly_late"], result["no_longer_late"])


def _compared(name: str, then: float | None, now: float | None) -> Compared:
    change = "" if then is None or now is None else f"{(now - then) * 100:+.1f}"
    return Compared(name, telling.percent(then), telling.percent(now), change)


def _climbs(rows: Sequence[Mapping[str, Any]]) -> list[Climb]:
    moved = [row for row in rows if row["key"] and row["rank_then"] and row["rank_now"] != row["rank_then"]]
    return [Climb(row["name"], row["rank_then"], row["rank_now"]) for row in moved if row["rank_now"]]


@dataclass(frozen=True)
class ChangedCase:
    """A limit that would go otherwise."""

    address: str
    clock: str
    unit: str
    place: str
    then: str
    now: str
    verdict: str


async def changed_cases(look: Glance, *, late: bool, after: int) -> tuple[list[ChangedCase], int | None]:
    """A page of those that would be late, or late no longer, and where the next begins. Refuses `NoSuchWhatIf`."""
    if look.at.job is None:
        return [], None
    found = await look.services.what_ifs.changed(
        look.actor, look.at.job, late_now=late, clock=None, after=after, limit=CHANGED_PAGE + 1
    )  # fmt: skip
    rows = [_changed(look, row) for row in found[:CHANGED_PAGE]]
    return rows, found[CHANGED_PAGE - 1].nth if len(found) > CHANGED_PAGE else None


def _changed(look: Glance, row: ChangedRun) -> ChangedCase:
    words = {True: "超期", False: "按期", None: "未到期"}
    return ChangedCase(
        f"/issues/{row.case_id}", LimitStage(row.clock).label, registered(look.services.registry.unit, row.unit),
        place_name(look, row.place), telling.moment(row.due_then) or "没有此时限",
        telling.moment(row.due_now) or "没有此时限", f"{words[row.late_then]} → {words[row.late_now]}",
    )  # fmt: skip
