"""/duties/attempts 清单外派遣: who tried to pass what down to whom, refused or flagged; one by one, or counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from application.duty_report import AttemptGroup, AttemptOutcome, AttemptQuestion, AttemptView, Dimension, name_of
from application.services import Services
from domain import refusals as no
from domain.registry.case_type_key import class_key
from interfaces.http.asking import Page, Reached
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.cursors import packed, unpacked
from interfaces.http.fields import CategoryKey, Instant, UnitCode
from interfaces.http.problems import responses
from interfaces.http.statuses import BadCursor, BadPeriodAsked

router = APIRouter(prefix="/duties/attempts", tags=["职责准入"], dependencies=[Reached])
REFUSED = (BadCursor, BadPeriodAsked, no.NoSuchLog, no.NotYetVisible)
Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=800, description="上一页的 next")]


@dataclass(frozen=True)
class Attempt:
    """一次清单外派遣和其中的名称. case 为所涉网格事件或诉求; who 为岗位."""

    attempt: AttemptView
    who: str
    asking_unit_name: str
    unit_names: list[str]
    category_name: str


@dataclass(frozen=True)
class Group:
    """合计的清单外派遣和其中的名称."""

    group: AttemptGroup
    asking_unit_name: str
    unit_name: str
    category_name: str


async def _question(
    start: Annotated[Instant | None, Query(description="起（含）", examples=["2026-11-01T00:00:00+08:00"])] = None,
    end: Annotated[Instant | None, Query(description="止（不含）", examples=["2026-12-01T00:00:00+08:00"])] = None,
    asking_unit: Annotated[UnitCode | None, Query(description="派出单位")] = None,
    unit: Annotated[UnitCode | None, Query(description="承接单位")] = None,
    category: Annotated[CategoryKey | None, Query(description="小类")] = None,
    outcome: Annotated[AttemptOutcome | None, Query(description="已拒绝或已标记")] = None,
) -> AttemptQuestion:
    if start is not None and end is not None and start >= end:
        raise BadPeriodAsked(start=start, end=end)
    return AttemptQuestion(start, end, asking_unit, unit, category and class_key(category), outcome)


QuestionDep = Annotated[AttemptQuestion, Depends(_question)]


@router.get("", responses=responses(*REFUSED))
async def find_attempts(
    question: QuestionDep, actor: ActorDep, services: ServicesDep, limit: Limit = 50, cursor: Cursor = None
) -> Page[Attempt]:
    """清单外派遣，逐次列出：本人管辖范围内，新的在前。"""
    after = _mark(cursor) if cursor else None
    found = await services.duty_attempts.attempts(actor, question, after=after, limit=limit + 1)
    shown = [_named(one, services) for one in found[:limit]]
    if len(found) <= limit:
        return Page(shown, None)
    at, log, position = shown[-1].attempt.mark
    return Page(shown, packed(at.isoformat(), log, str(position)))


@router.get("/counts", responses=responses(*REFUSED))
async def count_attempts(
    question: QuestionDep, actor: ActorDep, services: ServicesDep,
    by: Annotated[list[Dimension] | None, Query(max_length=4, description="分组，可重复；缺省为四项全分")] = None,
    limit: Limit = 50, cursor: Cursor = None,
) -> Page[Group]:  # fmt: skip
    """清单外派遣的次数：按派出单位、承接单位、小类和月份。"""
    asking, unit, category, month = unpacked(cursor, 4) if cursor else ("", "", "", "")
    after = (asking, unit, category, month) if cursor else None
    dimensions = by or list(Dimension)
    found = await services.duty_attempts.groups(actor, question, by=dimensions, after=after, limit=limit + 1)
    shown = [_named_group(one, services) for one in found[:limit]]
    return Page(shown, packed(*shown[-1].group.mark) if len(found) > limit else None)


def _mark(cursor: str) -> tuple[datetime, str, int]:
    at, log, position = unpacked(cursor, 3)
    try:
        mark = datetime.fromisoformat(at), log, int(position)
    except ValueError:
        raise BadCursor() from None
    if mark[0].tzinfo is None or not 0 < mark[2] < 2**63:
        raise BadCursor()
    return mark


def _named(one: AttemptView, services: Services) -> Attempt:
    registry = services.registry
    units = [name_of(registry.unit, unit) for unit in one.units]
    return Attempt(
        one, name_of(registry.staff, one.by), name_of(registry.unit, one.asking_unit), units,
        name_of(registry.case_type, one.category),
    )  # fmt: skip


def _named_group(one: AttemptGroup, services: Services) -> Group:
    registry = services.registry

    def name(look_up: Callable[[str], Any], code: str) -> str:
        return name_of(look_up, code) if code else ""

    return Group(
        one, name(registry.unit, one.asking_unit), name(registry.unit, one.unit), name(registry.case_type, one.category)
    )
