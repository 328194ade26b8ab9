"""Use cases of divisions 区划: register, rename, abolish."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from application.ports import Receipt, RequestKey
from application.registry.desk import RegistryDesk
from application.registry.registry import Registry
from domain.actor import Act
from domain.place import parent_of
from domain.refusals import AlreadyRegistered
from domain.registry.code_table import CodeTable
from domain.registry.division import Division, another_id
from domain.registry.entry import entry_id
from domain.registry.refusals import StillInUse

_MOST_COUNTED = 1_000


class Divisions:
    """区划登记."""

    def __init__(self, desk: RegistryDesk) -> None:
        self._desk = desk

    async def register(
        self,
        act: Act,
        *,
        code: str,
        name: str,
        source: str,
        valid_from: date,
        valid_until: date | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """登记, below a registered parent unless it is the city. Refuses `NoSuchEntry`, `NotValidThen`.

        A code whose place ended may be another's; else it registers once, and refuses `AlreadyRegistered`.
        """

        def make() -> Division:
            division = Division.register(
                act,
                code=code,
                name=name,
                parent=parent_of(code),
                source=source,
                valid_from=valid_from,
                valid_until=valid_until,
                id=self._id(code, name, valid_from),
            )
            if len(code) > len(self._desk.city):
                self._desk.registry.division(division.parent, valid_on=valid_from)
            return division

        return await self._desk.register(make, key)

    async def rename(
        self,
        act: Act,
        *,
        code: str,
        name: str,
        source: str,
        version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """更名."""

        def command(division: Division) -> None:
            division.rename(act, name=name, source=source)

        return await self._desk.change(Division, code, command, version=version, key=key)

    async def abolish(
        self,
        act: Act,
        *,
        code: str,
        last_day: date,
        version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """撤销. Refuses `StillInUse` while a division or grid below it is valid after `last_day`."""

        def command(division: Division) -> None:
            division.abolish(act, last_day=last_day)
            require_empty(self._desk.registry, code, last_day)

        return await self._desk.change(Division, code, command, version=version, key=key)

    def _id(self, code: str, name: str, valid_from: date) -> UUID:
        plain, day = entry_id(Division.TOPIC, code), valid_from.isoformat()
        held = [placed.division for placed in self._desk.registry.code_book.ever(code)]
        if any(one.code == code and (one.valid_until is None or one.valid_until >= day) for one in held):
            raise AlreadyRegistered(kind=Division.label, code=code)
        return another_id(code, name, CodeTable.OWN, valid_from) if self._desk.registry.holds(plain) else plain


def require_empty(registry: Registry, code: str, last_day: date) -> None:
    """Refuses `StillInUse` while a division or grid below is valid after `last_day`."""
    day = last_day + timedelta(days=1)
    below = [
        *(each.code for each in registry.divisions(parent=code, valid_on=day, limit=_MOST_COUNTED)),
        *(each.code for each in registry.grids(within=code, valid_on=day, limit=_MOST_COUNTED)),
    ]
    if below:
        raise StillInUse(code=code, example=below[0], count=len(below), day=last_day)
