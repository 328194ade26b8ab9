"""What people are shown of whistles 吹哨报到, and the questions one may ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Arrival:
    """报到: when a called unit came, and whether that was late."""

    at: datetime
    late: bool


@dataclass(frozen=True)
class UnitRating:
    """街道评部门: 1 to 5 stars, remarks by code, and why."""

    stars: int
    remarks: list[str]
    why: str


@dataclass(frozen=True)
class WhistleVerdict:
    """部门评哨: whether the whistle was justified, and why."""

    justified: bool
    why: str


@dataclass(frozen=True)
class WhistleView:
    """吹哨 on the board. Arrivals, ratings and verdicts are by unit; `awaited` are called units with a step to do."""

    log_id: str
    id: UUID
    number: int
    version: int
    stage: str
    issue: UUID
    grid: str
    caller: str
    occasion: str
    about: str
    called: list[str]
    awaited: list[str]
    caller_awaited: bool
    late: list[str]
    absent: list[str]
    arrivals: dict[str, Arrival]
    ratings: dict[str, UnitRating]
    verdicts: dict[str, WhistleVerdict]
    blown_by: str
    blown_at: datetime
    due: datetime
    ended_at: datetime | None
    measure: str | None
    changed_at: datetime


@dataclass(frozen=True)
class WhistleQuestion:
    """What is asked of the whistles. Empty means whatever.

    `late` asks for those to which somebody came late, or not at all, or is late now.
    """

    issue: UUID | None = None
    called: str | None = None
    caller: str | None = None
    stages: Sequence[str] = ()
    late: bool | None = None
    limit: int = 50
    after: tuple[datetime, UUID] | None = field(default=None)
