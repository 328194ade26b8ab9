"""/stats: 三率 and on-time close, by street, community, grid or unit, for a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from application.views import GroupCounts, GroupedBy
from domain import refusals as no
from domain.rates import Counts, Rates, mean_of, rates
from interfaces.http.asking import Reached
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.fields import Instant
from interfaces.http.problems import BadPeriodAsked, responses

router = APIRouter(prefix="/stats", tags=["统计"])
PLACES = {"street": "街道", "community": "社区", "grid": "网格"}


@dataclass(frozen=True)
class GroupRates:
    """一个街道、社区、网格或单位的计数和比率；没有数据时比率为 null，不是 0。网格调整前的案件仍计在原网格。"""

    group: str
    name: str
    counts: Counts
    rates: Rates


@dataclass(frozen=True)
class RatesAnswer:
    """时段 [start, end) 的三率；pooled 为合并计算，mean 为各组平均。"""

    by: GroupedBy
    start: datetime
    end: datetime
    policy: str
    groups: list[GroupRates]
    pooled: GroupRates
    mean: Rates


@router.get("/rates", dependencies=[Reached], responses=responses(BadPeriodAsked, no.NoSuchLog, no.NotYetVisible))
async def get_rates(
    actor: ActorDep,
    services: ServicesDep,
    start: Annotated[Instant, Query(description="起（含）", examples=["2026-11-01T00:00:00+08:00"])],
    end: Annotated[Instant, Query(description="止（不含）", examples=["2026-12-01T00:00:00+08:00"])],
    by: GroupedBy = "street",
) -> RatesAnswer:
    """三率和按期办结率：三率出自时段内受理诉求的有效回访，按期办结率出自时段内到期的网格事件。"""
    if start >= end:
        raise BadPeriodAsked(start=start, end=end)
    policy = services.rate_policy
    counted = await services.boards.counts(actor, by, start, end, services.clock())
    groups = [GroupRates(one.group, _name(services, by, one), one.counts, rates(one.counts, policy)) for one in counted]
    total = sum((one.counts for one in counted), Counts())
    return RatesAnswer(
        by=by, start=start, end=end, policy=policy.version, groups=groups,
        pooled=GroupRates("", "合计", total, rates(total, policy)), mean=mean_of(one.rates for one in groups),
    )  # fmt: skip


def _name(services: ServicesDep, by: GroupedBy, group: GroupCounts) -> str:
    if not group.group:
        return "未派遣" if by == "unit" else f"未落到{PLACES[by]}"
    registry, code = services.registry, group.group
    try:
        match by:
            case "unit":
                return registry.unit(code).name
            case "grid":
                return registry.grid(code).name
            case _:
                return registry.division(code).name
    except no.NoSuchEntry:
        return code
