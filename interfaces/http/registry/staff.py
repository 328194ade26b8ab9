"""/staff: staff 人员 by post. Join, grant roles, assign areas, move, look up. Standing in and leaving: `leaving`."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, ConfigDict, Field

from application.ports import Receipt
from application.registry.disclosure import reads_phone
from application.services import Services
from domain import refusals as no
from domain.actor import Actor, Role
from domain.registry import refusals as registry_no
from domain.registry.staff import MOST_AREAS, Staff
from interfaces.http.calls import ActorDep, ChangeDesk, NewDesk, ServicesDep
from interfaces.http.fields import Line, Order, Place
from interfaces.http.problems import responses
from interfaces.http.registry.entries import (
    CHANGING,
    REGISTERING,
    Entries,
    LocalCode,
    Phone,
    RangeDep,
    Seen,
    change,
    facts,
    register,
    tagged,
)

router = APIRouter(prefix="/staff", tags=["人员"])
UnitCode = Annotated[LocalCode, Field(description="所在单位")]
Roles = Annotated[list[Role], Field(max_length=len(Role), description="岗位", examples=[["worker"]])]
Areas = Annotated[
    list[Place],
    Field(min_length=1, max_length=MOST_AREAS, description="管辖的区划或网格", examples=[["150785001001001"]]),
]
ALTERING = (*CHANGING, registry_no.SelfGrant, registry_no.NothingChanged)


class StandInView(BaseModel):
    """一段代班: 由 stand_in 代 unit 的 roles 岗位."""

    model_config = ConfigDict(from_attributes=True)

    stand_in: str
    unit: str
    roles: list[Role]
    first_day: date
    last_day: date


class StaffView(Seen):
    """人员. name 为岗位名称; 没有电话或无权知悉时 phone 为 null; 在岗时 left_on 为 null; stand_ins 为历次由谁代班."""

    unit: str
    roles: list[Role]
    areas: list[str]
    phone: str | None
    left_on: date | None
    stand_ins: list[StandInView]


class Joining(Order):
    """到岗."""

    code: LocalCode
    name: Annotated[Line, Field(description="岗位名称，不是姓名", examples=["河东社区第一网格网格员"])]
    unit: UnitCode
    roles: Roles
    areas: Areas
    phone: Annotated[Phone | None, Field(description="岗位电话")] = None


class GrantingRoles(Order):
    """岗位授予: 此后恰为所列."""

    roles: Roles


class AssigningAreas(Order):
    """范围划定: 此后恰为所列."""

    areas: Areas


class Moving(Order):
    """调动."""

    unit: UnitCode


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=responses(*REGISTERING, no.NoSuchEntry, no.NotValidThen, registry_no.SelfGrant, registry_no.BadPhone),
)
async def join(order: Joining, desk: NewDesk) -> Receipt:
    """到岗登记. 登录账号另行开通."""
    return await register(desk.services.staff.join, order, desk, **facts(order))


@router.get("", responses=responses())
async def find_staff(
    actor: ActorDep, services: ServicesDep, asked: RangeDep,
    unit: Annotated[LocalCode | None, Query(description="所在单位")] = None,
    role: Annotated[Role | None, Query(description="岗位")] = None,
    covering: Annotated[Place | None, Query(description="管辖范围包含此处")] = None,
) -> Entries[StaffView]:  # fmt: skip
    """查询在岗人员."""
    see = partial(_seen_by, actor, services)
    return asked.of(services.registry.staff_members, see, unit=unit, role=role, covering=covering)


@router.get("/{code}", responses=responses(no.NoSuchEntry))
async def get_staff(code: LocalCode, actor: ActorDep, services: ServicesDep, response: Response) -> StaffView:
    """一名人员, 含已离岗的."""
    return tagged(_seen_by(actor, services, services.registry.staff(code)), response)


@router.post("/{code}/grant-roles", responses=responses(*ALTERING))
async def grant_roles(code: LocalCode, order: GrantingRoles, desk: ChangeDesk) -> Receipt:
    """岗位授予. 本人的岗位须由其他管理员变更."""
    return await change(desk.services.staff.grant_roles, code, order, desk, roles=order.roles)


@router.post("/{code}/assign-areas", responses=responses(*ALTERING, no.BadCode, no.NotValidThen))
async def assign_areas(code: LocalCode, order: AssigningAreas, desk: ChangeDesk) -> Receipt:
    """范围划定."""
    return await change(desk.services.staff.assign_areas, code, order, desk, areas=order.areas)


@router.post("/{code}/move", responses=responses(*ALTERING, no.NotValidThen))
async def move(code: LocalCode, order: Moving, desk: ChangeDesk) -> Receipt:
    """调动."""
    return await change(desk.services.staff.move, code, order, desk, unit=order.unit)


def _seen_by(actor: Actor, services: Services, staff: Staff) -> StaffView:
    view = StaffView.model_validate(staff)
    if reads_phone(actor, staff, services.registry.unit(staff.unit)):
        return view
    return view.model_copy(update={"phone": None})
