"""A client of Server-Sent Events that keeps to the specification, for tests: what a browser's EventSource sees."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class Seen:
    """One event as it is dispatched."""

    event: str
    data: Any
    last_id: str


class EventSource:
    """Reads one connection. `last_id` is what a browser would send when it comes back."""

    def __init__(self, lines: Iterator[str], last_id: str) -> None:
        self._lines, self.last_id = lines, last_id
        self.comments = 0

    def __iter__(self) -> Iterator[Seen]:
        event, data = "message", list[str]()
        for line in self._lines:
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if not line:
                if data:
                    yield Seen(event, json.loads("\n".join(data)), self.last_id)
                event, data = "message", []
            elif name == "data":
                data.append(value)
            elif name == "event":
                event = value
            elif name == "id":
                self.last_id = value
            elif name == "":
                self.comments += 1

    def take(self, count: int) -> list[Seen]:
        """The next so many events."""
        found = []
        for seen in self:
            found.append(seen)
            if len(found) == count:
                break
        return found

    def wait_for_another_id(self) -> None:
        """Read on until the last id has moved, though nothing was dispatched."""
        before = self.last_id
        for line in self._lines:
            if line.startswith("id: "):
                self.last_id = line.removeprefix("id: ")
            if self.last_id != before and not line:
                return


@contextmanager
def opened(client: httpx.Client, last_id: str = "", **params: Any) -> Iterator[EventSource]:
    """The feed followed; silence of ten seconds fails the test."""
    headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last_id} if last_id else {})
    with client.stream("GET", "/feed/stream", params=params, headers=headers, timeout=10) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        yield EventSource(answer.iter_lines(), last_id)
