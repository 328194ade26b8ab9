"""Clocks of issues on lists, on one issue and by themselves: state, used, left, colour, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from application.clock_views import ClockView, ExplainedClock, clocks_of, explained_clocks_of, why
from application.services import Services
from application.views import IssueView
from domain import refusals as no
from domain.waiting_stages import all_clocks
from interfaces.http.asking import Reached
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.deadlines import SpanView
from interfaces.http.problems import responses

router = APIRouter(prefix="/issues/{issue_id}", tags=["网格事件"])


@dataclass(frozen=True)
class IssueOnList(IssueView):
    """网格事件及其时限的钟：办理、案件，及有规定的各环节。"""

    clocks: list[ClockView]


@dataclass(frozen=True)
class IssueShown(IssueView):
    """网格事件及其时限的钟，各附到期时间的由来。"""

    clocks: list[ExplainedClock]


class ClockWithSpans(BaseModel):
    """一个时限的钟，及自起算至到期首尾相接的各段。"""

    clock: ExplainedClock
    calendar: Annotated[str, Field(description="所用的工作日历", examples=["cn-office"])]
    calendar_version: str
    spans: list[SpanView]


class ClocksShown(BaseModel):
    """一个网格事件此刻的各个时限。"""

    at: datetime
    clocks: list[ClockWithSpans]


async def on_list(services: Services, rows: Sequence[IssueView]) -> list[IssueOnList]:
    """The rows with what their clocks show now."""
    found = await services.case_clocks.of({row.log_id for row in rows}, [row.id for row in rows])
    at, calendar_of = services.clock(), services.timers.calendar_of
    return [
        IssueOnList(**vars(row), clocks=clocks_of(found[row.id], calendar_of, at) if row.id in found else [])
        for row in rows
    ]


async def shown(services: Services, row: IssueView) -> IssueShown:
    """The issue with what its clocks show now, and why."""
    found = await services.case_clocks.of([row.log_id], [row.id])
    at, calendar_of = services.clock(), services.timers.calendar_of
    clocks = explained_clocks_of(found[row.id], calendar_of, at) if row.id in found else []
    return IssueShown(**vars(row), clocks=clocks)


@router.get(
    "/clocks", dependencies=[Reached], responses=responses(no.NoSuchCase, no.NoSuchLog, no.NotYetVisible)
)  # fmt: skip
async def get_issue_clocks(issue_id: UUID, actor: ActorDep, services: ServicesDep) -> ClocksShown:
    """一个网格事件的各个时限：状态、已用、剩余、颜色，以及各段计入或不计入的原因。"""
    row = await services.boards.issue(actor, issue_id)
    found = await services.case_clocks.of([row.log_id], [row.id])
    at, calendar_of = services.clock(), services.timers.calendar_of
    clocks = all_clocks(found[row.id], calendar_of) if row.id in found else ()
    told = explained_clocks_of(found[row.id], calendar_of, at) if row.id in found else []
    return ClocksShown(
        at=at,
        clocks=[
            ClockWithSpans(
                clock=one, calendar=clock.calendar.name, calendar_version=clock.calendar.version,
                spans=[SpanView.of(span, clock.calendar) for span in explanation.spans] if explanation else [],
            )
            for one, clock in zip(told, clocks, strict=True)
            for _, explanation in [why(clock)]
        ],
    )  # fmt: skip
