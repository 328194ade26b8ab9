"""/stats/ledgers 台账: cases, units, call-backs and returns as files that offices open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, BinaryIO, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from application.services import Services
from application.statistics.ledger import Ledger, LedgerForm, LedgerQuestion
from domain import refusals as no
from domain.actor import Actor
from domain.registry.entry import CIVIL_TIME
from domain.statistics import ledger_refusals as ledger_no
from domain.statistics import refusals as stats_no
from domain.vocabulary import Channel
from interfaces.http.asking import Reached
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.fields import CategoryKey, GridCode, Instant, UnitCode
from interfaces.http.problems import responses
from interfaces.http.statuses import BadPeriodAsked

router = APIRouter(prefix="/stats/ledgers", tags=["统计"])
MEDIA_TYPE = {
    LedgerForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    LedgerForm.CSV: "text/csv",
}
CHUNK = 1 << 16
Name = Literal["issues", "requests", "units", "call-backs", "returns"]
Stage = Annotated[str, Query(pattern=r"^[a-z_]{1,20}$")]
ColumnKey = Annotated[str, Query(pattern=r"^[a-z_]{1,40}$")]
REFUSED = (
    BadPeriodAsked, ledger_no.NoSuchColumn, ledger_no.LedgerTooLong, stats_no.PeriodTooLong, stats_no.TooManyGroups,
    no.WrongRole, no.NoSuchLog, no.NotYetVisible,
)  # fmt: skip


class Workbook(StreamingResponse):
    """An Excel workbook."""

    media_type = MEDIA_TYPE[LedgerForm.XLSX]


class Csv(StreamingResponse):
    """A CSV file."""

    media_type = MEDIA_TYPE[LedgerForm.CSV]


@dataclass(frozen=True)
class ColumnView:
    """台账的一列。usual 为缺省即有；words 为人所写的文字，只给有权阅读的人，且须点名要。"""

    key: str
    heading: str
    usual: bool
    words: bool


@dataclass(frozen=True)
class LedgerView:
    """一种台账及其可选的列。"""

    name: str
    title: str
    columns: list[ColumnView]


async def _asked(
    name: Name,
    _actor: ActorDep,  # a stranger does not get to ask
    start: Annotated[Instant, Query(description="起（含）", examples=["2026-11-01T00:00:00+08:00"])],
    end: Annotated[Instant, Query(description="止（不含）", examples=["2026-12-01T00:00:00+08:00"])],
    street: Annotated[str | None, Query(pattern=r"^[0-9]{9}$")] = None,
    community: Annotated[str | None, Query(pattern=r"^[0-9]{12}$")] = None,
    grid: GridCode | None = None,
    unit: Annotated[UnitCode | None, Query(description="主办单位")] = None,
    category: CategoryKey | None = None,
    channel: Annotated[Channel | None, Query(description="受理渠道")] = None,
    status: Annotated[list[Stage] | None, Query(max_length=20, description="环节，可重复")] = None,
    overdue: Annotated[bool | None, Query(description="是否超时")] = None,
    columns: Annotated[
        list[ColumnKey] | None, Query(max_length=60, description="列，可重复，依此次序；缺省为常用的列")
    ] = None,
) -> LedgerQuestion:
    if start >= end:
        raise BadPeriodAsked(start=start, end=end)
    return LedgerQuestion(
        Ledger(name), start, end, street=street, community=community, grid=grid, unit=unit, category=category,
        channel=channel, stages=status or (), overdue=overdue, columns=columns or (),
    )  # fmt: skip


AskedDep = Annotated[LedgerQuestion, Depends(_asked)]


@router.get("", responses=responses())
async def list_ledgers(_actor: ActorDep, services: ServicesDep) -> list[LedgerView]:
    """台账的种类和各自的列。"""
    found = []
    for ledger in Ledger:
        columns = services.ledgers.columns(ledger, services.clock())
        views = [ColumnView(one.key, one.heading.text, one.usual, one.words) for one in columns]
        found.append(LedgerView(ledger.value, ledger.label, views))
    return found


def _file(form: LedgerForm) -> dict[str, object]:
    return {
        "description": "台账文件",
        "content": {MEDIA_TYPE[form]: {"schema": {"type": "string", "format": "binary"}}},
    }


@router.get(
    "/{name}.xlsx", dependencies=[Reached], response_class=Workbook,
    responses={**responses(*REFUSED), 200: _file(LedgerForm.XLSX)},
)  # fmt: skip
async def get_ledger_workbook(question: AskedDep, actor: ActorDep, services: ServicesDep) -> StreamingResponse:
    """台账，Excel 工作簿：首行为筛选、数据截至的位置和制表时间，其下为表头和各行，新的在前。

    案件按上报时间，诉求和回访按受理时间，退单按审批时间取用；限于本人管辖范围。
    """
    return await _made(services, actor, question, LedgerForm.XLSX, Workbook)


@router.get(
    "/{name}.csv", dependencies=[Reached], response_class=Csv,
    responses={**responses(*REFUSED), 200: _file(LedgerForm.CSV)},
)  # fmt: skip
async def get_ledger_csv(question: AskedDep, actor: ActorDep, services: ServicesDep) -> StreamingResponse:
    """台账，CSV（UTF-8，带 BOM）：各行同工作簿；以公式符号开头的文字前加单引号。"""
    return await _made(services, actor, question, LedgerForm.CSV, Csv)


async def _made(
    services: Services, actor: Actor, question: LedgerQuestion, form: LedgerForm, answer: type[StreamingResponse]
) -> StreamingResponse:  # fmt: skip
    """The file, whole before the first byte is sent: nobody gets half a ledger, and no slow reader keeps the rows."""
    now = services.clock()
    room = await asyncio.to_thread(TemporaryDirectory, prefix="wangge-ledger-")
    try:
        path = Path(room.name) / question.ledger.value
        await services.ledgers.write(actor, question, form, path, now)
        file, size = await asyncio.to_thread(_opened, path)
    finally:
        # What is open stays readable without its name, and is gone with its last reader.
        await asyncio.to_thread(room.cleanup)
    name = f"{question.ledger.label}-{_day(question.since)}-{_day(now)}.{form.value}"
    headers = {
        "Content-Length": str(size), "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"
    }  # fmt: skip
    return answer(_chunks(file), headers=headers)


def _opened(path: Path) -> tuple[BinaryIO, int]:
    return path.open("rb"), path.stat().st_size


async def _chunks(file: BinaryIO) -> AsyncIterator[bytes]:
    with file:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk


def _day(at: datetime) -> str:
    return at.astimezone(CIVIL_TIME).strftime("%Y%m%d")
