"""Held 用时: where time goes: who held cases at which stage for how long, how long steps took, what went back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from application.statistics.answers import Answer
from application.statistics.filter import Dimension
from application.statistics.naming import HOLDERS, STAGES
from domain.statistics.numbers import NUMBERS
from interfaces.web import telling
from interfaces.web.board.figures import NOTHING, Cell, about, cell, name_of
from interfaces.web.board.glance import Glance

STEPS = ("file_time", "dispatch_time", "accept_time", "handle_time", "close_time", "request_time")
BACK = ("return_rate", "ping_pong", "rework_rate", "redo_rate")
DAY = 86_400.0


@dataclass(frozen=True)
class Part:
    """What holders of one kind held at one stage."""

    holder: str
    name: str
    days: float
    cell: Cell


@dataclass(frozen=True)
class Stage:
    """A stage of cases with all who held it, in days."""

    name: str
    days: float
    words: str
    parts: Sequence[Part]


@dataclass(frozen=True)
class Step:
    """How long a step took."""

    number: str
    name: str
    about: str
    median: str
    p90: str
    median_days: float | None
    p90_days: float | None
    n: int
    cell: Cell


@dataclass(frozen=True)
class Held:
    """Stages in the order of a case's life, steps, and what came back."""

    stages: Sequence[Stage]
    steps: Sequence[Step]
    back: Sequence[tuple[str, str, Cell]]


async def held(look: Glance) -> Held:
    """Nothing that lies ahead has been held."""
    spans, *rest = await asyncio.gather(
        look.number("time_held", Dimension.STAGE, Dimension.HOLDER_KIND),
        *(look.number(number) for number in (*STEPS, *BACK)),
    )
    steps = [_step(look, answer) for answer in rest[: len(STEPS)]]
    back = [
        (name_of(answer.number), about(NUMBERS[answer.number]), cell(answer.number, answer.pooled, look.at))
        for answer in rest[len(STEPS) :]
    ]  # fmt: skip
    return Held(_stages(look, spans), steps, back)


def _stages(look: Glance, answer: Answer) -> list[Stage]:
    order = {stage: nth for nth, stage in enumerate(STAGES)}
    found: dict[str, list[Part]] = {}
    for one in answer.groups:
        told_as = cell("time_held", one, look.at, "stage", "holder_kind")
        part = Part(one.then_key or "", HOLDERS.get(one.then_key or "", ""), one.numerator / DAY, told_as)
        found.setdefault(one.key, []).append(part)
    stages = []
    for key in sorted(found, key=lambda one: order.get(one, len(order))):
        days = sum(part.days for part in found[key])
        stages.append(Stage(STAGES.get(key, key), days, telling.lasting(days * DAY), found[key]))
    return stages


def _step(look: Glance, answer: Answer) -> Step:
    spread, unit = answer.pooled.spread, answer.unit
    median, p90 = (spread.median, spread.p90) if spread else (None, None)
    figure = cell(answer.number, replace(NOTHING, value=median, denominator=answer.pooled.denominator), look.at)
    return Step(
        answer.number, name_of(answer.number), about(NUMBERS[answer.number]),
        telling.figure(median, unit), telling.figure(p90, unit),
        None if median is None else median / DAY, None if p90 is None else p90 / DAY, answer.pooled.denominator or 0,
        figure,
    )  # fmt: skip
