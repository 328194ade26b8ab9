"""/accounts 账号: opened, reset, stopped and restored by an administrator; a password is its owner's to change."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, status
from pydantic import Field, SecretStr

from application.command import deed
from domain import refusals as no
from domain import sign_in_refusals as sign_in_no
from domain.registry.refusals import BadText, SelfGrant
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.fields import Body, UnitCode
from interfaces.http.problems import responses

router = APIRouter(prefix="/accounts", tags=["账号"])
Password = Annotated[SecretStr, Field(min_length=1, max_length=500)]
KEEPING = (no.WrongRole, no.OutsideArea, no.NoSuchEntry, SelfGrant)
CHOOSING = (BadText, sign_in_no.WeakPassword)


class Opening(Body):
    """开通账号."""

    staff: Annotated[UnitCode, Field(description="人员编号", examples=["worker-150785001001001"])]
    login: Annotated[str, Field(min_length=1, max_length=100, description="账号")]
    password: Password


class Resetting(Body):
    """重置口令."""

    password: Password


class Changing(Body):
    """修改本人口令."""

    current: Password
    password: Password


@router.post(
    "",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=responses(*KEEPING, *CHOOSING, no.BadCode, no.AlreadyRegistered),
)
async def open_account(order: Opening, actor: ActorDep, services: ServicesDep) -> None:
    """为一名人员开通账号。"""
    act = deed(actor, now=services.clock())
    password = order.password.get_secret_value()
    await services.accounts.open(act, staff=order.staff, login=order.login, password=password)


@router.post(
    "/mine/change-password", status_code=status.HTTP_204_NO_CONTENT,
    responses=responses(sign_in_no.BadCredentials, sign_in_no.TooManyAttempts, no.NoSuchEntry, *CHOOSING),
)  # fmt: skip
async def change_own_password(order: Changing, actor: ActorDep, services: ServicesDep) -> None:
    """修改本人口令；已签发的令牌全部失效。"""
    current, password = order.current.get_secret_value(), order.password.get_secret_value()
    await services.accounts.change_own_password(actor, current=current, password=password)


@router.post(
    "/{staff}/reset-password", status_code=status.HTTP_204_NO_CONTENT, responses=responses(*KEEPING, *CHOOSING)
)
async def reset_password(staff: UnitCode, order: Resetting, actor: ActorDep, services: ServicesDep) -> None:
    """重置一名人员的口令；其令牌全部失效。"""
    act = deed(actor, now=services.clock())
    await services.accounts.reset(act, staff=staff, password=order.password.get_secret_value())


@router.post("/{staff}/stop", status_code=status.HTTP_204_NO_CONTENT, responses=responses(*KEEPING))
async def stop_account(staff: UnitCode, actor: ActorDep, services: ServicesDep) -> None:
    """停用一名人员的账号；其令牌全部失效。"""
    await services.accounts.stop(deed(actor, now=services.clock()), staff=staff)


@router.post("/{staff}/restore", status_code=status.HTTP_204_NO_CONTENT, responses=responses(*KEEPING))
async def restore_account(staff: UnitCode, actor: ActorDep, services: ServicesDep) -> None:
    """恢复一名人员的账号。"""
    await services.accounts.restore(deed(actor, now=services.clock()), staff=staff)
