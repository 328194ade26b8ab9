"""The line (队列) of requests before one log, and who serves it: at most one driver at a time.

Threads and event loops stand in the same line. Whoever finds nobody serving serves: `put` and `leave` say so.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from time import monotonic

from domain.refusals import Busy
from infrastructure.eventstore.request import Answer, Request

MOST_WAITING = 4096
MOST_REQUESTS = 512  # of one batch
MOST_BYTES = 8 * 1024 * 1024  # of one batch, unless one request alone is larger


class Pending:
    """A request in line, told once what became of it. `deadline` is of the monotonic clock."""

    def __init__(self, request: Request, deadline: float, wake: Callable[[], None]) -> None:
        self.request, self.deadline, self._wake = request, deadline, wake
        self.answer: Answer | None = None
        self.refusal: BaseException | None = None
        self.settled = False

    def settle(self, outcome: Answer | BaseException) -> None:
        """Tell the caller, who waits on another thread or loop perhaps. The first outcome counts."""
        if self.settled:
            return
        if isinstance(outcome, Answer):
            self.answer = outcome
        else:
            self.refusal = outcome
        self.settled = True
        self._wake()

    def result(self) -> Answer:
        """The answer; raises the refusal."""
        if self.refusal is not None:
            raise self.refusal
        if self.answer is None:
            raise AssertionError("asked before it was settled")
        return self.answer


class Line:
    """First come, first served, except that two requests that claim the same never share a batch."""

    def __init__(self, most_waiting: int = MOST_WAITING) -> None:
        self._waiting: deque[Pending] = deque()
        self._most_waiting = most_waiting
        self._served = False
        self._changed = threading.Condition()
        self._driver_sleeps = False

    def put(self, pending: Pending) -> bool:
        """Stand in line; True: the caller must serve it, from `take` to `leave`. Refuses `Busy` when it is full."""
        with self._changed:
            if len(self._waiting) >= self._most_waiting:
                raise Busy(seconds=1)
            self._waiting.append(pending)
            if self._driver_sleeps:
                self._changed.notify()
            mine, self._served = not self._served, True
            return mine

    def take(self, patience: float = 0) -> list[Pending]:
        """The next batch, waited for at most `patience` seconds, for whoever serves; what waited too long is told."""
        with self._changed:
            if patience and not self._waiting:
                self._driver_sleeps = True
                self._changed.wait(patience)
                self._driver_sleeps = False
            batch, late = self._choose(monotonic())
        for pending in late:
            pending.settle(Busy(seconds=1))
        return batch

    def leave(self) -> bool:
        """Stop serving; False: somebody waits, so the caller must go on or have another go on."""
        with self._changed:
            self._served = bool(self._waiting)
            return not self._served

    def withdraw(self, pending: Pending) -> bool:
        """Take a request out of the line; False: it is being served already."""
        with self._changed:
            try:
                self._waiting.remove(pending)
            except ValueError:
                return False
            return True

    @property
    def empty(self) -> bool:
        """Whether nobody waits."""
        return not self._waiting

    def _choose(self, now: float) -> tuple[list[Pending], list[Pending]]:
        batch: list[Pending] = []
        held: list[Pending] = []
        late: list[Pending] = []
        claimed: set[object] = set()
        size = 0
        while self._waiting and len(batch) < MOST_REQUESTS:
            pending = self._waiting.popleft()
            if pending.deadline < now:
                late.append(pending)
                continue
            free = claimed.isdisjoint(pending.request.claims)
            # What is held back claims too, so nobody behind it overtakes it.
            claimed |= pending.request.claims
            if not free:
                held.append(pending)
                continue
            if batch and size + pending.request.size > MOST_BYTES:
                held.append(pending)
                break
            batch.append(pending)
            size += pending.request.size
        self._waiting.extendleft(reversed(held))
        return batch, late
