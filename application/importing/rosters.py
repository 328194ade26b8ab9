"""Importing duty rosters 值班表导入: a list becomes shifts, as often as it comes.

A line is a new shift, passes a known one to another member, ends it earlier, changes nothing, or is rejected with its
reason. A unit's first shift opens its roster. A shift that is not in the file stays as it is.
"""

from __future__ import annotations

import asyncio
from copy import deepcopy
from dataclasses import dataclass
from datetime import date

from application.importing.report import ImportPlan, ImportReport, Outcome, Progress, carry_out
from application.importing.roster_rows import RosterRow, read_roster
from application.registry.desk import RegistryDesk
from application.registry.registry import Registry
from application.registry.rosters import new_roster, require_of_unit
from domain.actor import Act
from domain.refusals import Refused
from domain.registry.duty_roster import DutyRoster
from domain.registry.entry import administer, civil_day, entry_id
from domain.registry.roster_refusals import BadShift
from domain.registry.shift import Shift, When

_AT_A_TIME = 500


class ImportingRosters:
    """值班表导入."""

    def __init__(self, desk: RegistryDesk) -> None:
        self._desk = desk

    async def run(
        self, act: Act, content: bytes, *, dry_run: bool = False, skip_rejected: bool = False,
        progress: Progress = lambda settled, lines: None,
    ) -> ImportReport:  # fmt: skip
        """Take a CSV file. Refuses `BadFile`, `WrongRole`; units outside the actor's area are rejected line by line."""
        administer(act)
        rows = list(read_roster(content))
        await self._desk.registry.refresh()
        plan, rosters = ImportPlan(), _Rosters(act, self._desk.registry)
        for settled, row in enumerate(rows, start=1):
            if isinstance(row, RosterRow):
                _settle(plan, rosters, row)
            else:
                plan.lines.append(row)
            if settled % _AT_A_TIME == 0:
                progress(settled, len(rows))
                await asyncio.sleep(0)
        plan.work += rosters.changed()
        return await carry_out(plan, self._desk, dry_run=dry_run, skip_rejected=skip_rejected)


@dataclass(frozen=True)
class _Known:
    """A roster under work, and how many of its events are not the file's: that which opens a new one."""

    roster: DutyRoster
    own: int


class _Rosters:
    """The rosters of a file. The registry's are for reading; a copy's version makes a change in between a conflict."""

    def __init__(self, act: Act, registry: Registry) -> None:
        self._act, self._registry = act, registry
        self._today = civil_day(act.at)
        self._known: dict[str, _Known] = {}
        self._lines: dict[tuple[str, When, date | None], int] = {}

    def changed(self) -> list[DutyRoster]:
        """Those for which the file said something new."""
        return [known.roster for known in self._known.values() if len(known.roster.pending_events) > known.own]

    def settle(self, row: RosterRow) -> tuple[Outcome, str]:
        """What becomes of one line, decided on its roster. Refuses what setting and passing a shift do."""
        self._registry.unit(row.unit, valid_on=self._today)
        require_of_unit(self._registry.staff(row.member), row.unit)
        roster = self._of(row.unit)
        since = row.day or row.first_day or self._today
        when = When(row.weekdays, row.days, row.day.isoformat() if row.day else "", row.begins, row.ends)
        line = self._lines.setdefault((row.unit, when, row.first_day), row.line)
        if line != row.line:
            raise BadShift(problem=f"与第 {line} 行是同一班")
        if (shift := roster.found(when, since)) is not None:
            return self._compare(roster, shift, row, since)
        roster.set_shift(
            self._act, member=row.member, begins=row.begins, ends=row.ends, day=row.day, weekdays=row.weekdays,
            days=row.days, first_day=row.first_day, last_day=row.last_day,
        )  # fmt: skip
        return Outcome.ADDED, ""

    def _compare(self, roster: DutyRoster, shift: Shift, row: RosterRow, since: date) -> tuple[Outcome, str]:
        last = None if row.last_day is None else row.last_day.isoformat()
        if not shift.dated and last != shift.last_day:
            if shift.last_day is not None and (last is None or last > shift.last_day):
                raise BadShift(problem=f"此班已定至 {shift.last_day} 止，请自次日另起一行")
            roster.withdraw_shift(self._act, shift=shift.number, last_day=row.last_day)
            return Outcome.CHANGED, f"第 {shift.number} 班至 {last} 止"
        if shift.member == row.member:
            return Outcome.UNCHANGED, ""
        roster.pass_shift(self._act, shift=shift.number, to=row.member, since=None if shift.dated else since)
        return Outcome.CHANGED, f"原为 {shift.member}"

    def _of(self, unit: str) -> DutyRoster:
        if unit not in self._known:
            if self._registry.holds(entry_id(DutyRoster.TOPIC, unit)):
                self._known[unit] = _Known(deepcopy(self._registry.find(DutyRoster, unit)), 0)
            else:
                self._known[unit] = _Known(new_roster(self._act, self._registry, unit), 1)
        return self._known[unit].roster


def _settle(plan: ImportPlan, rosters: _Rosters, row: RosterRow) -> None:
    try:
        outcome, note = rosters.settle(row)
    except Refused as refused:
        outcome, note = Outcome.REJECTED, refused.detail()
    plan.note(row.line, row.unit, outcome, note)
