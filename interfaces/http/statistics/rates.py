"""/stats/rates: 三率 and on-time close, by street, community, grid or unit, for a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from application.statistics.filter import Dimension, Filter, Grouping
from application.statistics.naming import namer
from domain import refusals as no
from domain.rates import Counts, Rates, mean_of, rates
from domain.statistics.refusals import PeriodTooLong, TooManyGroups
from interfaces.http.asking import Reached
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.fields import Instant
from interfaces.http.problems import responses
from interfaces.http.statuses import BadPeriodAsked

router = APIRouter(prefix="/stats", tags=["统计"])
GroupedBy = Literal["street", "community", "grid", "unit"]


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


@router.get(
    "/rates", dependencies=[Reached],
    responses=responses(BadPeriodAsked, PeriodTooLong, TooManyGroups, no.NoSuchLog, no.NotYetVisible),
)  # fmt: skip
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
    policy, grouping = services.policies.over(end).rates, Grouping(Dimension(by))
    bound = await services.statistics.bound(None, services.clock())
    counted = await services.statistics.rates(
        actor, Filter(start, end), grouping=grouping, bound=bound, policy=policy
    )  # fmt: skip
    name = namer(services.registry, grouping, grouping.by)
    groups = [GroupRates(key, name(key), counts, rates(counts, policy)) for key, counts in counted.items()]
    total = sum(counted.values(), Counts())
    return RatesAnswer(
        by=by, start=start, end=end, policy=policy.version, groups=groups,
        pooled=GroupRates("", "合计", total, rates(total, policy)), mean=mean_of(one.rates for one in groups),
    )  # fmt: skip
