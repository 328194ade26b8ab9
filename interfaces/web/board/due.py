"""Due 到期: what falls due today and tomorrow, and what is late: first what can still be saved, each with why."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from application.clock_views import ExplainedClock, explained_clocks_of
from application.duty_report import name_of as registered
from application.statistics.answers import CountedCase
from domain.case_clocks import Clocked, ClockName
from domain.registry.case_type_key import class_key
from domain.statistics.clock_numbers import DUE_SOON, OVERDUE_OPEN
from domain.statistics.number import Part
from interfaces.web.board.figures import cases
from interfaces.web.board.glance import LATE_SINCE, Glance

SHOWN = 8


@dataclass(frozen=True)
class DueCase:
    """A case whose handling limit runs out or has. `left` is time that counts, empty at a past moment."""

    id: UUID
    address: str
    category: str
    place: str
    unit: str
    due: datetime
    left: str = ""
    why: str = ""


@dataclass(frozen=True)
class Due:
    """Two lists with how many there are in all."""

    soon: Sequence[DueCase]
    soon_count: int
    soon_cases: str
    late: Sequence[DueCase]
    late_count: int
    late_cases: str
    late_days: int = field(default=LATE_SINCE.days)


async def due(look: Glance) -> Due:
    """Of what is late the latest first: it is the least late."""
    soon_count, late_count, soon, late = await asyncio.gather(
        look.number(DUE_SOON.id), look.number(OVERDUE_OPEN.id),
        look.services.glances.soonest(
            look.actor, DUE_SOON.id, look.about_number(DUE_SOON.id), bound=look.bound, policy=look.policy.rates,
            limit=SHOWN,
        ),
        look.cases(OVERDUE_OPEN.id, Part.NUMERATOR, limit=SHOWN),
    )  # fmt: skip
    shown = await _told(look, [*soon, *late])
    return Due(
        shown[: len(soon)], int(soon_count.pooled.numerator), cases(look.at, DUE_SOON.id, Part.NUMERATOR),
        shown[len(soon) :], int(late_count.pooled.numerator), cases(look.at, OVERDUE_OPEN.id, Part.NUMERATOR),
    )  # fmt: skip


async def _told(look: Glance, rows: Sequence[CountedCase]) -> list[DueCase]:
    """The rows in words. What a clock says and why is known of the present alone."""
    services = look.services
    found = {}
    if not look.bound.past and rows:
        found = await services.case_clocks.of({row.log_id for row in rows}, [row.case_id for row in rows])
    told = []
    for row in rows:
        clock = _clock(look, found.get(row.case_id), row.at)
        told.append(
            DueCase(
                row.case_id, f"/issues/{row.case_id}",
                registered(services.registry.case_type, class_key(row.category)) if row.category else "未分类",
                place_name(look, row.place), registered(services.registry.unit, row.unit) if row.unit else "未派遣",
                row.at, clock.left_text if clock else "", clock.why if clock else "",
            )
        )  # fmt: skip
    return told


def _clock(look: Glance, issue: Clocked | None, due: datetime) -> ExplainedClock | None:
    """The clock that runs out, if it still stands as it was counted."""
    clocks = explained_clocks_of(issue, look.services.timers.calendar_of, look.now) if issue else []
    return next((one for one in clocks if one.name == ClockName.LEAD.value and one.due == due), None)


def place_name(look: Glance, place: str) -> str:
    """What a place of any size is called, with the street or community it lies in."""
    registry = look.services.registry
    if len(place) < 15:
        return registered(registry.division, place) if place else "未落到网格"
    return f"{registered(registry.division, place[:12])} {registered(registry.grid, place)}"
