"""/whistles: 吹哨报到. Blow one, look at them, come, end it, rate each other."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from application.ports import Receipt
from application.timeline import Told, tell
from application.whistle_views import WhistleQuestion, WhistleView
from domain import refusals as no
from domain import whistle_refusals as whistle_no
from domain.limit import Limit
from domain.stages import WhistleStage
from domain.vocabulary import WhistleOccasion, WhistleRemark
from interfaces.http.asking import Page, Reached, marked, page
from interfaces.http.calls import ActorDep, ChangeDesk, NewDesk, ServicesDep
from interfaces.http.fields import Order, UnitCode, Words, Yes
from interfaces.http.problems import responses
from interfaces.http.statuses import BadCursor, VersionMissing

router = APIRouter(prefix="/whistles", tags=["吹哨报到"])
ABOUT_ONE = (no.NoSuchCase, no.NoSuchLog, no.NotYetVisible)
CHANGING = (
    no.NoSuchCase, no.NoSuchLog, no.Stale, VersionMissing, no.KeyReused, no.WrongStage, no.WrongRole, no.OutsideArea,
    no.OutOfOrder, no.ImplausibleTime,
)  # fmt: skip
BLOWING = (
    no.NoSuchCase, no.NoSuchLog, no.KeyReused, no.WrongStage, no.WrongRole, no.OutsideArea, no.ImplausibleTime,
    no.ComplainedAbout, no.ReasonMissing, no.NoSuchEntry, no.NotValidThen, whistle_no.NotTheCaller,
    whistle_no.CallerCalled, whistle_no.WhistleSounding, whistle_no.NoStreetUnit,
)  # fmt: skip
A_DAY = 24 * 60


class Blowing(Order):
    """吹哨：为哪个网格事件、因何召集哪些单位；reason 说明现场情况，必填。"""

    issue: UUID
    units: Annotated[list[UnitCode], Field(min_length=1, max_length=20, description="召集的单位")]
    occasion: Annotated[WhistleOccasion, Field(description="事由：难题、联合执法、突发应急")]
    minutes: Annotated[
        int | None, Field(ge=1, le=A_DAY, strict=True, description="须在多少分钟内报到，缺省为三十分钟")
    ] = None


class Ending(Order):
    """销哨：现场采取了何种措施。"""

    measure: Annotated[Words, Field(description="处置措施")]


class RatingUnit(Order):
    """街道评部门：1 至 5 分和评语。"""

    unit: UnitCode
    stars: Annotated[int, Field(ge=1, le=5, strict=True, description="评分，1 至 5")]
    remarks: Annotated[list[WhistleRemark], Field(max_length=6, default_factory=list, description="评语")]


class Rating(Order):
    """部门评哨：此哨是否应当吹；认为不当须说明理由。"""

    justified: Annotated[Yes, Field(description="是否应当")]


async def _question(
    issue: Annotated[UUID | None, Query(description="所涉网格事件")] = None,
    unit: Annotated[UnitCode | None, Query(description="召集的单位")] = None,
    caller: Annotated[UnitCode | None, Query(description="吹哨的街道")] = None,
    status: Annotated[list[WhistleStage] | None, Query(max_length=3, description="状态，可重复")] = None,
    late: Annotated[bool | None, Query(description="是否有单位迟到、未到或逾时未到")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=200, description="上一页的 next")] = None,
) -> WhistleQuestion:
    after = marked(cursor) if cursor else None
    return WhistleQuestion(issue, unit, caller, status or (), late, limit, after)


@router.post("", status_code=HTTPStatus.CREATED, responses=responses(*BLOWING))
async def blow_whistle(order: Blowing, desk: NewDesk) -> Receipt:
    """吹哨：由网格事件所在街道（乡镇）的派遣员，或管辖此地的督查员。"""
    within = Limit.of(order.minutes, "minute") if order.minutes else None
    return desk.tagged(
        await desk.services.whistles.blow(
            order.at(desk), issue_id=order.issue, units=order.units, occasion=order.occasion, within=within
        )
    )


@router.get("", dependencies=[Reached], responses=responses(BadCursor, no.NoSuchLog, no.NotYetVisible))
async def find_whistles(
    question: Annotated[WhistleQuestion, Depends(_question)], actor: ActorDep, services: ServicesDep
) -> Page[WhistleView]:
    """查询吹哨：本人管辖范围内，新的在前。"""
    asked = replace(question, limit=question.limit + 1)
    rows = await services.boards.whistles(actor, asked, services.clock())
    return page(rows, question.limit, lambda row: (row.blown_at, row.id))


@router.get("/{whistle_id}", dependencies=[Reached], responses=responses(*ABOUT_ONE))
async def get_whistle(whistle_id: UUID, actor: ActorDep, services: ServicesDep, response: Response) -> WhistleView:
    """一次吹哨：召集了谁，谁何时报到，双方如何评价。"""
    view = await services.boards.whistle(actor, whistle_id)
    response.headers["ETag"] = f'"{view.version}"'
    return view


@router.get("/{whistle_id}/timeline", dependencies=[Reached], responses=responses(*ABOUT_ONE))
async def get_whistle_timeline(
    whistle_id: UUID, actor: ActorDep, services: ServicesDep,
    after: Annotated[int, Query(ge=0, le=10**9, description="此版本之后")] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> list[Told]:  # fmt: skip
    """吹哨的时间线，全部出自事件日志。"""
    await services.boards.whistle(actor, whistle_id)
    return [tell(step, services.registry) for step in await services.boards.timeline(whistle_id, after, limit)]


@router.post("/{whistle_id}/arrive", responses=responses(*CHANGING, whistle_no.NotCalled, whistle_no.AlreadyArrived))
async def arrive(whistle_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """报到：由被召集单位的承办人；迟到如实记录。"""
    return desk.tagged(await desk.services.whistles.arrive(whistle_id, order.at(desk)))


@router.post("/{whistle_id}/end", responses=responses(*CHANGING, whistle_no.NotTheCaller))
async def end_whistle(whistle_id: UUID, order: Ending, desk: ChangeDesk) -> Receipt:
    """销哨：由吹哨的街道；到时未报到的单位记为未到。"""
    return desk.tagged(await desk.services.whistles.end(whistle_id, order.at(desk), measure=order.measure))


@router.post("/{whistle_id}/withdraw", responses=responses(*CHANGING, whistle_no.NotTheCaller, no.ReasonMissing))
async def withdraw_whistle(whistle_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """撤哨：误吹，须说明理由；留痕，双方都不评价。"""
    return desk.tagged(await desk.services.whistles.withdraw(whistle_id, order.at(desk)))


RATING_UNIT = (
    whistle_no.NotTheCaller, whistle_no.UnitNotCalled, whistle_no.AlreadyRated, whistle_no.BadStars, no.DutyConflict,
)  # fmt: skip


@router.post("/{whistle_id}/rate-unit", responses=responses(*CHANGING, *RATING_UNIT))
async def rate_called_unit(whistle_id: UUID, order: RatingUnit, desk: ChangeDesk) -> Receipt:
    """街道评部门：销哨之后，每单位一次。"""
    facts = order.model_dump(include={"unit", "stars", "remarks"})
    return desk.tagged(await desk.services.whistles.rate_unit(whistle_id, order.at(desk), **facts))


RATING = (whistle_no.NotCalled, whistle_no.AlreadyRated, no.ReasonMissing, no.DutyConflict)


@router.post("/{whistle_id}/rate", responses=responses(*CHANGING, *RATING))
async def rate_whistle(whistle_id: UUID, order: Rating, desk: ChangeDesk) -> Receipt:
    """部门评哨：销哨之后，由被召集单位，各一次。"""
    return desk.tagged(await desk.services.whistles.rate(whistle_id, order.at(desk), justified=order.justified))
