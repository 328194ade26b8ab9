"""POST /issues/{id}/{command} about clocks: 延期, 挂账, 超时申诉, 督办. One route a command, no rule here."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, Strict

from application.ports import Receipt
from domain import clock_refusals as clock_no
from domain import refusals as no
from domain.appealing import appeal_overdue, endorse_appeal, grant_appeal, refuse_appeal
from domain.extending import ask_extension, endorse_extension, grant_extension, refuse_extension
from domain.limit import Limit, LimitUnit
from domain.supervising import answer_supervision, close_supervision, order_supervision
from domain.suspending import ask_suspension, grant_suspension, refuse_suspension, resume_suspension
from domain.vocabulary import SupervisionKind
from interfaces.http.calls import ChangeDesk
from interfaces.http.fields import Instant, Order, Words
from interfaces.http.issue_commands import CHANGING, change
from interfaces.http.problems import responses

router = APIRouter(prefix="/issues/{issue_id}", tags=["网格事件时限"])
LONGEST = 1_000
ASKED = (*CHANGING, no.NotLead, no.ReasonMissing)
DECIDED = (*CHANGING, no.DutyConflict)
Nth = Annotated[int, Strict(), Field(ge=1, le=1_000_000, description="第几号督办", examples=[1])]


class AskingSuspension(Order):
    """申请挂账：挂到何时为止，最长一年；到时自动恢复。"""

    until: Annotated[Instant, Field(description="自动恢复的时刻", examples=["2027-05-01T08:30:00+08:00"])]


class OrderingSupervision(Order):
    """督办：何种督办，多久之内答复；理由写明要求。"""

    kind: Annotated[SupervisionKind, Field(description="督办类型")]
    amount: Annotated[int, Strict(), Field(ge=1, le=LONGEST, description="答复时限的数量", examples=[3])] = 3
    unit: Annotated[LimitUnit, Field(description="答复时限的单位", examples=["workday"])] = LimitUnit.WORKDAY


class AnsweringSupervision(Order):
    """督办答复：哪一号督办，办得如何。"""

    nth: Nth
    answer: Annotated[Words, Field(description="答复内容，不得写入个人信息")]


class ClosingSupervision(Order):
    """督办办结：哪一号督办；未经答复即撤销的须说明理由。"""

    nth: Nth


# --- 延期 ----------------------------------------------------------------------------------------

USED_UP = (clock_no.ExtensionsUsedUp,)
REVIEWED = (*DECIDED, no.NotLead, clock_no.NoExtensionAsked)


@router.post(
    "/ask-extension", responses=responses(*ASKED, *USED_UP, clock_no.AlreadyOverdue, clock_no.ExtensionPending)
)
async def ask_issue_extension(issue_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """申请延期：由主办单位在超时之前提出，须说明理由。"""
    return await change(issue_id, order, desk, lambda issue, act: ask_extension(act, issue=issue))


@router.post("/endorse-extension", responses=responses(*REVIEWED, clock_no.ExtensionAlreadyEndorsed))
async def endorse_issue_extension(issue_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """单位审核同意延期：由主办单位中未经手本案的人员。"""
    return await change(issue_id, order, desk, lambda issue, act: endorse_extension(act, issue=issue))


@router.post(
    "/grant-extension",
    responses=responses(*DECIDED, *USED_UP, clock_no.NoExtensionAsked, clock_no.ExtensionNotEndorsed),
)
async def grant_issue_extension(issue_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """批准延期：由派遣员；每次增加一个原时限，一案最多两次。"""
    issues = desk.services.issues
    return await change(
        issue_id, order, desk, lambda issue, act: grant_extension(act, issue=issue, terms=issues.same_terms(issue))
    )


@router.post("/refuse-extension", responses=responses(*REVIEWED, no.ReasonMissing, clock_no.ExtensionNotEndorsed))
async def refuse_issue_extension(issue_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """不同意延期：单位审核前由单位，其后由派遣员，须说明理由。"""
    return await change(issue_id, order, desk, lambda issue, act: refuse_extension(act, issue=issue))


# --- 挂账 ----------------------------------------------------------------------------------------


@router.post(
    "/ask-suspension",
    responses=responses(*ASKED, clock_no.AlreadySuspended, clock_no.SuspensionPending, clock_no.BadSuspensionEnd),
)
async def ask_issue_suspension(issue_id: UUID, order: AskingSuspension, desk: ChangeDesk) -> Receipt:
    """申请挂账：由主办单位，一案一次，须说明理由和期限。"""
    until = order.until
    return await change(issue_id, order, desk, lambda issue, act: ask_suspension(act, issue=issue, until=until))


@router.post("/grant-suspension", responses=responses(*DECIDED, clock_no.NoSuspensionAsked, clock_no.BadSuspensionEnd))
async def grant_issue_suspension(issue_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """同意挂账：其间停止计时，也不能办理。"""
    return await change(issue_id, order, desk, lambda issue, act: grant_suspension(act, issue=issue))


@router.post("/refuse-suspension", responses=responses(*DECIDED, clock_no.NoSuspensionAsked, no.ReasonMissing))
async def refuse_issue_suspension(issue_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """不同意挂账，须说明理由。"""
    return await change(issue_id, order, desk, lambda issue, act: refuse_suspension(act, issue=issue))


@router.post("/resume", responses=responses(*CHANGING, clock_no.NotYetOver, no.ReasonMissing))
async def resume_issue(issue_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """挂账恢复：到期自动恢复；提前恢复由派遣员或督查员决定，须说明理由。"""
    issues = desk.services.issues
    return await change(
        issue_id, order, desk, lambda issue, act: resume_suspension(act, issue=issue, terms=issues.same_terms(issue))
    )


# --- 超时申诉 -------------------------------------------------------------------------------------


@router.post(
    "/appeal-overdue", responses=responses(*ASKED, clock_no.NotLate, clock_no.AlreadyAppealed, no.AlreadyExempt)
)
async def appeal_issue_overdue(issue_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """超时申诉：已结案且超时的，由主办单位提出一次，须说明理由。"""
    return await change(issue_id, order, desk, lambda issue, act: appeal_overdue(act, issue=issue))


@router.post("/endorse-appeal", responses=responses(*DECIDED, clock_no.NoAppealMade, clock_no.AppealAlreadyEndorsed))
async def endorse_issue_appeal(issue_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """超时申诉初审通过：由派遣员。"""
    return await change(issue_id, order, desk, lambda issue, act: endorse_appeal(act, issue=issue))


@router.post("/grant-appeal", responses=responses(*DECIDED, clock_no.NoAppealMade, clock_no.AppealNotEndorsed))
async def grant_issue_appeal(issue_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """超时申诉复审通过：由受理员；不计入考核，超时仍是事实。"""
    return await change(issue_id, order, desk, lambda issue, act: grant_appeal(act, issue=issue))


@router.post(
    "/refuse-appeal",
    responses=responses(*DECIDED, clock_no.NoAppealMade, clock_no.AppealNotEndorsed, no.ReasonMissing),
)
async def refuse_issue_appeal(issue_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """超时申诉不通过：初审时由派遣员，复审时由受理员，须说明理由。"""
    return await change(issue_id, order, desk, lambda issue, act: refuse_appeal(act, issue=issue))


# --- 督办 ----------------------------------------------------------------------------------------


@router.post("/order-supervision", responses=responses(*CHANGING, no.ReasonMissing, clock_no.NotLate))
async def order_issue_supervision(issue_id: UUID, order: OrderingSupervision, desk: ChangeDesk) -> Receipt:
    """督办：由督查员或派遣员，自有时限，不影响办理时限；超时督办须已超时。"""
    issues, limit = desk.services.issues, Limit(order.amount, order.unit)
    return await change(
        issue_id, order, desk,
        lambda issue, act: order_supervision(
            act, issue=issue, kind=order.kind, limit=limit, terms=issues.same_terms(issue)
        ),
    )  # fmt: skip


@router.post(
    "/answer-supervision",
    responses=responses(*CHANGING, no.NotLead, clock_no.NoSuchSupervision, clock_no.AlreadyAnswered),
)
async def answer_issue_supervision(issue_id: UUID, order: AnsweringSupervision, desk: ChangeDesk) -> Receipt:
    """答复督办：由主办单位。"""
    nth, answer = order.nth, order.answer
    return await change(
        issue_id, order, desk, lambda issue, act: answer_supervision(act, issue=issue, nth=nth, answer=answer)
    )


@router.post("/close-supervision", responses=responses(*DECIDED, clock_no.NoSuchSupervision, no.ReasonMissing))
async def close_issue_supervision(issue_id: UUID, order: ClosingSupervision, desk: ChangeDesk) -> Receipt:
    """办结督办：由下达督办的岗位。"""
    return await change(issue_id, order, desk, lambda issue, act: close_supervision(act, issue=issue, nth=order.nth))
