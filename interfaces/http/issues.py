"""/issues: grid issues 网格事件. Report one, look at them; commands are in `issue_commands`."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from application.ports import Receipt
from application.privacy.word_search import with_words
from application.timeline import Told, tell
from domain import refusals as no
from domain.attachment_refusals import NoSuchAttachment
from domain.stages import IssueStage
from domain.vocabulary import Channel, Urgency
from interfaces.http.asking import STAGES, Page, QuestionDep, Reached, paged
from interfaces.http.calls import ActorDep, NewDesk, ServicesDep
from interfaces.http.fields import Attached, CategoryKey, GridCode, Located, Words
from interfaces.http.issue_clocks import IssueOnList, IssueShown, on_list, shown
from interfaces.http.problems import responses
from interfaces.http.statuses import BadCursor

router = APIRouter(prefix="/issues", tags=["网格事件"])
MINTING = (
    no.WrongRole,
    no.OutsideArea,
    no.ImplausibleTime,
    no.KeyReused,
    no.NoSuchLog,
    no.NoSuchEntry,
    no.NotValidThen,
    NoSuchAttachment,
)


class Report(Located):
    """上报：何事何处；给出网格、坐标或两者。"""

    text: Annotated[Words, Field(description="问题描述", examples=["路灯不亮"])]
    grid: GridCode | None = None
    category: Annotated[CategoryKey | None, Field(description="初判类别，立案时确定")] = None
    channel: Channel = Channel.PATROL
    urgency: Annotated[Urgency, Field(description="紧急程度，派遣、反馈等时限按此分级")] = Urgency.NORMAL
    attachments: Annotated[Attached, Field(default_factory=list)]


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    responses=responses(*MINTING, no.Nowhere, no.BadCoordinates, no.BadCode),
)
async def report_issue(order: Report, desk: NewDesk) -> Receipt:
    """上报网格事件。"""
    given = order.model_dump(include={"text", "grid", "longitude", "latitude", "channel", "attachments"})
    given["urgency"] = order.urgency.value
    return desk.tagged(await desk.services.issues.report(order.at(desk), category=order.category or "", **given))


@router.get("", dependencies=[Reached], responses=responses(BadCursor, no.NoSuchLog, no.NotYetVisible))
async def find_issues(
    question: QuestionDep, actor: ActorDep, services: ServicesDep,
    status: Annotated[list[IssueStage] | None, STAGES] = None,
) -> Page[IssueOnList]:  # fmt: skip
    """查询网格事件：本人管辖范围内，新的在前。"""
    now = services.clock()
    rows, after = await with_words(
        lambda asked: services.boards.issues(actor, asked, now),
        replace(question, stages=status or ()),
        lambda row: (row.reported_at, row.id),
    )
    await services.readings.of_words(actor, rows)
    return paged(await on_list(services, rows), after)


@router.get("/{issue_id}", dependencies=[Reached], responses=responses(no.NoSuchCase, no.NoSuchLog, no.NotYetVisible))
async def get_issue(issue_id: UUID, actor: ActorDep, services: ServicesDep, response: Response) -> IssueShown:
    """一个网格事件。"""
    view = await services.boards.issue(actor, issue_id)
    await services.readings.of_words(actor, [view])
    response.headers["ETag"] = f'"{view.version}"'
    return await shown(services, view)


@router.get(
    "/{issue_id}/timeline",
    dependencies=[Reached],
    responses=responses(no.NoSuchCase, no.NoSuchLog, no.NotYetVisible),
)
async def get_issue_timeline(
    issue_id: UUID, actor: ActorDep, services: ServicesDep,
    after: Annotated[int, Query(ge=0, le=10**9, description="此版本之后")] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> list[Told]:  # fmt: skip
    """网格事件的时间线：何人何时何事何故，全部出自事件日志。"""
    await services.boards.issue(actor, issue_id)
    return [tell(step, services.registry) for step in await services.boards.timeline(issue_id, after, limit)]
