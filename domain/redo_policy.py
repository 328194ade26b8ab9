"""RedoPolicy 重办时限: how long a lead has once a requester was not content. 夏阳: 二次办理 within 3 workdays."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.assignment import Terms
from domain.limit import Limit


@dataclass(frozen=True)
class RedoPolicy:
    """A redo runs under `limit`, as `edition` of the rules has it; without one under the limit it had before."""

    limit: Limit | None = None
    edition: str = ""

    def terms(self, before: Terms) -> Terms:
        """The terms of the redo of what ran under `before`. The calendar stays."""
        if self.limit is None:
            return before
        return replace(before, limit=self.limit, edition=self.edition)
