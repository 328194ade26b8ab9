"""Disclosure of the registry 知悉范围: all who are signed in read it, save the telephone of a member of staff."""

from domain.actor import Actor
from domain.registry.staff import Staff
from domain.registry.unit import Unit


def reads_phone(actor: Actor, staff: Staff, unit: Unit) -> bool:
    """Whether `actor` may read the telephone of `staff`, who is at `unit`: it is their own, or their area's."""
    return actor.id == staff.code or actor.covers(unit.place)
