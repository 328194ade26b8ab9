"""Ledgers 台账 as files: rows within the asker's area and level, in columns of their choice, bounded in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from application.disclosure import READERS_OF_WORDS, reads_words
from application.privacy.readings import Readings
from application.registry.registry import Registry
from application.statistics.ledger import (
    MOST_ROWS,
    Column,
    Ledger,
    LedgerForm,
    LedgerQuestion,
    LedgerRows,
    Rows,
    Sheets,
)
from application.statistics.ledger_columns import Names, columns_of
from application.statistics.ledger_note import note_of
from application.statistics.unit_ledger import UnitLedger, unit_columns
from domain.actor import Actor
from domain.refusals import WrongRole
from domain.statistics.ledger_refusals import LedgerTooLong, NoSuchColumn

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Written:
    """How many rows a file holds, and of which positions."""

    rows: int
    positions: dict[str, int]


class Ledgers:
    """Writing ledgers."""

    def __init__(
        self, rows: LedgerRows, sheets: Sheets, registry: Registry, units: UnitLedger, readings: Readings
    ) -> None:  # fmt: skip
        self._rows, self.sheets, self._registry = rows, sheets, registry
        self._units, self._readings = units, readings

    def columns(self, ledger: Ledger, now: datetime) -> Sequence[Column]:
        """All a ledger may show, in their usual order."""
        return unit_columns() if ledger is Ledger.UNITS else columns_of(ledger, Names(self._registry), now)

    async def write(
        self, actor: Actor, question: LedgerQuestion, form: LedgerForm, path: Path, now: datetime,
        progress: Progress = lambda done, total: None,
    ) -> Written:  # fmt: skip
        """A file at `path`; nothing there when refused.

        Refuses `NoSuchColumn`, `WrongRole` for people's words to who may not read them, `LedgerTooLong`.
        """
        columns = self._chosen(actor, question, now)
        words = any(column.words for column in columns)
        async with self._opened(actor, question, now, words=words) as rows:
            if rows.total > MOST_ROWS:
                # Not cut short: a list that ends before its end would be taken for the whole.
                raise LedgerTooLong(most=MOST_ROWS)
            note = note_of(question, rows.positions, now, Names(self._registry))
            done = written = 0
            progress(0, rows.total)
            headings = [column.heading for column in columns]
            async with self.sheets.open(
                form, path, title=question.ledger.label, note=note, headings=headings
            ) as sheet:  # fmt: skip
                async for batch in rows.batches:
                    shown = [row for row in batch if _belongs(question.ledger, row)]
                    if words:
                        await self._readings.of_words(actor, shown)
                    await sheet.write([[column.read(row) for column in columns] for row in shown])
                    done, written = done + len(batch), written + len(shown)
                    progress(done, rows.total)
            return Written(written, dict(rows.positions))

    def _chosen(self, actor: Actor, question: LedgerQuestion, now: datetime) -> Sequence[Column]:
        ledger = question.ledger
        every = self.columns(ledger, now)
        if not question.columns:
            return [column for column in every if column.usual]
        known = {column.key: column for column in every}
        for key in question.columns:
            if key not in known:
                raise NoSuchColumn(ledger=ledger.label, column=key, choices=list(known))
        chosen = [known[key] for key in question.columns]
        if any(column.words for column in chosen) and not reads_words(actor):
            raise WrongRole(needed=sorted(role.label for role in READERS_OF_WORDS))
        return chosen

    def _opened(
        self, actor: Actor, question: LedgerQuestion, now: datetime, *, words: bool
    ) -> AbstractAsyncContextManager[Rows]:  # fmt: skip
        match question.ledger:
            case Ledger.ISSUES:
                return self._rows.issues(actor, question.of_board(), now, words=words)
            case Ledger.REQUESTS | Ledger.CALL_BACKS:
                return self._rows.requests(actor, question.of_board(), now, words=words)
            case Ledger.RETURNS:
                return self._rows.returns(actor, question.of_board(), now)
            case Ledger.UNITS:
                return self._units.opened(actor, question, now)


def _belongs(ledger: Ledger, row: object) -> bool:
    """Whether a row of the board belongs in it: a call-back is one of a request that was called back."""
    return ledger is not Ledger.CALL_BACKS or getattr(row, "called_back_at", None) is not None
