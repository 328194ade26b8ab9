"""The web face: pages for those who work with cases, and for those whose cases they are."""

from __future__ import annotations

from fastapi import FastAPI

from interfaces.web import assets, follow, sign_in
from interfaces.web.audit.routers import ROUTERS as AUDIT
from interfaces.web.board import routes as board
from interfaces.web.board import what_if_pages
from interfaces.web.calls import pages as calls_pages
from interfaces.web.case import pages as case_pages
from interfaces.web.desk import pages as desk_pages
from interfaces.web.worker import pages as worker_pages

ROUTERS = (
    sign_in.router, sign_in.sessions, case_pages.router, worker_pages.router, desk_pages.router, calls_pages.router,
    follow.router, *AUDIT, board.router, what_if_pages.router,
)  # fmt: skip


def install(app: FastAPI) -> None:
    """Put the pages and their assets into the application."""
    for router in ROUTERS:
        app.include_router(router)
    assets.install(app)
