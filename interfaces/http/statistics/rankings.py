"""/stats/rankings 排名: districts, streets, communities or units by one number, against the period before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from application.statistics.filter import Dimension
from application.statistics.rankings import Ranking
from domain import refusals as no
from domain.statistics import refusals as stats_no
from domain.statistics.number import Unit
from domain.statistics.numbers import number_named
from domain.statistics.periods import Bucket, Cut
from domain.statistics.ranking import Better, Ranked
from interfaces.http.asking import Reached
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.problems import responses
from interfaces.http.registry.entries import Day

router = APIRouter(prefix="/stats/rankings", tags=["统计"], dependencies=[Reached])
Groups = Literal["log", "street", "community", "unit"]
NumberId = Annotated[str, Query(pattern=r"^[a-z][a-z_]{1,39}$", description="指标", examples=["composite_score"])]
Scope = Annotated[str, Query(pattern=r"^([0-9]{4}|[0-9]{6}|[0-9]{9})$", description="市、区县或街道的区划代码")]


@dataclass(frozen=True)
class PeriodView:
    """一个时段 [start, end) 及其名称。"""

    start: datetime
    end: datetime
    label: str

    @classmethod
    def of(cls, bucket: Bucket) -> PeriodView:
        """As people see it."""
        return cls(bucket.start, bucket.end, bucket.label)


@dataclass(frozen=True)
class RankingView:
    """排名，名次在前的先列；没有数据的不排名次，列在最后。moved 为较上期上升的名次，负数为下降，无从比较时为 null。"""

    number: str
    name: str
    unit: Unit
    by: Groups
    place: str | None
    better: Better
    policy: str
    period: PeriodView
    before: PeriodView
    rows: list[Ranked]

    @classmethod
    def of(cls, ranking: Ranking, by: Groups) -> RankingView:
        """As people see it."""
        return cls(
            ranking.number, ranking.name, number_named(ranking.number).unit, by, ranking.place or None, ranking.better,
            ranking.policy, PeriodView.of(ranking.period), PeriodView.of(ranking.before), ranking.rows,
        )  # fmt: skip


@router.get(
    "",
    responses=responses(
        stats_no.NoSuchNumber, stats_no.BadGrouping, stats_no.TooManyGroups, no.OutsideArea, no.NoSuchLog,
        no.NotYetVisible,
    ),
)  # fmt: skip
async def get_ranking(
    actor: ActorDep, services: ServicesDep, number: NumberId,
    on: Annotated[Day, Query(description="日报之日，或该周、该月中的一日", examples=["2026-11-18"])],
    period: Annotated[Cut, Query(description="日、周或月，起止依考核办法")] = Cut.MONTH,
    by: Annotated[Groups, Query(description="排名对象：区县、街道、社区或单位")] = "street",
    place: Scope | None = None,
) -> RankingView:  # fmt: skip
    """排名：同值的以件数多者为先、再依代码（或依考核办法并列），并与上期比较。"""
    ranking = await services.rankings.ranking(
        actor, number, by=Dimension(by), place=place or "", cut=period, day=on, now=services.clock()
    )
    return RankingView.of(ranking, by)
