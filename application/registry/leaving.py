"""离岗交接: a member of staff leaves, and everything they have in hand goes on in other hands.

Who is to take over is settled for every piece of work before the first is handed over; work without a taker is
named, and nothing happens. Cases are handed over one by one, each by an event of its own, then the entries of the
registry together with the leaving. An order that broke off is given again: what was handed over is no longer there.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import date

from application.ports import Logs, Receipt, RequestKey
from application.reaching import reach
from application.registry.case_handing import CaseHanding
from application.registry.desk import RegistryDesk
from application.registry.entry_handing import handed_over
from application.registry.open_work import (
    MOST_ITEMS,
    CasesInHand,
    OpenItem,
    OpenWork,
    case_item,
    registered_work,
)
from application.registry.registry import PAGE, Entry
from application.registry.taking_over import Handed, Takers
from application.views import Boards
from domain.actor import Act
from domain.refusals import Stale
from domain.registry.entry import administer, civil_day
from domain.registry.staff import Staff
from domain.registry.staff_refusals import OpenWorkLeft

_MOST_NAMED = 10


class Leaving:
    """离岗与交接."""

    def __init__(self, desk: RegistryDesk, logs: Logs, boards: Boards, cases: CasesInHand) -> None:
        self._desk, self._logs, self._boards, self._cases = desk, logs, boards, cases
        self._handing = CaseHanding(logs)

    async def open_work(self, code: str, day: date, *, limit: int = PAGE) -> OpenWork:
        """What a member has in hand on a day or later, also who has left. Refuses `NoSuchEntry`, `NotYetVisible`."""
        await self._desk.registry.refresh()
        staff = self._desk.registry.staff(code)
        registered = registered_work(self._desk.registry, staff, day)
        await self._see_all()
        total, cases = await self._cases.of(code, staff.unit, limit)
        items = [*registered, *(case_item(case) for case in cases)]
        return OpenWork(len(registered) + total, items[:limit])

    async def hand_over(
        self, act: Act, *, code: str, successor: str | None = None, version: int | None = None,
        key: RequestKey | None = None,
    ) -> list[Handed]:  # fmt: skip
        """交接 of all a member has in hand, who stays or has left; nothing in hand is nothing done.

        Refuses `OpenWorkLeft` while a piece has no taker, `Stale`, `WrongRole`, `OutsideArea`, `NotYetVisible`, and
        what handing over a case refuses.
        """
        staff = await self._known(code, version)
        administer(act, *staff.areas)
        plan = await self._planned(act, staff, successor)
        entries = self._entries(act, staff, plan)
        await self._handing.hand_over(act, staff.code, plan)
        if entries:
            await self._desk.record(entries, key)
            await self._desk.registry.refresh()
        return plan

    async def leave(
        self, act: Act, *, code: str, successor: str | None = None, version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:  # fmt: skip
        """离岗, at once, all in hand handed over first. Refuses as `hand_over` does, `SelfGrant`, `NoLongerKept`."""
        staff = await self._known(code, version)
        if staff.left_on is None:
            deepcopy(staff).leave(act)
            plan = await self._planned(act, staff, successor)
            self._entries(act, staff, plan)
            await self._handing.hand_over(act, code, plan)

        def decide(loaded: Sequence[Staff]) -> list[Entry]:
            loaded[0].leave(act)
            return [loaded[0], *self._entries(act, staff, self._require_takers(act, staff, successor, []))]

        receipt = await self._desk.change_several(Staff, {code: version}, decide, key=key)
        await self._sweep(act, staff, successor)
        return receipt

    async def _sweep(self, act: Act, staff: Staff, successor: str | None) -> None:
        """Hand over what the member took in hand between the look and the leaving; the rest stays in sight."""
        _, cases = await self._found(staff)
        takers = Takers(self._desk.registry, staff, successor, civil_day(act.at))
        late = [Handed(item, taker) for item in cases if (taker := takers.of(item)) is not None]
        await self._handing.hand_over(act, staff.code, late)

    async def _known(self, code: str, version: int | None) -> Staff:
        await self._desk.registry.refresh()
        staff = self._desk.registry.staff(code)
        if version not in {None, staff.version} and staff.left_on is None:
            raise Stale(expected=version, actual=staff.version)
        return staff

    async def _planned(self, act: Act, staff: Staff, successor: str | None) -> list[Handed]:
        total, cases = await self._found(staff)
        if total > len(cases):
            more = f"等，一次最多交接 {MOST_ITEMS} 件"
            raise OpenWorkLeft(staff=staff.code, total=total, work=_named(cases), more=more)
        return self._require_takers(act, staff, successor, cases)

    async def _found(self, staff: Staff) -> tuple[int, list[OpenItem]]:
        await self._see_all()
        total, cases = await self._cases.of(staff.code, staff.unit, MOST_ITEMS)
        return total, [case_item(case) for case in cases]

    def _require_takers(self, act: Act, staff: Staff, successor: str | None, cases: Sequence[OpenItem]) -> list[Handed]:
        """Every piece of the registry's work and of `cases` with its taker. Refuses `OpenWorkLeft`."""
        day = civil_day(act.at)
        takers = Takers(self._desk.registry, staff, successor, day)
        work = [(item, takers.of(item)) for item in (*registered_work(self._desk.registry, staff, day), *cases)]
        left = [item for item, taker in work if taker is None]
        if left:
            more = "等" if len(left) > _MOST_NAMED else ""
            raise OpenWorkLeft(staff=staff.code, total=len(left), work=_named(left), more=more)
        return [Handed(item, taker) for item, taker in work if taker is not None]

    def _entries(self, act: Act, staff: Staff, plan: Sequence[Handed]) -> list[Entry]:
        """The entries of the registry as they are once handed over, not yet recorded."""
        return handed_over(replace(act, stated=False), self._desk.registry, staff.code, plan)

    async def _see_all(self) -> None:
        """Wait until the boards show all that was written before: a case accepted a moment ago is one in hand."""
        for log in self._logs.every():
            await reach(self._boards, log.log_id, await log.last_position())


def _named(items: Sequence[OpenItem]) -> str:
    return "、".join(item.told() for item in items[:_MOST_NAMED])
