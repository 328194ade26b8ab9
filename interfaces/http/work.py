"""/work: what waits for the caller's next step, or for a unit's."""

from typing import Annotated

from fastapi import APIRouter, Query

from application.views import WorkItem
from domain import refusals as no
from interfaces.http.asking import Reached
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.fields import UnitCode
from interfaces.http.problems import responses

router = APIRouter(prefix="/work", tags=["待办"])


@router.get("", dependencies=[Reached], responses=responses(no.NoSuchLog, no.NotYetVisible))
async def my_work(
    actor: ActorDep,
    services: ServicesDep,
    unit: UnitCode | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[WorkItem]:
    """待办：等待本人下一步的案件，或等待 unit 所指单位的，最急的在前。"""
    return await services.boards.work(actor, unit, limit, services.clock())
