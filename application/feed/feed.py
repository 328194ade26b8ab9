"""Feed 事件流: what was recorded about cases from a position on, a page at a time, within the reader's area."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from application.audit.replaying import AUDITING
from application.feed.envelope import CaseEvent, Envelope, enveloped
from application.timeline import TOLD
from domain.actor import Actor
from domain.feed_refusals import NoSuchTopic, PastTheEnd
from domain.refusals import NoSuchLog, WrongRole

FAMILIES = ("issue.*", "request.*", "whistle.*")
Topics = frozenset[str]
"""Topics and families of them; empty means all."""


@dataclass(frozen=True)
class Window:
    """Events, ascending, and how far their log was looked through for them: all there is up to `upto` is among them."""

    events: Sequence[CaseEvent]
    upto: int


@dataclass(frozen=True)
class FeedPage:
    """A page, ascending. The next begins after `next`; `at_head` says whether that was the end of the log just now."""

    items: list[Envelope]
    next: int
    newest: int
    at_head: bool


class CaseEvents(Protocol):
    """Events of cases by position. Refuses `Busy`."""

    async def newest(self, log_id: str) -> int:
        """The last position of a log, 0 when it is empty."""
        ...

    async def between(self, log_id: str, after: int, upto: int, limit: int, topics: Topics) -> Window:
        """At most `limit` events of these topics above `after` and up to `upto`.

        The window ends before an event that this program does not know.
        """
        ...

    async def places(self, log_id: str, events: Sequence[CaseEvent]) -> Sequence[str]:
        """Where the case of each of the events lay right after it, as a division or grid code."""
        ...


class Feed:
    """For supervisors, auditors and administrators. A role that sees less of its area sees no feed."""

    def __init__(self, events: CaseEvents, log_ids: Collection[str]) -> None:
        self._events, self._log_ids = events, frozenset(log_ids)

    async def check(self, actor: Actor, log_id: str, after: int | None, topics: Topics) -> int:
        """Whether a reader may begin there; gives the end of the log.

        Refuses `WrongRole`, `NoSuchLog`, `NoSuchTopic`, and `PastTheEnd` for a position not reached yet.
        """
        self._admit(actor, log_id)
        require_known(topics)
        newest = await self._events.newest(log_id)
        if after is not None and after > newest:
            raise PastTheEnd(log=log_id, asked=after, newest=newest)
        return newest

    async def page(self, actor: Actor, log_id: str, after: int, limit: int, topics: Topics) -> FeedPage:
        """At most `limit` events above `after`; maybe fewer, or none, before the end: `next` goes on.

        Refuses as `check`.
        """
        await self.check(actor, log_id, after, topics)
        return await self.go_on(actor, log_id, after, limit, topics)

    async def go_on(self, actor: Actor, log_id: str, after: int, limit: int, topics: Topics) -> FeedPage:
        """The next page of a reader who was let in. Refuses `WrongRole`, `NoSuchLog`."""
        self._admit(actor, log_id)
        newest = max(after, await self._events.newest(log_id))
        window = await self._events.between(log_id, after, newest, limit, topics)
        seen = await self._within(actor, log_id, window.events)
        return FeedPage([enveloped(event) for event in seen], window.upto, newest, window.upto == newest)

    def _admit(self, actor: Actor, log_id: str) -> None:
        if not actor.roles & set(AUDITING):
            raise WrongRole(needed=[role.label for role in AUDITING])
        if log_id not in self._log_ids or not actor.overlaps(log_id):
            raise NoSuchLog(log=log_id)

    async def _within(self, actor: Actor, log_id: str, events: Sequence[CaseEvent]) -> Sequence[CaseEvent]:
        if actor.covers(log_id) or not events:
            return events
        places = await self._events.places(log_id, events)
        return [event for event, place in zip(events, places, strict=True) if actor.covers(place)]


def require_known(topics: Topics) -> None:
    """Refuses `NoSuchTopic`."""
    if unknown := sorted(topics - TOLD.keys() - set(FAMILIES)):
        raise NoSuchTopic(topics=unknown)


def wanted(topic: str, topics: Topics) -> bool:
    """Whether an event of `topic` is asked for."""
    return not topics or topic in topics or f"{topic.partition('.')[0]}.*" in topics
