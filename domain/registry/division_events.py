"""Events of `Division`: what became of a place, its codes and its name. Topics are for ever.

`rows` are lines of a change list that an event was taken from, as keys that tell a line taken before.
Days are ISO; `apply` only assigns.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from eventsourcing.domain import Aggregate

from domain.registry.code_table import TableCode, added, ended, last_code, said_anew
from domain.registry.entry import civil_day
from domain.registry.succession import Doubt, Succession
from domain.step import Step

if TYPE_CHECKING:
    from domain.registry.division import Division


class DivisionEvent(Step):
    """Base of the events of `Division`."""


class Created(DivisionEvent, Aggregate.Created):
    """Never recorded; the library wants it named."""

    TOPIC = "division.created"


class Registered(Created):
    """登记. `parent` is "" for a province; `source` names the list, `table` and `year` the code table and edition."""

    TOPIC = "division.registered"
    VERSION = 2
    code: str
    name: str
    parent: str
    valid_from: str
    valid_until: str | None
    source: str
    table: str
    year: int | None
    rows: list[str]


class Renamed(DivisionEvent):
    """更名 in one table, from `since` on; None: from the day it was recorded."""

    TOPIC = "division.renamed"
    VERSION = 2
    name: str
    source: str
    table: str
    since: str | None
    doc_no: str
    rows: list[str]

    def apply(self, division: Division) -> None:
        since = self.since or civil_day(self.timestamp).isoformat()
        now = last_code(division.codes, self.table)
        if now is not None and (now.valid_until is None or since <= now.valid_until):
            first = max(since, now.valid_from)
            division.codes = said_anew(division.codes, replace(now, name=self.name, valid_from=first))
        elif now is None:
            new = TableCode(self.table, None, division.code, self.name, since, division.valid_until)
            division.codes = added(division.codes, new)
        leading = last_code(division.codes, division.table)
        if self.table == division.table or leading is None or leading.valid_from <= since:
            division.name, division.source = self.name, self.source


class Abolished(DivisionEvent):
    """撤销, with all its codes."""

    TOPIC = "division.abolished"
    VERSION = 2
    last_day: str
    source: str
    doc_no: str
    rows: list[str]

    def apply(self, division: Division) -> None:
        division.valid_until = self.last_day
        division.codes = ended(division.codes, self.last_day)


class CodeGiven(DivisionEvent):
    """赋码: a table's code for the place. When it `leads`, the registry speaks of the place by it from now on."""

    TOPIC = "division.code_given"
    table: str
    year: int | None
    code: str
    name: str
    valid_from: str
    valid_until: str | None
    source: str
    leads: bool
    parent: str
    rows: list[str]

    def apply(self, division: Division) -> None:
        new = TableCode(self.table, self.year, self.code, self.name, self.valid_from, self.valid_until)
        division.codes = added(division.codes, new)
        division.valid_from = min(division.valid_from, self.valid_from)
        if self.leads:
            division.table, division.source = self.table, self.source
            division.behind = division.behind if self.code == division.code else ""
            division.code, division.name, division.parent = self.code, self.name, self.parent


class Recoded(DivisionEvent):
    """改码: in one table another code from `since` on, of another parent when its beginning differs (改隶)."""

    TOPIC = "division.recoded"
    table: str
    year: int | None
    code: str
    name: str
    since: str
    parent: str
    doc_no: str
    source: str
    leads: bool
    rows: list[str]

    def apply(self, division: Division) -> None:
        new = TableCode(self.table, self.year, self.code, self.name, self.since, None)
        division.codes = said_anew(division.codes, new)
        if self.leads:
            division.table, division.source = self.table, self.source
            division.behind = division.behind if self.code == division.code else ""
            division.code, division.name, division.parent = self.code, self.name, self.parent


class Succeeded(DivisionEvent):
    """承接: from `since` on its ground, or a part of it, is that of `successors` (ids of divisions)."""

    TOPIC = "division.succeeded"
    successors: list[str]
    how: str
    since: str
    doc_no: str
    source: str
    rows: list[str]

    def apply(self, division: Division) -> None:
        division.successions = (*division.successions, Succession(tuple(self.successors), self.how, self.since))


class StoodBack(DivisionEvent):
    """让码: by its code the registry speaks of another division; this one is found by table or id."""

    TOPIC = "division.stood_back"
    behind: str
    source: str

    def apply(self, division: Division) -> None:
        division.behind = self.behind


class SameAs(DivisionEvent):
    """同一: two streams turned out to tell of one place; `keeper` is the one it goes by."""

    TOPIC = "division.same_as"
    keeper: str
    source: str

    def apply(self, division: Division) -> None:
        division.keeper = self.keeper


class Doubted(DivisionEvent):
    """存疑: a line of a change list that is not taken as it stands, kept as text until a person decides."""

    TOPIC = "division.doubted"
    row: str
    year: int
    kind: str
    supposed: str
    other_code: str
    other_name: str
    doc_no: str
    note: str
    why: str
    source: str

    def apply(self, division: Division) -> None:
        doubt = Doubt(
            self.row, self.year, self.kind, self.supposed, self.other_code, self.other_name, self.note, self.why
        )
        division.doubts = {**division.doubts, self.row: doubt}


class DoubtSettled(DivisionEvent):
    """存疑了结."""

    TOPIC = "division.doubt_settled"
    row: str
    verdict: str

    def apply(self, division: Division) -> None:
        division.doubts = {row: doubt for row, doubt in division.doubts.items() if row != self.row}
