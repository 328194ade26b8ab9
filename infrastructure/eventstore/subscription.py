"""Following a log without losing an event: it is read again and again, and a hint only makes the next read sooner.

LISTEN comes before the first read; a lost connection is replaced; a reader of some topics moves on past the others.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import structlog
from eventsourcing.persistence import Notification, PersistenceError, Subscription
from psycopg.sql import SQL, Identifier

from infrastructure.eventstore.commit import channel

if TYPE_CHECKING:
    from infrastructure.eventstore.recorders import LogApplicationRecorder

PAGE = 500  # events of one read
WINDOW = 10_000  # positions looked at by one read of some topics
POLL_SECONDS = 0.1  # without a hint
PAUSE_SECONDS = 0.2  # before connecting again
logger = structlog.get_logger(__name__)


class LogSubscription(Subscription["LogApplicationRecorder"]):
    """Events after position `gt`, for ever, until stopped. A database out of reach is waited for."""

    def __init__(self, recorder: LogApplicationRecorder, gt: int | None = None, topics: Sequence[str] = ()) -> None:
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self.position = gt or 0  # how far the log was read, whatever the topics
        self._read: Iterator[Notification] = iter(())
        self._hinted = threading.Event()
        self._listening = threading.Event()
        self._ear = threading.Thread(target=self._listen, name=f"listen {recorder.log_id}", daemon=True)
        self._ear.start()
        self._listening.wait(POLL_SECONDS)

    def __exit__(self, *args: object, **kwargs: object) -> None:
        super().__exit__(*args, **kwargs)
        self._ear.join()

    def stop(self) -> None:
        """End the iteration, also one that waits on another thread."""
        super().stop()
        self._hinted.set()

    def __next__(self) -> Notification:
        while not self._has_been_stopped:
            notification = next(self._read, None)
            if notification is not None:
                return notification
            self._hinted.clear()
            try:
                found, more = self._pull()
            except PersistenceError as error:
                logger.warning("log_out_of_reach", log=self._recorder.log_id, error=type(error).__name__)
                found, more = [], False
            self._read = iter(found)
            if not found and not more:
                self._hinted.wait(POLL_SECONDS)
        raise StopIteration

    def _pull(self) -> tuple[Sequence[Notification], bool]:
        """The next page, and whether there is more than it."""
        last = self._recorder.max_notification_id() or 0
        if last <= self.position:
            return [], False
        # Positions have no gaps, so a window of them is a bounded read however rare the topics are.
        stop = min(last, self.position + WINDOW)
        found = self._recorder.select_notifications(
            self.position, PAGE, stop=stop, topics=self._topics, inclusive_of_start=False
        )
        self.position = found[-1].id if len(found) == PAGE else stop
        return found, self.position < last

    def _listen(self) -> None:
        while not self._has_been_stopped:
            try:
                with self._recorder.datastore.get_connection() as connection:
                    connection.execute(SQL("LISTEN {}").format(Identifier(channel(self._recorder.log_id))))
                    self._listening.set()
                    while not self._has_been_stopped:
                        for _ in connection.notifies(timeout=0.1, stop_after=1):
                            self._hinted.set()
            except PersistenceError as error:
                if not self._has_been_stopped:
                    logger.warning("listening_again", log=self._recorder.log_id, error=type(error).__name__)
                    threading.Event().wait(PAUSE_SECONDS)
