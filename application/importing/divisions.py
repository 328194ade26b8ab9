"""Importing divisions 区划导入: a published list becomes registered divisions, as often as it comes.

A line is registered, renames what is registered, changes nothing, or is rejected with its reason. Lines that
are neither below `within` nor above it are left out; what is registered but not listed stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date

from application.importing.division_rows import DivisionRow, Rejected, read_rows
from application.registry.desk import RegistryDesk
from application.registry.registry import Registry
from domain.actor import Act
from domain.refusals import NotValidThen, Refused
from domain.registry.division import Division
from domain.registry.entry import administer, entry_id

Progress = Callable[[int, int], None]
"""Told after each save how many lines of how many are settled."""

A_SAVE = 500


@dataclass(frozen=True)
class DivisionImport:
    """导入结果. `position` is where the city's log stood after the last save, None when nothing was saved.

    `absent_parents` are codes above the list's top level that nobody registered; their children were taken.
    """

    registered: int
    renamed: int
    unchanged: int
    left_out: int
    rejected: list[Rejected]
    absent_parents: list[str]
    dry_run: bool
    position: int | None

    @property
    def lines(self) -> int:
        """All lines of the list: each is counted once."""
        return self.registered + self.renamed + self.unchanged + self.left_out + len(self.rejected)


class ImportingDivisions:
    """区划导入. A second run with the same list changes nothing; a broken one is finished by the next."""

    def __init__(self, desk: RegistryDesk) -> None:
        self._desk = desk

    async def run(
        self,
        act: Act,
        content: bytes,
        *,
        source: str,
        valid_from: date,
        within: str = "",
        dry_run: bool = False,
        progress: Progress = lambda settled, lines: None,
    ) -> DivisionImport:
        """Take a CSV file with level, code, name and parent_code. Refuses `BadFile`, `WrongRole`."""
        administer(act)
        rows = list(read_rows(content))
        await self._desk.registry.refresh()
        plan = _Plan(act, self._desk.registry, source, valid_from, within)
        plan.take(rows)
        position = None if dry_run else await self._save(plan.work, len(rows), progress)
        return DivisionImport(
            registered=plan.registered,
            renamed=len(plan.work) - plan.registered,
            unchanged=plan.unchanged,
            left_out=plan.left_out,
            rejected=sorted(plan.rejected, key=lambda rejected: rejected.line),
            absent_parents=sorted(plan.absent_parents),
            dry_run=dry_run,
            position=position,
        )

    async def _save(self, work: list[Division], lines: int, progress: Progress) -> int | None:
        position = None
        settled = lines - len(work)
        progress(settled, lines)
        for first in range(0, len(work), A_SAVE):
            batch = work[first : first + A_SAVE]
            position = (await self._desk.record(batch)).position
            settled += len(batch)
            progress(settled, lines)
        await self._desk.registry.refresh()
        return position


class _Plan:
    """What a list asks for, held against what is registered. `work` is what is to be recorded."""

    def __init__(self, act: Act, registry: Registry, source: str, valid_from: date, within: str) -> None:
        self._act, self._registry = act, registry
        self._source, self._valid_from, self._within = source, valid_from, within
        self._taken: dict[str, int] = {}
        self.work: list[Division] = []
        self.rejected: list[Rejected] = []
        self.absent_parents: set[str] = set()
        self.registered = self.unchanged = self.left_out = 0

    def take(self, rows: list[DivisionRow | Rejected]) -> None:
        """Parents come before their children, wherever they stand in the list."""
        self.rejected += [row for row in rows if isinstance(row, Rejected)]
        sound = [row for row in rows if isinstance(row, DivisionRow)]
        wanted = [row for row in sound if self._is_wanted(row.code)]
        self.left_out = len(sound) - len(wanted)
        top = min((len(row.code) for row in wanted), default=0)
        for row in sorted(wanted, key=lambda row: (len(row.code), row.line)):
            try:
                wrong = self._settle(row, is_top=len(row.code) == top)
            except Refused as refused:
                wrong = refused.detail()
            if wrong is None:
                self._taken[row.code] = row.line
            else:
                self.rejected.append(Rejected(row.line, row.code, wrong))

    def _is_wanted(self, code: str) -> bool:
        return code.startswith(self._within) or self._within.startswith(code)

    def _settle(self, row: DivisionRow, *, is_top: bool) -> str | None:
        """Plan one line; what is wrong with it, or None."""
        if row.code in self._taken:
            return f"与第 {self._taken[row.code]} 行的代码重复"
        if self._registry.holds(entry_id(Division.TOPIC, row.code)):
            self._compare(row, self._registry.division(row.code))
            return None
        if not self._has_parent(row.parent):
            if not is_top:
                return f"上级 {row.parent} 未登记，文件中也没有可用的一行"
            self.absent_parents.add(row.parent)
        self.work.append(
            Division.register(
                self._act,
                code=row.code,
                name=row.name,
                parent=row.parent,
                source=self._source,
                valid_from=self._valid_from,
            )
        )
        self.registered += 1
        return None

    def _compare(self, row: DivisionRow, known: Division) -> None:
        """Refuses `NotValidThen` for a code that ended before the list: it may now be another place's."""
        if known.valid_until is not None and not known.in_force(self._valid_from):
            raise NotValidThen(kind=known.label, code=known.code, day=self._valid_from)
        if row.name == known.name:
            self.unchanged += 1
            return
        # The registry's own entry is for reading; the copy's version makes a change in between a conflict.
        renamed = deepcopy(known)
        renamed.rename(self._act, name=row.name, source=self._source)
        self.work.append(renamed)

    def _has_parent(self, parent: str) -> bool:
        """Refuses `NotValidThen` for a parent that is registered but not valid when the list begins."""
        if parent == "" or parent in self._taken:
            return True
        if not self._registry.holds(entry_id(Division.TOPIC, parent)):
            return False
        self._registry.division(parent, valid_on=self._valid_from)
        return True
