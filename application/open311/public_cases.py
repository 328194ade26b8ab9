"""公开的诉求: what Open311 shows everybody of requests, and the questions one may ask about them.

Only requests of the web channel with a category, neither confidential nor a complaint or report about anybody. Words
and the exact point of those alone that came through Open311, whose authors published them; of others the point is
rounded. Nobody's reading of what is public is on record: decision 30.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from application.views import WordState
from domain.stages import IssueStage, RequestStage
from domain.vocabulary import LABELS, Diversion

OVER = (RequestStage.CLOSED, RequestStage.ANSWERED, RequestStage.DIVERTED)
"""Stages nothing follows: closed after the call-back, or ended at intake and never a case."""
LONGEST_SPAN = timedelta(days=90)
MOST = 1000
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class PublicCase:
    """One request as everybody may see it. `text` is as it was written: only its published part may be shown.

    `merged` says that its issue goes on in another one. Longitude and latitude are as precise as may be shown.
    `pictures` are digests, of what came through Open311.
    """

    log_id: str
    id: UUID
    stage: str
    issue_stage: str | None
    merged: bool
    own: bool
    category: str
    place: str
    longitude: float | None
    latitude: float | None
    lead: str
    diversion: str | None
    received_at: datetime
    updated_at: datetime
    due: datetime | None
    text: str | None
    text_state: WordState
    pictures: list[str]

    @property
    def closed(self) -> bool:
        """Whether Open311 calls it closed."""
        return self.merged or self.stage in OVER

    @property
    def notes(self) -> str:
        """环节, in the words people read."""
        told = RequestStage(self.stage).label
        if self.merged and self.stage not in OVER:
            return "已并案，与同一事项一并办理"
        if self.diversion:
            return f"{told}：{LABELS[Diversion(self.diversion)]}"
        if self.issue_stage and self.stage not in OVER:
            return f"{told}，事件环节：{IssueStage(self.issue_stage).label}"
        return told


@dataclass(frozen=True)
class Around:
    """Within so many metres of a point in degrees."""

    longitude: float
    latitude: float
    metres: float


@dataclass(frozen=True)
class PublicQuestion:
    """What is asked. Empty means whatever; instants are whole seconds and both ends belong to it.

    `box` is west, south, east, north in degrees. `area` is a place's code.
    """

    ids: Sequence[UUID] | None = None
    services: Sequence[str] = ()
    closed: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    updated_since: datetime | None = None
    updated_until: datetime | None = None
    box: tuple[float, float, float, float] | None = None
    around: Around | None = None
    area: str = ""
    limit: int = MOST
    offset: int = 0


@dataclass(frozen=True)
class PublicUpdate:
    """One step of a public request, also one of its issue. `position` is the event's, `number` the request's."""

    log_id: str
    position: int
    request: UUID
    number: int
    topic: str
    recorded_at: datetime
    code: str | None
    reached: bool | None

    @property
    def id(self) -> str:
        """It never changes: positions do not."""
        return f"{self.log_id}-{self.position}-{self.number}"


class PublicCases(Protocol):
    """The read side of Open311, for anybody."""

    async def find(self, question: PublicQuestion) -> Sequence[PublicCase]:
        """By the instant of receipt, the newest first, then by id."""

    async def updates(
        self, since: datetime, until: datetime, *, area: str, limit: int, offset: int
    ) -> Sequence[PublicUpdate]:
        """What was recorded from `since` to `until`, both seconds whole and included, the oldest first."""
