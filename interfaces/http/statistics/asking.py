"""Questions to the statistics as query parameters: the period, what else, in which groups, as known when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Depends, Query

from application.services import Services
from application.statistics.bound import AsOf, Bound
from application.statistics.filter import Dimension, Filter, Grouping
from domain.registry.case_type_key import class_key
from domain.statistics.numbers import number_named
from domain.statistics.periods import Cut
from domain.statistics.policy import StatisticsPolicy
from domain.statistics.refusals import BadMoment
from domain.vocabulary import Channel
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.fields import CategoryKey, GridCode, Instant, UnitCode
from interfaces.http.statuses import BadPeriodAsked

GroupName = Literal[
    "log", "street", "community", "grid", "unit", "category", "channel", "period", "holder_kind", "stage", "level"
]
CutName = Literal["day", "week", "month"]
LogCode = Annotated[str, Query(pattern=r"^[0-9]{4,6}$")]
Position = Annotated[str, Query(pattern=r"^[0-9]{4,6}:[0-9]{1,15}$")]


@dataclass(frozen=True)
class Question:
    """One question to a number: what it is about, in which groups, as known when, by which policy."""

    number: str
    of: Filter
    grouping: Grouping
    bound: Bound
    now: Bound | None
    policy: StatisticsPolicy


async def _filter(
    start: Annotated[Instant, Query(description="起（含）", examples=["2026-11-01T00:00:00+08:00"])],
    end: Annotated[Instant, Query(description="止（不含）", examples=["2026-12-01T00:00:00+08:00"])],
    log: Annotated[list[LogCode] | None, Query(max_length=50, description="日志，可重复；缺省为全部")] = None,
    street: Annotated[str | None, Query(pattern=r"^[0-9]{9}$")] = None,
    community: Annotated[str | None, Query(pattern=r"^[0-9]{12}$")] = None,
    grid: GridCode | None = None,
    unit: Annotated[UnitCode | None, Query(description="主办单位")] = None,
    category: Annotated[CategoryKey | None, Query(description="小类")] = None,
    channel: Annotated[Channel | None, Query(description="受理渠道")] = None,
    hours: Annotated[int, Query(ge=1, le=24 * 31, description="即将到期：多少小时之内")] = 24,
) -> Filter:
    if start >= end:
        raise BadPeriodAsked(start=start, end=end)
    return Filter(
        start=start, end=end, street=street, community=community, grid=grid, unit=unit,
        category=category and class_key(category), channel=channel, logs=tuple(log or ()), hours=hours,
    )  # fmt: skip


FilterDep = Annotated[Filter, Depends(_filter)]


async def _question(
    number: str,
    services: ServicesDep,
    _actor: ActorDep,  # a stranger does not get to ask
    of: FilterDep,
    by: Annotated[GroupName | None, Query(description="分组；缺省只有合计")] = None,
    then: Annotated[GroupName | None, Query(description="第二分组")] = None,
    cut: Annotated[CutName, Query(description="周期：日、周或月，起止依考核办法")] = "day",
    as_of: Annotated[
        list[Instant | Position] | None,
        Query(max_length=50, description="按何时所知：过去的时刻，或日志位置（可重复）", examples=[["150785:42"]]),
    ] = None,
    compare: Annotated[Literal["now"] | None, Query(description="now 即附上按现在所知的数")] = None,
) -> Question:
    number_named(number)
    of.require_bounded()
    for log in of.logs:
        services.logs.named(log)
    policy = services.policies.over(of.end)
    grouping = Grouping(by and Dimension(by), then and Dimension(then))
    if Dimension.PERIOD in grouping.dimensions:
        buckets = policy.periods(Cut(cut)).buckets(of.start, of.end)
        grouping = Grouping(grouping.by, grouping.then, buckets)
    now = services.clock()
    bound = await services.statistics.bound(_as_of(as_of, services), now)
    if bound.past:
        for log, position in bound.positions.items():
            await services.reach(log, position)
    present = await services.statistics.bound(None, now) if compare else None
    return Question(number, of, grouping, bound, present, policy)


QuestionDep = Annotated[Question, Depends(_question)]


def _as_of(given: Sequence[datetime | str] | None, services: Services) -> AsOf:
    match given:
        case None | []:
            return None
        case [datetime() as moment]:
            return moment
    positions = [one.split(":") for one in given if isinstance(one, str)]
    if len(positions) < len(given) or len({log for log, _ in positions}) < len(positions):
        raise BadMoment(moment="、".join(str(one) for one in given))
    return {services.logs.named(log).log_id: int(position) for log, position in positions}
