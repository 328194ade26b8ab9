"""How often one address may call, in a minute and in this process: a shield for the database, no account of anybody.

Keys are counted over all processes, in the database; here a few processes more let through a few times as much.
"""

from __future__ import annotations

from datetime import datetime

from domain.open311_refusals import TooManyCalls

MOST_CALLS = 1_200
BYTES_A_CALL = 50_000


class Rates:
    """Calls of this minute by address."""

    def __init__(self, most: int = MOST_CALLS) -> None:
        self._most, self._calls = most, dict[str, int]()
        self._minute: datetime | None = None

    def count(self, address: str, at: datetime) -> None:
        """Refuses `TooManyCalls`."""
        minute = at.replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute, self._calls = minute, {}
        self._calls[address] = self._calls.get(address, 0) + 1
        if self._calls[address] > self._most:
            raise TooManyCalls(most=self._most, seconds=60 - at.second)

    def charge(self, address: str, bytes: int) -> None:
        """A long answer counts for several calls: a page of 1000 requests opens as many sealed texts."""
        self._calls[address] = self._calls.get(address, 0) + bytes // BYTES_A_CALL
