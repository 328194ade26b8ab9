"""Files of ledgers: `application.statistics.ledger.Sheets` as workbooks (XlsxWriter) and as CSV that offices can open.

Both are written row by row and keep nothing. No cell is ever a formula: what people wrote may begin like one.
"""

from __future__ import annotations

import asyncio
import csv
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter

from application.statistics.ledger import Cell, Heading, LedgerForm, Sheet
from domain.registry.entry import CIVIL_TIME

LONGEST_CELL = 32_767
"""What a cell of a workbook can hold, in characters."""
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet takes a cell of a CSV file that begins so for a formula, some also with the wide signs."""
_BOM = "\ufeff"


class LedgerFiles:
    """Writes in threads, since neither compressing nor the disk waits for others."""

    @asynccontextmanager
    async def open(
        self, form: LedgerForm, path: Path, *, title: str, note: str, headings: Sequence[Heading]
    ) -> AsyncIterator[Sheet]:
        # Beside where it goes, so that it is put there in one step, and goes with all of its parts when it is not.
        room = await asyncio.to_thread(TemporaryDirectory, dir=path.parent, prefix=".ledger-")
        try:
            whole = Path(room.name) / "ledger"
            file = await asyncio.to_thread(_begun, form, whole, title, note, headings)
            try:
                yield _InThread(file)
            finally:
                await asyncio.to_thread(file.close)
            await asyncio.to_thread(whole.replace, path)
        finally:
            await asyncio.to_thread(room.cleanup)


def _begun(
    form: LedgerForm, path: Path, title: str, note: str, headings: Sequence[Heading]
) -> _Csv | _Workbook:  # fmt: skip
    return (_Csv if form is LedgerForm.CSV else _Workbook)(path, title, note, headings)


class _InThread:
    def __init__(self, file: _Csv | _Workbook) -> None:
        self._file = file

    async def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        await asyncio.to_thread(self._file.write, rows)


class _Csv:
    """UTF-8 with its mark, without which offices' programs take it for another encoding."""

    def __init__(self, path: Path, title: str, note: str, headings: Sequence[Heading]) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._file.write(_BOM)
        self._rows = csv.writer(self._file)
        self._rows.writerow([harmless(note)])
        self._rows.writerow([harmless(heading.text) for heading in headings])

    def write(self, rows: Iterable[Sequence[Cell]]) -> None:
        self._rows.writerows([_as_text(cell) for cell in row] for row in rows)

    def close(self) -> None:
        self._file.close()


class _Workbook:
    """One sheet: the note, the headings, both always in sight, then the rows."""

    def __init__(self, path: Path, title: str, note: str, headings: Sequence[Heading]) -> None:
        plain = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
        self._book: Any = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent), **plain})
        self._sheet = self._book.add_worksheet(title)
        self._instant = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        bold = self._book.add_format({"bold": True, "bottom": 1})
        for number, heading in enumerate(headings):
            self._sheet.set_column(number, number, heading.width)
        self._sheet.freeze_panes(2, 0)
        self._sheet.write_string(0, 0, note)
        for number, heading in enumerate(headings):
            self._sheet.write_string(1, number, heading.text, bold)
        self._next = 2

    def write(self, rows: Iterable[Sequence[Cell]]) -> None:
        for row in rows:
            for number, cell in enumerate(row):
                match cell:
                    case None | "":
                        pass
                    case datetime():
                        self._sheet.write_datetime(self._next, number, shown(cell), self._instant)
                    case str():
                        self._sheet.write_string(self._next, number, cell[:LONGEST_CELL])
                    case _:
                        self._sheet.write_number(self._next, number, cell)
            self._next += 1

    def close(self) -> None:
        self._book.close()


def harmless(text: str) -> str:
    """`text` as a cell of a CSV file that no spreadsheet reckons: with a ' before what begins a formula."""
    return f"'{text}" if text.startswith(BEGINS_A_FORMULA) else text


def shown(at: datetime) -> datetime:
    """The instant as the clocks of the city show it, to the second: sheets know neither zones nor less."""
    return at.astimezone(CIVIL_TIME).replace(tzinfo=None, microsecond=0)


def _as_text(cell: Cell) -> str | int | float:
    match cell:
        case None:
            return ""
        case datetime():
            return shown(cell).isoformat(" ")
        case str():
            return harmless(cell)
    return cell
