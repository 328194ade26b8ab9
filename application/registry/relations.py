"""Use cases of 单位关系: under which unit a unit stands, to whom its matters are copied, and who reads them then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import date

from application.ports import Receipt, RequestKey
from application.registry.desk import RegistryDesk
from application.registry.registry import PAGE, Registry
from domain.actor import Act
from domain.refusals import NoSuchEntry
from domain.registry import unit_relations
from domain.registry.unit import Unit
from domain.registry.unit_relations import Above, chain_above, copied_to


@dataclass(frozen=True)
class Relations:
    """How a unit stands on a day: under whom, up to the top; who stands under it; who reads what it leads, and back."""

    unit: str
    on: date
    above: Sequence[str]
    below: Sequence[str]
    copied_to: Sequence[str]
    copied_from: Sequence[str]


class UnitRelations:
    """单位关系登记."""

    def __init__(self, desk: RegistryDesk) -> None:
        self._desk = desk
        # Two orders at once could each be sound and close a circle together.
        self._one_at_a_time = asyncio.Lock()

    async def place_under(
        self, act: Act, *, code: str, above: str, since: date, version: int | None = None, key: RequestKey | None = None
    ) -> Receipt:
        """归口主管 under a registered unit. Refuses `SupervisionCycle`, `NoSuchEntry`, `NotValidThen`."""

        def command(unit: Unit) -> None:
            unit_relations.place_under(act, unit=unit, above=above, since=since, supervision_of=self._supervision_of)
            self._desk.registry.unit(above, valid_on=since)

        return await self._change(code, command, version, key, alone=self._one_at_a_time)

    async def end_supervision(
        self, act: Act, *, code: str, last_day: date, version: int | None = None, key: RequestKey | None = None
    ) -> Receipt:
        """主管终止."""

        def command(unit: Unit) -> None:
            unit_relations.end_supervision(act, unit=unit, last_day=last_day)

        return await self._change(code, command, version, key)

    async def set_copy(
        self, act: Act, *, code: str, to: str, since: date, version: int | None = None, key: RequestKey | None = None
    ) -> Receipt:
        """设定抄送 to a registered unit. Refuses `NoSuchEntry`, `NotValidThen`."""

        def command(unit: Unit) -> None:
            unit_relations.set_copy(act, unit=unit, to=to, since=since)
            self._desk.registry.unit(to, valid_on=since)

        return await self._change(code, command, version, key)

    async def end_copy(
        self, act: Act, *, code: str, to: str, last_day: date, version: int | None = None, key: RequestKey | None = None
    ) -> Receipt:
        """抄送终止."""

        def command(unit: Unit) -> None:
            unit_relations.end_copy(act, unit=unit, to=to, last_day=last_day)

        return await self._change(code, command, version, key)

    def of(self, code: str, on: date, *, limit: int = PAGE) -> Relations:
        """How a unit stands on a day; at most `limit` of those below and of those it reads. Refuses `NoSuchEntry`."""
        registry = self._desk.registry
        unit = registry.unit(code)

        def units(keep: Callable[[Unit], bool]) -> list[str]:
            return [each.code for each in registry.entries(Unit, keep, limit=limit)]

        return Relations(
            unit=code, on=on, above=chain_above(unit, on, registry.unit),
            below=units(lambda each: each.in_force(on) and unit_relations.above(each, on) == code),
            copied_to=copied_to(unit, on),
            copied_from=units(lambda each: each.in_force(on) and code in copied_to(each, on)),
        )  # fmt: skip

    def _supervision_of(self, code: str) -> Sequence[Above]:
        return self._desk.registry.unit(code).supervision

    async def _change(
        self, code: str, command: Callable[[Unit], None], version: int | None, key: RequestKey | None,
        alone: AbstractAsyncContextManager[None] | None = None,
    ) -> Receipt:  # fmt: skip
        async with alone or nullcontext():
            return await self._desk.change(Unit, code, command, version=version, key=key)


def standing_copies(
    registry: Registry, lead: Unit, on: date, *, beside: Collection[str], avoid: Collection[str]
) -> list[str]:
    """抄送关系: who reads what `lead` leads on a day, besides those named already.

    A unit closed meanwhile and one that a requester complains about (`avoid`) are left out: nobody named them here,
    so nobody is to be refused for them.
    """
    return [to for to in copied_to(lead, on) if to not in {*beside, *avoid, lead.code} and _takes(registry, to, on)]


def _takes(registry: Registry, code: str, on: date) -> bool:
    try:
        return registry.unit(code).in_force(on)
    except NoSuchEntry:
        return False
