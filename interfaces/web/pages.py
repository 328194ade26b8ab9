"""The web face: pages for those who work with cases, and for those whose cases they are."""

from __future__ import annotations

from fastapi import FastAPI

from interfaces.web import assets, follow, sign_in
from interfaces.web.audit.routers import ROUTERS as AUDIT
from interfaces.web.case import pages as case_pages
from interfaces.web.worker import pages as worker_pages


def install(app: FastAPI) -> None:
    """Put the pages and their assets into the application."""
    for router in (sign_in.router, sign_in.sessions, case_pages.router, follow.router, *AUDIT, worker_pages.router):
        app.include_router(router)
    assets.install(app)
