"""Watching calendars 日历到期: days left as figures for the operator, and a warning a day once somebody must act."""

from __future__ import annotations

from datetime import date

import structlog
from prometheus_client import Gauge

from application.ports import Clock
from application.registry.calendars_in_force import CalendarsInForce
from domain.registry.entry import civil_day

DAYS_LEFT = Gauge("wangge_calendar_days_left", "Days until the last published day of a work calendar", ["calendar"])
RUNNING_OUT = Gauge("wangge_calendar_running_out", "1 while a work calendar runs out within sixty days", ["calendar"])
logger = structlog.get_logger(__name__)


class CalendarWatch:
    """Looks at all calendars as often as it is asked to, and warns of each once a day."""

    def __init__(self, in_force: CalendarsInForce, clock: Clock) -> None:
        self._in_force, self._clock = in_force, clock
        self._warned: dict[str, date] = {}

    async def look(self) -> None:
        """Set the figures, and warn of what was not warned of today."""
        today = civil_day(self._clock())
        for one in self._in_force.standing(today):
            left = (one.runs_out_on - today).days
            DAYS_LEFT.labels(calendar=one.code).set(left)
            RUNNING_OUT.labels(calendar=one.code).set(one.alarm)
            if one.alarm and self._warned.get(one.code) != today:
                self._warned[one.code] = today
                logger.warning("calendar_running_out", calendar=one.code, runs_out_on=one.runs_out_on, days_left=left)
