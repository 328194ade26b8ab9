"""The HTTP face: one FastAPI application over wired services."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI

from interfaces.http import (
    accounts,
    attachments,
    clock_commands,
    deadlines,
    dispatch,
    duty_attempts,
    follow,
    health,
    issue_clocks,
    issue_commands,
    issues,
    limits,
    moving,
    near,
    phone_search,
    problems,
    request_commands,
    requests,
    search,
    tokens,
    whistles,
    work,
)
from interfaces.http.audit import erasures, proofs, reads, replay
from interfaces.http.edge import Edge, Face
from interfaces.http.feed import pages as feed_pages
from interfaces.http.feed import stream as feed_stream
from interfaces.http.feed import webhooks as feed_webhooks
from interfaces.http.openapi import Described
from interfaces.http.registry.routers import ROUTERS
from interfaces.http.statistics.routers import ROUTERS as STATISTICS
from interfaces.open311 import app as open311
from interfaces.open311.answers import fault, refusal
from interfaces.open311.calls import ROOT
from interfaces.web import pages

DESCRIPTION = """网格治理的记录系统：诉求、网格事件、派遣、办理与回访，每一步都是不可更改的事件。

- 写操作返回回执 (`log`, `position`)；读操作可用 `wait=LOG:POSITION` 等到查询追上该位置。
- 变更须带 `If-Match: "版本"`；带 `Idempotency-Key` 的重试得到首次的答复。
- 出错时返回 RFC 9457 问题说明，`type` 稳定，`title` 与 `detail` 为中文。
"""


def create_app(lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]]) -> FastAPI:
    """The application; `lifespan` puts the wired services into `app.state.services`."""
    app = Described(
        title="Wangge 网格",
        description=DESCRIPTION,
        version="1",
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    problems.install(app)
    public = open311.Open311App(lambda: app.state.services)
    app.add_middleware(Edge, faces=(Face(f"{ROOT}/", public, refusal, fault),))
    for router in (
        # Routes are tried in this order, so what is asked most comes first.
        # /issues/near comes before /issues/{id}.
        near.router, issues.router, requests.router, issue_clocks.router, issue_commands.router,
        request_commands.router, clock_commands.router,
        attachments.router,
        work.router, whistles.router, search.router, duty_attempts.router,
        moving.router, *STATISTICS, *ROUTERS, dispatch.router, limits.router, deadlines.router, tokens.router,
        accounts.router, proofs.router, reads.router, erasures.router, replay.router, phone_search.router,
        feed_stream.router, feed_pages.router, feed_webhooks.router,
        follow.router,
    ):  # fmt: skip
        app.include_router(router, prefix="/api/v1")
    app.include_router(health.router)
    pages.install(app)
    return app
