"""/catalogue: the catalogue 编目 of filing conditions. Publish, set limit and lead, withdraw, look up."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, Field

from application.ports import Receipt
from domain import refusals as no
from domain.limit import LimitUnit
from domain.registry import catalogue_refusals as catalogue_no
from domain.registry import refusals as registry_no
from domain.registry.case_type_key import CaseKind
from domain.registry.entry import civil_day
from domain.registry.filing_condition import MOST_WORDS
from interfaces.http.calls import ActorDep, ChangeDesk, NewDesk, ServicesDep
from interfaces.http.fields import CategoryKey, Line, Order, Plain
from interfaces.http.problems import responses
from interfaces.http.registry.conditions import CaseTypeView, ConditionView, case_type_seen, condition_seen
from interfaces.http.registry.entries import (
    CHANGING,
    REGISTERING,
    Day,
    Ending,
    Entries,
    LocalCode,
    RangeDep,
    Since,
    Until,
    ValidOn,
    change,
    facts,
    register,
    tagged,
)

router = APIRouter(prefix="/catalogue", tags=["编目"])
Condition = Annotated[str, Field(min_length=1, max_length=MOST_WORDS), Plain]
LimitAmount = Annotated[int, Field(ge=1, le=10_000_000, description="时限数值", examples=[4])]
UnitOfLimit = Annotated[LimitUnit, Field(description="时限单位", examples=["work_hour"])]
Lead = Annotated[LocalCode | None, Field(description="默认主办单位；空则由派遣员确定")]
Edition = Annotated[Line, Field(description="版本", examples=["2026.1"])]


class PublishingCaseType(Order):
    """发布, 全市适用."""

    code: CategoryKey
    name: Annotated[Line, Field(description="小类名称", examples=["绿地脏乱"])]
    class_name: Annotated[Line, Field(description="大类名称", examples=["市容环境"])]
    condition: Annotated[Condition, Field(description="立案条件", examples=["绿地内有垃圾、杂物"])]
    closing_condition: Annotated[Condition, Field(description="结案条件", examples=["清理干净"])]
    limit_amount: LimitAmount
    limit_unit: UnitOfLimit
    lead: Lead = None
    edition: Edition
    valid_from: Since
    valid_until: Until = None


class RevisionView(BaseModel):
    """某一版次的内容, 自 since 起施行, 至下一版次."""

    edition: str
    since: date
    content: ConditionView


class DecidingLimit(Order):
    """时限决定. 理由记入 reason."""

    edition: Annotated[Line, Field(description="版次", examples=["2026.1"])]
    limit_amount: LimitAmount
    limit_unit: UnitOfLimit


class SettingLimit(Order):
    """时限调整, 须用新的版本号."""

    limit_amount: LimitAmount
    limit_unit: UnitOfLimit
    edition: Edition


class SettingLead(Order):
    """主办单位调整, 须用新的版本号."""

    lead: Lead
    edition: Edition


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=responses(
        *REGISTERING,
        no.NoSuchEntry,
        no.NotValidThen,
        registry_no.BadLimit,
        registry_no.BadPeriod,
        catalogue_no.EditionTaken,
    ),
)
async def publish_case_type(order: PublishingCaseType, desk: NewDesk) -> Receipt:
    """发布立案条件."""
    said = facts(order) | {"limit_unit": order.limit_unit.value}
    return await register(desk.services.catalogue.publish, order, desk, **said)


@router.get("", responses=responses())
async def find_case_types(
    _actor: ActorDep, services: ServicesDep, asked: RangeDep,
    kind: Annotated[CaseKind | None, Query(description="事项或部件")] = None,
    lead: Annotated[LocalCode | None, Query(description="默认主办单位")] = None, valid_on: ValidOn = None,
) -> Entries[CaseTypeView]:  # fmt: skip
    """查询编目, 所示为 valid_on 那天 (缺省今天) 的内容."""
    see = partial(case_type_seen, registry=services.registry, day=valid_on or civil_day(services.clock()))
    return asked.of(services.registry.case_types, see, kind=kind, lead=lead, valid_on=valid_on)


@router.get("/{code}", responses=responses(no.NoSuchEntry))
async def get_case_type(
    code: CategoryKey, _actor: ActorDep, services: ServicesDep, response: Response,
    on: Annotated[Day | None, Query(description="哪一天的内容，缺省为今天；停用后为停用前的")] = None,
) -> CaseTypeView:  # fmt: skip
    """一个立案条件."""
    day = on or civil_day(services.clock())
    return tagged(case_type_seen(services.registry.case_type(code), services.registry, day), response)


@router.get("/{code}/revisions", responses=responses(no.NoSuchEntry))
async def list_revisions(code: CategoryKey, _actor: ActorDep, services: ServicesDep) -> list[RevisionView]:
    """一个立案条件历次版次的内容, 自早至晚, 含已发布待生效的."""
    return [
        RevisionView(
            edition=one.edition, since=date.fromisoformat(one.since),
            content=condition_seen(one.content, services.registry),
        )
        for one in services.registry.case_type(code).revisions
    ]  # fmt: skip


REVISING = (*CHANGING, registry_no.NothingChanged, registry_no.BadText, catalogue_no.EditionTaken)


@router.post("/{code}/set-limit", responses=responses(*REVISING, registry_no.BadLimit))
async def set_limit(code: CategoryKey, order: SettingLimit, desk: ChangeDesk) -> Receipt:
    """时限调整. 已立案的案件时限不变."""
    said = {"limit_amount": order.limit_amount, "limit_unit": order.limit_unit.value, "edition": order.edition}
    return await change(desk.services.catalogue.set_limit, code, order, desk, **said)


@router.post("/{code}/set-lead", responses=responses(*REVISING, no.NotValidThen))
async def set_lead(code: CategoryKey, order: SettingLead, desk: ChangeDesk) -> Receipt:
    """主办单位调整."""
    return await change(desk.services.catalogue.set_lead, code, order, desk, lead=order.lead, edition=order.edition)


@router.post(
    "/{code}/decide-limit",
    responses=responses(*CHANGING, registry_no.BadLimit, catalogue_no.LimitSettled, catalogue_no.NothingUndecided),
)
async def decide_limit(code: CategoryKey, order: DecidingLimit, desk: ChangeDesk) -> Receipt:
    """时限决定: 以文字保留的时限究竟是多长. 决定前, 依此立案的案件不能派遣."""
    said = {"limit_amount": order.limit_amount, "limit_unit": order.limit_unit.value, "edition": order.edition}
    return await change(desk.services.catalogue.decide_limit, code, order, desk, **said)


@router.post("/{code}/withdraw", responses=responses(*CHANGING, registry_no.BadPeriod))
async def withdraw_case_type(code: CategoryKey, order: Ending, desk: ChangeDesk) -> Receipt:
    """停用."""
    return await change(desk.services.catalogue.withdraw, code, order, desk, last_day=order.last_day)
