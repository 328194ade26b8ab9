"""/units: units 承办单位 and their lists of admitted duties 职责准入."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, BeforeValidator, Field

from application.ports import Receipt
from domain import refusals as no
from domain.registry import refusals as registry_no
from domain.registry.unit import UnitLevel
from interfaces.http.calls import ActorDep, ChangeDesk, NewDesk, ServicesDep
from interfaces.http.fields import CategoryKey, Line, Order
from interfaces.http.problems import responses
from interfaces.http.registry.entries import (
    CHANGING,
    REGISTERING,
    Day,
    DivisionCode,
    Ending,
    Entries,
    LocalCode,
    Phone,
    RangeDep,
    Seen,
    ValidOn,
    Within,
    change,
    facts,
    register,
    tagged,
)

router = APIRouter(prefix="/units", tags=["承办单位"])
Name = Annotated[Line, Field(description="单位名称", examples=["根河市城市管理综合执法局"])]
Category = Annotated[CategoryKey, Field(description="编目编码；职责按小类准入")]


class Duty(BaseModel):
    """一段准入: 该小类自 since 起至 last_day 止可派给本单位; 未取消时 last_day 为 null."""

    category: str
    since: date
    last_day: date | None


def _duties(periods: dict[str, list[tuple[str, str | None]]]) -> list[Duty]:
    return [
        Duty(category=category, since=date.fromisoformat(since), last_day=last and date.fromisoformat(last))
        for category, kept in sorted(periods.items())
        for since, last in kept
    ]


class UnitView(Seen):
    """承办单位. 没有准入清单的单位 duties 为空; valid_until 为末日, 未撤销时为 null."""

    level: UnitLevel
    place: str
    phone: str
    has_duty_list: bool
    duties: Annotated[list[Duty], BeforeValidator(_duties)]
    valid_until: date | None


class RegisteringUnit(Order):
    """登记. 所在区划须已登记, 级别与单位层级相符."""

    code: LocalCode
    name: Name
    level: Annotated[UnitLevel, Field(description="单位层级")]
    place: Annotated[DivisionCode, Field(description="所在区划")]
    phone: Annotated[Phone, Field(description="办公电话")]


class RenamingUnit(Order):
    """更名."""

    name: Name


class AdmittingDuty(Order):
    """职责准入."""

    category: Category
    since: Annotated[Day, Field(description="准入首日")]


class RevokingDuty(Ending):
    """准入取消."""

    category: Category


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=responses(*REGISTERING, no.NoSuchEntry, no.NotValidThen, registry_no.BadPhone),
)
async def register_unit(order: RegisteringUnit, desk: NewDesk) -> Receipt:
    """登记单位."""
    return await register(desk.services.units.register, order, desk, **facts(order))


@router.get("", responses=responses())
async def find_units(
    _actor: ActorDep, services: ServicesDep, asked: RangeDep, within: Within = "",
    level: Annotated[UnitLevel | None, Query(description="单位层级")] = None, valid_on: ValidOn = None,
) -> Entries[UnitView]:  # fmt: skip
    """查询单位."""
    return asked.of(services.registry.units, UnitView.model_validate, within=within, level=level, valid_on=valid_on)


@router.get("/{code}", responses=responses(no.NoSuchEntry))
async def get_unit(code: LocalCode, _actor: ActorDep, services: ServicesDep, response: Response) -> UnitView:
    """一个单位."""
    return tagged(UnitView.model_validate(services.registry.unit(code)), response)


@router.post("/{code}/rename", responses=responses(*CHANGING, registry_no.NothingChanged, registry_no.BadText))
async def rename_unit(code: LocalCode, order: RenamingUnit, desk: ChangeDesk) -> Receipt:
    """更名."""
    return await change(desk.services.units.rename, code, order, desk, name=order.name)


@router.post(
    "/{code}/admit-duty",
    responses=responses(*CHANGING, no.BadCode, no.NotValidThen, registry_no.NoDutyList, registry_no.DutyOnList),
)
async def admit_duty(code: LocalCode, order: AdmittingDuty, desk: ChangeDesk) -> Receipt:
    """职责准入: 把编目的一个小类列入街道 (乡镇) 或社区 (村) 的清单."""
    return await change(desk.services.units.admit_duty, code, order, desk, category=order.category, since=order.since)


@router.post(
    "/{code}/revoke-duty",
    responses=responses(
        *CHANGING, no.BadCode, registry_no.BadPeriod, registry_no.NoDutyList, registry_no.DutyNotOnList
    ),
)
async def revoke_duty(code: LocalCode, order: RevokingDuty, desk: ChangeDesk) -> Receipt:
    """准入取消."""
    said = {"category": order.category, "last_day": order.last_day}
    return await change(desk.services.units.revoke_duty, code, order, desk, **said)


@router.post("/{code}/close", responses=responses(*CHANGING, registry_no.BadPeriod))
async def close_unit(code: LocalCode, order: Ending, desk: ChangeDesk) -> Receipt:
    """撤销."""
    return await change(desk.services.units.close, code, order, desk, last_day=order.last_day)
