"""/audit: checkpoints, proofs and receipts 证明. Whoever signs in may ask; what is answered can be checked offline."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field

from application.command import deed
from application.proof.proof_file import written
from application.proof.proving import Consistency, Inclusion, LogStanding
from domain import refusals as no
from domain.proof import refusals as proof_no
from domain.proof.breach import BreachKind
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.problems import responses

router = APIRouter(prefix="/audit", tags=["审计与证明"])
MOST = 2**62
LogId = Annotated[
    str, Path(pattern=r"^[0-9]{4}([0-9]{2}|-heads)?$", description="日志编号；CITY-heads 为全市检查点之树",
              examples=["150785"])
]  # fmt: skip
Position = Annotated[int, Path(ge=1, le=MOST, description="位置，自 1 起")]
Size = Annotated[int | None, Query(ge=1, le=MOST, description="树的大小；缺省为最新检查点")]
ASKED = (no.NoSuchLog, proof_no.NotYetSealed)
PROVING = (*ASKED, proof_no.SizesBackwards, proof_no.TreeDamaged)
Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256，十六进制")]
Hashes = Annotated[list[str], Field(description="证明路径，各为 Base64")]


class StandingView(BaseModel):
    """一个日志封存到何处；breach 不为空的，自 breach_position 起与封存时不符，已停止签名。"""

    log: str
    newest: Annotated[int, Field(description="最新位置")]
    sealed: Annotated[int, Field(description="已封存的大小")]
    sealed_at: datetime | None
    breach: BreachKind | None
    breach_label: str
    breach_position: int | None
    breach_since: datetime | None

    @classmethod
    def of(cls, one: LogStanding) -> StandingView:
        return cls(breach_label=one.breach.label if one.breach else "", **vars(one))


class InclusionView(BaseModel):
    """包含证明（RFC 6962 2.1.1）：自 leaf_hash 沿 path 应得 root。叶的序号为 position - 1。"""

    log: str
    position: int
    size: int
    leaf_hash: Hex
    root: Hex
    path: Hashes

    @classmethod
    def of(cls, one: Inclusion) -> InclusionView:
        return cls(
            log=one.log, position=one.position, size=one.size, leaf_hash=one.leaf_hash.hex(), root=one.root.hex(),
            path=_base64(one.path),
        )  # fmt: skip


class ConsistencyView(BaseModel):
    """一致证明（RFC 6962 2.1.2）：新树以旧树的全部开头。"""

    log: str
    old_size: int
    old_root: Hex
    new_size: int
    new_root: Hex
    path: Hashes

    @classmethod
    def of(cls, one: Consistency) -> ConsistencyView:
        return cls(
            log=one.log, old_size=one.old_size, old_root=one.old_root.hex(), new_size=one.new_size,
            new_root=one.new_root.hex(), path=_base64(one.path),
        )  # fmt: skip


class ReceiptView(BaseModel):
    """回执：某一位置写入了什么。妥善保存，日后可与证明文件核对。"""

    log: str
    position: int
    leaf_hash: Hex
    recorded_at: datetime
    sealed: Annotated[bool, Field(description="是否已有检查点包含此位置")]
    sealed_size: Annotated[int, Field(description="最新检查点的大小")]


@router.get("/logs", responses=responses())
async def sealed_logs(_actor: ActorDep, services: ServicesDep) -> list[StandingView]:
    """各日志封存到何处，有无破绽。"""
    return [StandingView.of(one) for one in await services.proving.standing()]


@router.get("/logs/{log}/checkpoint", responses=responses(*ASKED), response_class=PlainTextResponse)
async def checkpoint(log: LogId, _actor: ActorDep, services: ServicesDep, size: Size = None) -> str:
    """最新的检查点（C2SP tlog-checkpoint 签名文书，纯文本），或包含 size 的最早一个。"""
    return (await services.proving.checkpoint(log, size)).note


@router.get("/logs/{log}/inclusion", responses=responses(*PROVING))
async def inclusion(
    log: LogId, _actor: ActorDep, services: ServicesDep,
    position: Annotated[int, Query(ge=1, le=MOST, description="位置，自 1 起")], size: Size = None,
) -> InclusionView:  # fmt: skip
    """某一位置的叶包含在某一大小的树中。"""
    return InclusionView.of(await services.proving.inclusion(log, position, size))


@router.get("/logs/{log}/consistency", responses=responses(*PROVING))
async def consistency(
    log: LogId, _actor: ActorDep, services: ServicesDep,
    start: Annotated[int, Query(alias="from", ge=0, le=MOST, description="旧树的大小")],
    end: Annotated[int | None, Query(alias="to", ge=1, le=MOST, description="新树的大小；缺省为最新检查点")] = None,
) -> ConsistencyView:  # fmt: skip
    """大的树以小的树的全部开头：其间没有删改。"""
    return ConsistencyView.of(await services.proving.consistency(log, start, end))


@router.get("/receipts/{log}/{position}", responses=responses(no.NoSuchLog, proof_no.NoSuchPosition))
async def receipt(log: LogId, position: Position, _actor: ActorDep, services: ServicesDep) -> ReceiptView:
    """写入的回执：位置和叶哈希。写操作答复的 log 和 position 即其地址。"""
    found = await services.proving.receipt(log, position)
    return ReceiptView(
        log=log, position=position, leaf_hash=found.leaf_hash.hex(), recorded_at=found.recorded_at,
        sealed=position <= found.sealed_size, sealed_size=found.sealed_size,
    )  # fmt: skip


@router.get(
    "/proofs/{log}/{position}",
    responses=responses(no.WrongRole, no.OutsideArea, proof_no.NoSuchPosition, *PROVING),
)
async def proof(
    log: LogId, position: Position, actor: ActorDep, services: ServicesDep, size: Size = None
) -> dict[str, Any]:
    """证明文件：叶的各项、包含证明和检查点，离线可验。格式见 docs/proof-format.md。"""
    act = deed(actor, now=services.clock())
    return written(await services.proving.proof(act, log, position, size))


def _base64(path: tuple[bytes, ...]) -> list[str]:
    return [b64encode(one).decode() for one in path]
