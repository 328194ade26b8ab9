"""What all imports over HTTP share: the file as the body, bounded, and the report as the answer."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from application.importing.report import ImportReport, Outcome
from interfaces.http.calls import ActorDep

DryRun = Annotated[bool, Query(description="逐行校验，什么都不写")]
SkipRejected = Annotated[bool, Query(description="有拒收的行也导入其余各行；缺省为整份不收")]


async def _content(request: Request, _actor: ActorDep) -> bytes:
    """The body as it is, read only for somebody who has signed in. The edge bounds it."""
    return await request.body()


Content = Annotated[bytes, Depends(_content)]


def body_of(media_type: str) -> dict[str, Any]:
    """How the OpenAPI document tells of a file as the body."""
    return {
        "requestBody": {"content": {media_type: {"schema": {"type": "string", "format": "binary"}}}, "required": True}
    }


CSV = body_of("text/csv")


class LineView(BaseModel):
    """文件中的一行."""

    model_config = ConfigDict(from_attributes=True)

    number: Annotated[int, Field(description="行号，表头为第 1 行")]
    code: str
    outcome: Outcome
    note: Annotated[str, Field(description="说明")]


class ReportView(BaseModel):
    """导入报告. 每一行恰有一个结果; taken 为假时什么都没有写."""

    model_config = ConfigDict(from_attributes=True)

    dry_run: bool
    taken: bool
    position: int | None
    counts: dict[str, int]
    lines: list[LineView]


def seen(report: ImportReport) -> ReportView:
    """The report as people see it."""
    return ReportView.model_validate(report)
