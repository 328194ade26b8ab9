"""Actor 行为人: who acts, in which role and over which area; Act: one deed with its time and reason.

Every recorded event carries these as facts. Rules about who may do what ask here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from domain.refusals import OutOfOrder, OutsideArea, WrongRole

if TYPE_CHECKING:
    from eventsourcing.domain import Aggregate


class Role(StrEnum):
    """岗位: what a member of staff is trusted to do. Events hold the value."""

    WORKER = "worker"  #: 网格员, finds, reports and solves on the spot
    RECEIVER = "receiver"  #: 受理员, takes requests in, files and closes
    DISPATCHER = "dispatcher"  #: 派遣员, assigns and decides returns
    HANDLER = "handler"  #: 承办人, accepts and resolves for a unit
    VERIFIER = "verifier"  #: 核查回访员, checks and calls back
    SUPERVISOR = "supervisor"  #: 督查, asks where time goes, grants exemptions
    AUDITOR = "auditor"  #: 审计, replays and proves
    ADMIN = "admin"  #: 管理员, keeps the reference data

    @property
    def label(self) -> str:
        """The word people read."""
        return ROLE_LABELS[self]


ROLE_LABELS = {
    Role.WORKER: "网格员",
    Role.RECEIVER: "受理员",
    Role.DISPATCHER: "派遣员",
    Role.HANDLER: "承办人",
    Role.VERIFIER: "核查回访员",
    Role.SUPERVISOR: "督查员",
    Role.AUDITOR: "审计员",
    Role.ADMIN: "管理员",
}


class Party(StrEnum):
    """当事人: who acts for themselves and by no role, so none of this can be granted. Events hold the value."""

    REQUESTER = "requester"  #: 反映人, answers for what they asked

    @property
    def label(self) -> str:
        """The word people read."""
        return PARTY_LABELS[self]


PARTY_LABELS = {Party.REQUESTER: "反映人"}


def acting_as(stored: str) -> Role | Party:
    """What an event's `role` says. Raises `ValueError` for a word that is neither a role nor a party."""
    return Party.REQUESTER if stored == Party.REQUESTER else Role(stored)


@dataclass(frozen=True)
class Actor:
    """One member of staff as the registry knows them at the moment of the command.

    `areas` are division or grid codes; an actor covers every place whose code begins with one. `acts_for` are other
    units, for which the actor stands in (代班) at the moment.
    """

    id: str
    roles: frozenset[Role]
    unit: str
    areas: tuple[str, ...]
    acts_for: frozenset[str] = frozenset()

    @property
    def units(self) -> frozenset[str]:
        """The units whose cases are the actor's to handle."""
        return self.acts_for | {self.unit}

    def covers(self, place: str) -> bool:
        """Whether `place` (a division or grid code) lies in one of the actor's areas."""
        return any(place.startswith(area) for area in self.areas)

    def overlaps(self, place: str) -> bool:
        """Whether `place` and one of the actor's areas share ground, whichever of them is the larger."""
        return any(place.startswith(area) or area.startswith(place) for area in self.areas)


@dataclass(frozen=True)
class Act:
    """One deed: who, when (an aware instant, the fact and not the recording) and why.

    `stated` tells that somebody gave the instant. One that is merely now may lie a moment before what another
    recorded meanwhile; that is no contradiction, and it counts as happening right after.
    """

    actor: Actor
    at: datetime
    reason: str = ""
    stated: bool = True

    def as_one_of(self, *roles: Role) -> Role:
        """The first of `roles` the actor holds. Refuses `WrongRole`."""
        for role in roles:
            if role in self.actor.roles:
                return role
        raise WrongRole(needed=[role.label for role in roles])

    def within(self, place: str) -> None:
        """Refuses `OutsideArea` unless `place` is the actor's to touch."""
        if not self.actor.covers(place):
            raise OutsideArea(place=place)

    def not_before(self, last: datetime) -> None:
        """Refuses `OutOfOrder` when the act is stated to lie before `last`, the last event of a case."""
        if self.stated and self.at < last:
            raise OutOfOrder(at=self.at, last=last)


def record(aggregate: Aggregate, event: type[Any], act: Act, role: Role | Party, **facts: object) -> None:
    """Record `event` with who, in what role, when and why. Refuses `OutOfOrder`."""
    act.not_before(aggregate.modified_on)
    at = max(act.at, aggregate.modified_on)
    aggregate.trigger_event(event, timestamp=at, **signature(act, role), **facts)


def signature(act: Act, role: Role | Party) -> dict[str, str]:
    """The facts of `domain.step.Step` that say who acted, as what and why."""
    return {"by": act.actor.id, "role": role.value, "of_unit": act.actor.unit, "reason": act.reason}
