"""What is asked of a number: a stretch of time, places and other dimensions, what to group by, as of when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

EAST_8 = timedelta(hours=8)
Key = tuple[str, ...]
DIGITS = {"street": 9, "community": 12, "grid": 15}


@dataclass(frozen=True)
class Asked:
    """[start, end), as of `moment`. `by` are at most two dimensions; "" or () where nothing is asked.

    A day begins at `hour` and a month on `first_day`, both in Shanghai, which keeps one time all year.
    """

    start: datetime
    end: datetime
    moment: datetime
    by: Key = ()
    street: str = ""
    community: str = ""
    grid: str = ""
    unit: str = ""
    category: str = ""
    channel: str = ""
    areas: tuple[str, ...] = ("",)
    cut: str = "day"
    hour: int = 0
    first_day: int = 1
    soon_hours: int = 24
    basically: Fraction = Fraction(9, 10)
    partly: Fraction = Fraction(0)
    response: Fraction = Fraction(1, 10)
    resolution: Fraction = Fraction(1, 2)
    satisfaction: Fraction = Fraction(2, 5)
    without: frozenset[str] = frozenset()
    """Channels whose requests stand beside the three rates."""

    def wants(self, place: str, unit: str, category: str, channel: str) -> bool:
        """Whether a fact with these dimensions is asked for and within the asker's areas."""
        for code in (self.street, self.community, self.grid):
            if code and not place.startswith(code):
                return False
        if self.unit not in ("", unit) or self.category not in ("", category) or self.channel not in ("", channel):
            return False
        return place.startswith(self.areas)

    def key(self, of: Mapping[str, str], period: str) -> Key:
        """The group of a fact of these dimensions in a period; "" for a place known less finely than that."""
        parts: list[str] = []
        for dimension in self.by:
            if dimension in DIGITS:
                digits = DIGITS[dimension]
                parts.append(of["place"][:digits] if len(of["place"]) >= digits else "")
            elif dimension == "period":
                parts.append(period)
            else:
                parts.append(of[dimension])
        return tuple(parts)

    def period(self, at: datetime) -> tuple[datetime, datetime]:
        """The day, week or month that an instant lies in: its first instant and the next one's, neither clipped."""
        wall = (at + EAST_8).replace(tzinfo=None)
        if self.cut == "day":
            first = (wall - timedelta(hours=self.hour)).replace(hour=self.hour, minute=0, second=0, microsecond=0)
            return self._utc(first, at), self._utc(first + timedelta(days=1), at)
        midnight = wall.replace(hour=0, minute=0, second=0, microsecond=0)
        if self.cut == "week":
            monday = midnight - timedelta(days=midnight.weekday())
            return self._utc(monday, at), self._utc(monday + timedelta(days=7), at)
        first = midnight
        while first.day != self.first_day:
            first -= timedelta(days=1)
        after = first + timedelta(days=1)
        while after.day != self.first_day:
            after += timedelta(days=1)
        return self._utc(first, at), self._utc(after, at)

    def periods(self) -> list[tuple[datetime, datetime]]:
        """Those that [start, end) touches, clipped to it."""
        found, begun = [], self.start
        while begun < self.end:
            after = self.period(begun)[1]
            found.append((begun, min(after, self.end)))
            begun = after
        return found

    @staticmethod
    def _utc(wall: datetime, like: datetime) -> datetime:
        return wall.replace(tzinfo=like.tzinfo) - EAST_8
