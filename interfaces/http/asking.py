"""Questions to the boards as query parameters: filters, a cursor to page on, a position to wait for."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from fastapi import Depends, Query

from application.views import Question
from domain.registry.entry import CIVIL_TIME, civil_day
from domain.vocabulary import Channel
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.fields import CategoryKey, GridCode, Instant, Plain, UnitCode
from interfaces.http.statuses import BadCursor

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """一页，新的在前。取下一页时把 next 填入 cursor，末页为 null。"""

    items: list[Row]
    next: str | None


def paged(items: list[Row], after: tuple[datetime, UUID] | None) -> Page[Row]:
    """A page, and the cursor to what comes after it."""
    return Page(items, _cursor(*after) if after else None)


def page(rows: Sequence[Row], limit: int, mark: Callable[[Row], tuple[datetime, UUID]]) -> Page[Row]:
    """The first `limit` of `rows`, which were asked for with one more to see whether there is a page after."""
    items = list(rows[:limit])
    return Page(items, _cursor(*mark(items[-1])) if len(rows) > limit else None)


STAGES = Query(max_length=20, description="环节，可重复")


async def _question(
    services: ServicesDep,
    grid: GridCode | None = None,
    community: Annotated[str | None, Query(pattern=r"^[0-9]{12}$")] = None,
    street: Annotated[str | None, Query(pattern=r"^[0-9]{9}$")] = None,
    unit: UnitCode | None = None,
    category: CategoryKey | None = None,
    channel: Annotated[Channel | None, Query(description="受理渠道")] = None,
    text: Annotated[
        Annotated[str, Plain] | None,
        Query(
            min_length=1,
            max_length=100,
            description="反映内容中的文字。内容均已密封，由新到旧逐件查看，每次至多 2000 件；"
            "未看完时 next 不为空，本页可少可空",
        ),
    ] = None,
    due: Annotated[
        Literal["today", "tomorrow", "overdue"] | Instant | None,
        Query(description="尚在办理而今日、明日到期的，已超时的；或时限早于此刻的", examples=["tomorrow"]),
    ] = None,
    overdue: Annotated[bool | None, Query(description="是否超时")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=200, description="上一页的 next")] = None,
) -> Question:
    asked = Question(
        grid=grid, community=community, street=street, unit=unit, category=category, channel=channel,
        text=text, overdue=overdue, limit=limit, after=marked(cursor) if cursor else None,
    )  # fmt: skip
    return replace(asked, **due_within(due, services.clock()))


def due_within(due: datetime | Literal["today", "tomorrow", "overdue"] | None, now: datetime) -> dict[str, Any]:
    """What a question about due instants asks of the board. Days are those of the city, from midnight to midnight."""
    match due:
        case None:
            return {}
        case datetime():
            return {"due_before": due}
        case "overdue":
            return {"due_before": now, "undecided": True}
    first = civil_day(now) + timedelta(days=due == "tomorrow")
    begins = datetime.combine(first, time.min, CIVIL_TIME)
    return {"due_from": begins, "due_before": begins + timedelta(days=1), "undecided": True}


QuestionDep = Annotated[Question, Depends(_question)]


async def _reached(
    services: ServicesDep,
    _actor: ActorDep,  # a stranger does not get to wait
    wait: Annotated[
        str | None,
        Query(
            pattern=r"^[0-9]{4,6}:[0-9]{1,15}$",
            description="等到查询追上该日志位置，如 150785:42",
            examples=["150785:42"],
        ),
    ] = None,
) -> None:
    if wait:
        log_id, position = wait.split(":")
        await services.reach(services.logs.named(log_id).log_id, int(position))


Reached = Depends(_reached)


def _cursor(at: datetime, case_id: UUID) -> str:
    return base64.urlsafe_b64encode(f"{at.isoformat()} {case_id}".encode()).decode().rstrip("=")


def marked(cursor: str) -> tuple[datetime, UUID]:
    """The last row of the page before. Refuses `BadCursor`."""
    try:
        text = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)).decode()
        at, case_id = re.split(" ", text)
        mark = datetime.fromisoformat(at), UUID(case_id)
    except (ValueError, binascii.Error):
        raise BadCursor() from None
    if mark[0].tzinfo is None:
        raise BadCursor()
    return mark
