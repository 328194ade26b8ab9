"""Queue 待回访: whose limit has ended and who has not been asked, or not been reached, or waits to be closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from application.next_steps import CALL_BACK_ROLES
from application.services import Services
from application.views import Question, WorkItem
from domain.actor import Actor
from domain.stages import RequestStage

ASK, AGAIN, SETTLE = "待回访", "待重拨", "待办结"
_ORDER = (ASK, AGAIN, SETTLE)
MOST = 300
_CALLED = 200


@dataclass(frozen=True)
class Call:
    """One requester to be called. `since` is when the limit ended, or the last attempt was made."""

    item: WorkItem
    step: str
    since: datetime

    @property
    def path(self) -> str:
        return f"/calls/{self.item.id}"


@dataclass(frozen=True)
class Calls:
    """All of them: who was never asked first, the oldest on top."""

    waiting: Sequence[Call]

    def after(self, request_id: UUID) -> Call | None:
        """The next to be called when this one is done: the one below, else the first."""
        at = next((n for n, one in enumerate(self.waiting) if one.item.id == request_id), -1)
        rest = [*self.waiting[at + 1 :], *self.waiting[: max(at, 0)]]
        return rest[0] if rest else None

    def of(self, step: str) -> list[Call]:
        return [one for one in self.waiting if one.step == step]


async def calls_of(services: Services, actor: Actor) -> Calls:
    """Who waits to be called back by the actor's roles."""
    now = services.clock()
    calling = replace(actor, roles=actor.roles & CALL_BACK_ROLES)
    items = [one for one in await services.boards.work(calling, None, MOST, now) if _waits(one)]
    called: dict[UUID, bool | None] = {}
    if any(one.stage == RequestStage.CALLED_BACK for one in items):
        asked = Question(stages=(RequestStage.CALLED_BACK,), limit=_CALLED)
        called = {one.id: one.call_back_valid for one in await services.boards.requests(calling, asked, now)}
    found = [_call(one, called.get(one.id)) for one in items]
    return Calls(sorted(found, key=lambda one: (_ORDER.index(one.step), one.since, str(one.item.id))))


def _waits(item: WorkItem) -> bool:
    """Not what intake has to decide: that is the dispatcher's desk."""
    return item.case == "request" and item.stage != RequestStage.RECEIVED


def _call(item: WorkItem, valid: bool | None) -> Call:
    if item.stage != RequestStage.CALLED_BACK:
        return Call(item, ASK, item.due or item.since)
    return Call(item, AGAIN if valid is False else SETTLE, item.since)
