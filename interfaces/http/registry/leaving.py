"""/staff/{code}: who stands in 代班, work in hand 在手工作, handing it over 交接, leaving 离岗."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from application.ports import Receipt
from application.registry.disclosure import reads_phone
from application.registry.open_work import OpenItem, WorkKind
from domain import refusals as no
from domain.actor import Role
from domain.refusals import OutsideArea
from domain.registry import refusals as registry_no
from domain.registry import roster_refusals as roster_no
from domain.registry import staff_refusals as staff_no
from domain.registry.entry import civil_day
from interfaces.http.calls import ActorDep, ChangeDesk, ServicesDep
from interfaces.http.fields import Order
from interfaces.http.problems import responses
from interfaces.http.registry.entries import CHANGING, Day, LocalCode, change

router = APIRouter(prefix="/staff/{code}", tags=["代班和交接"])
HANDING = (
    *CHANGING, staff_no.OpenWorkLeft, staff_no.NotFitToTakeOver, staff_no.NotTheHandler, staff_no.NotInHand,
    staff_no.ContactTaken, staff_no.NotFitToStandIn, staff_no.StandInChain, staff_no.StoodInFor,
    staff_no.NoSuchStandIn, roster_no.NoSuchShift, roster_no.ShiftPast, no.WrongStage, no.ComplainedAbout,
    no.NotYetVisible, registry_no.SelfGrant, registry_no.NothingChanged,
)  # fmt: skip
Successor = Annotated[
    LocalCode | None,
    Field(description="接手人；缺省由代班人，或唯一另有条件的人（网格的另一网格员、单位的另一承办人）接手"),
]


class NamingStandIn(Order):
    """代班: 自 first_day 至 last_day 由 stand_in 代班."""

    stand_in: Annotated[LocalCode, Field(description="代班人的人员编号，须在岗、有所代岗位、范围包含所代范围")]
    first_day: Day
    last_day: Day
    roles: Annotated[list[Role], Field(default_factory=list, max_length=len(Role), description="所代岗位，缺省为全部")]


class EndingStandIn(Order):
    """代班提前结束; last_day 为 first_day 的前一日时, 即取消该段代班."""

    first_day: Annotated[Day, Field(description="哪一段代班，以其首日指明")]
    last_day: Annotated[Day, Field(description="代至哪一天")]


class HandingOver(Order):
    """交接给谁."""

    successor: Successor = None


class OpenItemView(BaseModel):
    """一项在手工作. code 为网格、社区、值班表、人员代码或案件编号; number 为案件号或班次, 没有时为 0."""

    kind: WorkKind
    code: str
    number: int
    place: str
    unit: str
    told: Annotated[str, Field(description="说明")]


class OpenWorkView(BaseModel):
    """在手工作. total 为总数, items 最多列 limit 项."""

    total: int
    items: list[OpenItemView]


class HandedView(BaseModel):
    """一项工作和接手人."""

    work: OpenItemView
    taker: str


class HandedWork(BaseModel):
    """已交接的各项; 没有在手工作时为空."""

    items: list[HandedView]


@router.post(
    "/name-stand-in",
    responses=responses(
        *CHANGING, registry_no.SelfGrant, registry_no.BadPeriod, staff_no.NotFitToStandIn, staff_no.StandInChain,
        staff_no.StoodInFor,
    ),
)  # fmt: skip
async def name_stand_in(code: LocalCode, order: NamingStandIn, desk: ChangeDesk) -> Receipt:
    """代班. 代班人为外单位的, 在此期间可办理本单位主办的事项."""
    said = order.model_dump(include={"stand_in", "first_day", "last_day", "roles"})
    return await change(desk.services.staff.name_stand_in, code, order, desk, **said)


@router.post(
    "/end-stand-in",
    responses=responses(*CHANGING, registry_no.SelfGrant, registry_no.BadPeriod, staff_no.NoSuchStandIn),
)
async def end_stand_in(code: LocalCode, order: EndingStandIn, desk: ChangeDesk) -> Receipt:
    """代班提前结束."""
    said = {"first_day": order.first_day, "last_day": order.last_day}
    return await change(desk.services.staff.end_stand_in, code, order, desk, **said)


@router.get("/open-work", responses=responses(no.NoSuchEntry, no.OutsideArea, no.NotYetVisible))
async def get_open_work(
    code: LocalCode, actor: ActorDep, services: ServicesDep, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> OpenWorkView:
    """在手工作: 负责的网格、包联的社区、排到的班、代的班、已签收未办结的事件、待反馈的诉求; 含已离岗人员的."""
    staff = services.registry.staff(code)
    unit = services.registry.unit(staff.unit)
    if not reads_phone(actor, staff, unit):
        raise OutsideArea(place=unit.place)
    work = await services.leaving.open_work(code, civil_day(services.clock()), limit=limit)
    return OpenWorkView(total=work.total, items=[_seen(item) for item in work.items])


@router.post("/hand-over", responses=responses(*HANDING))
async def hand_over(code: LocalCode, order: HandingOver, desk: ChangeDesk) -> HandedWork:
    """交接全部在手工作; 中断后可重新提交, 已交接的不再交接."""
    command = order.at(desk)
    handed = await desk.services.leaving.hand_over(
        command.act, code=code, successor=order.successor, version=command.version, key=command.key
    )
    return HandedWork(items=[HandedView(work=_seen(each.item), taker=each.taker.code) for each in handed])


@router.post("/leave", responses=responses(*HANDING))
async def leave(code: LocalCode, order: HandingOver, desk: ChangeDesk) -> Receipt:
    """离岗, 立即生效; 在手工作先行交接, 无人接手的列明并拒绝."""
    return await change(desk.services.leaving.leave, code, order, desk, successor=order.successor)


def _seen(item: OpenItem) -> OpenItemView:
    return OpenItemView(
        kind=item.kind, code=item.code, number=item.number, place=item.place, unit=item.unit, told=item.told()
    )
