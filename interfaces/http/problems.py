"""Problem details (RFC 9457): how every no and every fault is told, in Chinese."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from http import HTTPStatus
from typing import Any
from uuid import UUID

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from domain import refusals as no
from domain import sign_in_refusals as sign_in_no
from domain.refusals import Refused
from interfaces.http.statuses import STATUS, HeaderRepeated, NotFromOurPage
from interfaces.http.words import problem_of

MEDIA_TYPE = "application/problem+json"
logger = structlog.get_logger(__name__)


EVERYWHERE: tuple[type[Refused], ...] = (sign_in_no.NotSignedIn, NotFromOurPage, no.Busy, HeaderRepeated)
MALFORMED = "请求格式有误"


class Problem(BaseModel):
    """RFC 9457 的问题说明。type 稳定不变；facts 指明所涉编号、环节等，不含个人信息。"""

    type: str = Field(examples=["urn:wangge:problem:wrong-stage"])
    title: str = Field(examples=["当前环节不能执行此操作"])
    status: int = Field(examples=[409])
    detail: str = Field(examples=["应处于：派遣；实际为：上报。"])
    facts: dict[str, Any] = {}
    errors: list[dict[str, str]] = []


def responses(*refused: type[Refused]) -> dict[int | str, dict[str, Any]]:
    """What a route may refuse, for its OpenAPI description."""
    by_status: dict[int | str, list[type[Refused]]] = {}
    for one in (*refused, *EVERYWHERE):
        by_status.setdefault(int(STATUS[one]), []).append(one)
    said = {status: [f"{one.title()} ({one.code()})" for one in ones] for status, ones in by_status.items()}
    said[HTTPStatus.UNPROCESSABLE_ENTITY].append(f"{MALFORMED} (malformed)")
    return {status: {"model": Problem, "description": "；".join(ones)} for status, ones in said.items()}


def install(app: FastAPI) -> None:
    """Answer every refusal, malformed request and unknown path with a problem. Faults are the edge's."""
    # Starlette types every handler as one of any exception; it calls each with its own kind.
    handlers: dict[type[Exception], Any] = {
        Refused: _refused, RequestValidationError: _malformed, HTTPException: _http,
    }  # fmt: skip
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


def answer(refused: Refused) -> JSONResponse:
    """The problem that tells of a refusal."""
    status = STATUS[type(refused)]
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else {}
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        headers["Retry-After"] = str(refused.facts.get("seconds", 1))
    facts = {name: _plain(value) for name, value in refused.facts.items()}
    return _problem(status, refused.code(), refused.title(), refused.detail(), headers, facts=facts)


async def _refused(_request: Request, error: Refused) -> JSONResponse:
    logger.info("refused", code=error.code())
    return answer(error)


async def _malformed(_request: Request, error: RequestValidationError) -> JSONResponse:
    errors = [problem_of(one) for one in error.errors()][:20]
    detail = "；".join(f"{one['where']}：{one['problem']}" for one in errors[:3]) + "。"
    return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, "malformed", MALFORMED, detail, errors=errors)


async def _http(request: Request, error: HTTPException) -> JSONResponse:
    status, path = HTTPStatus(error.status_code), request.url.path[:200]
    code, title, detail = "malformed", "请求无法处理", "请核对接口文档。"
    match status:
        case HTTPStatus.NOT_FOUND:
            code, title, detail = "no-such-path", "没有这个地址", f"请核对接口文档：{path}。"
        case HTTPStatus.METHOD_NOT_ALLOWED:
            code, title = "method-not-allowed", "此地址不支持该方法"
            detail = f"{path} 不支持 {request.method}，请核对接口文档。"
        case HTTPStatus.BAD_REQUEST:  # how the framework says that it cannot read the body
            status, title = HTTPStatus.UNPROCESSABLE_ENTITY, MALFORMED
            detail = "正文须为 UTF-8 编码的 JSON，数字不得过大，嵌套不得过深。"
    return _problem(status, code, title, detail, dict(error.headers or {}))


def fault() -> JSONResponse:
    """The problem that tells of a fault of ours, and nothing about it."""
    detail = "已记入日志，请稍后再试；如仍失败，请把请求编号 (X-Request-ID) 告知管理员。"
    return _problem(HTTPStatus.INTERNAL_SERVER_ERROR, "fault", "系统内部错误", detail)


def _problem(
    status: HTTPStatus, code: str, title: str, detail: str, headers: dict[str, str] | None = None, **more: Any
) -> JSONResponse:
    body = Problem(type=f"urn:wangge:problem:{code}", title=title, status=status, detail=detail, **more)
    return JSONResponse(body.model_dump(mode="json"), status, headers=headers, media_type=MEDIA_TYPE)


def _plain(value: object) -> object:
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.isoformat()
        case UUID():
            return str(value)
        case list() | tuple() | set() | frozenset():
            return [_plain(item) for item in value]
        case _:
            return value
