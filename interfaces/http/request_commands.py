"""POST /requests/{id}/{command}: what may be done about a resident's request. One route a command, no rule here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import Field

from application.ports import Receipt
from domain import refusals as no
from domain.actor import Act
from domain.exempting import ask_exemption, decide_exemption
from domain.resident_request import ResidentRequest
from domain.vocabulary import Diversion, Satisfaction, Solved, Urgency
from interfaces.http.calls import ChangeDesk, Desk
from interfaces.http.fields import CategoryKey, GridCode, Order, UnitCode, Words, Yes
from interfaces.http.issue_commands import ASSIGNING, CHANGING, Units
from interfaces.http.problems import responses

router = APIRouter(prefix="/requests/{request_id}", tags=["诉求办理"])


class Replying(Order):
    """答复反映人；答复内容随反映人保存，不进入事件日志。"""

    reply: Annotated[Words, Field(description="答复内容")]


class Diverting(Replying):
    """分流：六种不予派单的情形之一，须有答复。"""

    code: Diversion


class OpeningIssue(Order):
    """由诉求立网格事件：网格和类别缺省为诉求自身的。"""

    grid: GridCode | None = None
    category: CategoryKey | None = None
    urgency: Annotated[Urgency, Field(description="紧急程度，派遣、反馈等时限按此分级")] = Urgency.NORMAL


class Dispatching(OpeningIssue):
    """派单：由谁办理，主办单位缺省依派遣规则。"""

    lead: UnitCode | None = None
    copies: Annotated[Units, Field(default_factory=list)]
    assists: Annotated[Units, Field(default_factory=list)]


class Tying(Order):
    """关联或解除关联：哪个网格事件。"""

    issue: UUID


class Contacting(Order):
    """联系反映人：是否联系上。"""

    reached: Annotated[Yes, Field(description="是否联系上")]


class CallingBack(Order):
    """回访：有效回访须有三项答案，无效回访不填。"""

    valid: Annotated[Yes, Field(description="是否有效回访")]
    contacted: Annotated[Yes | None, Field(description="承办单位是否联系过")] = None
    solved: Annotated[Solved | None, Field(description="是否解决")] = None
    satisfaction: Annotated[Satisfaction | None, Field(description="是否满意")] = None


async def _change(
    request_id: UUID, order: Order, desk: Desk, decide: Callable[[ResidentRequest, Act], None]
) -> Receipt:
    command = order.at(desk)
    cases = desk.services.cases
    return desk.tagged(
        await cases.change(ResidentRequest, request_id, command, lambda request: decide(request, command.act))
    )


@router.post("/answer", responses=responses(*CHANGING))
async def answer_request(request_id: UUID, order: Replying, desk: ChangeDesk) -> Receipt:
    """直接答复：能当场答复的当场答复。"""
    return desk.tagged(await desk.services.requests.answer(request_id, order.at(desk), reply=order.reply))


@router.post("/divert", responses=responses(*CHANGING))
async def divert_request(request_id: UUID, order: Diverting, desk: ChangeDesk) -> Receipt:
    """分流：不予派单，告知理由和途径。"""
    requests = desk.services.requests
    return desk.tagged(await requests.divert(request_id, order.at(desk), code=order.code, reply=order.reply))


OPENING = (no.AlreadyAttached, no.OtherLog, no.BadCode, no.NoSuchEntry, no.NotValidThen)


@router.post("/open-issue", status_code=status.HTTP_201_CREATED, responses=responses(*CHANGING, *OPENING))
async def open_issue(request_id: UUID, order: OpeningIssue, desk: ChangeDesk) -> Receipt:
    """由诉求立网格事件并关联，一次完成。回执属于网格事件。"""
    facts: dict[str, Any] = {"grid": order.grid, "category": order.category or "", "urgency": order.urgency.value}
    return desk.tagged(await desk.services.requests.open_issue(request_id, order.at(desk), **facts))


@router.post("/dispatch", status_code=status.HTTP_201_CREATED, responses=responses(*CHANGING, *OPENING, *ASSIGNING))
async def dispatch_request(request_id: UUID, order: Dispatching, desk: ChangeDesk) -> Receipt:
    """派单：由诉求立网格事件、立案并派遣，一次完成。回执属于网格事件。"""
    facts = order.model_dump(include={"grid", "lead", "copies", "assists"})
    facts |= {"category": order.category or "", "urgency": order.urgency.value}
    return desk.tagged(await desk.services.requests.dispatch(request_id, order.at(desk), **facts))


@router.post("/attach", responses=responses(*CHANGING, no.AlreadyAttached, no.OtherLog))
async def attach_request(request_id: UUID, order: Tying, desk: ChangeDesk) -> Receipt:
    """关联网格事件：诉求和事件同时变更，或都不变更。"""
    return desk.tagged(await desk.services.requests.attach(request_id, order.at(desk), issue_id=order.issue))


@router.post("/detach", responses=responses(*CHANGING, no.NotAttached))
async def detach_request(request_id: UUID, order: Tying, desk: ChangeDesk) -> Receipt:
    """解除关联：诉求和事件同时变更，或都不变更。"""
    return desk.tagged(await desk.services.requests.detach(request_id, order.at(desk), issue_id=order.issue))


@router.post("/contact", responses=responses(*CHANGING, no.NotLead, no.NoDeadline))
async def contact_requester(request_id: UUID, order: Contacting, desk: ChangeDesk) -> Receipt:
    """联系反映人：由主办单位。"""
    return desk.tagged(await desk.services.requests.contact(request_id, order.at(desk), reached=order.reached))


@router.post("/feed-back", responses=responses(*CHANGING, no.NotLead, no.NoDeadline))
async def feed_back(request_id: UUID, order: Replying, desk: ChangeDesk) -> Receipt:
    """反馈反映人：由主办单位告知办理情况。"""
    return desk.tagged(await desk.services.requests.feed_back(request_id, order.at(desk), reply=order.reply))


CALLING = (no.NoDeadline, no.LimitStillRunning, no.DutyConflict, no.AnswersIncomplete)


@router.post("/call-back", responses=responses(*CHANGING, *CALLING))
async def call_back(request_id: UUID, order: CallingBack, desk: ChangeDesk) -> Receipt:
    """回访：办理时限届满后，由未经手本案的人员。"""
    answers = order.model_dump(include={"valid", "contacted", "solved", "satisfaction"})
    return desk.tagged(await desk.services.requests.call_back(request_id, order.at(desk), **answers))


@router.post("/order-redo", responses=responses(*CHANGING, no.RequesterContent, no.NoDeadline))
async def order_redo(request_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """重办：反映人不满意，诉求和事件再来一轮。"""
    return desk.tagged(await desk.services.requests.order_redo(request_id, order.at(desk)))


@router.post("/close", responses=responses(*CHANGING, no.DutyConflict))
async def close_request(request_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """办结：由未经手本案的人员。"""
    return await _change(request_id, order, desk, lambda request, act: request.close(act))


@router.post("/ask-exemption", responses=responses(*CHANGING, no.ReasonMissing, no.ExemptionPending, no.AlreadyExempt))
async def ask_request_exemption(request_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """申请剔除：不计入考核，须说明理由。"""
    return await _change(request_id, order, desk, lambda request, act: ask_exemption(act, case=request))


@router.post("/grant-exemption", responses=responses(*CHANGING, no.NoExemptionAsked, no.DutyConflict))
async def grant_request_exemption(request_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """同意剔除：回访结果仍是事实。"""
    return await _change(
        request_id, order, desk, lambda request, act: decide_exemption(act, case=request, granted=True)
    )


@router.post("/refuse-exemption", responses=responses(*CHANGING, no.NoExemptionAsked, no.DutyConflict))
async def refuse_request_exemption(request_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """不同意剔除。"""
    return await _change(
        request_id, order, desk, lambda request, act: decide_exemption(act, case=request, granted=False)
    )
