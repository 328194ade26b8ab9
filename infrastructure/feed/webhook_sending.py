"""Sending: one event to one address, signed after Standard Webhooks, and how that went. No failure is raised."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from time import monotonic

import httpcore
import orjson
from standardwebhooks import Webhook as Signer

from application.feed.envelope import Envelope
from application.feed.retrying import Outcome
from application.ports import Clock
from infrastructure.feed.outside import ForbiddenAddress, Outside

LONGEST_SECONDS = 15.0
"""From the look-up of the name to the end of the answer."""
CONNECT_SECONDS = 5.0
LARGEST_ANSWER_BYTES = 65_536
"""Nothing of it is kept; one that goes on is cut off."""
FAILURES: tuple[tuple[type[Exception], str], ...] = (
    (ForbiddenAddress, "forbidden-address"),
    (TimeoutError, "timeout"),
    (httpcore.TimeoutException, "timeout"),
    (ssl.SSLError, "tls"),
    (httpcore.ConnectError, "no-connection"),
    (httpcore.NetworkError, "connection-lost"),
    (httpcore.ProtocolError, "protocol"),
    (OSError, "no-connection"),
)
"""What an exception is called: the first that fits."""


class Sender:
    """Sends over connections that it keeps open a while."""

    def __init__(self, outside: Outside, clock: Clock) -> None:
        self._clock = clock
        self._connections = httpcore.AsyncConnectionPool(
            ssl_context=ssl.create_default_context(), max_connections=20, max_keepalive_connections=10,
            keepalive_expiry=30.0, network_backend=outside,
        )  # fmt: skip

    async def close(self) -> None:
        """Hang up."""
        await self._connections.aclose()

    async def send(self, url: str, secrets: Sequence[str], envelope: Envelope) -> Outcome:
        """Offer it once. A 2xx is a delivery; a redirection is not followed."""
        body = orjson.dumps(asdict(envelope)).decode()
        began = monotonic()
        status: int | None = None
        asked: float | None = None
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                status, asked = await self._post(url, self._headers(secrets, envelope.id, body), body)
            failure = "" if 200 <= status < 300 else f"status-{status}"
        except Exception as error:
            failure = _named(error)
        return Outcome(status, failure, round((monotonic() - began) * 1000), asked)

    async def _post(self, url: str, headers: dict[str, str], body: str) -> tuple[int, float | None]:
        extensions = {"timeout": {"connect": CONNECT_SECONDS, "pool": LONGEST_SECONDS}}
        async with self._connections.stream(
            "POST", url, headers=[*headers.items()], content=body.encode(), extensions=extensions
        ) as answer:
            seen = 0
            async for part in answer.aiter_stream():
                seen += len(part)
                if seen > LARGEST_ANSWER_BYTES:
                    break
            return answer.status, _seconds(dict(answer.headers).get(b"Retry-After"))

    def _headers(self, secrets: Sequence[str], id: str, body: str) -> dict[str, str]:
        at = self._clock().astimezone(UTC)
        return {
            "Content-Type": "application/cloudevents+json; charset=utf-8",
            "User-Agent": "Wangge",
            "webhook-id": id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": " ".join(Signer(secret).sign(id, _whole(at), body) for secret in secrets),
        }


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=0)


def _seconds(said: bytes | None) -> float | None:
    """`Retry-After` in seconds; a date is not understood."""
    return float(said) if said is not None and said.isdigit() and len(said) < 10 else None


def _named(error: Exception) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return "tls"
        cause = cause.__cause__ or cause.__context__
    return next((name for kind, name in FAILURES if isinstance(error, kind)), "fault")
