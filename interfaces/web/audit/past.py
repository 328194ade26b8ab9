"""/audit/boards and /audit/numbers: the board as it stood, and a number as it was known, then beside now."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from application.audit.replaying import CaseThen, Wanted
from application.services import Services
from application.statistics.filter import Filter, Grouping
from domain.refusals import NoSuchLog
from domain.registry.entry import CIVIL_TIME, civil_day
from domain.stages import IssueStage
from domain.statistics.number import Unit
from domain.statistics.numbers import NUMBERS
from interfaces.http.calls import ServicesDep
from interfaces.http.statuses import BadPeriodAsked
from interfaces.web import telling
from interfaces.web.audit.asking import FACE, AuditorDep, LogId, When
from interfaces.web.audit.saying import Saying, exactly
from interfaces.web.rendering import page
from interfaces.web.route import PageRoute
from interfaces.web.visitor import Visitor

router = APIRouter(prefix="/audit", route_class=PageRoute, include_in_schema=False)
ROWS = 30
SHOWN = ("response_rate", "resolution_rate", "satisfaction_rate", "on_time_close", "backlog")
"""Numbers that are shown when none is chosen."""
DAYS = timedelta(days=30)


@router.get("/boards")
async def board(
    visitor: AuditorDep, services: ServicesDep, log: LogId | None = None, at: When = None, beside: When = None,
    place: Annotated[str, Query(pattern=r"^\s*[0-9]{0,15}\s*$")] = "", stage: IssueStage | Literal[""] = "",
    before: Annotated[int | None, Query(ge=1)] = None,
) -> Response:  # fmt: skip
    """A page of the board as it stood, newest first; `beside` shows what each of its cases had come to by then."""
    chosen = log_of(visitor, services, log)
    wanted = Wanted(stages=[stage] if stage else (), place=place.strip())
    position = await services.replaying.position(visitor.actor, chosen, services.clock() if at is None else at)
    then = await services.replaying.board(visitor.actor, chosen, position, wanted, before, ROWS)
    later, others = None, dict[UUID, CaseThen]()
    if beside is not None:
        later = await services.replaying.position(visitor.actor, chosen, beside)
        others = await services.replaying.cases(visitor.actor, [one.id for one in then.items], later)
    asked = {"log": chosen, "at": position, "beside": beside, "place": place, "stage": stage}
    onward = {name: value for name, value in asked.items() if value not in (None, "")}
    return page(
        "audit/board.html", visitor=visitor, here=FACE, logs=logs_of(visitor, services), log=chosen, then=then, at=at,
        place=place.strip(), stage=stage, stages=list(IssueStage), say=Saying(services.registry).say, exactly=exactly,
        beside=beside, later=later, others=others,
        onward=urlencode(onward | {"before": then.next}) if then.next else "",
    )  # fmt: skip


@router.get("/numbers")
async def numbers(
    visitor: AuditorDep, services: ServicesDep, log: LogId | None = None, at: When = None, beside: When = None,
    since: date | None = None, until: date | None = None, number: Annotated[str, Query(max_length=40)] = "",
) -> Response:  # fmt: skip
    """Numbers of a period as they were known at one time, beside what is known at another, or now."""
    chosen, now = log_of(visitor, services, log), services.clock()
    end = _midnight(until) + timedelta(days=1) if until else now
    start = _midnight(since) if since else end - DAYS
    if start >= end:
        raise BadPeriodAsked(start=start, end=end)
    of, policy = Filter(start=start, end=end, logs=(chosen,)), services.policies.over(end)
    bounds = [
        await services.statistics.bound({chosen: one} if isinstance(one, int) else one, now) for one in (at, beside)
    ]
    other = bounds[1] if at != beside else None  # else both columns are one
    answers = [
        await services.statistics.number(
            visitor.actor, name, of, grouping=Grouping(), bound=bounds[0], policy=policy.rates, compare=other
        )
        for name in ([number] if number else SHOWN)
    ]
    return page(
        "audit/numbers.html", visitor=visitor, here=FACE, logs=logs_of(visitor, services), log=chosen, at=at,
        beside=beside, since=civil_day(start), until=civil_day(end - timedelta(microseconds=1)), number=number,
        answers=answers, numbers=NUMBERS, figure=figure, exactly=exactly, bounds=bounds,
    )  # fmt: skip


def figure(value: float | None, unit: Unit) -> str:
    """A value as people read it, with what it counts."""
    counted = "" if value is None else {Unit.CASES: " 件", Unit.POINTS: " 分"}.get(unit, "")
    return telling.figure(value, unit) + counted


def logs_of(visitor: Visitor, services: Services) -> list[str]:
    """The logs the visitor may ask about, those of districts first."""
    return [one.log_id for one in reversed(services.logs.every()) if visitor.actor.overlaps(one.log_id)]


def log_of(visitor: Visitor, services: Services, log: str | None) -> str:
    """The log that is asked about, or the first there is. Refuses `NoSuchLog`."""
    known = logs_of(visitor, services)
    if (log is not None and log not in known) or not known:
        raise NoSuchLog(log=log or "")
    return log or known[0]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, CIVIL_TIME)
