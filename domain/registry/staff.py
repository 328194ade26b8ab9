"""Staff 人员: a member of staff by post: in which unit, trusted with which roles, over which areas.

Nobody widens their own powers: roles, areas and unit of a member are another administrator's to change.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeAlias

from eventsourcing.domain import Aggregate

from domain.actor import Act, Actor, Role, record, signature
from domain.place import place_code
from domain.registry import standing_in
from domain.registry.entry import administer, chosen, civil_day, entry_id, local_code, phone_number, wording
from domain.registry.refusals import BadAreas, NoLongerKept, NothingChanged, SelfGrant
from domain.sign_in_refusals import NotSignedIn

MOST_AREAS = 200


class Staff(Aggregate):
    """One member of staff as events tell it. `name` is the post's ("第一网格网格员"), not a person's."""

    TOPIC = "staff"
    label = "人员"

    Event: TypeAlias = standing_in.StaffEvent
    StandInNamed = standing_in.StandInNamed
    StandInEnded = standing_in.StandInEnded

    class Created(Event, Aggregate.Created):
        """Never recorded; the library wants it named."""

        TOPIC = "staff.created"

    class Joined(Created):
        """到岗. `phone` is the post's."""

        TOPIC = "staff.joined"
        code: str
        name: str
        unit: str
        roles: list[str]
        areas: list[str]
        phone: str | None

    class RolesGranted(Event):
        """岗位授予: from now on exactly these."""

        TOPIC = "staff.roles_granted"
        roles: list[str]

        def apply(self, staff: Staff) -> None:
            staff.roles = tuple(Role(role) for role in self.roles)

    class AreasAssigned(Event):
        """范围划定: from now on exactly these."""

        TOPIC = "staff.areas_assigned"
        areas: list[str]

        def apply(self, staff: Staff) -> None:
            staff.areas = tuple(self.areas)

    class Moved(Event):
        """调动 to another unit."""

        TOPIC = "staff.moved"
        unit: str

        def apply(self, staff: Staff) -> None:
            staff.unit = self.unit

    class Left(Event):
        """离岗, at once."""

        TOPIC = "staff.left"

        def apply(self, staff: Staff) -> None:
            staff.left_on = civil_day(self.timestamp).isoformat()

    def __init__(
        self, *, code: str, name: str, unit: str, roles: list[str], areas: list[str], phone: str | None
    ) -> None:
        self.code, self.name, self.unit, self.phone = code, name, unit, phone
        self.roles = tuple(Role(role) for role in roles)
        self.areas = tuple(areas)
        self.left_on: str | None = None
        self.stand_ins: tuple[standing_in.StandIn, ...] = ()

    def actor(self, acts_for: Collection[str] = ()) -> Actor:
        """Who the member is for a command, `acts_for` the units they stand in at. Refuses `NotSignedIn` when gone."""
        if self.left_on is not None:
            raise NotSignedIn(staff=self.code)
        roles, others = frozenset(self.roles), frozenset(acts_for) - {self.unit}
        return Actor(id=self.code, roles=roles, unit=self.unit, areas=self.areas, acts_for=others)

    def covers(self, place: str) -> bool:
        """Whether a division or grid lies in one of the member's areas."""
        return any(place.startswith(area) for area in self.areas)

    def works_in(self, grid: str) -> bool:
        """Whether the member is a grid worker on duty whose areas hold the grid."""
        return self.left_on is None and Role.WORKER in self.roles and self.covers(grid)

    @classmethod
    def join(
        cls,
        act: Act,
        *,
        code: str,
        name: str,
        unit: str,
        roles: Collection[str],
        areas: Collection[str],
        phone: str | None = None,
    ) -> Staff:
        """到岗. Refuses `SelfGrant`, `OutsideArea`, `BadCode`, `BadAreas`, `BadChoice`,
        `BadText`, `BadPhone`."""
        role = administer(act, *_areas(areas))
        _not_oneself(act, local_code(code, "人员编号"))
        return cls._create(
            cls.Joined,
            id=entry_id(cls.TOPIC, code),
            timestamp=act.at,
            **signature(act, role),
            code=code,
            name=wording(name, "岗位名称", 50),
            unit=unit,
            roles=_roles(roles),
            areas=_areas(areas),
            phone=None if phone is None else phone_number(phone),
        )

    def grant_roles(self, act: Act, *, roles: Collection[str]) -> None:
        """岗位授予: exactly `roles`. Refuses `SelfGrant`, `NoLongerKept`, `BadChoice`, `NothingChanged`."""
        role = self.kept_by_another(act)
        granted = _roles(roles)
        self._must_differ(set(granted), {each.value for each in self.roles})
        record(self, self.RolesGranted, act, role, roles=granted)

    def assign_areas(self, act: Act, *, areas: Collection[str]) -> None:
        """范围划定: exactly `areas`. Refuses `SelfGrant`, `OutsideArea` for an old or new one."""
        role = self.kept_by_another(act)
        assigned = _areas(areas)
        administer(act, *assigned)
        self._must_differ(set(assigned), set(self.areas))
        record(self, self.AreasAssigned, act, role, areas=assigned)

    def move(self, act: Act, *, unit: str) -> None:
        """调动. Refuses `SelfGrant`, `NoLongerKept`, `NothingChanged`."""
        role = self.kept_by_another(act)
        self._must_differ(unit, self.unit)
        record(self, self.Moved, act, role, unit=unit)

    def leave(self, act: Act) -> None:
        """离岗. Refuses `SelfGrant`, `NoLongerKept`."""
        record(self, self.Left, act, self.kept_by_another(act))

    def kept_by_another(self, act: Act) -> Role:
        """The role in which `act` may change the member. Refuses `SelfGrant`, `OutsideArea`, `NoLongerKept`."""
        role = administer(act, *self.areas)
        _not_oneself(act, self.code)
        if self.left_on is not None:
            raise NoLongerKept(kind=self.label, code=self.code, day=self.left_on)
        return role

    def _must_differ(self, wanted: object, known: object) -> None:
        if wanted == known:
            raise NothingChanged(kind=self.label, code=self.code)


def _not_oneself(act: Act, staff: str) -> None:
    if act.actor.id == staff:
        raise SelfGrant(staff=staff)


def _roles(roles: Collection[str]) -> list[str]:
    return [chosen(Role, role, "岗位").value for role in sorted(set(roles))]


def _areas(areas: Collection[str]) -> list[str]:
    if not 1 <= len(areas) <= MOST_AREAS:
        raise BadAreas(most=MOST_AREAS)
    return [place_code(area) for area in sorted(set(areas))]
