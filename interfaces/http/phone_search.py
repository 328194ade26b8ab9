"""/phone-searches: the requests of a telephone number. In a body, since addresses are logged on the way."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from application.command import deed
from application.views import RequestView
from domain import refusals as no
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.fields import Body, Line
from interfaces.http.problems import responses

router = APIRouter(prefix="/phone-searches", tags=["诉求"])


class PhoneAsked(Body):
    """按电话查找。查找人、事由和查到的案件均记录在案。"""

    phone: Annotated[str, Field(pattern=r"^[0-9+() -]{3,20}$", description="电话")]
    reason: Annotated[Line, Field(min_length=1, description="事由", examples=["来电人询问此前诉求"])]


@router.post("", responses=responses(no.WrongRole))
async def search_by_phone(asked: PhoneAsked, actor: ActorDep, services: ServicesDep) -> list[RequestView]:
    """按电话查找本人管辖范围内的诉求，新的在前，至多 50 件。"""
    return await services.phone_search.find(deed(actor, now=services.clock(), reason=asked.reason), asked.phone)
