"""How a committer connects, and how it tells a statement that failed from one whose fate nobody knows."""

from __future__ import annotations

from time import monotonic
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

STATEMENT_SECONDS = 5  # a statement that takes longer is rolled back by the server
PATIENCE_SECONDS = 10  # to find out what became of a statement whose connection was lost
PAUSE_SECONDS = 0.05  # between two attempts to reconnect
SILENCE_SECONDS = 10  # a peer that does not acknowledge that long is gone

_OPTIONS = f"-c statement_timeout={STATEMENT_SECONDS}s -c default_transaction_isolation=read\\ committed"
SETTINGS: dict[str, Any] = {
    "options": _OPTIONS,
    "connect_timeout": 3,
    "tcp_user_timeout": SILENCE_SECONDS * 1000,
    "keepalives_idle": SILENCE_SECONDS,
}
"""Connection parameters of every connection that appends."""


def appending(database_url: str) -> dict[str, Any]:
    """`SETTINGS` for a database, whose own options, as the role to work in, come first."""
    said = str(conninfo_to_dict(database_url).get("options") or "")
    return SETTINGS | {"options": f"{said} {_OPTIONS}".strip()}


_CLOSING = ("57P01", "57P02", "57P03")  # the server shuts down, crashed, or does not accept connections yet


class LostConnectionError(psycopg.OperationalError):
    """The connection went, and came not back in time: nobody knows what became of the statement."""


class UnreachableError(psycopg.OperationalError):
    """No connection came about in time: the statement was never sent."""


class Attempts:
    """Attempts at one statement. The append may be sent again: it finds what an earlier attempt recorded, by the
    request key or by the request's own id, under the lock that an attempt still under way holds."""

    def __init__(self) -> None:
        self._lost_at: float | None = None
        self._sent = False

    def failed(self, error: psycopg.Error, *, sent: bool) -> None:
        """Returns when the statement is to be sent again, after `PAUSE_SECONDS`. Raises `error` when the database
        said no; out of reach for `PATIENCE_SECONDS` it raises
        `UnreachableError`, or `LostConnectionError` if sent."""
        if sent and not was_lost(error):
            raise error
        self._sent = self._sent or sent
        self._lost_at = self._lost_at or monotonic()
        if monotonic() > self._lost_at + PATIENCE_SECONDS:
            raise (LostConnectionError if self._sent else UnreachableError)(str(error)) from error


def was_lost(error: psycopg.Error) -> bool:
    """Whether the connection went, so that the statement may or may not have been committed."""
    if not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return False
    return error.sqlstate is None or error.sqlstate.startswith("08") or error.sqlstate in _CLOSING
