"""移格: /grids/{code}/move-open-cases for an administrator, /issues and /requests/{id}/move for a dispatcher.

No time can be given: a move that happened earlier would change what was counted of the days between.
"""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from application.command import deed
from application.moving_cases import A_RUN, Moves
from application.moving_plan import CaseKind
from application.ports import Receipt
from domain import refusals as no
from domain.grid_issue import GridIssue
from domain.registry import grid_refusals as grid_no
from domain.resident_request import ResidentRequest
from interfaces.http.calls import ActorDep, ChangeDesk, Desk, ServicesDep
from interfaces.http.fields import Body, GridCode, Line
from interfaces.http.issue_commands import CHANGING
from interfaces.http.problems import responses

router = APIRouter(tags=["网格"])
MOVING = (
    *CHANGING, no.NoSuchEntry, no.NotValidThen, no.NothingToMove, grid_no.NotASuccessor,
)  # fmt: skip
Reason = Annotated[Line, Field(description="理由")]


class Case(Body):
    """一个案件: 网格事件或诉求."""

    kind: Literal["issue", "request"]
    id: UUID


class MovingOpenCases(Body):
    """移格: 从上次的 after 之后继续, 一次至多看 limit 个案件."""

    after: Annotated[Case | None, Field(description="上次答复的 after，缺省从头")] = None
    limit: Annotated[int, Field(ge=1, le=2_000)] = A_RUN
    reason: Reason = ""


class Moving(Body):
    """移格: 移入哪个网格."""

    grid: GridCode
    reason: Reason = ""


class WaitingView(BaseModel):
    """待派遣员确定的案件, 及其原因."""

    model_config = ConfigDict(from_attributes=True)

    kind: CaseKind
    id: UUID
    why: str


class MovesView(BaseModel):
    """移格结果. 还有案件未看时 after 不为 null, 填入下一次的 after 继续; 可随时重来, 已移的不再移."""

    issues: Annotated[int, Field(description="移走的网格事件数")]
    requests: Annotated[int, Field(description="移走的诉求数")]
    left: Annotated[int, Field(description="无须移的案件数")]
    waiting: list[WaitingView]
    after: Case | None


@router.post(
    "/grids/{code}/move-open-cases",
    responses=responses(
        no.NoSuchEntry, no.NoSuchLog, no.WrongRole, no.OutsideArea, no.ImplausibleTime, no.NotYetVisible
    ),
)
async def move_open_cases(code: GridCode, order: MovingOpenCases, actor: ActorDep, services: ServicesDep) -> MovesView:
    """移格: 网格调整后, 把未结案件移入其所在地现属的网格; 已结的仍属原网格."""
    if order.after is None:
        # What is still on its way to the boards would be overlooked.
        log = services.logs.at(code)
        await services.reach(log.log_id, await log.last_position())
    act = deed(actor, now=services.clock(), reason=order.reason)
    after = (order.after.kind, order.after.id) if order.after else None
    return _seen(await services.grid_work.moving.run(act, code=code, after=after, limit=order.limit))


@router.post("/issues/{issue_id}/move", responses=responses(*MOVING))
async def move_issue(issue_id: UUID, order: Moving, desk: ChangeDesk) -> Receipt:
    """移格: 按地块定不了的网格事件, 由派遣员移入后继网格."""
    return await _move(GridIssue, issue_id, order, desk)


@router.post("/requests/{request_id}/move", responses=responses(*MOVING))
async def move_request(request_id: UUID, order: Moving, desk: ChangeDesk) -> Receipt:
    """移格: 按地块定不了的诉求, 由派遣员移入后继网格."""
    return await _move(ResidentRequest, request_id, order, desk)


async def _move(kind: type[GridIssue] | type[ResidentRequest], case: UUID, order: Moving, desk: Desk) -> Receipt:
    command = desk.command(None, order.reason)
    return desk.tagged(await desk.services.grid_work.moving.move(kind, case, command, grid=order.grid))


def _seen(moves: Moves) -> MovesView:
    waiting = [WaitingView.model_validate(one) for one in moves.waiting]
    after = Case(kind=moves.after[0], id=moves.after[1]) if moves.after else None
    return MovesView(issues=moves.issues, requests=moves.requests, left=moves.left, waiting=waiting, after=after)
