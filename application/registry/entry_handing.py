"""交接登记项: grids, communities, shifts and stand-ins in other hands, each by the event its entry has for it."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from datetime import date, timedelta
from typing import cast
from uuid import UUID

from application.registry.open_work import WorkKind
from application.registry.registry import Entry, EntryT, Registry
from application.registry.taking_over import Handed
from domain.actor import Act
from domain.registry.contact_assignment import ContactAssignment
from domain.registry.duty_roster import DutyRoster
from domain.registry.entry import civil_day
from domain.registry.grid import Grid
from domain.registry.staff import Staff
from domain.registry.standing_in import end_stand_in, name_stand_in


def handed_over(act: Act, registry: Registry, giver: str, given: Iterable[Handed]) -> list[Entry]:
    """Copies of the entries among `given` as they are once handed over, to be recorded; cases are passed by.

    Refuses what each entry refuses.
    """
    handing = _Handing(act, registry, giver)
    for item, taker in ((each.item, each.taker) for each in given):
        match item.kind:
            case WorkKind.GRID:
                handing.copy(Grid, item.code).assign_worker(act, worker=taker.code)
            case WorkKind.SHIFT:
                handing.copy(DutyRoster, item.code).pass_shift(act, shift=item.number, to=taker.code)
            case WorkKind.CONTACT:
                handing.contact(item.code, taker)
            case WorkKind.STAND_IN:
                handing.stand_in(item.code, taker)
            case WorkKind.ISSUE | WorkKind.REQUEST:
                continue
    return list(handing.copies.values())


class _Handing:
    """The registry's own entries are for reading; a copy's version makes a change in between a conflict."""

    def __init__(self, act: Act, registry: Registry, giver: str) -> None:
        self._act, self._registry, self._giver = act, registry, giver
        self._today = civil_day(act.at)
        self.copies: dict[UUID, Entry] = {}

    def copy(self, kind: type[EntryT], code: str) -> EntryT:
        entry = self._registry.find(kind, code)
        if entry.id not in self.copies:
            self.copies[entry.id] = deepcopy(entry)
        return cast(EntryT, self.copies[entry.id])

    def contact(self, code: str, taker: Staff) -> None:
        contact = self.copy(ContactAssignment, code)
        _, first, last = contact.held[-1]
        since, until = max(self._today, date.fromisoformat(first)), None if last is None else date.fromisoformat(last)
        contact.pass_on(self._act, leader=taker, since=since, until=until)

    def stand_in(self, code: str, taker: Staff) -> None:
        """From today on `taker` stands in for the member `code` as the giver did."""
        member, helped = self.copy(Staff, code), self._registry.helped_by(code)
        for one in member.stand_ins:
            if one.stand_in == self._giver and self._today.isoformat() <= one.last_day:
                first = date.fromisoformat(one.first_day)
                since = max(self._today, first)
                end_stand_in(self._act, staff=member, first=first, last=since - timedelta(days=1))
                name_stand_in(
                    self._act, staff=member, by=taker, helped=helped, roles=[role.value for role in one.roles],
                    first=since, last=date.fromisoformat(one.last_day),
                )  # fmt: skip
