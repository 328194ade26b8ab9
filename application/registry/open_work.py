"""在手工作: what a member of staff has in hand, from grids to cases: what leaving must not lose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from application.registry.registry import Registry
from domain.registry.contact_assignment import ContactAssignment
from domain.registry.duty_roster import DutyRoster
from domain.registry.entry import entry_id
from domain.registry.grid import Grid
from domain.registry.staff import Staff

MOST_ITEMS = 10_000


class WorkKind(StrEnum):
    """在手工作的种类."""

    GRID = "grid"  #: 网格, as its worker
    CONTACT = "contact"  #: 包联社区
    SHIFT = "shift"  #: 值班班次
    STAND_IN = "stand_in"  #: 代他人的班
    ISSUE = "issue"  #: 已签收未办结的网格事件
    REQUEST = "request"  #: 待反馈的诉求

    @property
    def label(self) -> str:
        """The word people read."""
        return _LABELS[self]


_LABELS = {
    WorkKind.GRID: "网格", WorkKind.CONTACT: "包联社区", WorkKind.SHIFT: "值班班次", WorkKind.STAND_IN: "代班",
    WorkKind.ISSUE: "网格事件", WorkKind.REQUEST: "诉求",
}  # fmt: skip


@dataclass(frozen=True)
class OpenItem:
    """One piece of work: `code` is the entry's or the case's, `number` the case's or the shift's, else 0.

    `unit` is whose work it is, "" when the place alone matters.
    """

    kind: WorkKind
    code: str
    place: str
    unit: str = ""
    number: int = 0

    def told(self) -> str:
        """As people speak of it."""
        number = f" 第 {self.number} 号" if self.kind in {WorkKind.ISSUE, WorkKind.REQUEST} else ""
        shift = f" 第 {self.number} 班" if self.kind is WorkKind.SHIFT else ""
        return f"{self.kind.label} {self.code}{number}{shift}"


@dataclass(frozen=True)
class CaseInHand:
    """A case that one member of staff accepted or contacted the requester of, as the boards show it."""

    case: str
    log_id: str
    id: UUID
    number: int
    place: str
    lead: str


@dataclass(frozen=True)
class OpenWork:
    """All there is, and the first so many of it."""

    total: int
    items: list[OpenItem]


class CasesInHand(Protocol):
    """The boards' answer to what one member of staff has in hand."""

    async def of(self, staff: str, unit: str, limit: int) -> tuple[int, list[CaseInHand]]:
        """How many cases there are and the first `limit`, by log and number. `unit` is the member's."""


def case_item(case: CaseInHand) -> OpenItem:
    """A case as a piece of work."""
    return OpenItem(WorkKind(case.case), str(case.id), case.place, case.lead, case.number)


def registered_work(registry: Registry, staff: Staff, day: date) -> list[OpenItem]:
    """What the registry gives a member to do on some day from `day` on."""
    return [*_grids(registry, staff.code, day), *_contacts(registry, staff.code, day), *_shifts(registry, staff, day),
            *_stand_ins(registry, staff.code, day)]  # fmt: skip


def _grids(registry: Registry, staff: str, day: date) -> Iterator[OpenItem]:
    def keep(grid: Grid) -> bool:
        return grid.worker == staff and (grid.valid_until is None or day.isoformat() <= grid.valid_until)

    for grid in registry.entries(Grid, keep, limit=MOST_ITEMS):
        yield OpenItem(WorkKind.GRID, grid.code, grid.code)


def _contacts(registry: Registry, staff: str, day: date) -> Iterator[OpenItem]:
    for contact in registry.entries(ContactAssignment, lambda one: one.ends_with(staff, day), limit=MOST_ITEMS):
        yield OpenItem(WorkKind.CONTACT, contact.code, contact.code)


def _shifts(registry: Registry, staff: Staff, day: date) -> Iterator[OpenItem]:
    if registry.holds(entry_id(DutyRoster.TOPIC, staff.unit)):
        roster = registry.find(DutyRoster, staff.unit)
        for shift in roster.standing(day):
            if shift.member == staff.code:
                yield OpenItem(WorkKind.SHIFT, roster.code, roster.place, roster.unit, shift.number)


def _stand_ins(registry: Registry, staff: str, day: date) -> Iterator[OpenItem]:
    for other in registry.helped_by(staff):
        if any(one.stand_in == staff and day.isoformat() <= one.last_day for one in other.stand_ins):
            yield OpenItem(WorkKind.STAND_IN, other.code, other.areas[0], other.unit)
