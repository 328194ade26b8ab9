"""Importing divisions 区划导入: a table's list of places comes in, as often as it comes; in one save or not at all.

Lines that are neither below `within` nor above it are left out; what is registered but not listed stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from application.importing.division_list import DivisionList, Edition
from application.importing.division_rows import DivisionRow, read_rows
from application.importing.report import ImportReport, Line, carry_out
from application.importing.township_rows import read_townships
from application.registry.desk import RegistryDesk
from domain.actor import Act
from domain.registry.code_table import CodeTable
from domain.registry.entry import administer, wording

_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")


class ImportingDivisions:
    """区划导入. The same list again changes nothing."""

    def __init__(self, desk: RegistryDesk) -> None:
        self._desk = desk

    async def run(
        self, act: Act, content: bytes, *, source: str, valid_from: date, table: CodeTable = CodeTable.NBS,
        year: int | None = None, within: str = "", dry_run: bool = False, skip_rejected: bool = False,
    ) -> ImportReport:  # fmt: skip
        """Take a CSV file with level, code, name and parent_code. Refuses `BadFile`, `WrongRole`, `BadText`."""
        edition = _edition(table, year, source, valid_from)
        return await self._run(act, lambda: read_rows(content), edition, within, dry_run, skip_rejected)

    async def townships(
        self, act: Act, content: bytes, *, source: str, valid_from: date, year: int | None = None, within: str = "",
        dry_run: bool = False, skip_rejected: bool = False,
    ) -> ImportReport:  # fmt: skip
        """Take the civil affairs' CSV file with county_code, county, code12 and name. Refuses as `run` does."""
        edition = _edition(CodeTable.MCA, year, source, valid_from)
        return await self._run(act, lambda: read_townships(content), edition, within, dry_run, skip_rejected)

    async def _run(
        self, act: Act, read: Callable[[], Iterator[DivisionRow | Line]], edition: Edition, within: str, dry_run: bool,
        skip_rejected: bool,
    ) -> ImportReport:  # fmt: skip
        administer(act)
        rows = list(read())
        await self._desk.registry.refresh()
        plan = DivisionList(act, self._desk.registry, edition, within).take(rows)
        return await carry_out(plan, self._desk, dry_run=dry_run, skip_rejected=skip_rejected)


def _edition(table: CodeTable, year: int | None, source: str, valid_from: date) -> Edition:
    """The year is told, or is the first in the source's name, or that of the first day."""
    source = wording(source, "来源")
    found = _YEAR.search(source)
    return Edition(table, year or (int(found[0]) if found else valid_from.year), source, valid_from)
