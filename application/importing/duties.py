"""Importing duty lists 准入清单导入: lists that streets and communities already have, as often as they come.

Brought in by who may review what goes on these lists; each duty tells its document. What is registered but not in
the file stays. A duty ends when the file says so; one that ended is never opened again by a file.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import date

from application.importing.duty_rows import DutyRow, read_duties
from application.importing.report import ImportPlan, ImportReport, Line, Outcome, carry_out
from application.registry.admission_rules import AdmissionRules
from application.registry.desk import RegistryDesk
from domain.actor import Act
from domain.refusals import Refused
from domain.registry.entry import administer, civil_day
from domain.registry.unit import Unit


class ImportingDuties:
    """准入清单导入. `rules` say who may bring a list in."""

    def __init__(self, desk: RegistryDesk, rules: AdmissionRules) -> None:
        self._desk, self._rules = desk, rules

    async def run(
        self, act: Act, content: bytes, *, dry_run: bool = False, skip_rejected: bool = False
    ) -> ImportReport:
        """Take a CSV file with unit, class, since, until and document. Refuses `BadFile`, `WrongRole`."""
        administer(act)
        rows = list(read_duties(content))
        await self._desk.registry.refresh()
        plan = _Plan(act, self._desk, self._rules)
        plan.take(rows)
        return await carry_out(plan.settled(), self._desk, dry_run=dry_run, skip_rejected=skip_rejected)


class _Plan:
    """What the file asks for, held against the lists there are."""

    def __init__(self, act: Act, desk: RegistryDesk, rules: AdmissionRules) -> None:
        self._act, self._registry, self._rules = act, desk.registry, rules
        self._units: dict[str, Unit] = {}
        self._seen: dict[tuple[str, str, date], int] = {}
        self._plan = ImportPlan()

    def take(self, rows: list[DutyRow | Line]) -> None:
        """Periods of one list follow each other, wherever they stand in the file."""
        self._plan.lines += [row for row in rows if isinstance(row, Line)]
        for row in sorted((row for row in rows if isinstance(row, DutyRow)), key=lambda row: (row.since, row.line)):
            try:
                outcome, note = self._settle(row)
            except Refused as refused:
                outcome, note = Outcome.REJECTED, refused.detail()
            self._plan.note(row.line, row.code, outcome, note)

    def settled(self) -> ImportPlan:
        """The plan with the units that change."""
        self._plan.work += [unit for unit in self._units.values() if unit.pending_events]
        return self._plan

    def _settle(self, row: DutyRow) -> tuple[Outcome, str]:
        known = self._seen.setdefault((row.unit, row.category, row.since), row.line)
        if known != row.line:
            return Outcome.REJECTED, f"与第 {known} 行的单位、小类和首日重复"
        unit, act = self._unit(row.unit), replace(self._act, reason=row.document)
        ends = dict(unit.duties.get(row.category, ()))
        if row.since.isoformat() not in ends:
            self._require_class(row)
            unit.admit_duty(act, category=row.category, since=row.since)
            if row.until is not None:
                unit.revoke_duty(act, category=row.category, last_day=row.until)
            return Outcome.ADDED, ""
        registered, wanted = ends[row.since.isoformat()], row.until and row.until.isoformat()
        if registered == wanted:
            return Outcome.UNCHANGED, ""
        if registered is not None or row.until is None:
            return Outcome.REJECTED, f"清单中这段准入到 {registered} 为止，文件中为“{wanted or '长期'}”，请核对"
        unit.revoke_duty(act, category=row.category, last_day=row.until)
        return Outcome.CHANGED, f"到 {wanted} 为止，原为长期"

    def _unit(self, code: str) -> Unit:
        """The copy that changes: the registry's own entry is for reading. Refuses `OutsideArea`, `NoSuchEntry`."""
        if code not in self._units:
            unit = self._registry.unit(code, valid_on=civil_day(self._act.at))
            self._rules.require_reviewer(self._act, unit)
            self._units[code] = deepcopy(unit)
        return self._units[code]

    def _require_class(self, row: DutyRow) -> None:
        """Refuses `NoSuchEntry`, and `NotValidThen` for what the catalogue no longer or not yet has."""
        today = civil_day(self._act.at)
        past = row.until is not None and row.until < today
        self._registry.case_type(row.category, valid_on=None if past else max(row.since, today))
