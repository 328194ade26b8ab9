"""What is asked of editions 版次: conditions, difference, a trial on past cases, limits undecided, free local codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Generic, Protocol, TypeVar

from fastapi import APIRouter, Query

from application.registry.trials import Period, TrialCase, TrialCounts, TrialPage
from domain import refusals as no
from domain.registry import catalogue_refusals as catalogue_no
from domain.registry.case_type_key import CaseKind
from domain.registry.catalogue_edition import Standing
from domain.registry.edition_difference import ChangeKind, ConditionChange
from domain.registry.entry import civil_day
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.fields import Instant
from interfaces.http.problems import responses
from interfaces.http.registry.conditions import ConditionView, condition_seen
from interfaces.http.registry.editions import EditionCode
from interfaces.http.statuses import BadPeriodAsked

router = APIRouter(prefix="/catalogue", tags=["立案标准版次"])
MOST_TRIED = 20_000
"""What is tried while somebody waits for the answer; the command line tries more."""
After = Annotated[str, Query(max_length=100, description="上一页的 next")]
Most = Annotated[int, Query(ge=1, le=500)]


class Coded(Protocol):
    """What has a code to be ordered by."""

    @property
    def code(self) -> str: ...


CodedT = TypeVar("CodedT", bound=Coded)
ItemT = TypeVar("ItemT")


@dataclass(frozen=True)
class Listed(Generic[ItemT]):
    """一页. 取下一页时把 next 填入 after, 末页为 null."""

    items: list[ItemT]
    next: str | None


@dataclass(frozen=True)
class OpenLimitView:
    """一个待定时限, 及其所在版次今天的状态."""

    edition: str
    standing: Standing
    condition: ConditionView


@dataclass(frozen=True)
class DifferenceView:
    """版次差异: 与生效日前一日施行的内容相比. counts 为全部条件, 每条计一次; items 为一页差异."""

    edition: str
    counts: dict[str, int]
    items: list[ConditionChange]
    next: str | None


@dataclass(frozen=True)
class TrialView:
    """试算结果. counts 为整个时段; items 为一页会有不同的案件; late_* 按 now 时仍未办结的计."""

    edition: str
    start: datetime
    end: datetime
    now: datetime
    calendar: str
    counts: TrialCounts
    items: list[TrialCase]
    next: str | None


@router.get("/editions/{code}/conditions", responses=responses(no.NoSuchEntry))
async def list_conditions(
    code: EditionCode, _actor: ActorDep, services: ServicesDep, after: After = "", limit: Most = 100
) -> Listed[ConditionView]:
    """一个版次的立案条件, 按编码升序; 已发布的含此后决定的时限."""
    found, following = _page(services.editions.conditions(code), after, limit)
    return Listed([condition_seen(one, services.registry) for one in found], following)


@router.get("/editions/{code}/difference", responses=responses(no.NoSuchEntry))
async def difference(
    code: EditionCode, _actor: ActorDep, services: ServicesDep, after: After = "", limit: Most = 100,
    change: Annotated[ChangeKind | None, Query(description="只看新增、变更或停用")] = None,
) -> DifferenceView:  # fmt: skip
    """与上一版的差异: 新增、逐项变更、停用."""
    all_of_it = services.editions.difference(code)
    wanted = [one for one in all_of_it.changes if change in {None, one.change}]
    found, following = _page(wanted, after, limit)
    return DifferenceView(code, all_of_it.counts, list(found), following)


@router.get(
    "/editions/{code}/try", responses=responses(no.NoSuchEntry, no.WrongRole, BadPeriodAsked, catalogue_no.TooManyToTry)
)  # fmt: skip
async def try_edition(
    code: EditionCode, actor: ActorDep, services: ServicesDep,
    start: Annotated[Instant, Query(description="立案时间起（含）", examples=["2026-03-01T00:00:00+08:00"])],
    end: Annotated[Instant, Query(description="立案时间止（不含）", examples=["2026-04-01T00:00:00+08:00"])],
    after: Annotated[str, Query(pattern=r"^([0-9]{4,6}:[0-9]{1,18})?$", description="上一页的 next")] = "",
    limit: Most = 100,
) -> TrialView:  # fmt: skip
    """试算: 时段内立案的案件若按此版次, 时限、主办单位和是否超时会有何不同. 什么都不写.

    作废、并案、剔除的不计, 与统计一致.
    """
    if start >= end:
        raise BadPeriodAsked(start=start, end=end)
    log_id, _, number = after.partition(":")
    now = services.clock()
    page = TrialPage((log_id, int(number or 0)), limit)
    trial = await services.edition_trials.run(
        actor, code=code, period=Period(start, end), now=now, tell=page.take, most=MOST_TRIED
    )  # fmt: skip
    following = f"{page.cases[-1].log_id}:{page.cases[-1].number}" if page.more else None
    return TrialView(code, start, end, now, trial.calendar, trial.counts, page.cases, following)


@router.get("/undecided", responses=responses())
async def list_undecided(
    _actor: ActorDep, services: ServicesDep,
    edition: Annotated[str | None, Query(max_length=64, description="只看此版次")] = None,
    after: After = "", limit: Most = 100,
) -> Listed[OpenLimitView]:  # fmt: skip
    """待定时限: 以文字保留、须由人工决定的. 决定前, 依此立案的案件不能派遣."""
    every = services.editions.undecided(civil_day(services.clock()))
    seen = tuple(after.split(" "))
    rest = [one for one in every if edition in {None, one.edition} and (one.edition, one.content.code) > seen]
    items = [
        OpenLimitView(one.edition, one.standing, condition_seen(one.content, services.registry)) for one in rest[:limit]
    ]
    last = rest[limit - 1] if len(rest) > limit else None
    return Listed(items, f"{last.edition} {last.content.code}" if last else None)


@dataclass(frozen=True)
class LocalCodeView:
    """下一个可用的自定义小类."""

    code: str


@router.get("/local-codes/next", responses=responses(no.BadCode, catalogue_no.NoLocalCode))
async def next_local_code(
    _actor: ActorDep, services: ServicesDep, kind: CaseKind,
    heading: Annotated[str, Query(pattern=r"^[0-9]{2}$", description="大类代码", examples=["06"])],
) -> LocalCodeView:  # fmt: skip
    """下一个自定义小类的编码: 自 999 起由大到小, 用过的不再用."""
    return LocalCodeView(services.editions.next_local_code(kind, heading))


def _page(found: Sequence[CodedT], after: str, limit: int) -> tuple[Sequence[CodedT], str | None]:
    """Those after a code, by ascending code, and where the next page begins."""
    rest = [one for one in found if one.code > after]
    return rest[:limit], rest[limit - 1].code if len(rest) > limit else None
