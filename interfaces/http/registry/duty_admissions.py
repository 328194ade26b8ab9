"""/duties/admissions: requests to put a class on duty lists 职责准入: request, approve, reject, revoke, look up."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response, status
from pydantic import Field

from application.ports import Receipt
from domain import refusals as no
from domain.registry import duty_refusals as duty_no
from domain.registry import refusals as registry_no
from domain.registry.duty_admission import MOST_UNITS, MOST_WORDS, AdmissionStage
from domain.registry.unit import UnitLevel
from interfaces.http.calls import ActorDep, ChangeDesk, NewDesk, ServicesDep
from interfaces.http.fields import CategoryKey, Line, Order, Plain
from interfaces.http.problems import responses
from interfaces.http.registry.entries import (
    CHANGING,
    REGISTERING,
    Day,
    Ending,
    Entries,
    LocalCode,
    RangeDep,
    Seen,
    change,
    facts,
    register,
    tagged,
)

router = APIRouter(prefix="/duties/admissions", tags=["职责准入"])
Note = Annotated[str, Field(min_length=1, max_length=MOST_WORDS), Plain]
Class = Annotated[CategoryKey, Field(description="编目编码；职责按小类准入")]


class AdmissionView(Seen):
    """准入申请. since 在审核前为申请的首日, 准入后为批准的首日; until 为末日, 长期为 null.

    decision 为不予准入或取消的理由.
    """

    stage: AdmissionStage
    category: str
    level: Annotated[UnitLevel, Field(description="街道（乡镇）或社区（村）")]
    units: list[str]
    since: date
    until: date | None
    basis: Annotated[str, Field(description="法律法规或政策依据")]
    powers: Annotated[str, Field(description="权随责走：随之下放的权限")]
    funding: Annotated[str, Field(description="费随事转：随之划转的经费")]
    asked_by: str
    asking_unit: str
    decided_by: Annotated[str, Field(description="审核人；待审时为空")]
    document: Annotated[str, Field(description="批准文号；未准入时为空")]
    decision: str


class RequestingAdmission(Order):
    """申请. 街道和社区分级审核, 一件申请只列同一级的单位; 不附权限、不涉经费的也须写明."""

    code: Annotated[LocalCode, Field(description="申请编号", examples=["ZR-2026-001"])]
    name: Annotated[Line, Field(description="事项名称", examples=["占道经营日常巡查"])]
    category: Class
    units: Annotated[list[LocalCode], Field(min_length=1, max_length=MOST_UNITS, description="承接的街道或社区")]
    since: Annotated[Day, Field(description="申请的准入首日")]
    until: Annotated[Day | None, Field(description="末日，含当日；缺省为长期")] = None
    basis: Annotated[Note, Field(description="法律法规或政策依据")]
    powers: Annotated[Note, Field(description="权随责走：随之下放的权限")]
    funding: Annotated[Note, Field(description="费随事转：随之划转的经费")]


class Approving(Order):
    """准入. 首日不早于审核当日; 缺省为申请的首日, 已过的为当日."""

    document: Annotated[Line, Field(description="批准文号", examples=["根政办发〔2026〕7号"])]
    since: Annotated[Day | None, Field(description="准入首日")] = None


REVIEWING = (*CHANGING, no.WrongStage)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=responses(
        *REGISTERING, no.NoSuchEntry, no.NotValidThen, registry_no.BadPeriod, registry_no.NoDutyList,
        registry_no.DutyOnList, duty_no.MixedLevels, duty_no.TooManyUnits, duty_no.AdmissionPending,
    ),
)  # fmt: skip
async def request_admission(order: RequestingAdmission, desk: NewDesk) -> Receipt:
    """申请准入: 由部门的承办人, 或由派遣员、管理员代为登记."""
    return await register(desk.services.duty_admissions.request, order, desk, **facts(order))


@router.get("", responses=responses())
async def find_admissions(
    _actor: ActorDep, services: ServicesDep, asked: RangeDep,
    stage: Annotated[AdmissionStage | None, Query(description="环节")] = None,
    category: Annotated[CategoryKey | None, Query(description="小类")] = None,
    unit: Annotated[LocalCode | None, Query(description="承接的街道或社区")] = None,
    asking_unit: Annotated[LocalCode | None, Query(description="申请单位")] = None,
) -> Entries[AdmissionView]:  # fmt: skip
    """查询准入申请."""
    wanted = {"stage": stage, "category": category, "unit": unit, "asking_unit": asking_unit}
    return asked.of(services.duty_admissions.find, AdmissionView.model_validate, **wanted)


@router.get("/{code}", responses=responses(no.NoSuchEntry))
async def get_admission(code: LocalCode, _actor: ActorDep, services: ServicesDep, response: Response) -> AdmissionView:
    """一件准入申请."""
    return tagged(AdmissionView.model_validate(services.duty_admissions.one(code)), response)


@router.post(
    "/{code}/approve",
    responses=responses(
        *REVIEWING, no.DutyConflict, duty_no.OwnUnitReviews, duty_no.DatedBack, registry_no.BadPeriod,
        registry_no.BadText, registry_no.DutyOnList,
    ),
)  # fmt: skip
async def approve_admission(code: LocalCode, order: Approving, desk: ChangeDesk) -> Receipt:
    """准入: 同时列入各单位的清单. 由督查员或管理员审核, 不得是申请人和申请单位的人员."""
    use = desk.services.duty_admissions.approve
    return await change(use, code, order, desk, document=order.document, since=order.since)


@router.post(
    "/{code}/reject", responses=responses(*REVIEWING, no.DutyConflict, duty_no.OwnUnitReviews, no.ReasonMissing)
)
async def reject_admission(code: LocalCode, order: Order, desk: ChangeDesk) -> Receipt:
    """不予准入, 须说明理由."""
    return await change(desk.services.duty_admissions.reject, code, order, desk)


@router.post(
    "/{code}/revoke",
    responses=responses(*REVIEWING, duty_no.DatedBack, duty_no.AdmittedAnew, registry_no.BadPeriod, no.ReasonMissing),
)
async def revoke_admission(code: LocalCode, order: Ending, desk: ChangeDesk) -> Receipt:
    """取消: 各单位的清单到末日为止, 须说明理由. 此前的派遣不受影响."""
    return await change(desk.services.duty_admissions.revoke, code, order, desk, last_day=order.last_day)
