"""POST /issues/{id}/{command}: what may be done about a grid issue. One route a command, no rule here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from application.ports import Receipt
from domain import clock_refusals as clock_no
from domain import escalation_refusals as escalation_no
from domain import refusals as no
from domain.actor import Act
from domain.attachment_refusals import NoSuchAttachment
from domain.exempting import ask_exemption, decide_exemption
from domain.grid_issue import GridIssue
from domain.registry import catalogue_refusals as catalogue_no
from domain.registry import dispatch_refusals as dispatch_no
from domain.vocabulary import ReturnReason, SolvedLevel
from interfaces.http.calls import ChangeDesk, Desk
from interfaces.http.fields import CategoryKey, Evidence, Order, UnitCode, Words, Yes
from interfaces.http.problems import responses
from interfaces.http.statuses import VersionMissing

router = APIRouter(prefix="/issues/{issue_id}", tags=["网格事件办理"])
CHANGING = (
    no.NoSuchCase, no.NoSuchLog, no.Stale, VersionMissing, no.KeyReused, no.WrongStage, no.WrongRole, no.OutsideArea,
    no.OutOfOrder, no.ImplausibleTime, no.ComplainedAbout, clock_no.Suspended,
)  # fmt: skip
UNITS_NAMED = (no.NoSuchEntry, no.NotValidThen)
Units = Annotated[list[UnitCode], Field(max_length=20)]


class Filing(Order):
    """立案：编目中的哪个立案条件，缺省为上报时初判的。"""

    category: CategoryKey | None = None


class SolvingOnSpot(Order):
    """自行处置：何种措施，有何证据。"""

    measure: Annotated[Words, Field(description="处置措施")]
    evidence: Annotated[Evidence, Field(default_factory=list)]


class OpeningConsultation(Order):
    """派前会商：哪些单位参加。"""

    units: Annotated[Units, Field(min_length=1)]


class ConcludingConsultation(Order):
    """会商结论：建议由谁主办，须说明理由。"""

    proposed_lead: UnitCode


class Assigning(Order):
    """派遣：主办单位（缺省依派遣规则，连同规则所定的抄送、协办）、抄送单位、协办单位。"""

    lead: UnitCode | None = None
    copies: Annotated[Units, Field(default_factory=list)]
    assists: Annotated[Units, Field(default_factory=list)]


class AskingReturn(Order):
    """申请退单：哪一种理由。"""

    code: ReturnReason


class Resolving(SolvingOnSpot):
    """办理反馈：在哪一级、以何种措施解决。"""

    level: Annotated[SolvedLevel, Field(description="解决层级")] = SolvedLevel.STREET


class Checking(Order):
    """核查：是否通过，有何证据。"""

    passed: Annotated[Yes, Field(description="是否通过")]
    evidence: Annotated[Evidence, Field(default_factory=list)]


class Merging(Order):
    """并案：并入或撤出哪个网格事件。"""

    into: UUID


async def change(issue_id: UUID, order: Order, desk: Desk, decide: Callable[[GridIssue, Act], None]) -> Receipt:
    """Let the issue decide on the order as it came, once per key."""
    command = order.at(desk)
    cases = desk.services.cases
    return desk.tagged(await cases.change(GridIssue, issue_id, command, lambda issue: decide(issue, command.act)))


@router.post("/void", responses=responses(*CHANGING, no.ReasonMissing, no.VoicesAttached))
async def void_issue(issue_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """作废误报；事件保留可查。"""
    return await change(issue_id, order, desk, lambda issue, act: issue.void(act))


@router.post("/file", responses=responses(*CHANGING, no.NoCategory, no.NoSuchEntry, no.NotValidThen))
async def file_issue(issue_id: UUID, order: Filing, desk: ChangeDesk) -> Receipt:
    """立案。"""
    return desk.tagged(await desk.services.issues.file(issue_id, order.at(desk), category=order.category))


@router.post("/solve-on-spot", responses=responses(*CHANGING, NoSuchAttachment))
async def solve_issue_on_spot(issue_id: UUID, order: SolvingOnSpot, desk: ChangeDesk) -> Receipt:
    """自行处置：网格员当场解决。"""
    facts = order.model_dump(include={"measure", "evidence"})
    return await change(issue_id, order, desk, lambda issue, act: issue.solve_on_spot(act, **facts))


@router.post("/open-consultation", responses=responses(*CHANGING, *UNITS_NAMED))
async def open_consultation(issue_id: UUID, order: OpeningConsultation, desk: ChangeDesk) -> Receipt:
    """启动派前会商。"""
    return desk.tagged(await desk.services.issues.open_consultation(issue_id, order.at(desk), units=order.units))


@router.post("/conclude-consultation", responses=responses(*CHANGING, *UNITS_NAMED, no.ReasonMissing))
async def conclude_consultation(issue_id: UUID, order: ConcludingConsultation, desk: ChangeDesk) -> Receipt:
    """记录会商结论。"""
    issues, lead = desk.services.issues, order.proposed_lead
    return desk.tagged(await issues.conclude_consultation(issue_id, order.at(desk), proposed_lead=lead))


ASSIGNING = (*UNITS_NAMED, no.NoCategory, no.NotAdmitted, dispatch_no.NoLead, catalogue_no.LimitUndecided)


@router.post("/assign", responses=responses(*CHANGING, *ASSIGNING))
async def assign_issue(issue_id: UUID, order: Assigning, desk: ChangeDesk) -> Receipt:
    """派遣：时限自此起算。"""
    units = order.model_dump(include={"lead", "copies", "assists"})
    return desk.tagged(await desk.services.issues.assign(issue_id, order.at(desk), **units))


@router.post("/accept", responses=responses(*CHANGING, no.NotLead))
async def accept_issue(issue_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """签收：由主办单位；时限自派遣起已在计算。"""
    return await change(issue_id, order, desk, lambda issue, act: issue.accept(act))


@router.post("/ask-return", responses=responses(*CHANGING, no.NotLead))
async def ask_return(issue_id: UUID, order: AskingReturn, desk: ChangeDesk) -> Receipt:
    """申请退单：由派遣员审批。"""
    return await change(issue_id, order, desk, lambda issue, act: issue.ask_return(act, code=order.code))


@router.post("/grant-return", responses=responses(*CHANGING, no.DutyConflict))
async def grant_return(issue_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """同意退单。"""
    return await change(issue_id, order, desk, lambda issue, act: issue.grant_return(act))


@router.post("/refuse-return", responses=responses(*CHANGING, no.DutyConflict, no.ReasonMissing))
async def refuse_return(issue_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """不同意退单：主办单位的时限继续计算。"""
    return desk.tagged(await desk.services.issues.refuse_return(issue_id, order.at(desk)))


@router.post("/resolve", responses=responses(*CHANGING, no.NotLead, NoSuchAttachment))
async def resolve_issue(issue_id: UUID, order: Resolving, desk: ChangeDesk) -> Receipt:
    """办理反馈：由主办单位。"""
    facts = order.model_dump(include={"measure", "evidence", "level"})
    return await change(issue_id, order, desk, lambda issue, act: issue.resolve(act, **facts))


@router.post("/check", responses=responses(*CHANGING, no.DutyConflict, NoSuchAttachment))
async def check_issue(issue_id: UUID, order: Checking, desk: ChangeDesk) -> Receipt:
    """核查：由未经手本案的人员。"""
    facts = order.model_dump(include={"passed", "evidence"})
    return await change(issue_id, order, desk, lambda issue, act: issue.check(act, **facts))


@router.post("/order-rework", responses=responses(*CHANGING))
async def order_rework(issue_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """返工：核查未通过，再来一轮。"""
    return desk.tagged(await desk.services.issues.order_rework(issue_id, order.at(desk)))


@router.post("/close", responses=responses(*CHANGING, no.DutyConflict))
async def close_issue(issue_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """结案：由未经手本案的人员。"""
    return await change(issue_id, order, desk, lambda issue, act: issue.close(act))


ESCALATING = (
    no.ReasonMissing, no.NotLead, escalation_no.NotCoordinating, escalation_no.AtTheTop, escalation_no.NoUnitAbove,
)  # fmt: skip


@router.post("/escalate", responses=responses(*CHANGING, *ESCALATING))
async def escalate_issue(issue_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """上报上级：逐级上报，须说明理由；主办单位不变，时限继续计算。"""
    return desk.tagged(await desk.services.escalations.escalate(issue_id, order.at(desk)))


SENDING_DOWN = (no.ReasonMissing, no.NotLead, escalation_no.NotCoordinating, escalation_no.NotEscalated)


@router.post("/send-down", responses=responses(*CHANGING, *SENDING_DOWN))
async def send_issue_down(issue_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """回落：退回上报前的一级，须说明理由。"""
    return desk.tagged(await desk.services.escalations.send_down(issue_id, order.at(desk)))


@router.post("/merge", responses=responses(*CHANGING, no.MergeWithSelf, no.OtherLog))
async def merge_issue(issue_id: UUID, order: Merging, desk: ChangeDesk) -> Receipt:
    """并入另一网格事件：每位反映人的诉求都保留。"""
    return desk.tagged(await desk.services.issues.merge(issue_id, order.at(desk), into=order.into))


@router.post("/unmerge", responses=responses(*CHANGING, no.NotMerged, no.ReasonMissing))
async def unmerge_issue(issue_id: UUID, order: Merging, desk: ChangeDesk) -> Receipt:
    """撤销并案：回到并案前的环节。"""
    return desk.tagged(await desk.services.issues.merge(issue_id, order.at(desk), into=order.into, undo=True))


@router.post("/ask-exemption", responses=responses(*CHANGING, no.ReasonMissing, no.ExemptionPending, no.AlreadyExempt))
async def ask_issue_exemption(issue_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """申请剔除：不计入考核，须说明理由。"""
    return await change(issue_id, order, desk, lambda issue, act: ask_exemption(act, case=issue))


@router.post("/grant-exemption", responses=responses(*CHANGING, no.NoExemptionAsked, no.DutyConflict))
async def grant_issue_exemption(issue_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """同意剔除：超时仍是事实。"""
    return await change(issue_id, order, desk, lambda issue, act: decide_exemption(act, case=issue, granted=True))


@router.post("/refuse-exemption", responses=responses(*CHANGING, no.NoExemptionAsked, no.DutyConflict))
async def refuse_issue_exemption(issue_id: UUID, order: Order, desk: ChangeDesk) -> Receipt:
    """不同意剔除。"""
    return await change(issue_id, order, desk, lambda issue, act: decide_exemption(act, case=issue, granted=False))
