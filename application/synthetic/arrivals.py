"""到达 of cases over a year: by hour of the day, day of the week, season, with the dip of the Spring Festival."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import accumulate

ZONE = timezone(timedelta(hours=8))
YEAR = 2025
BEGIN = datetime(YEAR, 1, 1, tzinfo=ZONE).astimezone(UTC)
END = datetime(YEAR + 1, 1, 1, tzinfo=ZONE).astimezone(UTC)
SPRING_FESTIVAL = (date(YEAR, 1, 28), date(YEAR, 2, 4))
"""First and last day off."""
BY_HOUR = (
    0.15, 0.1, 0.08, 0.07, 0.08, 0.15, 0.4, 0.9, 1.8, 2.3, 2.2, 1.7, 1.1, 1.2, 1.8, 2.0, 1.9, 1.5, 1.1, 1.0, 0.9, 0.7,
    0.5, 0.3,
)  # fmt: skip
BY_WEEKDAY = (1.2, 1.15, 1.1, 1.1, 1.08, 0.72, 0.65)
BY_MONTH = (0.95, 0.85, 0.95, 0.97, 1.02, 1.1, 1.3, 1.15, 1.0, 0.95, 0.9, 0.92)
FESTIVAL = 0.35
"""How much of the usual is left then."""


@dataclass(frozen=True)
class Arrivals:
    """When the share `u` (0 to 1) of a year's cases has arrived."""

    hours: tuple[datetime, ...]
    sums: tuple[float, ...]

    def at(self, share: float) -> datetime:
        """The instant, to the second."""
        wanted = share * self.sums[-1]
        nth = min(bisect_right(self.sums, wanted), len(self.hours) - 1)
        before = self.sums[nth - 1] if nth else 0.0
        seconds = int((wanted - before) / (self.sums[nth] - before) * 3600)
        return self.hours[nth] + timedelta(seconds=min(seconds, 3599))


def arrivals(works: Callable[[date], bool]) -> Arrivals:
    """The year's. `works` tells working days: a holiday is like a Sunday, a worked weekend day like a Monday."""
    count = int((END - BEGIN) / timedelta(hours=1))
    hours = tuple(BEGIN + timedelta(hours=nth) for nth in range(count))
    return Arrivals(hours, tuple(accumulate(_intensity(hour.astimezone(ZONE), works) for hour in hours)))


def _intensity(hour: datetime, works: Callable[[date], bool]) -> float:
    day = hour.date()
    weekday = day.weekday()
    if works(day) != (weekday < 5):
        weekday = 0 if works(day) else 6
    dip = FESTIVAL if SPRING_FESTIVAL[0] <= day <= SPRING_FESTIVAL[1] else 1.0
    return BY_HOUR[hour.hour] * BY_WEEKDAY[weekday] * BY_MONTH[day.month - 1] * dip
