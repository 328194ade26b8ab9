"""/audit/erasures: forgetting the people of a case, and holds against it (个人信息保护法 art. 47)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from application.command import deed
from domain import privacy_refusals as privacy_no
from domain import refusals as no
from domain.erasure import Erasure, ErasureStage
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.fields import Body, Line
from interfaces.http.problems import responses

router = APIRouter(prefix="/audit/erasures", tags=["审计"])
REFUSED = (no.WrongRole, no.OutsideArea, no.NoSuchCase, no.NoSuchLog, no.Stale, privacy_no.AlreadyErased)


class ErasureAsked(Body):
    """删除一个案件反映人的个人信息；可重复提交，中断的从中断处继续。"""

    case: Annotated[UUID, Field(description="案件编号")]
    reason: Annotated[Line, Field(min_length=1, description="依据", examples=["本人申请，处理目的已实现"])]


class ErasureShown(BaseModel):
    """删除的进展；stage 为 refused、restricted 时个人信息仍在，certified 为已出具证明。"""

    case: UUID
    stage: ErasureStage
    held: Annotated[bool, Field(description="依法保全中")]
    key_digest: Annotated[str, Field(description="已销毁密钥的 SHA-256")]
    looked_at: Annotated[dict[str, int], Field(description="核查过的位置及条数")]
    remains: Annotated[dict[str, int], Field(description="仍有残留的位置及条数")]


def shown(erasure: Erasure) -> ErasureShown:
    """What may be told of an erasure."""
    return ErasureShown(
        case=erasure.case, stage=erasure.stage, held=erasure.held, key_digest=erasure.key_digest,
        looked_at=erasure.looked_at, remains=erasure.remains,
    )  # fmt: skip


@router.post("", responses=responses(*REFUSED))
async def erase(asked: ErasureAsked, actor: ActorDep, services: ServicesDep) -> ErasureShown:
    """申请删除并立即执行。限审计员和管理员。"""
    act = deed(actor, now=services.clock(), reason=asked.reason)
    return shown(await services.erasing.erase(act, asked.case))


@router.post("/hold", responses=responses(*REFUSED, privacy_no.HeldAlready))
async def hold(asked: ErasureAsked, actor: ActorDep, services: ServicesDep) -> ErasureShown:
    """依法保全：解除前不予删除。"""
    act = deed(actor, now=services.clock(), reason=asked.reason)
    return shown(await services.erasing.hold(act, asked.case))


@router.post("/lift", responses=responses(*REFUSED, privacy_no.NotHeld))
async def lift(asked: ErasureAsked, actor: ActorDep, services: ServicesDep) -> ErasureShown:
    """解除保全。"""
    act = deed(actor, now=services.clock(), reason=asked.reason)
    return shown(await services.erasing.hold(act, asked.case, lift=True))


@router.get("/{case_id}", responses=responses(no.WrongRole, no.NoSuchCase, no.OutsideArea, privacy_no.NothingToErase))
async def get_erasure(case_id: UUID, actor: ActorDep, services: ServicesDep) -> ErasureShown:
    """一个案件的删除和保全。"""
    return shown(await services.erasing.find(deed(actor, now=services.clock()), case_id))
