"""/attachments 附件: bring a file, and look at it as it came or as a picture drawn anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.datastructures import UploadFile

from application.attachments import Attachment, Content, Variant
from domain import attachment_refusals as attachment_no
from domain import refusals as no
from interfaces.http.asking import Reached
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.fields import Digest
from interfaces.http.problems import responses
from interfaces.http.statuses import NoFile, TooLarge

router = APIRouter(tags=["附件"])
FORM, FILE = "multipart/form-data", "file"
BINARY = {"schema": {"type": "string", "format": "binary"}}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/octet-stream": BINARY,
            FORM: {"schema": {"type": "object", "required": [FILE], "properties": {FILE: BINARY["schema"]}}},
        },
    }
}
PICTURES = ("image/jpeg", "image/png", "image/gif", "image/webp")
ENDINGS = {"application/pdf": "pdf", "video/mp4": "mp4"} | {one: one.partition("/")[2] for one in PICTURES}
UNCHANGED = {"description": "内容未变"}
SECONDS = 600
"""How long a browser keeps one: rights may change, and people may be forgotten."""
READING = (attachment_no.NoSuchAttachment,)
OfCase = Annotated[UUID | None, Query(description="所属案件；同一附件用于许多案件时须给出")]
DigestPath = Annotated[Digest, Path()]


@dataclass(frozen=True)
class Named:
    """案件的一个附件；width 和 height 为图片的像素，不是图片的为 null。"""

    digest: str
    media_type: str
    bytes: int
    width: int | None
    height: int | None


@dataclass(frozen=True)
class Taken:
    """已收下的附件，以 digest 写入案件。后三项是照片自述的拍摄时间和地点，只作提示，没有的为 null。"""

    digest: str
    media_type: str
    bytes: int
    width: int | None
    height: int | None
    taken_at: datetime | None
    longitude: float | None
    latitude: float | None


async def _content(request: Request, _actor: ActorDep) -> bytes:
    """The file, read only for somebody who has signed in. The edge bounds it."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        return await request.body()
    async with request.form(max_files=1, max_fields=10) as form:
        file = form.get(FILE)
        if not isinstance(file, UploadFile):
            raise NoFile()
        return await file.read()


@router.post(
    "/attachments",
    status_code=HTTPStatus.CREATED,
    openapi_extra=BODY,
    responses=responses(
        NoFile, TooLarge, attachment_no.UnsupportedFile, attachment_no.FileTooLarge, attachment_no.PictureTooLarge,
        attachment_no.DamagedPicture,
    ),
)  # fmt: skip
async def bring_attachment(
    actor: ActorDep, services: ServicesDep, content: Annotated[bytes, Depends(_content)]
) -> Taken:
    """上传附件：文件作为正文，或表单中的 file；同样的内容是同一个附件。一天内没有用于案件的会被清理。"""
    one = await services.attachments.take(actor, content)
    return Taken(
        one.digest, one.media_type, one.bytes, one.width, one.height, one.taken_at, one.longitude, one.latitude
    )


def _bytes_of(*media_types: str) -> dict[str, Any]:
    return {"description": "附件内容", "content": dict.fromkeys(media_types, BINARY)}


@router.get(
    "/attachments/{digest}",
    response_class=Response,
    responses={200: _bytes_of(*ENDINGS), 304: UNCHANGED, **responses(*READING)},
)
async def get_attachment(
    digest: DigestPath, actor: ActorDep, services: ServicesDep, request: Request, case: OfCase = None
) -> Response:
    """附件原件：给可以查看其案件的人，或当天上传它的人。"""
    return _shown(request, digest, await services.attachments.read(actor, digest, Variant.ORIGINAL, case))


DRAWN_ANEW: dict[int | str, dict[str, Any]] = {
    200: _bytes_of("image/jpeg"), 304: UNCHANGED, **responses(*READING, attachment_no.NotAPicture),
}  # fmt: skip


@router.get("/attachments/{digest}/public", response_class=Response, responses=DRAWN_ANEW)
async def get_public_picture(
    digest: DigestPath, actor: ActorDep, services: ServicesDep, request: Request, case: OfCase = None
) -> Response:
    """公开图：重新绘制，不含拍摄地点等信息，长边不超过 1600 像素。"""
    return _shown(request, digest, await services.attachments.read(actor, digest, Variant.PUBLIC, case))


@router.get("/attachments/{digest}/thumbnail", response_class=Response, responses=DRAWN_ANEW)
async def get_thumbnail(
    digest: DigestPath, actor: ActorDep, services: ServicesDep, request: Request, case: OfCase = None
) -> Response:
    """缩略图：重新绘制，不含拍摄地点等信息，长边不超过 320 像素。"""
    return _shown(request, digest, await services.attachments.read(actor, digest, Variant.THUMBNAIL, case))


OF_CASE = responses(no.NoSuchCase, no.NoSuchLog, no.NotYetVisible)


@router.get("/issues/{issue_id}/attachments", dependencies=[Reached], responses=OF_CASE)
async def list_issue_attachments(issue_id: UUID, actor: ActorDep, services: ServicesDep) -> list[Named]:
    """网格事件的附件：上报时和各步骤证据中的，先后为序。"""
    await services.boards.issue(actor, issue_id)
    return [_named(one) for one in await services.attachments.of_case(issue_id)]


@router.get("/requests/{request_id}/attachments", dependencies=[Reached], responses=OF_CASE)
async def list_request_attachments(request_id: UUID, actor: ActorDep, services: ServicesDep) -> list[Named]:
    """诉求的附件：受理时的，先后为序。"""
    await services.boards.request(actor, request_id)
    return [_named(one) for one in await services.attachments.of_case(request_id)]


def _named(one: Attachment) -> Named:
    return Named(one.digest, one.media_type, one.bytes, one.width, one.height)


def _shown(request: Request, digest: str, found: Content) -> Response:
    """The bytes for a browser that shall take them for nothing else."""
    shown = "inline" if found.media_type in PICTURES else "attachment"
    headers = {
        "ETag": f'"{digest}"',
        "Cache-Control": f"private, max-age={SECONDS}",
        "Vary": "Authorization, Cookie",
        "Content-Disposition": f'{shown}; filename="{digest[:16]}.{ENDINGS[found.media_type]}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(found.content, media_type=found.media_type, headers=headers)
