"""Port of the list of bulletins 通报: every issuance there was, without its figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from domain.actor import Actor
from domain.statistics.bulletin import BulletinKind


@dataclass(frozen=True)
class IssuedBulletin:
    """One issuance: `nth` is 1 for the first, more for a correction; `by` is a post, `period` a name."""

    id: UUID
    nth: int
    kind: str
    scope: str
    period: str
    start: datetime
    end: datetime
    grouped_by: str
    policy: str
    issued_at: datetime
    by: str
    reason: str


class IssuedMark(NamedTuple):
    """The last row of the page before: pages run from the newest to the oldest."""

    at: datetime
    id: UUID
    nth: int


class BulletinList(Protocol):
    """Bulletins about places that share ground with the asker's areas."""

    async def issued(
        self, actor: Actor, *, kind: BulletinKind | None, scope: str | None, after: IssuedMark | None, limit: int
    ) -> Sequence[IssuedBulletin]:
        """The newest first."""
