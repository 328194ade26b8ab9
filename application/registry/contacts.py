"""Use cases of contact assignments 包联: give a community its leader, pass it on, end it."""

from __future__ import annotations

from datetime import date

from application.ports import Receipt, RequestKey
from application.registry.desk import RegistryDesk
from domain.actor import Act
from domain.registry.contact_assignment import ContactAssignment


class Contacts:
    """包联登记."""

    def __init__(self, desk: RegistryDesk) -> None:
        self._desk = desk

    async def assign(
        self, act: Act, *, community: str, leader: str, since: date, until: date | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:  # fmt: skip
        """确定包联 of a registered community. Refuses `NoSuchEntry`, `NotValidThen`, `AlreadyRegistered`."""

        def make() -> ContactAssignment:
            division = self._desk.registry.division(community, valid_on=since)
            member = self._desk.registry.staff(leader)
            return ContactAssignment.assign(
                act, community=community, name=division.name, leader=member, since=since, until=until
            )

        return await self._desk.register(make, key)

    async def pass_on(
        self, act: Act, *, code: str, leader: str, since: date, until: date | None = None, version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:  # fmt: skip
        """包联调整. Refuses `NoSuchEntry`, `NotInHand`, `ContactTaken`."""

        def command(contact: ContactAssignment) -> None:
            contact.pass_on(act, leader=self._desk.registry.staff(leader), since=since, until=until)

        return await self._desk.change(ContactAssignment, code, command, version=version, key=key)

    async def end(
        self, act: Act, *, code: str, last_day: date, version: int | None = None, key: RequestKey | None = None
    ) -> Receipt:
        """包联终止."""

        def command(contact: ContactAssignment) -> None:
            contact.end(act, last_day=last_day)

        return await self._desk.change(ContactAssignment, code, command, version=version, key=key)
