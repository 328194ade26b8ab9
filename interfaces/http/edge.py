"""The edge: what happens around every request. A request id, bounds on what comes in, the time it took, faults."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from uuid import UUID, uuid4

import structlog
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from application.provenance import CORRELATION
from domain.refusals import Refused
from interfaces.http.metrics import SECONDS, route_of
from interfaces.http.problems import answer, fault
from interfaces.http.statuses import HeaderRepeated, TooLarge

Headers = list[tuple[bytes, bytes]]
LARGEST_BODY_BYTES = 1_048_576
LARGEST_FILE_BYTES = 16 * 1_048_576
FILES_GO_TO = {"import", "import-townships", "import-changes", "attachments"}
"""How the paths end that take a file as the body. They alone read it, when they know who calls."""
ONCE = {b"authorization", b"idempotency-key", b"if-match", b"follow-code"}
"""Headers that decide what a request does: of two, one would be overlooked."""
SECURITY = [
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
]
logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Face:
    """All that lies below `prefix`: what answers there, bodies with files too, and how it tells what the edge refuses.

    It is asked here and not mounted: a path with a line break in it would pass a mount by.
    """

    prefix: str
    app: ASGIApp
    refusal: Callable[[str, Refused], Response]
    fault: Callable[[str], Response]


class Edge:
    """ASGI middleware; plain, so that streamed answers pass untouched."""

    def __init__(self, app: ASGIApp, faces: Sequence[Face] = ()) -> None:
        self.app, self.faces = app, faces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = uuid4().hex
        CORRELATION.set(UUID(hex=request_id))
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=request_id)
        started, status, answering = perf_counter(), 500, False

        async def send_tagged(message: Message) -> None:
            nonlocal status, answering
            if message["type"] == "http.response.start":
                status, answering = int(message["status"]), True
                message["headers"] = [*_secured(message["headers"]), (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self._serve(scope, receive, send_tagged)
        except Exception as error:
            logger.error("fault", exc_info=error)
            if answering:
                raise  # the caller must see that the answer is cut off
            face = self._face(scope)
            told = face.fault(scope["path"]) if face else fault()
            await told(scope, receive, send_tagged)
        finally:
            seconds = perf_counter() - started
            route = route_of(scope)
            SECONDS.labels(scope["method"], route, str(status)).observe(seconds)
            logger.info("answered", method=scope["method"], route=route, status=status, ms=round(seconds * 1000, 1))

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        repeated = sorted({name.decode() for name in ONCE if [key for key, _ in scope["headers"]].count(name) > 1})
        face = self._face(scope)
        if repeated:
            await _refuse(face, scope, HeaderRepeated(headers=repeated))(scope, receive, send)
        elif face:
            await face.app(scope, _counted(receive), send)
        elif scope["path"].rpartition("/")[2] in FILES_GO_TO:
            await self.app(scope, _counted(receive), send)
        elif (body := await _bounded(receive)) is None:
            await answer(TooLarge(bytes=LARGEST_BODY_BYTES))(scope, receive, send)
        else:
            await self.app(scope, body, send)

    def _face(self, scope: Scope) -> Face | None:
        return next((face for face in self.faces if scope["path"].startswith(face.prefix)), None)


def _refuse(face: Face | None, scope: Scope, refused: Refused) -> Response:
    return face.refusal(scope["path"], refused) if face else answer(refused)


def _secured(headers: Headers) -> Headers:
    """`headers` with those of `SECURITY` that the answer does not set itself."""
    named = {name.lower() for name, _ in headers}
    return [*headers, *((name, value) for name, value in SECURITY if name not in named)]


def _counted(receive: Receive) -> Receive:
    """`receive`, which refuses `TooLarge` once a file is."""
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > LARGEST_FILE_BYTES:
            raise TooLarge(bytes=LARGEST_FILE_BYTES)
        return message

    return counted


async def _bounded(receive: Receive) -> Receive | None:
    """`receive` with the body read and bounded, or None when it is too large."""
    chunks, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            break
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > LARGEST_BODY_BYTES:
            return None
        if not message.get("more_body"):
            break
    whole: Message | None = {"type": "http.request", "body": b"".join(chunks), "more_body": False}

    async def again() -> Message:
        nonlocal whole
        if whole is None:
            return await receive()
        message, whole = whole, None
        return message

    return again
