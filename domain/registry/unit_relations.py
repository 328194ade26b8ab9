"""单位关系: under which unit a unit stands (主管), and to whom the matters it leads are copied (抄送), by period.

A unit stands under one other at a time, and never, not even on a single day, under itself by way of others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from domain.actor import Act, Role, record
from domain.registry.entry import administer, in_force, still_kept
from domain.registry.refusals import BadPeriod, NothingChanged
from domain.registry.unit_refusals import (
    CopyOnRecord,
    CopyToItself,
    NoCopyRelation,
    NotSupervised,
    SupervisedSince,
    SupervisionCycle,
)
from domain.step import Step

if TYPE_CHECKING:
    from domain.registry.unit import Unit

Above = tuple[str, str, str | None]
"""A supervising unit, the first and the last day, None while no end is known."""
SupervisionOf = Callable[[str], Iterable[Above]]
"""The supervising units of a unit, one after the other."""


class UnitEvent(Step):
    """Base of the events of `Unit`."""


class PlacedUnder(UnitEvent):
    """归口主管: under `above` from `since` on; who was above before is so up to the day before."""

    TOPIC = "unit.placed_under"
    above: str
    since: str

    def apply(self, unit: Unit) -> None:
        eve = (date.fromisoformat(self.since) - timedelta(days=1)).isoformat()
        before = [(above, first, _earlier(last, eve)) for above, first, last in unit.supervision if first < self.since]
        unit.supervision = (*before, (self.above, self.since, None))


class SupervisionEnded(UnitEvent):
    """主管终止: under nobody after `last_day`."""

    TOPIC = "unit.supervision_ended"
    last_day: str

    def apply(self, unit: Unit) -> None:
        *before, (above, first, _) = unit.supervision
        unit.supervision = (*before, (above, first, self.last_day))


class CopySet(UnitEvent):
    """抄送: what the unit leads is copied to `to` from `since` on."""

    TOPIC = "unit.copy_set"
    to: str
    since: str

    def apply(self, unit: Unit) -> None:
        unit.copies = {**unit.copies, self.to: (*unit.copies.get(self.to, ()), (self.since, None))}


class CopyEnded(UnitEvent):
    """抄送终止 after `last_day`."""

    TOPIC = "unit.copy_ended"
    to: str
    last_day: str

    def apply(self, unit: Unit) -> None:
        *before, (first, _) = unit.copies[self.to]
        unit.copies = {**unit.copies, self.to: (*before, (first, self.last_day))}


def above(unit: Unit, on: date) -> str | None:
    """The unit it stands under on a day."""
    return next((code for code, first, last in unit.supervision if in_force(on, first, last)), None)


def copied_to(unit: Unit, on: date) -> list[str]:
    """The units to which what it leads on a day is copied."""
    return sorted(to for to, periods in unit.copies.items() if any(in_force(on, *period) for period in periods))


def chain_above(unit: Unit, on: date, find: Callable[[str], Unit]) -> list[str]:
    """Its supervising unit on a day, that one's, and so on to the top."""
    found: list[str] = []
    code = above(unit, on)
    while code is not None and code not in found:
        found.append(code)
        code = above(find(code), on)
    return found


def place_under(act: Act, *, unit: Unit, above: str, since: date, supervision_of: SupervisionOf) -> None:
    """归口主管. Refuses `SupervisionCycle` naming the circle, `SupervisedSince`, `NothingChanged`, `NoLongerKept`."""
    role = _kept_by(act, unit)
    if unit.supervision:
        known, first, last = unit.supervision[-1]
        if since.isoformat() < first:
            raise SupervisedSince(unit=unit.code, since=first, above=known)
        if known == above and last is None:
            raise NothingChanged(kind="主管单位", code=unit.code)
    if circle := circle_closed(unit.code, above, since.isoformat(), supervision_of):
        raise SupervisionCycle(day=since, circle=" → ".join(circle), units=circle)
    record(unit, PlacedUnder, act, role, above=above, since=since.isoformat())


def end_supervision(act: Act, *, unit: Unit, last_day: date) -> None:
    """主管终止 after `last_day`. Refuses `NotSupervised`, `BadPeriod`, `NoLongerKept`."""
    role = _kept_by(act, unit)
    _, first, last = unit.supervision[-1] if unit.supervision else ("", "", "")
    if last is not None:
        raise NotSupervised(unit=unit.code, day=last_day)
    record(unit, SupervisionEnded, act, role, last_day=_ending(first, last_day))


def set_copy(act: Act, *, unit: Unit, to: str, since: date) -> None:
    """设定抄送. Refuses `CopyToItself`, `CopyOnRecord` while one is in force then or later, `NoLongerKept`."""
    role = _kept_by(act, unit)
    if to == unit.code:
        raise CopyToItself(unit=unit.code)
    for first, last in unit.copies.get(to, ()):
        if last is None or since.isoformat() <= last:
            raise CopyOnRecord(unit=unit.code, to=to, since=first)
    record(unit, CopySet, act, role, to=to, since=since.isoformat())


def end_copy(act: Act, *, unit: Unit, to: str, last_day: date) -> None:
    """抄送终止 after `last_day`. Refuses `NoCopyRelation`, `BadPeriod`, `NoLongerKept`."""
    role = _kept_by(act, unit)
    first, last = unit.copies.get(to, (("", ""),))[-1]
    if last is not None:
        raise NoCopyRelation(unit=unit.code, to=to, day=last_day)
    record(unit, CopyEnded, act, role, to=to, last_day=_ending(first, last_day))


def _kept_by(act: Act, unit: Unit) -> Role:
    role = administer(act, unit.place)
    still_kept(unit.label, unit.code, unit.valid_until, act.at)
    return role


def _ending(first: str, last_day: date) -> str:
    if last_day.isoformat() < first:
        raise BadPeriod(first=first, last=last_day)
    return last_day.isoformat()


def circle_closed(unit: str, above: str, since: str, supervision_of: SupervisionOf) -> Sequence[str]:
    """The units of a circle that would close on some day from `since` on; none when there is none.

    Relations come and go, so each step up is taken for the days in which all steps before it hold too.
    """
    steps: list[tuple[list[str], str, str | None]] = [([unit, above], since, None)]
    while steps:
        path, first, last = steps.pop()
        if path[-1] == unit:
            return path
        if path[-1] in path[:-1]:
            continue
        for higher, begins, ends in supervision_of(path[-1]):
            begins, until = max(first, begins), _earlier(last, ends)
            if until is None or begins <= until:
                steps.append(([*path, higher], begins, until))
    return []


def _earlier(one: str | None, other: str | None) -> str | None:
    days = [day for day in (one, other) if day is not None]
    return min(days, default=None)
