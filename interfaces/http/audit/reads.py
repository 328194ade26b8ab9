"""/audit/reads: who read what the people of a case told."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from application.command import deed
from application.privacy.readings import ReadingView
from domain import refusals as no
from domain.actor import Role
from interfaces.http.asking import Reached
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.problems import responses

router = APIRouter(prefix="/audit/reads", tags=["审计"])


@router.get(
    "",
    dependencies=[Reached],
    responses=responses(no.WrongRole, no.OutsideArea, no.NoSuchCase, no.NoSuchLog, no.NotYetVisible),
)
async def get_reads(
    case: Annotated[UUID, Query(description="案件编号")], actor: ActorDep, services: ServicesDep,
    after: Annotated[int, Query(ge=0, le=10**15, description="此日志位置之后")] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> list[ReadingView]:  # fmt: skip
    """一个案件的个人信息被谁、何时、因何事由阅览；不含所读内容。限审计员。"""
    act = deed(actor, now=services.clock())
    act.as_one_of(Role.AUDITOR)
    act.within(services.logs.holding(case).log_id)
    return await services.reading_report.of_case(case, after=after, limit=limit)
