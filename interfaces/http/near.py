"""附近相似案件: /issues/near before one reports, /requests/{id}/near before one dispatches."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from application.near.views import NearIssue
from domain import refusals as no
from interfaces.http.asking import Reached
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.fields import CategoryKey, Latitude, Longitude, Plain
from interfaces.http.problems import responses

router = APIRouter(tags=["网格事件"])
Hours = Annotated[int, Query(ge=1, le=24 * 30, description="多少小时之内上报的")]
Metres = Annotated[int, Query(ge=1, le=2_000, description="多少米之内的")]


@router.get(
    "/issues/near",
    dependencies=[Reached],
    responses=responses(no.Nowhere, no.BadCoordinates, no.NoSuchLog, no.NotYetVisible),
)
async def find_near_issues(
    longitude: Longitude, latitude: Latitude, actor: ActorDep, services: ServicesDep,
    category: Annotated[CategoryKey | None, Query(description="类别")] = None,
    text: Annotated[
        str, Query(max_length=100, description="拟上报的文字，用于比较；反映人的原话不要放在地址里"), Plain
    ] = "",
    hours: Hours = 24,
    metres: Metres = 50,
) -> list[NearIssue]:  # fmt: skip
    """附近相似案件：本人管辖范围内尚未办完的网格事件，同类在前，再按文字相近和距离，至多 50 件。"""
    return await services.near.of_point(
        actor, longitude=longitude, latitude=latitude, category=category or "", text=text, hours=hours, metres=metres,
        now=services.clock(),
    )  # fmt: skip


@router.get(
    "/requests/{request_id}/near",
    dependencies=[Reached],
    responses=responses(no.NoSuchCase, no.NoSuchLog, no.NotYetVisible),
)
async def find_issues_near_request(
    request_id: UUID, actor: ActorDep, services: ServicesDep, hours: Hours = 24, metres: Metres = 50
) -> list[NearIssue]:
    """一件诉求附近的相似案件：受理前后若干小时内上报的；诉求没有坐标的，按其所在网格或区划。"""
    return await services.near.of_request(actor, request_id, hours=hours, metres=metres, now=services.clock())
