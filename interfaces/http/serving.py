"""Serving: uvicorn, which lets those go who would stay for ever before it waits for the rest."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn

LONGEST_GOODBYE_SECONDS = 30
"""After that, whoever is still being answered is cut off."""


class Serving(uvicorn.Server):
    """A server whose streams end when it does."""

    def __init__(self, config: uvicorn.Config, let_go: Callable[[], None]) -> None:
        super().__init__(config)
        config.timeout_graceful_shutdown = LONGEST_GOODBYE_SECONDS
        self._let_go = let_go

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then everything else as uvicorn does."""
        self._let_go()
        await super().shutdown(sockets)
