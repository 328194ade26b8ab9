"""StandIns 代班索引: for whom a member of staff has been named to stand in, asked with every request."""

from __future__ import annotations

from eventsourcing.domain import DomainEvent

from application.registry.registry import Entry
from domain.registry.staff import Staff


class StandIns:
    """By who stands in: the codes of those stood in for, in the order they were named."""

    def __init__(self) -> None:
        self._helped: dict[str, tuple[str, ...]] = {}

    def learn(self, entry: Entry, event: DomainEvent) -> None:
        """Remember who was named, once a pair: whether it holds on a day, the member's own entry says."""
        if isinstance(entry, Staff) and isinstance(event, Staff.StandInNamed):
            known = self._helped.get(event.stand_in, ())
            if entry.code not in known:
                self._helped[event.stand_in] = (*known, entry.code)

    def helped_by(self, staff: str) -> tuple[str, ...]:
        """The codes of those for whom `staff` stands in, ever did or is to."""
        return self._helped.get(staff, ())
