"""Importing division changes 区划变更导入: a list of what became of places, year by year, replayed as events.

Every line becomes events of the places it speaks of, or is kept with them as a doubt for a person to decide.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from itertools import groupby

from application.importing.change_doubts import untold
from application.importing.change_ground import ChangeGround
from application.importing.change_rows import ChangeRow, read_changes
from application.importing.change_year import ChangeYear
from application.importing.report import ImportPlan, ImportReport, Line, Outcome, Progress, carry_out
from application.registry.desk import RegistryDesk
from application.registry.recoding import of_history
from domain.actor import Act
from domain.registry.code_table import CodeTable
from domain.registry.entry import wording


class ImportingDivisionChanges:
    """区划变更导入. The same list again changes nothing; a list of later years goes on where the first ended."""

    def __init__(self, desk: RegistryDesk) -> None:
        self._desk = desk

    async def run(
        self, act: Act, content: bytes, *, source: str, dry_run: bool = False, skip_rejected: bool = False,
        progress: Progress = lambda settled, lines: None,
    ) -> ImportReport:  # fmt: skip
        """Take a CSV file with year, type and the place before and after.

        Refuses `BadFile`, `WrongRole`, `OutsideArea`. Who keeps the whole city's registry may: the list is the
        country's, and codes of old begin otherwise.
        """
        act = of_history(act, self._desk.city)
        read = list(read_changes(content))
        await self._desk.registry.refresh()
        plan = ImportPlan(lines=[row for row in read if isinstance(row, Line)])
        rows = self._new([row for row in read if isinstance(row, ChangeRow)], plan)
        if rows:
            await self._replay(act, wording(source, "来源"), rows, plan, progress)
        return await carry_out(plan, self._desk, dry_run=dry_run, skip_rejected=skip_rejected)

    def _new(self, rows: Sequence[ChangeRow], plan: ImportPlan) -> list[ChangeRow]:
        """Those not taken before. One of a year before the last taken cannot be replayed any more."""
        book = self._desk.registry.code_book
        last = book.years[1] if book.years else 0
        seen: dict[str, int] = {}
        found = []
        for row in rows:
            if row.key in seen:
                plan.note(row.line, row.code, Outcome.UNCHANGED, f"与第 {seen[row.key]} 行相同")
            elif book.taken(row.key) or (row.year < last and self._is_so(row)):
                plan.note(row.line, row.code, Outcome.UNCHANGED)
            elif row.year < last and not untold(row):
                plan.note(
                    row.line, row.code, Outcome.REJECTED, f"{last} 年的变更已导入，更早的不能再补；请按年份先后导入"
                )
            else:
                found.append(row)
            seen.setdefault(row.key, row.line)
        return found

    def _is_so(self, row: ChangeRow) -> bool:
        """Whether a line founds what had that code and name then anyway, so that no event tells of the line."""
        there = self._desk.registry.code_book.places_of(row.new.code, date(row.year, 1, 1), CodeTable.GB2260)
        return not row.old.code and any(said.name == row.new.name for placed in there for said in placed.said)

    async def _replay(self, act: Act, source: str, rows: list[ChangeRow], plan: ImportPlan, progress: Progress) -> None:
        book, settled = self._desk.registry.code_book, 0
        first = min(rows[0].year, *(row.year for row in rows), *((book.years[0],) if book.years else ()))
        ground = ChangeGround(act, self._desk.registry, source, date(first - 1, 1, 1))
        for year, of_year in groupby(sorted(rows, key=lambda row: (row.year, row.line)), key=lambda row: row.year):
            lines = list(of_year)
            ChangeYear(ground, year, lines, plan).replay()
            settled += len(lines)
            progress(settled, len(rows))
            await asyncio.sleep(0)
        ground.recognise()
        plan.work += ground.work
