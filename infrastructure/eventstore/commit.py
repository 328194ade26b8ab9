"""One commit: which questions to the database settle a batch, whatever goes wrong. No I/O here.

A commit is a generator of queries. Whoever drives it, on a thread or in an event loop, sends the rows back or
throws the error, so both faces obey the same rules.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from time import monotonic
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

import psycopg
import structlog
from eventsourcing.persistence import IntegrityError
from psycopg import errors

from domain.refusals import Busy
from infrastructure import sql
from infrastructure.eventstore.columns import batch_values
from infrastructure.eventstore.connecting import LostConnectionError, UnreachableError
from infrastructure.eventstore.line import Pending
from infrastructure.eventstore.request import Answer

QUERY = sql.load("append.sql")
HINT_SECONDS = 0.005  # between two hints
logger = structlog.get_logger(__name__)

Rows = Sequence[Any]


class Query(NamedTuple):
    """One statement, a transaction of its own."""

    text: LiteralString
    values: dict[str, Any]


Commit = Generator[Query, Rows, None]


class Conflict(IntegrityError):
    """Somebody else wrote `stream_id` first: it is at `actual`."""

    def __init__(self, stream_id: UUID, expected: int, actual: int) -> None:
        super().__init__(f"{stream_id} is at version {actual}, not {expected}")
        self.stream_id, self.expected, self.actual = stream_id, expected, actual


class KeyUsed(IntegrityError):
    """The request key was used for another body."""


class AlreadyTracked(IntegrityError):
    """The follower is at this position or further."""


class Commits:
    """The commits to one log, as many as one driver makes."""

    def __init__(self, log_id: str) -> None:
        self.log_id = log_id
        self._hinted_at = 0.0

    def of(self, batch: Sequence[Pending]) -> Commit:
        """Settle every request of `batch`, then hint at it to who listens."""
        yield from _settle(self.log_id, batch)
        # A commit with NOTIFY in it takes a lock of the whole server until it is durable, so the hint goes alone.
        # Who misses the last of a burst polls.
        if monotonic() > self._hinted_at + HINT_SECONDS:
            self._hinted_at = monotonic()
            try:
                yield Query(QUERY["hint"], {"channel": channel(self.log_id)})
            except psycopg.Error as error:
                logger.warning("hint_failed", log=self.log_id, error=type(error).__name__)


def channel(log_id: str) -> str:
    """What `NOTIFY` is sent on after a commit to the log."""
    return f"log_{log_id}"


def _settle(log_id: str, batch: Sequence[Pending]) -> Commit:
    # An offender alone is refused by the append itself. An error nobody foresaw falls on its culprit alone,
    # since the requests are then sent one by one.
    try:
        rows = yield Query(QUERY["append"], batch_values(log_id, [pending.request.columns for pending in batch]))
    except LostConnectionError as error:
        for pending in batch:
            # With a key it is safe to ask again, and that is what the refusal advises.
            pending.settle(Busy(seconds=1) if pending.request.key else error)
    except (errors.QueryCanceled, errors.LockNotAvailable, errors.DiskFull, UnreachableError) as error:
        logger.warning("append_not_done", log=log_id, requests=len(batch), error=type(error).__name__)
        for pending in batch:
            pending.settle(Busy(seconds=1))
    except psycopg.Error as error:
        if len(batch) > 1:
            for pending in batch:
                yield from _settle(log_id, [pending])
            return
        request = batch[0].request
        # The class and code only: the message may quote what a resident wrote.
        logger.exception("append_failed", log=log_id, request=str(request.id), error=type(error).__name__,
                         topics=[event.topic for event in request.events], exc_info=False)  # fmt: skip
        batch[0].settle(error)
    else:
        for pending, row in zip(batch, rows, strict=True):
            pending.settle(_outcome(pending, *row))


def _outcome(
    pending: Pending, status: str, first_position: int, n: int, stream_id: UUID, version: int, leaf_hash: bytes | None
) -> Answer | BaseException:
    request = pending.request
    if status in ("recorded", "known"):
        return Answer(first_position, n, stream_id, version, leaf_hash)
    if status == "conflict":
        expected = next(span.first - 1 for span in request.spans if span.stream_id == stream_id)
        return Conflict(stream_id, expected, version)
    if status == "reused":
        return KeyUsed(request.key and request.key.key)
    return AlreadyTracked(request.tracking, version)
