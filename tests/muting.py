"""A proxy before PostgreSQL that stops carrying answers at a word of the client's: done, and nobody is told."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit


class Muting:
    """Once `listens`, the first connection on which the client has said all `words` in turn gets no more answers."""

    def __init__(self, url: str, *words: bytes) -> None:
        parts = urlsplit(url)
        self._socket = str(Path(parse_qs(parts.query)["host"][0]) / ".s.PGSQL.5432")
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"postgresql://{parts.username}@127.0.0.1:{self._door.getsockname()[1]}{parts.path}?sslmode=disable"
        self._words = words
        self.listens, self.muted = threading.Event(), threading.Event()
        self._mute: socket.socket | None = None
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._door.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                server = socket.socket(socket.AF_UNIX)
                try:
                    server.connect(self._socket)
                except OSError:  # it is down
                    client.close()
                    server.close()
                    continue
                threading.Thread(target=self._ask, args=(client, server), daemon=True).start()
                threading.Thread(target=self._answer, args=(server, client), daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket) -> None:
        said, words = b"", list(self._words)
        with suppress(OSError):
            while data := client.recv(65536):
                if self.listens.is_set() and not self.muted.is_set():
                    said += data
                    while words and words[0] in said:
                        said = said.partition(words.pop(0))[2]
                    if not words:
                        self._mute = server  # before it can answer
                        self.muted.set()
                server.sendall(data)
        _end(server)

    def _answer(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                if server is not self._mute:
                    client.sendall(data)
        for side in (client, server):
            _end(side)
            side.close()


def _end(side: socket.socket) -> None:
    with suppress(OSError):
        side.shutdown(socket.SHUT_RDWR)
