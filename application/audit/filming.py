"""Filming 放映: a case as a film: at each step the event as stored, the state before and after, and its proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from application.audit.replaying import CaseThen, Replaying
from application.audit.sight import Sight, sight_of
from application.proof.attesting import Attested, Attesting, Stored
from application.timeline import Told
from application.views import TimelineStep
from domain.actor import Actor
from domain.case_id import log_of
from domain.proof.refusals import EventUnreadable, NoSuchPosition
from domain.refusals import NoSuchCase, OutsideArea

NEWEST = 2**62
STRIP = 60
"""Steps of the strip that are looked at and shown together."""


@dataclass(frozen=True)
class Ends:
    """The first and last step of a case on record, by position, and how many versions it has come to."""

    first: int
    last: int
    versions: int


class StoredEvents(Protocol):
    """Events as their rows have them."""

    async def at(self, log_id: str, position: int) -> Stored | None: ...

    async def ends(self, log_id: str, stream: UUID) -> Ends | None: ...

    async def last(self, log_id: str, stream: UUID, upto: int) -> Stored | None:
        """The last of a stream that stands not above a position."""
        ...

    async def versions(self, log_id: str, stream: UUID, first: int, last: int) -> Sequence[Stored]:
        """Those of a stream whose version lies between the two, ascending."""
        ...


MISSHAPEN = (LookupError, ValueError, TypeError, AttributeError)
"""What comes of folding or telling an event that somebody wrote another thing into."""


@dataclass(frozen=True)
class Frame:
    """One step on the strip. None of what is missing: a version that nothing stands for."""

    version: int
    event: Stored | None
    proof: Attested | None


@dataclass(frozen=True)
class Column:
    """A column of the case, before and after the step."""

    name: str
    before: Any
    after: Any

    @property
    def changed(self) -> bool:
        return bool(self.before != self.after)


@dataclass(frozen=True)
class Shot:
    """One step of the film. `told` is the step as people read it, `strip` the steps around it."""

    case: CaseThen
    ends: Ends
    event: Stored
    proof: Attested
    step: TimelineStep
    told: Told
    columns: list[Column]
    begins: bool
    sight: Sight
    strip: list[Frame]

    @property
    def changed(self) -> list[Column]:
        """What the step changed."""
        return [one for one in self.columns if one.changed]


@dataclass(frozen=True)
class Torn:
    """One step of a case whose events do not fold any more: what is stored, and what proves it or not."""

    case: UUID
    ends: Ends
    event: Stored
    proof: Attested
    strip: list[Frame]


class Filming:
    """Cases stepped through, within the area and role that replaying asks for."""

    def __init__(self, replaying: Replaying, events: StoredEvents, attesting: Attesting) -> None:
        self._replaying, self._events, self._attesting = replaying, events, attesting

    async def shot(self, actor: Actor, case_id: UUID, at: datetime | int | None) -> Shot:
        """The last step by `at`, or of all there is; before the first step that one. Refuses as `Replaying.case`.

        Refuses `EventUnreadable` where that cannot be told: `torn` shows what there is.
        """
        log_id = log_of(case_id)
        position = await self._replaying.position(actor, log_id, NEWEST if at is None else at)
        ends = await self._events.ends(log_id, case_id)
        if ends is None:
            raise NoSuchCase(case=case_id)
        position = max(position, ends.first)
        try:
            return await self._shot(actor, case_id, ends, position)
        except MISSHAPEN as torn:
            raise EventUnreadable(log=log_id, position=position) from torn
        except NoSuchCase:
            if not actor.covers(log_id):
                raise
            raise EventUnreadable(log=log_id, position=position) from None

    async def torn(self, actor: Actor, case_id: UUID, at: datetime | int | None) -> Torn:
        """A step of a case that cannot be read, as it is stored and proven. Refuses `NoSuchCase`, `OutsideArea`."""
        log_id = log_of(case_id)
        position = await self._replaying.position(actor, log_id, NEWEST if at is None else at)
        if not actor.covers(log_id):
            raise OutsideArea(place=log_id)
        ends = await self._events.ends(log_id, case_id)
        event = ends and await self._events.last(log_id, case_id, max(position, ends.first))
        if not ends or not event:
            raise NoSuchCase(case=case_id)
        strip = await self._strip(log_id, case_id, ends, event.leaf.version)
        proof = next(one.proof for one in strip if one.version == event.leaf.version)
        if proof is None:
            raise NoSuchPosition(log=log_id, position=position)
        return Torn(case_id, ends, event, proof, strip)

    async def _shot(self, actor: Actor, case_id: UUID, ends: Ends, position: int) -> Shot:
        log_id = log_of(case_id)
        case = await self._replaying.case(actor, case_id, position)
        before: Mapping[str, Any] = {}
        if case.previous is not None:
            before = (await self._replaying.case(actor, case_id, case.previous)).state
        strip = await self._strip(log_id, case_id, ends, case.version)
        event, proof = next((one.event, one.proof) for one in strip if one.version == case.version)
        if event is None or proof is None:
            raise NoSuchPosition(log=log_id, position=case.position)
        step, told = await self._replaying.step(actor, case_id, case.position)
        columns = [Column(name, before.get(name), value) for name, value in case.state.items()]
        sight = sight_of(step.by, step.role, step.of_unit, before or case.state)
        return Shot(case, ends, event, proof, step, told, columns, case.previous is None, sight, strip)

    async def position_of(self, actor: Actor, case_id: UUID, version: int) -> int:
        """Where the step of a version stands; of a missing one, the step before. Refuses as `shot`."""
        log_id = log_of(case_id)
        await self._replaying.position(actor, log_id, 0)
        events = await self._events.versions(log_id, case_id, max(1, version - STRIP), version)
        if not events:
            raise NoSuchCase(case=case_id)
        return events[-1].leaf.position

    async def found(self, actor: Actor, log_id: str, position: int) -> Stored:
        """What stands at a position of a log. Refuses `WrongRole`, `NoSuchLog`, `NoSuchPosition`."""
        await self._replaying.position(actor, log_id, position)
        event = await self._events.at(log_id, position)
        if event is None:
            raise NoSuchPosition(log=log_id, position=position)
        return event

    async def attested(self, actor: Actor, log_id: str, positions: Sequence[int]) -> list[tuple[Stored, Attested]]:
        """Events of a log that are of no case, each with its proof. Refuses as `found`, and `OutsideArea`."""
        events = [await self.found(actor, log_id, position) for position in positions]
        if events and not actor.covers(log_id):
            raise OutsideArea(place=log_id)
        return list(zip(events, await self._attesting.of(log_id, events), strict=True))

    async def _strip(self, log_id: str, case_id: UUID, ends: Ends, version: int) -> list[Frame]:
        """The steps around a version, what is missing among them too."""
        first = max(1, min(version - STRIP // 2, ends.versions - STRIP + 1))
        last = min(ends.versions, first + STRIP - 1)
        events = await self._events.versions(log_id, case_id, first, last)
        proofs = await self._attesting.of(log_id, events)
        found = {event.leaf.version: (event, proof) for event, proof in zip(events, proofs, strict=True)}
        return [Frame(one, *found.get(one, (None, None))) for one in range(first, last + 1)]
