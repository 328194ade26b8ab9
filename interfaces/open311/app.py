"""Open311 GeoReport v2, an application of its own below `/open311/v2`: its errors are never those of `/api/v1`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from application.services import Services
from domain.refusals import Refused
from interfaces.open311 import cases, catalogue, pictures, posting, updates
from interfaces.open311.answers import NothingHereError, WrongArgumentsError, errors, fault, format_of, refusal
from interfaces.open311.arguments import Arguments
from interfaces.open311.calls import ROOT, Call
from interfaces.open311.rates import Rates

Route = Callable[[Call], Awaitable[Response]]
ALONE: dict[str, dict[str, Route]] = {
    "discovery": {"GET": catalogue.discovery},
    "services": {"GET": catalogue.services},
    "requests": {"GET": cases.requests, "POST": posting.post_request},
    "servicerequestupdates": {"GET": updates.updates},
}
"""Resources without and with a name of one of them behind, each by method."""
NAMED: dict[str, dict[str, Route]] = {
    "services": {"GET": catalogue.definition},
    "requests": {"GET": cases.request},
    "tokens": {"GET": cases.token},
    "media": {"GET": pictures.picture},
}
NOTHING_HERE = "not-found：没有这个地址或编号，请核对接口文档。"
logger = structlog.get_logger(__name__)


class Open311App:
    """ASGI. Every answer leaves here in the format that was asked for, also one about a fault."""

    def __init__(self, services: Callable[[], Services]) -> None:
        self._services, self._rates = services, Rates()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._answered(request)
        except Exception as error:
            response = self._told(scope["path"], error)
        finally:
            await request.close()  # of the files it brought
        await response(scope, receive, send)

    async def _answered(self, request: Request) -> Response:
        services = self._services()
        address = request.client.host if request.client else ""
        self._rates.count(address, services.clock())
        path = request.scope["path"]
        kind, slash, named = path.removeprefix(f"{ROOT}/").rpartition(".")[0].partition("/")
        methods = (NAMED if slash else ALONE).get(kind)
        # A picture's address ends as pictures do, and names case and picture.
        known = path.endswith(".jpg") if kind == "media" else format_of(path) is not None and "/" not in named
        if methods is None or not known or bool(slash) != bool(named):
            raise NothingHereError
        request.scope["route"] = _Label(f"{ROOT}/{kind}" + ("/{named}" if named else ""))
        method = "GET" if request.method == "HEAD" else request.method
        if method not in methods:
            raise HTTPException(HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": ", ".join(sorted(methods))})
        call = Call(request, services, Arguments(request.query_params.multi_items()), named)
        response = await methods[method](call)
        self._rates.charge(address, len(response.body))
        return response

    def _told(self, path: str, error: Exception) -> Response:
        match error:
            case Refused():
                logger.info("refused", code=error.code())
                return refusal(path, error)
            case WrongArgumentsError():
                return errors(path, HTTPStatus.BAD_REQUEST, error.problems)
            case NothingHereError():
                return errors(path, HTTPStatus.NOT_FOUND, [NOTHING_HERE])
            case HTTPException(status_code=HTTPStatus.METHOD_NOT_ALLOWED):
                told = "method-not-allowed：此地址不支持该方法。"
                return errors(path, HTTPStatus.METHOD_NOT_ALLOWED, [told], error.headers)
            case HTTPException():  # how the framework says that it cannot read a body
                return errors(path, HTTPStatus.BAD_REQUEST, ["bad-body：正文无法读取，请核对其编码和大小。"])
        logger.error("fault", exc_info=error)
        return fault(path)


class _Label:
    """What the figures call a route, by its template."""

    def __init__(self, path: str) -> None:
        self.path = path
