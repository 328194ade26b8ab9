"""/feed: what was recorded about cases from a position on, as CloudEvents, a page at a time."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from application.feed.feed import FeedPage
from domain import feed_refusals as feed_no
from domain import refusals as no
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.problems import responses

router = APIRouter(prefix="/feed", tags=["事件流"])
FEED_REFUSED = (no.WrongRole, no.NoSuchLog, feed_no.NoSuchTopic, feed_no.PastTheEnd)
LogQuery = Annotated[str, Query(pattern=r"^[0-9]{4,6}$", description="日志编号", examples=["150785"])]
Position = Annotated[int, Query(ge=0, le=10**15)]


async def _topics(
    topic: Annotated[
        list[Annotated[str, Query(pattern=r"^[a-z_.*]{1,60}$")]] | None,
        Query(max_length=100, description="事件名或整类 (issue.*)，可重复；缺省为全部", examples=[["issue.assigned"]]),
    ] = None,
) -> frozenset[str]:
    return frozenset(topic or ())


TopicsDep = Annotated[frozenset[str], Depends(_topics)]


@router.get("", responses=responses(*FEED_REFUSED))
async def read_feed(
    actor: ActorDep, services: ServicesDep, log: LogQuery, topics: TopicsDep,
    after: Annotated[Position, Query(description="此位置之后；取下一页时填上一页的 next")] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> FeedPage:  # fmt: skip
    """事件流：一个日志自某位置起记下的案件事件，升序，限本人管辖范围。

    一页可少可空；at_head 为 true 时已到日志末尾，以 next 为 after 接着取，不重不漏。
    """
    return await services.feed.page(actor, log, after, limit, topics)
