"""/catalogue/unit-names: names of units in the standards 单位称谓, and which registered unit each means."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from application.ports import Receipt
from application.registry.unit_names import NamedUnit
from domain import refusals as no
from domain.registry import refusals as registry_no
from domain.registry.entry import civil_day
from interfaces.http.calls import ActorDep, NewDesk, ServicesDep
from interfaces.http.fields import Line, Order
from interfaces.http.problems import responses
from interfaces.http.registry.edition_questions import Listed
from interfaces.http.registry.entries import LocalCode

router = APIRouter(prefix="/catalogue/unit-names", tags=["立案标准版次"])


class MappingUnitName(Order):
    """对应: 此称谓即此单位; unit 为 null 则取消对应."""

    name: Annotated[Line, Field(min_length=1, description="标准中的称谓", examples=["城市管理局"])]
    unit: Annotated[LocalCode | None, Field(description="已登记单位的代码")]


@router.get("", responses=responses())
async def list_unit_names(
    _actor: ActorDep, services: ServicesDep,
    mapped: Annotated[bool | None, Query(description="只看已对应或未对应的")] = None,
    after: Annotated[str, Query(max_length=100, description="上一页的 next")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Listed[NamedUnit]:  # fmt: skip
    """现行标准提到的单位称谓: 各作处置单位、主管单位几次, 对应哪个单位; 未对应的为 null."""
    every = services.unit_names.named(civil_day(services.clock()))
    rest = [one for one in every if one.name > after and mapped in {None, one.unit is not None}]
    return Listed(rest[:limit], rest[limit - 1].name if len(rest) > limit else None)


@router.post(
    "",
    responses=responses(
        no.WrongRole, no.OutsideArea, no.ImplausibleTime, no.KeyReused, no.Stale, no.NoSuchEntry, no.NotValidThen,
        no.OutOfOrder, no.AlreadyRegistered, registry_no.NothingChanged, registry_no.BadText,
    ),
)  # fmt: skip
async def map_unit_name(order: MappingUnitName, desk: NewDesk) -> Receipt:
    """指定一个称谓是哪个单位. 系统不作推断: 没有人指定的只是文字."""
    command = order.at(desk)
    return desk.tagged(
        await desk.services.unit_names.map(command.act, name=order.name, unit=order.unit, key=command.key)
    )
