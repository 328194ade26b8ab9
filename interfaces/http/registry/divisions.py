"""/divisions: divisions 区划, from province to community. Register, rename, abolish, look up."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response, status
from pydantic import Field

from application.ports import Receipt
from domain import refusals as no
from domain.place import Level
from domain.registry import refusals as registry_no
from interfaces.http.calls import ActorDep, ChangeDesk, NewDesk, ServicesDep
from interfaces.http.fields import Line, Order
from interfaces.http.problems import responses
from interfaces.http.registry.entries import (
    CHANGING,
    REGISTERING,
    DivisionCode,
    Ending,
    Entries,
    RangeDep,
    Seen,
    Since,
    Until,
    ValidOn,
    change,
    facts,
    register,
    tagged,
)

router = APIRouter(prefix="/divisions", tags=["区划"])
Name = Annotated[Line, Field(description="区划名称", examples=["河东街道"])]
Source = Annotated[Line, Field(description="依据的名单或文件", examples=["国家统计局 2023"])]


class DivisionView(Seen):
    """区划. 省级的 parent 为空文本; valid_until 为有效期末日, 长期有效时为 null."""

    level: Level
    parent: str
    source: str
    valid_from: date
    valid_until: date | None


class RegisteringDivision(Order):
    """登记. 上级由代码得出, 须已登记."""

    code: DivisionCode
    name: Name
    source: Source
    valid_from: Since
    valid_until: Until = None


class RenamingDivision(Order):
    """更名."""

    name: Name
    source: Source


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=responses(*REGISTERING, no.NoSuchEntry, no.NotValidThen, registry_no.BadPeriod),
)
async def register_division(order: RegisteringDivision, desk: NewDesk) -> Receipt:
    """登记区划."""
    return await register(desk.services.divisions.register, order, desk, **facts(order))


@router.get("", responses=responses())
async def find_divisions(
    _actor: ActorDep, services: ServicesDep, asked: RangeDep,
    parent: Annotated[str | None, Query(pattern=r"^[0-9]{0,12}$", description="直接上级，留空为各省")] = None,
    valid_on: ValidOn = None,
) -> Entries[DivisionView]:  # fmt: skip
    """查询区划."""
    return asked.of(services.registry.divisions, DivisionView.model_validate, parent=parent, valid_on=valid_on)


@router.get("/{code}", responses=responses(no.NoSuchEntry))
async def get_division(code: DivisionCode, _actor: ActorDep, services: ServicesDep, response: Response) -> DivisionView:
    """一个区划."""
    return tagged(DivisionView.model_validate(services.registry.division(code)), response)


@router.post("/{code}/rename", responses=responses(*CHANGING, registry_no.NothingChanged, registry_no.BadText))
async def rename_division(code: DivisionCode, order: RenamingDivision, desk: ChangeDesk) -> Receipt:
    """更名."""
    return await change(desk.services.divisions.rename, code, order, desk, name=order.name, source=order.source)


@router.post("/{code}/abolish", responses=responses(*CHANGING, registry_no.StillInUse, registry_no.BadPeriod))
async def abolish_division(code: DivisionCode, order: Ending, desk: ChangeDesk) -> Receipt:
    """撤销. 其下的区划和网格须先终止."""
    return await change(desk.services.divisions.abolish, code, order, desk, last_day=order.last_day)
