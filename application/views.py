"""What people are shown of cases: one value a read model, named as its columns, and the questions one may ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from application.whistle_views import WhistleQuestion, WhistleView
from domain.actor import Actor

WordState = Literal["open", "sealed", "erased", "none", "damaged"]
"""Words are open to the asker; sealed (密封), not theirs to read or restricted; erased (已删除); none said; damaged."""


@dataclass(frozen=True)
class Details:
    """What a requester told: what the asker may read, and for each other field why they may not."""

    open: dict[str, str]
    withheld: dict[str, WordState]


@dataclass(frozen=True)
class IssueView:
    """网格事件 on the board. Times are null until the step happened; `text_state` says why there is no `text`."""

    log_id: str
    id: UUID
    number: int
    version: int
    stage: str
    grid: str
    grid_edition: int
    community: str
    street: str
    category: str
    channel: str
    urgency: str
    longitude: float | None
    latitude: float | None
    lead: str
    copies: list[str]
    assists: list[str]
    handler: str
    reported_by: str
    reported_at: datetime
    filed_at: datetime | None
    assigned_at: datetime | None
    accepted_at: datetime | None
    resolved_at: datetime | None
    checked_at: datetime | None
    closed_at: datetime | None
    changed_at: datetime
    limit_amount: int | None
    limit_unit: str | None
    clock_start: datetime | None
    due: datetime | None
    case_due: datetime | None
    overdue: bool | None
    solved_level: str | None
    assignments: int
    returns: int
    ping_pong: int
    round: int
    voices: int
    off_list: bool
    merged_into: UUID | None
    exempt: bool
    exemption_asked: bool
    stopped_at: datetime | None
    suspended_until: datetime | None
    suspension_asked: bool
    extensions: int
    extension_asked: Literal["", "asked", "endorsed"]
    appeal: Literal["", "asked", "endorsed", "granted", "refused"]
    supervised: int
    supervision_due: datetime | None
    dispatch_due: datetime | None
    accept_due: datetime | None
    contact_due: datetime | None
    feedback_due: datetime | None
    check_due: datetime | None
    call_back_due: datetime | None
    level: str
    coordinator: str
    contact: str
    escalations: int
    escalated_at: datetime | None
    missed_due: datetime | None
    text: str | None
    text_state: WordState


@dataclass(frozen=True)
class RequestView:
    """诉求 on the board. `text_state` says why there is neither `title` nor `text`."""

    log_id: str
    id: UUID
    number: int
    version: int
    stage: str
    kind: str
    channel: str
    place: str
    community: str | None
    street: str | None
    category: str
    longitude: float | None
    latitude: float | None
    issue: UUID | None
    lead: str
    due: datetime | None
    received_by: str
    received_at: datetime
    diversion: str | None
    contacted_at: datetime | None
    fed_back_at: datetime | None
    called_back_at: datetime | None
    closed_at: datetime | None
    changed_at: datetime
    call_back_valid: bool | None
    said_contacted: bool | None
    said_solved: str | None
    said_satisfaction: str | None
    round: int
    confidential: bool
    source: str
    external_id: str
    exempt: bool
    exemption_asked: bool
    title: str | None
    text: str | None
    text_state: WordState


@dataclass(frozen=True)
class WorkItem:
    """待办: a case that waits for somebody's next step."""

    case: Literal["issue", "request", "whistle"]
    log_id: str
    id: UUID
    number: int
    version: int
    stage: str
    place: str
    category: str
    lead: str
    handler: str
    due: datetime | None
    since: datetime


@dataclass(frozen=True)
class TimelineStep:
    """时间线: one recorded event as it stands in the log."""

    position: int
    version: int
    topic: str
    happened_at: datetime
    recorded_at: datetime
    by: str
    role: str
    of_unit: str
    reason: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class Question:
    """What is asked of a board. Empty means whatever.

    Words are sealed, so no board searches them: `application.privacy.word_search` asks for `text`.
    """

    stages: Sequence[str] = ()
    grid: str | None = None
    community: str | None = None
    street: str | None = None
    unit: str | None = None
    category: str | None = None
    channel: str | None = None
    text: str | None = None
    due_before: datetime | None = None
    due_from: datetime | None = None
    undecided: bool = False
    """Only those whose limit still runs: neither resolved nor gone elsewhere."""
    overdue: bool | None = None
    issue: UUID | None = None
    ids: Sequence[UUID] | None = None
    """Only these cases."""
    external_id: str | None = None
    phone: str | None = None
    """Requests of those who left this telephone number, and of some whose number has the same short tag."""
    since: datetime | None = None
    until: datetime | None = None
    """Reported, or received, from `since` on and before `until`."""
    limit: int = 50
    after: tuple[datetime, UUID] | None = field(default=None)
    """The last row of the page before: pages run from the newest case to the oldest."""


class Boards(Protocol):
    """The read side. Every question is asked by an actor and answered within their area and disclosure level."""

    async def issues(self, actor: Actor, question: Question, now: datetime) -> list[IssueView]: ...

    async def requests(self, actor: Actor, question: Question, now: datetime) -> list[RequestView]: ...

    async def issue(self, actor: Actor, case_id: UUID) -> IssueView:
        """Refuses `NoSuchCase`, also where the actor may not look."""

    async def request(self, actor: Actor, case_id: UUID) -> RequestView:
        """Refuses `NoSuchCase`, also where the actor may not look."""

    async def details(self, actor: Actor, request: RequestView) -> Details:
        """Who asked and all they said, to those whose work needs it."""

    async def timeline(self, case_id: UUID, after: int, limit: int) -> list[TimelineStep]:
        """The steps of a case with a version above `after`; whether the asker may look is asked before."""

    async def whistles(self, actor: Actor, question: WhistleQuestion, now: datetime) -> list[WhistleView]: ...

    async def whistle(self, actor: Actor, whistle: UUID) -> WhistleView:
        """Refuses `NoSuchCase`, also where the actor may not look."""

    async def work(self, actor: Actor, unit: str | None, limit: int, now: datetime) -> list[WorkItem]:
        """What waits for the actor's next step, or for `unit`'s, the most urgent first."""

    async def position(self, log_id: str) -> int:
        """The position all read models of the log have reached."""
