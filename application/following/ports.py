"""Ports of following a case by number and code: the code, the guesses, and the row behind the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.case_number import CaseNumber


@dataclass(frozen=True)
class FollowedRow:
    """A request with the issue that goes on for it, as the boards know them. No words and nobody's name."""

    log_id: str
    id: UUID
    number: int
    stage: str
    kind: str
    category: str
    place: str
    received_at: datetime
    diversion: str | None
    round: int
    fed_back_at: datetime | None
    called_back_at: datetime | None
    closed_at: datetime | None
    call_back_valid: bool | None
    said_contacted: bool | None
    said_solved: str | None
    said_satisfaction: str | None
    issue: UUID | None
    issue_stage: str | None
    lead: str
    due: datetime | None
    assigned_at: datetime | None
    accepted_at: datetime | None
    resolved_at: datetime | None
    suspended_until: datetime | None


@dataclass(frozen=True)
class Measure:
    """处置措施: what staff put on record as done, when, and the digests of what they attached."""

    at: datetime
    measure: str
    pictures: list[str]


class FollowedCases(Protocol):
    """The read side."""

    async def find(self, number: CaseNumber) -> FollowedRow | None:
        """The request of that number; None for any other case and for none. Refuses `Busy`."""

    async def measures(self, log_id: str, issue: UUID) -> list[Measure]:
        """What was done about an issue, the first first."""


class FollowCodes(Protocol):
    """Makes and knows codes, and the passes they are exchanged for."""

    def of(self, request_id: UUID) -> str:
        """The code of a request: always the same, and told by nothing that is public."""

    def proves(self, code: str, request_id: UUID | None) -> bool:
        """Whether `code` is that of the request. Takes as long for None, which has none."""

    def pass_for(self, number: CaseNumber, until: datetime) -> str:
        """Opens the case of `number` up to `until`."""

    def admits(self, pass_: str, number: CaseNumber, at: datetime) -> bool:
        """Whether the pass is ours, of that number and not over."""


class Guesses(Protocol):
    """Failed look-ups, for as long as they count."""

    async def require_few(self, number: str, address: str, at: datetime) -> None:
        """Refuses `TooManyGuesses`, with the seconds to wait, when either has had its share."""

    async def count(self, number: str, address: str, at: datetime) -> None:
        """One more failure, of both."""
