"""/feed/stream: the feed as Server-Sent Events, and in its cheap form how far the logs go.

An id is `LOG:POSITION`, so a client that comes back with the last one it saw loses and repeats nothing. An id without
data is no event to a client: it moves the last id on over what passed its filter by.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import asdict
from typing import Annotated

import orjson
import structlog
from fastapi import APIRouter, Header, Query
from fastapi.responses import StreamingResponse
from fastapi.sse import format_sse_event
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

from application.feed.feed import FeedPage
from domain import feed_refusals as feed_no
from domain.actor import Actor
from domain.refusals import Refused
from interfaces.http.calls import ActorDep, ServicesDep, TokenDep
from interfaces.http.feed.pages import FEED_REFUSED, Position, TopicsDep
from interfaces.http.problems import responses

router = APIRouter(prefix="/feed", tags=["事件流"])
RETRY_MS = 3_000
STUCK_SECONDS = 60.0
"""How long a client may take nothing before it is let go."""
logger = structlog.get_logger(__name__)


class Stream(StreamingResponse):
    """Parts that a client has to take in time, given up as soon as it is gone."""

    media_type = "text/event-stream"

    def __init__(self, parts: AsyncGenerator[bytes]) -> None:
        super().__init__(parts, headers={"X-Accel-Buffering": "no"})
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def in_time(message: Message) -> None:
            async with asyncio.timeout(STUCK_SECONDS):
                await send(message)

        async with aclosing(self._parts):
            try:
                await super().__call__(scope, receive, in_time)
            except (TimeoutError, ClientDisconnect):  # Starlette takes the first for the second
                logger.info("feed_reader_stuck", seconds=STUCK_SECONDS)


@router.get("/stream", status_code=200, response_class=Stream, responses=responses(*FEED_REFUSED, feed_no.Closing))
async def follow_feed(
    actor: ActorDep, token: TokenDep, services: ServicesDep, topics: TopicsDep,
    log: Annotated[str | None, Query(pattern=r"^[0-9]{4,6}$", description="日志编号；notice 时可缺省")] = None,
    after: Annotated[Position | None, Query(description="此位置之后；缺省为自现在起")] = None,
    notice: Annotated[bool, Query(description="只报各日志到了哪个位置，每秒至多一次")] = False,
    last_event_id: Annotated[
        str | None, Header(pattern=r"^([0-9]{4,6}:[0-9]{1,15})?$", description="所见最后一个事件的 id，优先于 after")
    ] = None,
) -> Stream:  # fmt: skip
    """跟随事件流：以 SSE 推送；断线后凭 Last-Event-ID 接着推送，不重不漏。令牌失效或服务停止时以 end 事件告知缘由。"""

    async def who() -> Actor:
        return await services.sign_in.who(token)

    streams = services.feed_streams
    streams.require_room()
    if notice:
        return Stream(_noticed(streams.notices(who)))
    seen_log, _, seen = (last_event_id or "").partition(":")
    log_id = log or seen_log
    if seen and seen_log == log_id:
        after = int(seen)
    newest = await services.feed.check(actor, log_id, after, topics)
    return Stream(_told(streams.events(who, log_id, newest if after is None else after, topics), log_id))


async def _told(pages: AsyncGenerator[FeedPage | Refused], log_id: str) -> AsyncGenerator[bytes]:
    yield format_sse_event(retry=RETRY_MS)
    async with aclosing(pages):
        async for page in pages:
            if isinstance(page, Refused):
                yield _end(page)
                continue
            events = [format_sse_event(data_str=orjson.dumps(asdict(one)).decode(), id=one.id) for one in page.items]
            yield b"".join([*events, format_sse_event(id=f"{log_id}:{page.next}", comment="")])


async def _noticed(ends: AsyncGenerator[Mapping[str, int] | Refused]) -> AsyncGenerator[bytes]:
    yield format_sse_event(retry=RETRY_MS)
    async with aclosing(ends):
        async for positions in ends:
            if isinstance(positions, Refused):
                yield _end(positions)
                continue
            told = [orjson.dumps({"log": log, "position": end}).decode() for log, end in positions.items()]
            yield b"".join(format_sse_event(event="notice", data_str=one) for one in told) or format_sse_event(
                comment=""
            )


def _end(refused: Refused) -> bytes:
    why = {"code": refused.code(), "title": refused.title(), "detail": refused.detail()}
    return format_sse_event(event="end", data_str=orjson.dumps(why).decode())
