"""Port of what changed behind figures: the facts they count of which something was recorded since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol
from uuid import UUID

from application.statistics.reading import Asked


class CountedFact(NamedTuple):
    """A fact that counts: in which group, of which case, by which answer, and whether it stands beside the figure."""

    key: str
    case_id: UUID
    case_kind: str
    answer: str
    excluded: bool


class FactChanges(Protocol):
    """Asked with the same words as the figures are."""

    async def touched(self, asked: Asked, since: Mapping[str, int], limit: int) -> Sequence[CountedFact]:
        """Facts that count as known at the bound of `asked`, and of which something was recorded after `since`."""
