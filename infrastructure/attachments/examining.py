"""`application.attachments.Examiner`: a few pictures at a time, beside other work."""

from __future__ import annotations

import os
from dataclasses import dataclass

import anyio.to_thread
from anyio import CapacityLimiter

from application.attachments import Examined
from domain.refusals import Busy

MOST_WAITING = 32


@dataclass(frozen=True)
class PillowExaminer:
    """On half of the cores: pictures leave room for other work."""

    cores: CapacityLimiter

    @classmethod
    def of_this_machine(cls) -> PillowExaminer:
        return cls(CapacityLimiter(max(1, (os.cpu_count() or 1) // 2)))

    async def examine(self, content: bytes) -> Examined:
        """As the port says. Refuses `Busy` when too many wait."""
        if self.cores.statistics().tasks_waiting >= MOST_WAITING:
            raise Busy(seconds=5)
        return await anyio.to_thread.run_sync(_examined, content, limiter=self.cores)


def _examined(content: bytes) -> Examined:
    # Here, since most commands of the program see no picture, and Pillow takes a while to load.
    from infrastructure.attachments import pictures

    return pictures.examine(content)
