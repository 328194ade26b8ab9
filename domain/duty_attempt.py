"""DutyAttempt 清单外派遣: a refused attempt to pass a matter to units whose duty lists do not hold it.

Kept apart from the case, which a refused command leaves as it was; an attempt that policy lets through with a
flag is told by the assignment itself. Without any words of people: who reads the report counts, and judges by post.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain.actor import Act, Role, signature
from domain.step import Step


class DutyAttempt(Aggregate):
    """One attempt as it was refused. `case` is the issue, or the request it was to be dispatched from."""

    TOPIC = "duty_attempt"

    class Event(Step):
        """Base of the events of `DutyAttempt`."""

    class Created(Event, Aggregate.Created):
        """Never recorded; the library wants it named."""

        TOPIC = "duty_attempt.created"

    class Refused(Created):
        """不予派遣. `edition` is the policy's that refused it, "" for the setting of the house."""

        TOPIC = "duty_attempt.refused"
        case: UUID
        grid: str
        category: str
        units: list[str]
        edition: str

    def __init__(self, *, case: UUID, grid: str, category: str, units: list[str], edition: str) -> None:
        self.case, self.grid, self.category, self.units, self.edition = case, grid, category, tuple(units), edition

    @classmethod
    def refuse(
        cls, act: Act, *, id: UUID, case: UUID, grid: str, category: str, units: Sequence[str], edition: str
    ) -> DutyAttempt:
        """记录 of what `act`, a dispatcher's, was refused."""
        role = act.as_one_of(Role.DISPATCHER)
        # A reason is somebody's own words and may name people.
        return cls._create(
            cls.Refused, id=id, timestamp=act.at, **signature(replace(act, reason=""), role), case=case, grid=grid,
            category=category, units=list(units), edition=edition,
        )  # fmt: skip
