"""Ledgers 台账: which there are, what may be asked of one, and what a file of one is made of."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from application.views import Question
from domain.actor import Actor

Cell = str | int | float | datetime | None
"""What stands in a sheet. Instants are aware; whoever writes the sheet shows them in the city's zone."""
MOST_ROWS = 1_000_000
"""A sheet holds 1 048 576, and a person none of them."""


class Ledger(StrEnum):
    """One kind of ledger; its value names it in addresses and commands."""

    ISSUES = "issues"  #: 案件台账
    REQUESTS = "requests"  #: 诉求台账
    UNITS = "units"  #: 单位绩效台账
    CALL_BACKS = "call-backs"  #: 回访台账
    RETURNS = "returns"  #: 退单台账

    @property
    def label(self) -> str:
        """The word people read."""
        return _LABELS[self]


_LABELS = {
    Ledger.ISSUES: "案件台账", Ledger.REQUESTS: "诉求台账", Ledger.UNITS: "单位绩效台账",
    Ledger.CALL_BACKS: "回访台账", Ledger.RETURNS: "退单台账",
}  # fmt: skip


class LedgerForm(StrEnum):
    """What a file of one is."""

    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True)
class LedgerQuestion:
    """筛选: which rows. None means whatever; `columns` none means the usual ones."""

    ledger: Ledger
    since: datetime
    until: datetime
    street: str | None = None
    community: str | None = None
    grid: str | None = None
    unit: str | None = None
    category: str | None = None
    channel: str | None = None
    stages: Sequence[str] = ()
    overdue: bool | None = None
    columns: Sequence[str] = ()

    def of_board(self) -> Question:
        """The same as a question to the boards, for all of its rows."""
        return Question(
            stages=self.stages, grid=self.grid, community=self.community, street=self.street, unit=self.unit,
            category=self.category, channel=self.channel, overdue=self.overdue, since=self.since, until=self.until,
            limit=MOST_ROWS + 1,
        )  # fmt: skip


@dataclass(frozen=True)
class ReturnRow:
    """One return 退单, granted or refused: who gave the case back, for what, and what the case is now."""

    log_id: str
    id: Any
    number: int
    kind: str
    at: datetime
    unit: str
    place: str
    category: str
    channel: str
    reason: str | None
    stage: str
    lead: str


@dataclass(frozen=True)
class Rows:
    """The rows of a ledger as they stood together at `positions`; `total` of them, some hundred at a time."""

    total: int
    positions: Mapping[str, int]
    batches: AsyncIterator[Sequence[Any]]


class LedgerRows(Protocol):
    """Where rows come from: all of one instant, bounded in memory whatever their number."""

    def issues(
        self, actor: Actor, question: Question, now: datetime, *, words: bool
    ) -> AbstractAsyncContextManager[Rows]:
        """Rows of `IssueView`, the newest first."""

    def requests(
        self, actor: Actor, question: Question, now: datetime, *, words: bool
    ) -> AbstractAsyncContextManager[Rows]:
        """Rows of `RequestView`, the newest first."""

    def returns(self, actor: Actor, question: Question, now: datetime) -> AbstractAsyncContextManager[Rows]:
        """Rows of `ReturnRow`, the newest first."""


@dataclass(frozen=True)
class Heading:
    """A column of a sheet: its Chinese heading and its width in characters."""

    text: str
    width: int


class Sheet(Protocol):
    """A file being written, row after row."""

    async def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Add rows."""


class Sheets(Protocol):
    """Files of ledgers."""

    def open(
        self, form: LedgerForm, path: Path, *, title: str, note: str, headings: Sequence[Heading]
    ) -> AbstractAsyncContextManager[Sheet]:
        """A new file that begins with `note` and the headings; whole when left without an error."""


@dataclass(frozen=True)
class Column:
    """What a ledger may show. One of people's own words is shown only when asked for, to who may read them."""

    key: str
    heading: Heading
    read: Callable[[Any], Cell]
    usual: bool = True
    words: bool = False
