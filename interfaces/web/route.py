"""PageRoute: routes that answer people in a browser, so every no and every fault is a page too."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.responses import RedirectResponse, Response

from application.services import Services
from domain.refusals import Refused
from domain.sign_in_refusals import NotSignedIn
from interfaces.http.problems import MALFORMED
from interfaces.http.session import HARMLESS, go_on, session_of
from interfaces.http.statuses import STATUS
from interfaces.http.words import problem_of
from interfaces.web.rendering import page

logger = structlog.get_logger(__name__)
_FAULT = "已记入日志，请稍后再试；如仍失败，请告知管理员。"


class PageRoute(APIRoute):
    """A route whose refusals are pages. A stranger is sent to sign in, and back."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with what it refuses told on a page."""
        handle = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                answer: Response = await handle(request)
            except NotSignedIn:
                return _to_sign_in(request)
            except Refused as no:
                logger.info("refused", code=no.code())
                return refusal_page(no)
            except RequestValidationError as malformed:
                told = [problem_of(error) for error in malformed.errors()][:5]
                detail = "；".join(f"{one['where']}：{one['problem']}" for one in told)
                return page("problem.html", status=HTTPStatus.UNPROCESSABLE_ENTITY, title=MALFORMED, detail=detail)
            except Exception as fault:
                logger.error("fault", exc_info=fault)
                status = HTTPStatus.INTERNAL_SERVER_ERROR
                return page("problem.html", status=status, title="系统内部错误", detail=_FAULT)
            await _renew(request, answer)
            return answer

        return told


def refusal_page(no: Refused) -> Response:
    """The page that tells of a refusal."""
    return page("problem.html", status=STATUS[type(no)], title=no.title(), detail=no.detail())


def _to_sign_in(request: Request) -> Response:
    """Back to where they wanted to go, if that was a page to look at."""
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    where = f"?next={quote(wanted)}" if request.method in HARMLESS and wanted != "/" else ""
    return RedirectResponse(f"/login{where}", HTTPStatus.SEE_OTHER)


async def _renew(request: Request, answer: Response) -> None:
    """Looking at pages keeps the session open, as long as `application.sign_in.SESSION` allows."""
    if not getattr(request.state, "recognized", False) or "set-cookie" in answer.headers:
        return
    services: Services = request.app.state.services
    with suppress(NotSignedIn):  # twelve hours are over: what was asked is still answered
        go_on(answer, request, await services.sign_in.renew(session_of(request).token), services.clock())
