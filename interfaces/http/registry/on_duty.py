"""/units/{code}: who signs for a unit at an instant 谁来签收, and when nobody does."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from application.registry.disclosure import reads_phone
from application.services import Services
from domain import refusals as no
from domain.actor import Actor
from domain.registry import roster_refusals as roster_no
from domain.registry.on_duty import DutyReason, Signer
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.fields import Instant
from interfaces.http.problems import responses
from interfaces.http.registry.entries import LocalCode
from interfaces.http.registry.rosters import ShiftView
from interfaces.http.statuses import BadPeriodAsked

router = APIRouter(prefix="/units/{code}", tags=["值班表"])
EARLIEST, LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2199, 12, 30, tzinfo=UTC)
Moment = Annotated[Instant, Field(ge=EARLIEST, le=LATEST, examples=["2026-10-01T22:00:00+08:00"])]


class SignerView(BaseModel):
    """签收人. 代他人时 instead_of 为被代的人员; 无权知悉电话时 phone 为 null."""

    staff: str
    name: str
    phone: str | None
    instead_of: str | None


class OnDutyView(BaseModel):
    """谁来签收. 无人时 signers 为空, reason 和 why 说明缘由; provisional 指当年节假日尚未公布."""

    unit: str
    at: datetime
    reason: DutyReason
    why: str
    signers: list[SignerView]
    shift: ShiftView | None
    provisional: bool


class DutyGapView(BaseModel):
    """一段无人签收的时间, 不含止."""

    begins: datetime
    ends: datetime
    reason: DutyReason
    why: str


class DutyGaps(BaseModel):
    """无人签收的各段时间, 依次; 没有时为空."""

    items: list[DutyGapView]


@router.get("/on-duty", responses=responses(no.NoSuchEntry))
async def get_on_duty(
    code: LocalCode, actor: ActorDep, services: ServicesDep,
    at: Annotated[Moment | None, Query(description="何时，缺省为现在")] = None,
) -> OnDutyView:  # fmt: skip
    """谁来签收: 工作时间为本单位承办人, 夜间和节假日为值班人员."""
    when = at or services.clock()
    found = services.rosters.on_duty(code, when)
    return OnDutyView(
        unit=code, at=when, reason=found.reason, why=found.why, provisional=found.provisional,
        signers=[_seen(actor, services, signer) for signer in found.signers],
        shift=None if found.shift is None else ShiftView.model_validate(found.shift),
    )  # fmt: skip


@router.get("/roster/gaps", responses=responses(no.NoSuchEntry, BadPeriodAsked, roster_no.RangeTooLong))
async def find_duty_gaps(
    code: LocalCode, _actor: ActorDep, services: ServicesDep,
    start: Annotated[Moment, Query(alias="from", description="起（含）")],
    end: Annotated[Moment, Query(alias="to", description="止（不含），最多 366 天")],
) -> DutyGaps:  # fmt: skip
    """值班空档: 一段时间内无人签收的各段及其缘由."""
    if start >= end:
        raise BadPeriodAsked(start=start, end=end)
    gaps = services.rosters.gaps(code, start, end)
    return DutyGaps(
        items=[DutyGapView(begins=gap.begins, ends=gap.ends, reason=gap.reason, why=gap.why) for gap in gaps]
    )


def _seen(actor: Actor, services: Services, signer: Signer) -> SignerView:
    staff = services.registry.staff(signer.staff)
    phone = staff.phone if reads_phone(actor, staff, services.registry.unit(staff.unit)) else None
    return SignerView(staff=staff.code, name=staff.name, phone=phone, instead_of=signer.instead_of)
