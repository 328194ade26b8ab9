"""Timer work 定时: fires what is due as often as it is asked to, and tells the operator what fired and what waits."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from prometheus_client import Counter, Gauge

from application.ports import Clock
from application.timers import FiringTimers
from infrastructure.projections.timers import PostgresDueCases

FIRED = Counter("wangge_timers_fired_total", "Warnings, misses, ends of suspensions and call-backs that fired here")
SET_ASIDE = Counter("wangge_timers_set_aside_total", "Cases whose timer could not fire and is tried again later")
BEHIND = Gauge("wangge_timers_behind", "Issues with a timer that is to have fired", ["log"])
BEHIND_SECONDS = Gauge("wangge_timers_behind_seconds", "Since when the oldest of them is", ["log"])
logger = structlog.get_logger(__name__)


class TimerWork:
    """The timers of one process."""

    def __init__(self, timers: FiringTimers, due_cases: PostgresDueCases, log_ids: Sequence[str], clock: Clock) -> None:
        self._timers, self._due, self._log_ids, self._clock = timers, due_cases, log_ids, clock

    async def look(self) -> None:
        """Fire all that is due by now, then set the figures."""
        more = True
        while more:
            done = await self._timers.round(self._clock())
            more = done.more
            FIRED.inc(done.fired)
            for case_id, error in done.set_aside:
                SET_ASIDE.inc()
                logger.error("timer_set_aside", case=str(case_id), exc_info=error)
            if done.fired:
                logger.info("timers_fired", count=done.fired, oldest_seconds=done.oldest.total_seconds())
        now = self._clock()
        for log_id in self._log_ids:
            count, oldest = await self._due.overdue(log_id, now)
            BEHIND.labels(log=log_id).set(count)
            BEHIND_SECONDS.labels(log=log_id).set((now - oldest).total_seconds() if oldest else 0)
