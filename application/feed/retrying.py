"""Retrying 重投: what follows a delivery that failed, by how often and in what way it did. Plain arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

SCHEDULE_SECONDS = (5, 30, 2 * 60, 10 * 60, 30 * 60, 3600, 2 * 3600, 4 * 3600, 8 * 3600)
"""After the first failure, the second, and so on: some sixteen hours in all."""
REFUSED_TRIES = 5
"""How often an event is offered to somebody who is there and says no."""
PARKED_IN_A_ROW = 3
"""So many, and it is no matter of single events: the webhook halts where it is."""
LONGEST_ASKED_SECONDS = 3600
"""What a receiver that asks for time gets at most."""
GONE = 410
NOT_NOW = {408, 425, 429}
"""Statuses that begin with 4 and yet mean: later."""


class Next(Enum):
    """What follows."""

    AGAIN = "again"  #: 重投, in so many seconds
    PARK = "park"  #: 搁置 the event, and go on with the next
    HALT = "halt"  #: 停投 until somebody resumes


@dataclass(frozen=True)
class Outcome:
    """How one attempt went. `status` is None without an answer; `failure` says why in a word, "" when delivered."""

    status: int | None
    failure: str
    took_ms: int
    asked_seconds: float | None = None
    """What the receiver asked to wait."""

    @property
    def delivered(self) -> bool:
        return not self.failure


def after_failure(outcome: Outcome, attempts: int, parked_in_row: int) -> tuple[Next, float]:
    """What follows the `attempts`-th failure of an event, and in how many seconds it is tried again."""
    if outcome.status == GONE:
        return Next.HALT, 0.0
    refused = outcome.status is not None and 400 <= outcome.status < 500 and outcome.status not in NOT_NOW
    if attempts > len(SCHEDULE_SECONDS) or (refused and attempts >= REFUSED_TRIES):
        # What would be parked as the last in a row stays where it is, as the first when somebody resumes.
        return (Next.HALT if parked_in_row + 1 >= PARKED_IN_A_ROW else Next.PARK), 0.0
    asked = min(outcome.asked_seconds or 0.0, LONGEST_ASKED_SECONDS)
    return Next.AGAIN, max(float(SCHEDULE_SECONDS[attempts - 1]), asked)
