"""/stats/numbers: every number by its id, in groups, as known now or then; and the cases behind each figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from application.statistics.answers import Answer, CountedCase
from application.statistics.reading import Mark
from domain import refusals as no
from domain.statistics import refusals as statistics_no
from domain.statistics.number import Part
from domain.statistics.numbers import NUMBERS
from interfaces.http.asking import Page, Reached
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.cursors import packed, unpacked
from interfaces.http.problems import responses
from interfaces.http.statistics.asking import QuestionDep
from interfaces.http.statuses import BadCursor, BadPeriodAsked

router = APIRouter(prefix="/stats/numbers", tags=["统计"], dependencies=[Reached])
REFUSED = (
    statistics_no.NoSuchNumber, statistics_no.BadGrouping, statistics_no.PeriodTooLong, statistics_no.TooManyGroups,
    statistics_no.BadMoment, BadPeriodAsked, no.NoSuchLog, no.NotYetVisible,
)  # fmt: skip


@dataclass(frozen=True)
class NumberTold:
    """一个指标：分子、分母各是什么，按哪个时间计入时段，剔除是否另列，出处。"""

    id: str
    name: str
    unit: str
    counted: str
    over: str
    instant: str
    excludes: bool
    source: str


@router.get("", responses=responses(no.NoSuchLog, no.NotYetVisible))
async def list_numbers(_actor: ActorDep) -> list[NumberTold]:
    """指标目录：每个指标算什么。"""
    return [
        NumberTold(
            one.id, one.name, one.unit.value, one.wording.counted, one.wording.over, one.wording.instant, one.exempts,
            one.wording.source,
        )
        for one in NUMBERS.values()
    ]  # fmt: skip


@router.get("/{number}", responses=responses(*REFUSED))
async def get_number(asked: QuestionDep, actor: ActorDep, services: ServicesDep) -> Answer:
    """指标：按至多两项分组，附合计和各组均值；没有数据时 value 为 null，不是 0。"""
    return await services.statistics.number(
        actor, asked.number, asked.of, grouping=asked.grouping, bound=asked.bound, policy=asked.policy.rates,
        compare=asked.now,
    )  # fmt: skip


@router.get("/{number}/cases", responses=responses(*REFUSED, statistics_no.NoSuchPart, BadCursor))
async def list_number_cases(
    asked: QuestionDep, actor: ActorDep, services: ServicesDep,
    part: Annotated[
        Literal["numerator", "denominator", "excluded"], Query(description="分子、分母或剔除")
    ] = "numerator",
    key: Annotated[str | None, Query(max_length=64, description="第一分组的 key；缺省为全部")] = None,
    then_key: Annotated[str | None, Query(max_length=64, description="第二分组的 key")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[str | None, Query(max_length=400, description="上一页的 next")] = None,
) -> Page[CountedCase]:  # fmt: skip
    """指标背后的案件：与数同一条件，新的在前；件数之和即该数。"""
    found = await services.statistics.cases(
        actor, asked.number, asked.of, grouping=asked.grouping, bound=asked.bound, policy=asked.policy.rates,
        part=Part(part), key=key, then_key=then_key, after=mark_of(cursor) if cursor else None, limit=limit + 1,
    )  # fmt: skip
    return case_page(found, limit)


def case_page(found: Sequence[CountedCase], limit: int) -> Page[CountedCase]:
    """The first `limit` of cases that were asked for with one more to see whether there is a page after."""
    shown = list(found[:limit])
    if len(found) <= limit:
        return Page(shown, None)
    last = shown[-1]
    return Page(shown, packed(last.at.isoformat(), str(last.case_id), last.kind, str(last.nth)))


def mark_of(cursor: str) -> Mark:
    """The last case of the page before. Refuses `BadCursor`."""
    at, case_id, kind, nth = unpacked(cursor, 4)
    try:
        mark = Mark(datetime.fromisoformat(at), UUID(case_id), kind, int(nth))
    except ValueError:
        raise BadCursor() from None
    if mark.at.tzinfo is None or not 0 < mark.nth < 2**31:
        raise BadCursor()
    return mark
