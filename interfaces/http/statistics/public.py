"""/stats/public: figures for everybody, without signing in: by street and whole months, small groups hidden."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated

from fastapi import APIRouter, Path, Query

from application.statistics.publishing import PublicAnswer, publish
from domain.registry.entry import CIVIL_TIME
from domain.statistics import refusals as statistics_no
from domain.statistics.periods import Cut
from interfaces.http.calls import ServicesDep
from interfaces.http.problems import responses

router = APIRouter(prefix="/stats/public", tags=["统计"])
REFUSED = (
    statistics_no.NoSuchNumber, statistics_no.NotPublished, statistics_no.MonthNotOver, statistics_no.TooManyGroups,
)  # fmt: skip


@router.get("/{number}", responses=responses(*REFUSED))
async def get_public_number(
    number: Annotated[str, Path(max_length=64)],
    services: ServicesDep,
    month: Annotated[str, Query(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", description="考核月", examples=["2026-11"])],
) -> PublicAnswer:
    """公布的指标：按街道，一个已结束的考核月；无须登录。"""
    first = date.fromisoformat(f"{month}-01")
    policy = services.policies.at(datetime.combine(first, time.min, CIVIL_TIME))
    return await publish(
        services.statistics, number, month=policy.periods(Cut.MONTH).named(first), policy=policy,
        city=services.logs.city.log_id, now=services.clock(),
    )  # fmt: skip
