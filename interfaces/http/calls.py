"""Who calls, what they saw, and the key that makes a retry harmless: dependencies of the routes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, cast

import structlog
from fastapi import Depends, Header, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from application.command import Command, deed
from application.ports import Receipt, RequestKey
from application.services import Services
from domain.actor import Actor
from interfaces.http.metrics import COMMANDS, route_of
from interfaces.http.session import proven_token
from interfaces.http.statuses import VersionMissing

bearer = HTTPBearer(auto_error=False, scheme_name="token", description="令牌，由 POST /api/v1/tokens 取得")
VERSION = r'^(?:W/)?"([0-9]{1,9})"$'
logger = structlog.get_logger(__name__)


# Dependencies are coroutines throughout: FastAPI sends plain functions to a thread each.
async def services_of(request: Request) -> Services:
    """The use cases and boards this process was wired with."""
    return cast("Services", request.app.state.services)


ServicesDep = Annotated[Services, Depends(services_of)]


async def _token(request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> str:
    return credentials.credentials if credentials else proven_token(request)


TokenDep = Annotated[str, Depends(_token)]
"""The caller's token: in the `Authorization` header, or of a browser's session."""


async def _actor(services: ServicesDep, token: TokenDep) -> Actor:
    actor = await services.sign_in.who(token)
    structlog.contextvars.bind_contextvars(actor=actor.id)
    return actor


ActorDep = Annotated[Actor, Depends(_actor)]


@dataclass(frozen=True)
class Call:
    """One call that changes something."""

    actor: Actor
    now: datetime
    version: int | None
    key: RequestKey | None


async def _new_call(
    request: Request,
    actor: ActorDep,
    services: ServicesDep,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=200,
            pattern=r"^[!-~]+$",
            description="幂等键：同键同内容的重试得到首次的答复",
        ),
    ] = None,
) -> Call:
    return Call(actor, services.clock(), None, await _key(request, actor, idempotency_key))


async def _change_call(
    call: Annotated[Call, Depends(_new_call)],
    if_match: Annotated[
        str | None,
        Header(
            max_length=30,
            description='所见版本，如 "3"',
            examples=['"3"'],
            json_schema_extra={"pattern": VERSION},
        ),
    ] = None,
) -> Call:
    match = re.match(VERSION, if_match or "")
    if match is None:
        raise VersionMissing()
    return Call(call.actor, call.now, int(match[1]), call.key)


async def _key(request: Request, actor: Actor, key: str | None) -> RequestKey | None:
    if key is None:
        return None
    asked = f"{request.method} {request.url.path}\n{request.headers.get('if-match', '')}\n".encode()
    return RequestKey(f"{actor.id} {key}", hashlib.sha256(asked + await request.body()).hexdigest())


class Desk:
    """One changing call at work: the use cases, the caller's command, and where the answer goes."""

    def __init__(self, services: Services, call: Call, request: Request, response: Response) -> None:
        self.services, self.call, self.request, self.response = services, call, request, response

    def command(self, happened_at: datetime | None, reason: str) -> Command:
        """The caller's order as a command. Refuses `ImplausibleTime`."""
        act = deed(self.call.actor, now=self.call.now, happened_at=happened_at, reason=reason)
        return Command(act=act, version=self.call.version, key=self.call.key)

    def tagged(self, receipt: Receipt) -> Receipt:
        """The receipt, with its `ETag` set and the write told to the service's own log."""
        self.response.headers["ETag"] = f'"{receipt.version}"'
        route = route_of(self.request.scope)
        logger.info("recorded", log=receipt.log, position=receipt.position, case=str(receipt.id), route=route)
        COMMANDS.labels(route=route).inc()
        return receipt


async def _new_desk(
    call: Annotated[Call, Depends(_new_call)], services: ServicesDep, request: Request, response: Response
) -> Desk:
    return Desk(services, call, request, response)


async def _change_desk(
    call: Annotated[Call, Depends(_change_call)], services: ServicesDep, request: Request, response: Response
) -> Desk:
    return Desk(services, call, request, response)


NewDesk = Annotated[Desk, Depends(_new_desk)]
"""For what makes a new case or entry."""
ChangeDesk = Annotated[Desk, Depends(_change_desk)]
"""For what changes one: `If-Match` is required."""
