"""/audit: the past replayed 重放: a case, a board, a unit's work then, and what changed between two times."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from application.audit.replaying import BoardThen, CaseThen, Difference, Wanted
from application.timeline import Told
from domain import refusals as no
from domain.stages import IssueStage
from interfaces.http.asking import STAGES
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.fields import CategoryKey, Instant, UnitCode
from interfaces.http.problems import responses

router = APIRouter(prefix="/audit", tags=["重放"])
REPLAYED = responses(no.WrongRole, no.NoSuchCase, no.NoSuchLog)
Position = Annotated[int, Query(ge=0, le=10**15)]
LogId = Annotated[str, Path(pattern=r"^[0-9]{4,6}$", description="日志编号", examples=["150785"])]


def at_described(what: str) -> object:
    """A time of the past as a query parameter: a position of the log, or a moment."""
    return Query(description=f"{what}：日志位置，或时刻", examples=["4200", "2026-11-02T09:30:00+08:00"])


@router.get("/cases/{case_id}", responses=REPLAYED)
async def replay_case(
    case_id: UUID, actor: ActorDep, services: ServicesDep, at: Annotated[Position | Instant, at_described("何时")]
) -> CaseThen:
    """一个案件当时的样子：由其时为止的事件重新得出，连同当时的钟和前后各一步的位置。"""
    return await services.replaying.case(actor, case_id, at)


@router.get("/cases/{case_id}/difference", responses=REPLAYED)
async def compare_case(
    case_id: UUID, actor: ActorDep, services: ServicesDep,
    start: Annotated[Position | Instant, at_described("自何时")],
    end: Annotated[Position | Instant, at_described("至何时")],
) -> Difference:  # fmt: skip
    """一个案件在两个时间之间变了什么，由哪些步骤引起。"""
    return await services.replaying.difference(actor, case_id, start, end)


@router.get("/logs/{log}/events", responses=responses(no.WrongRole, no.NoSuchLog))
async def replay_events(
    log: LogId, actor: ActorDep, services: ServicesDep,
    after: Annotated[Position | Instant, at_described("此后")],
    upto: Annotated[Position | Instant, at_described("至此")],
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> list[Told]:  # fmt: skip
    """一个日志在两个时间之间记下的每一步，限本人管辖范围内的案件；取下一页时以末项的位置为 after。"""
    return await services.replaying.steps(actor, log, after, upto, limit)


@router.get("/logs/{log}/board", responses=responses(no.WrongRole, no.NoSuchLog))
async def replay_board(
    log: LogId, actor: ActorDep, services: ServicesDep, at: Annotated[Position | Instant, at_described("何时")],
    place: Annotated[str, Query(pattern=r"^[0-9]{0,15}$", description="区划或网格代码")] = "",
    unit: UnitCode | None = None, category: CategoryKey | None = None,
    status: Annotated[list[IssueStage] | None, STAGES] = None,
    before: Annotated[int | None, Query(ge=1, description="上一页的 next")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> BoardThen:  # fmt: skip
    """网格事件台账当时的一页，新的在前。"""
    wanted = Wanted(stages=status or (), unit=unit, place=place, category=category)
    return await services.replaying.board(actor, log, at, wanted, before, limit)


@router.get("/logs/{log}/work", responses=responses(no.WrongRole, no.NoSuchLog))
async def replay_work(
    log: LogId, actor: ActorDep, services: ServicesDep, at: Annotated[Position | Instant, at_described("何时")],
    unit: UnitCode,
    before: Annotated[int | None, Query(ge=1, description="上一页的 next")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> BoardThen:  # fmt: skip
    """一个单位当时手中的网格事件，新的在前。"""
    return await services.replaying.board(actor, log, at, Wanted(holder=unit), before, limit)
