"""The committer as threads use it: alone, a caller commits on its own thread; in company, one thread commits for all.

A caller that finds nobody serving the line serves one batch. Whoever came meanwhile is left to the committer's
thread, which goes on as long as there is company: then the running commit gathers the next batch.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from time import monotonic

import psycopg
import structlog
from psycopg import Connection
from psycopg.rows import TupleRow

from domain.refusals import Busy
from infrastructure.eventstore.commit import Commits, Query, Rows
from infrastructure.eventstore.connecting import PAUSE_SECONDS, Attempts
from infrastructure.eventstore.line import Line, Pending
from infrastructure.eventstore.request import Answer, Request

Connect = Callable[[], Connection[TupleRow]]
"""Makes a connection that commits each statement."""
COMPANY_SECONDS = 0.002  # callers just answered come back within this time, or they do not
logger = structlog.get_logger(__name__)


class ThreadCommitter:
    """Appends requests to one log. `close` it when nobody appends any more."""

    def __init__(self, log_id: str, connect: Connect, line: Line, *, waiting_seconds: float) -> None:
        self.log_id, self._connect, self._line, self._waiting_seconds = log_id, connect, line, waiting_seconds
        self._connection: Connection[TupleRow] | None = None
        self._commits = Commits(log_id)
        self._wanted = threading.Event()
        self._closed = False
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def append(self, request: Request) -> Answer:
        """Record the request, with others if others wait.

        Refuses `Busy` when the line is full, when the request was not begun within `waiting_seconds` and when
        the database did not answer in time. Raises `Conflict`, `KeyUsed`, `AlreadyTracked`, and what
        psycopg raises.
        """
        told = threading.Lock()
        told.acquire()
        pending = Pending(request, monotonic() + self._waiting_seconds, told.release)
        if self._line.put(pending):
            try:
                self._serve(self._line.take())
            finally:
                if not self._line.leave():
                    self._hand_over()
        if not told.acquire(timeout=self._waiting_seconds):
            if self._line.withdraw(pending):
                raise Busy(seconds=1)
            told.acquire()
        return pending.result()

    def close(self) -> None:
        """End the committer's thread once nobody waits."""
        self._closed = True
        self._wanted.set()
        if self._thread:
            self._thread.join()
        self._disconnect()

    def _hand_over(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=f"commit {self.log_id}", daemon=True)
                self._thread.start()
        self._wanted.set()

    def _run(self) -> None:
        while not self._closed:
            self._wanted.wait()
            self._wanted.clear()
            company = True
            while company or not self._line.leave():
                batch = self._line.take(COMPANY_SECONDS if company else 0)
                self._serve(batch)
                company = len(batch) > 1

    def _serve(self, batch: Sequence[Pending]) -> None:
        try:
            self._drive(batch)
        except BaseException as error:
            for pending in batch:
                pending.settle(error)
            if not isinstance(error, Exception):  # an interrupt is the caller's to handle
                raise
            logger.exception("commit_failed", log=self.log_id)

    def _drive(self, batch: Sequence[Pending]) -> None:
        if not batch:
            return
        steps = self._commits.of(batch)
        query = next(steps)
        with suppress(StopIteration):
            while True:
                try:
                    rows = self._ask(query)
                except psycopg.Error as error:
                    query = steps.throw(error)
                else:
                    query = steps.send(rows)

    def _ask(self, query: Query) -> Rows:
        attempts = Attempts()
        while True:
            # A connection of its own: only who serves the line uses it, so there is one at a time.
            connected = self._connection is not None and not self._connection.closed
            try:
                if self._connection is None or not connected:
                    self._connection = self._connect()
                    connected = True
                return self._connection.execute(query.text, query.values, prepare=True).fetchall()
            except psycopg.Error as error:
                attempts.failed(error, sent=connected)
            self._disconnect()
            time.sleep(PAUSE_SECONDS)

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
