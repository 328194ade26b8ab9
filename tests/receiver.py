"""Another system that takes webhooks: a real server on loopback, which answers as a test tells it."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook as Verifier

Reply = int | tuple[int, dict[str, str]]
"""A status, maybe with headers. 0 hangs up without a word."""
Script = Callable[[dict[str, Any]], Reply]


@dataclass(frozen=True)
class Taken:
    """One delivery as it came in, however it was answered."""

    headers: Mapping[str, str]
    body: bytes
    answered: int
    at: float

    def verified(self, secret: str) -> dict[str, Any]:
        """The envelope, if that secret signed it. Raises `WebhookVerificationError`."""
        envelope: dict[str, Any] = Verifier(secret).verify(self.body, dict(self.headers))
        return envelope

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


class Receiver:
    """What came in, and how to answer what comes next."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.reply: Script = lambda _envelope: 204
        self.port = 0
        self.released = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def accepted(self) -> list[str]:
        """Ids it said yes to, in the order they came."""
        return [one.id for one in self.taken if 200 <= one.answered < 300]

    def wait_for(self, condition: Callable[[], bool], seconds: float = 10) -> None:
        """Until something is so."""
        until = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < until, [(one.id, one.answered) for one in self.taken]
            time.sleep(0.01)

    def wait_for_accepted(self, count: int) -> list[str]:
        self.wait_for(lambda: len(self.accepted()) >= count)
        return self.accepted()

    def hang(self, _envelope: dict[str, Any]) -> Reply:
        """Say nothing until the test is over."""
        self.released.wait(20)
        return 0


@contextmanager
def receiving(port: int = 0, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A server until the end of the block."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            reply = receiver.reply(json.loads(body))
            status, headers = reply if isinstance(reply, tuple) else (reply, {})
            told = {name.lower(): value for name, value in self.headers.items()}
            receiver.taken.append(Taken(told, body, status, time.monotonic()))
            if not status:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in {"Content-Length": "0", **headers}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
