"""A bucket on loopback, as much of S3 as is spoken to: put, get, head, delete; and it can be out of order."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

NONE_SUCH = b"<Error><Code>NoSuchKey</Code><Message>none</Message></Error>"


class Bucket(ThreadingHTTPServer):
    """What lies in it, by path; who signed the requests; whether it answers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Caller)
        self.objects: dict[str, bytes] = {}
        self.signed_by: set[str] = set()
        self.broken = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Caller(BaseHTTPRequestHandler):
    server: Bucket
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        self.server.objects[self._path()] = self._body()
        self._answer(200, b"", ETag='"1"')

    def do_GET(self) -> None:
        if "list-type=2" in self.path:
            self._answer(200, self._listed())
            return
        found = self.server.objects.get(self._path())
        self._answer(404 if found is None else 200, NONE_SUCH if found is None else found)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_DELETE(self) -> None:
        self.server.objects.pop(self._path(), None)
        self._answer(204, b"")

    def do_POST(self) -> None:
        keys = re.findall("<Key>([^<]+)</Key>", self._body().decode())
        for key in keys:
            self.server.objects.pop(f"{self._path().rstrip('/')}/{key}", None)
        deleted = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        self._answer(200, f"<DeleteResult>{deleted}</DeleteResult>".encode())

    def _listed(self) -> bytes:
        beginning = f"{self._path().rstrip('/')}/"
        prefix = beginning + parse_qs(urlsplit(self.path).query).get("prefix", [""])[0]
        found = "".join(
            f"<Contents><Key>{path.removeprefix(beginning)}</Key><LastModified>2026-11-02T01:00:00.000Z</LastModified>"
            f'<ETag>"1"</ETag><Size>{len(content)}</Size></Contents>'
            for path, content in sorted(self.server.objects.items())
            if path.startswith(prefix)
        )
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>".encode()

    def _path(self) -> str:
        return self.path.partition("?")[0]

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _answer(self, status: int, content: bytes, **headers: str) -> None:
        signature = re.search("Credential=([^/]+)/", self.headers.get("Authorization", ""))
        self.server.signed_by.add(signature[1] if signature else "")
        if self.server.broken:
            status, content = 403, b"<Error><Code>AccessDenied</Code></Error>"
        self.send_response(status)
        for name, value in {"Last-Modified": "Mon, 02 Nov 2026 01:00:00 GMT", "ETag": '"1"', **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is written where tests print."""


@contextmanager
def bucket() -> Iterator[Bucket]:
    with Bucket() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
