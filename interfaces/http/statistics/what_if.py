"""/stats/what-if 试算: the same history under other limits, another calendar or other weights, as a job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from application.command import deed
from application.statistics.what_if import ChangedRun, JobState, Supposition, Weights, WhatIfJob, WhatIfQuestion
from domain import refusals as no
from domain.limit_stages import LimitStage
from domain.statistics import what_if_refusals as what_if_no
from domain.vocabulary import Channel
from interfaces.http.asking import Reached
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.fields import Body, CategoryKey, GridCode, Instant, UnitCode
from interfaces.http.problems import responses
from interfaces.http.statuses import BadPeriodAsked

router = APIRouter(prefix="/stats/what-if", tags=["统计"])
PATH = "/api/v1/stats/what-if"
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Clock = Literal["dispatch", "accept", "contact", "handle", "feedback", "check", "call_back", "case"]


class WeightsAsked(Body):
    """三率的另一组权重，0 至 1。"""

    basically_satisfied: Annotated[float, Field(ge=0, le=1, description="基本满意计为多少", examples=[0.8])]
    partly_solved: Annotated[float, Field(ge=0, le=1, description="部分解决计为多少", examples=[0.5])]


class WhatIfAsked(Body):
    """假设什么不同，和试算哪些案件。三项假设至少给出一项；案件为时段内立案的，权重则用时段内受理的诉求的回访。"""

    start: Annotated[Instant, Field(description="起（含）", examples=["2026-11-01T00:00:00+08:00"])]
    end: Annotated[Instant, Field(description="止（不含）", examples=["2026-12-01T00:00:00+08:00"])]
    limits: Annotated[Code | None, Field(description="另一版时限规则，草案亦可", examples=["limits-2026.2"])] = None
    calendar: Annotated[Code | None, Field(description="另一个工作日历，用以计量所有时限", examples=["cn-office"])] = (
        None
    )
    weights: WeightsAsked | None = None
    street: Annotated[str | None, Field(pattern=r"^[0-9]{9}$")] = None
    community: Annotated[str | None, Field(pattern=r"^[0-9]{12}$")] = None
    grid: GridCode | None = None
    unit: UnitCode | None = None
    category: CategoryKey | None = None
    channel: Channel | None = None

    def question(self) -> WhatIfQuestion:
        """As it is kept. Refuses `BadPeriodAsked`."""
        if self.start >= self.end:
            raise BadPeriodAsked(start=self.start, end=self.end)
        given = self.weights
        weights = Weights(str(given.basically_satisfied), str(given.partly_solved)) if given is not None else None
        supposed = Supposition(self.limits or "", 0, self.calendar or "", weights)
        return WhatIfQuestion(
            self.start, self.end, supposed, self.street, self.community, self.grid, self.unit, self.category,
            self.channel and self.channel.value,
        )  # fmt: skip


@dataclass(frozen=True)
class WhatIfView:
    """一次试算。done 为已看过的案件数，total 数清之前为 null；result 完成之前为 null。

    result 中 then 为实际，now 为假设；clocks 为各环节合计，groups 为按单位和街道，rank 为名次；
    weights 为另一组权重下的三率。没有数据的率为 null。
    """

    id: UUID
    state: JobState
    label: str
    asked_at: datetime
    finished_at: datetime | None
    question: WhatIfQuestion
    positions: dict[str, int]
    done: int
    total: int | None
    failure: str
    result: dict[str, Any] | None

    @classmethod
    def of(cls, job: WhatIfJob) -> WhatIfView:
        """As people see it."""
        return cls(
            job.id, job.state, job.state.label, job.asked_at, job.finished_at, job.question, dict(job.positions),
            job.done, job.total, job.failure, job.result,
        )  # fmt: skip


@dataclass(frozen=True)
class ChangedPage:
    """会有不同的各个时限，一页。取下一页时把 next 填入 after，末页为 null。"""

    items: list[ChangedRun]
    next: int | None


@router.post(
    "", status_code=HTTPStatus.ACCEPTED, dependencies=[Reached],
    responses=responses(
        BadPeriodAsked, no.WrongRole, no.NoSuchEntry, no.NoSuchLog, no.NotYetVisible, what_if_no.WhatIfEmpty,
        what_if_no.TooManyWhatIfs,
    ),
)  # fmt: skip
async def ask_what_if(asked: WhatIfAsked, actor: ActorDep, services: ServicesDep, response: Response) -> WhatIfView:
    """提出试算：同样的经过，换一版时限、一个日历或一组权重。不写入日志；结果依提出时的日志位置。"""
    job = await services.what_ifs.ask(deed(actor, now=services.clock()), asked.question())
    response.headers["Location"] = f"{PATH}/{job.id}"
    return WhatIfView.of(job)


@router.get("", responses=responses())
async def list_what_ifs(
    actor: ActorDep, services: ServicesDep, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> list[WhatIfView]:
    """本人提出的试算，新的在前；结束满三十日的不再保存。"""
    return [WhatIfView.of(job) for job in await services.what_ifs.mine(actor, limit=limit)]


@router.get("/{job}", responses=responses(what_if_no.NoSuchWhatIf))
async def get_what_if(job: UUID, actor: ActorDep, services: ServicesDep) -> WhatIfView:
    """一次试算：进度，完成后的结果。"""
    return WhatIfView.of(await services.what_ifs.find(actor, job))


@router.get("/{job}/cases", responses=responses(what_if_no.NoSuchWhatIf))
async def list_what_if_cases(
    job: UUID, actor: ActorDep, services: ServicesDep,
    late: Annotated[bool | None, Query(description="true 为假设之下会超时的，false 为不再超时的")] = None,
    clock: Annotated[Clock | None, Query(description="环节")] = None,
    after: Annotated[int, Query(ge=0, le=10**9, description="上一页的 next")] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> ChangedPage:  # fmt: skip
    """试算中会有不同的案件：哪个环节，实际和假设的到期时间，是否超时；尚未到期的为 null。"""
    stage = clock and LimitStage(clock).value
    found = await services.what_ifs.changed(actor, job, late_now=late, clock=stage, after=after, limit=limit + 1)
    return ChangedPage(list(found[:limit]), found[limit - 1].nth if len(found) > limit else None)


@router.post("/{job}/cancel", responses=responses(what_if_no.NoSuchWhatIf, what_if_no.WhatIfOver))
async def cancel_what_if(job: UUID, actor: ActorDep, services: ServicesDep) -> WhatIfView:
    """撤销尚未结束的试算；已看过的案件一并作罢。"""
    return WhatIfView.of(await services.what_ifs.cancel(deed(actor, now=services.clock()), job))
