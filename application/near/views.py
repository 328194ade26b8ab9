"""What is asked and shown of near cases 附近相似案件, and the port that finds candidates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from application.views import WordState
from domain.actor import Actor


@dataclass(frozen=True)
class NearQuestion:
    """Like what, where and when. Without a point, the place alone says where; `category` "" is none yet."""

    longitude: float | None
    latitude: float | None
    place: str
    category: str
    text: str
    metres: int
    since: datetime
    until: datetime
    apart_from: UUID | None = None


@dataclass(frozen=True)
class Candidate:
    """An unsettled issue thereabouts with its words, or those of the first request that became it (`told_in`)."""

    log_id: str
    id: UUID
    number: int
    version: int
    stage: str
    grid: str
    category: str
    lead: str
    due: datetime | None
    reported_at: datetime
    voices: int
    longitude: float | None
    latitude: float | None
    told_in: UUID
    text: str | None
    text_state: WordState


@dataclass(frozen=True)
class NearIssue:
    """A candidate compared: `metres` and `similarity` are None where there is nothing to compare."""

    log_id: str
    id: UUID
    number: int
    version: int
    stage: str
    grid: str
    category: str
    lead: str
    due: datetime | None
    reported_at: datetime
    voices: int
    metres: float | None
    age_seconds: int
    same_class: bool
    similarity: float | None
    why: str
    text: str | None
    text_state: WordState


class NearBoards(Protocol):
    """Finds candidates within the actor's area; each a bounded number, those of the class and the nearest first."""

    async def around(self, actor: Actor, question: NearQuestion, *, most: int) -> list[Candidate]:
        """By the points of the issues, in a box that holds what is near."""

    async def in_place(self, actor: Actor, question: NearQuestion, *, pointless: bool, most: int) -> list[Candidate]:
        """By the grid of the issues; `pointless`: only those without a point of their own."""
