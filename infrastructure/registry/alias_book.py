"""AliasBook 外部编号簿: which grids ever had a number of another network."""

from __future__ import annotations

from eventsourcing.domain import DomainEvent

from application.registry.registry import Entry
from domain.registry.grid import Grid


class AliasBook:
    """Told of every alias given; who has a number when, the grids say."""

    def __init__(self) -> None:
        self._grids: dict[tuple[str, str], dict[str, Grid]] = {}

    def learn(self, entry: Entry, event: DomainEvent) -> None:
        """One more page."""
        if isinstance(entry, Grid) and isinstance(event, Grid.AliasGiven):
            self._grids.setdefault((event.network, event.number), {})[entry.code] = entry

    def called(self, network: str, number: str) -> list[Grid]:
        """By ascending code."""
        found = self._grids.get((network, number), {})
        return [found[code] for code in sorted(found)]
