"""/requests: residents' requests 诉求. Receive one, look at them; commands are in `request_commands`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from application.following.tickets import FollowTicket
from application.ports import Receipt
from application.privacy.word_search import with_words
from application.timeline import Told, tell
from application.views import RequestView, WordState
from domain import refusals as no
from domain.stages import RequestStage
from domain.vocabulary import Channel, RequestKind
from interfaces.http.asking import STAGES, Page, QuestionDep, Reached, paged
from interfaces.http.calls import ActorDep, NewDesk, ServicesDep
from interfaces.http.fields import Attached, Body, CategoryKey, Line, Located, Place, Plain, UnitCode, Words, Yes
from interfaces.http.issues import MINTING
from interfaces.http.problems import responses
from interfaces.http.statuses import BadCursor

router = APIRouter(prefix="/requests", tags=["诉求"])


class Requester(Body):
    """反映人。不进入事件日志，只有受理环节和主办单位可见。"""

    name: Annotated[Line | None, Field(description="姓名")] = None
    phone: Annotated[str | None, Field(pattern=r"^[0-9+() -]{3,20}$", description="电话")] = None
    address: Annotated[Line | None, Field(description="详细地址")] = None


class Receiving(Located):
    """受理：一位反映人的一件诉求。未给地点和坐标的，归受理人的管辖范围。"""

    kind: RequestKind
    text: Annotated[Words, Field(description="反映内容", examples=["小区门口路灯三天不亮"])]
    title: Annotated[str, Field(min_length=1, max_length=500), Plain] | None = None
    channel: Channel = Channel.HOTLINE
    place: Annotated[Place | None, Field(description="区划或网格编码")] = None
    category: CategoryKey | None = None
    requester: Requester = Requester()
    complained_about: Annotated[UnitCode | None, Field(description="被投诉的单位")] = None
    confidential: Annotated[Yes, Field(description="反映人要求保密")] = False
    source: Annotated[str, Field(max_length=64, pattern=r"^[0-9A-Za-z_.-]*$", description="来源系统")] = ""
    external_id: Annotated[Line, Field(description="来源系统中的编号")] = ""
    attachments: Annotated[Attached, Field(default_factory=list)]

    @model_validator(mode="after")
    def _whole_origin(self) -> Receiving:
        if bool(self.source) != bool(self.external_id):
            raise PydanticCustomError("half_origin", "来源系统和其中的编号须同时给出")
        return self


@dataclass(frozen=True)
class RequestDetails:
    """一件诉求，及本人有权知悉的反映人和反映内容；withheld 为其余各项及不可见的原因。"""

    request: RequestView
    details: dict[str, str]
    withheld: dict[str, WordState]


@dataclass(frozen=True)
class ReceivedReceipt(Receipt):
    """受理回执：另附案件号、查询码和查询页的路径，请告知反映人，凭此查询办理进度。"""

    number: str = ""
    follow_code: str = field(default="", repr=False)
    follow_path: str = field(default="", repr=False)


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    responses=responses(*MINTING, no.Nowhere, no.BadCoordinates, no.BadCode, no.AlreadyImported),
)
async def receive_request(order: Receiving, desk: NewDesk) -> ReceivedReceipt:
    """受理诉求。"""
    given = order.model_dump(
        include={
            "kind",
            "channel",
            "place",
            "longitude",
            "latitude",
            "confidential",
            "source",
            "external_id",
            "attachments",
        }
    )
    words = {"text": order.text, "title": order.title} | order.requester.model_dump()
    receipt = await desk.services.requests.receive(
        order.at(desk), details={field: value for field, value in words.items() if value},
        category=order.category or "", complained_about=order.complained_about or "", **given,
    )  # fmt: skip
    ticket = desk.services.following.tickets.first(desk.tagged(receipt))
    return ReceivedReceipt(**vars(receipt), number=ticket.number, follow_code=ticket.code, follow_path=ticket.path)


@router.get("", dependencies=[Reached], responses=responses(BadCursor, no.NoSuchLog, no.NotYetVisible))
async def find_requests(
    question: QuestionDep, actor: ActorDep, services: ServicesDep,
    status: Annotated[list[RequestStage] | None, STAGES] = None,
    issue: Annotated[UUID | None, Query(description="所关联的网格事件")] = None,
    external_id: Annotated[Line | None, Query(description="来源系统中的编号")] = None,
) -> Page[RequestView]:  # fmt: skip
    """查询诉求：本人管辖范围内，新的在前。"""
    asked = replace(question, stages=status or (), issue=issue, external_id=external_id)
    now = services.clock()
    rows, after = await with_words(
        lambda part: services.boards.requests(actor, part, now), asked, lambda row: (row.received_at, row.id)
    )
    await services.readings.of_words(actor, rows)
    return paged(rows, after)


@router.get(
    "/{request_id}",
    dependencies=[Reached],
    responses=responses(no.NoSuchCase, no.NoSuchLog, no.NotYetVisible),
)
async def get_request(request_id: UUID, actor: ActorDep, services: ServicesDep, response: Response) -> RequestDetails:
    """一件诉求。"""
    view = await services.boards.request(actor, request_id)
    response.headers["ETag"] = f'"{view.version}"'
    details = await services.boards.details(actor, view)
    await services.readings.of_details(actor, view.id, details)
    return RequestDetails(view, details.open, details.withheld)


@router.get(
    "/{request_id}/follow-ticket",
    dependencies=[Reached],
    responses=responses(no.WrongRole, no.NoSuchCase, no.NoSuchLog, no.NotYetVisible),
)
async def get_follow_ticket(request_id: UUID, actor: ActorDep, services: ServicesDep) -> FollowTicket:
    """查询凭据：反映人忘了案件号或查询码时由受理环节告知；谁看过记录在案。"""
    return await services.following.tickets.again(actor, request_id)


@router.get(
    "/{request_id}/timeline",
    dependencies=[Reached],
    responses=responses(no.NoSuchCase, no.NoSuchLog, no.NotYetVisible),
)
async def get_request_timeline(
    request_id: UUID, actor: ActorDep, services: ServicesDep,
    after: Annotated[int, Query(ge=0, le=10**9, description="此版本之后")] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> list[Told]:  # fmt: skip
    """诉求的时间线：何人何时何事何故，全部出自事件日志。"""
    await services.boards.request(actor, request_id)
    return [tell(step, services.registry) for step in await services.boards.timeline(request_id, after, limit)]
