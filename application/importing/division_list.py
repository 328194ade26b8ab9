"""Division list 区划清单: what one edition of one table asks for, held against what is registered.

A line is a new place, one more code of a known one, a new name or code, or nothing new. Who is in one table only
becomes a place of its own; of two places with one code the registry means the one whose table comes first.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from application.importing.division_matching import matched
from application.importing.division_rows import DivisionRow
from application.importing.report import ImportPlan, Line, Outcome
from application.registry.recoding import require_free
from application.registry.registry import Registry
from domain.actor import Act
from domain.refusals import NoSuchEntry, NotValidThen, Refused
from domain.registry.code_table import CodeTable, TableCode, open_code
from domain.registry.division import Division, another_id
from domain.registry.entry import entry_id
from domain.registry.succession import SAME_CODE, Doubt


@dataclass(frozen=True)
class Edition:
    """版本: which table, of which year, where it was taken from, and from which day it holds here."""

    table: CodeTable
    year: int
    source: str
    valid_from: date


class DivisionList:
    """Settles lines into `plan`."""

    def __init__(self, act: Act, registry: Registry, edition: Edition, within: str = "") -> None:
        self._act, self._registry, self._edition, self._within = act, registry, edition, within
        self._taken: dict[str, int] = {}
        self._copies: dict[UUID, Division] = {}
        self._new: dict[str, Division] = {}
        self._recoded: dict[str, Division] = {}
        self._absent: dict[int, str] = {}
        self.plan = ImportPlan()

    def take(self, rows: Sequence[DivisionRow | Line]) -> ImportPlan:
        """Parents come before their children, wherever they stand in the list."""
        self.plan.lines += [row for row in rows if isinstance(row, Line)]
        wanted = [row for row in rows if isinstance(row, DivisionRow) and self._is_wanted(row)]
        top = min((len(row.code) for row in wanted), default=0)
        wanted.sort(key=lambda row: (len(row.code), row.parent, row.line))
        for (digits, parent), group in groupby(wanted, key=lambda row: (len(row.code), row.parent)):
            self._take_group(parent, digits, self._once(list(group)), is_top=digits == top)
        self.plan.work += [division for division in self._copies.values() if division.pending_events]
        return self.plan

    def _is_wanted(self, row: DivisionRow) -> bool:
        wanted = row.code.startswith(self._within) or self._within.startswith(row.code)
        if not wanted:
            self.plan.note(row.line, row.code, Outcome.LEFT_OUT, f"不在 {self._within} 之内")
        return wanted

    def _once(self, rows: list[DivisionRow]) -> list[DivisionRow]:
        first: dict[str, DivisionRow] = {}
        for row in rows:
            if row.code in first:
                self._reject(row, f"与第 {first[row.code].line} 行的代码重复")
            first.setdefault(row.code, row)
        return list(first.values())

    def _take_group(self, parent: str, digits: int, rows: list[DivisionRow], *, is_top: bool) -> None:
        try:
            wrong = None if self._has_parent(parent) or is_top else f"上级 {parent} 未登记，文件中也没有可用的一行"
        except Refused as refused:
            wrong = refused.detail()
        if wrong is not None:
            for row in rows:
                self._reject(row, wrong)
            return
        if not self._has_parent(parent):
            self._absent[rows[0].line] = f"上级 {parent} 未登记，其下的照收；请另行导入含有它的名单"
        places = matched(rows, self._known(parent, digits), self._edition.table)
        # Who moves to another code makes way for who comes to it.
        for row in sorted(rows, key=lambda row: row.line not in places):
            self._settle(row, places.get(row.line))

    def _settle(self, row: DivisionRow, place: Division | None) -> None:
        try:
            outcome, note = self._register(row) if place is None else self._compare(row, place)
        except Refused as refused:
            self._reject(row, refused.detail())
            return
        self._taken[row.code] = row.line
        if place is not None and place.id in self._copies:
            self._recoded[row.code] = self._copies[place.id]
        absent = "" if outcome is Outcome.UNCHANGED else self._absent.get(row.line, "")
        self.plan.note(row.line, row.code, outcome, note or absent)

    def _compare(self, row: DivisionRow, place: Division) -> tuple[Outcome, str]:
        edition, said = self._edition, open_code(place.codes, self._edition.table)
        if said is not None and (said.code, said.name) == (row.code, row.name):
            return Outcome.UNCHANGED, ""
        if said is not None and said.code == row.code:
            self._copy(place).rename(
                self._act, name=row.name, source=edition.source, table=edition.table, since=edition.valid_from
            )
            return Outcome.CHANGED, f"原名{said.name}"
        if said is not None:
            return self._recode(row, place, said)
        return self._give(row, place)

    def _recode(self, row: DivisionRow, place: Division, said: TableCode) -> tuple[Outcome, str]:
        edition = self._edition
        bound = self._bound(place) if place.table == edition.table else ""
        self._copy(place).recode(
            self._act, code=row.code, since=edition.valid_from, source=edition.source, table=edition.table,
            name=row.name, year=edition.year, leads=place.table == edition.table and not bound,
        )  # fmt: skip
        return (Outcome.PENDING, bound) if bound else (Outcome.CHANGED, f"原代码 {said.code}")

    def _give(self, row: DivisionRow, place: Division) -> tuple[Outcome, str]:
        edition, theirs = self._edition, CodeTable(place.table)
        leads = edition.table.precedes(theirs)
        bound = self._bound(place) if leads and place.code != row.code else ""
        note = "" if place.code == row.code else f"{place.name}在{theirs.label}表中的代码是 {place.code}"
        note = note or ("" if place.name == row.name else f"在{theirs.label}表中称{place.name}，认作一地")
        copy = self._copy(place)
        renames = theirs is CodeTable.OWN and edition.table is CodeTable.NBS and place.code == row.code
        if renames and place.name != row.name:
            copy.rename(self._act, name=row.name, source=edition.source)
        first = edition.valid_from.isoformat()
        said = TableCode(edition.table.value, edition.year, row.code, row.name, first, place.valid_until)
        copy.give_code(self._act, said, source=edition.source, leads=leads and not bound)
        return (Outcome.PENDING, bound) if bound else (Outcome.CHANGED, note)

    def _bound(self, place: Division) -> str:
        """Why the registry goes on speaking of a place by its old code, or ""."""
        try:
            require_free(self._registry, place, self._edition.valid_from)
        except Refused as refused:
            return f"新代码已记，登记仍用旧代码：{refused.detail()}"
        return ""

    def _register(self, row: DivisionRow) -> tuple[Outcome, str]:
        edition, holder = self._edition, self._holder(row.code)
        if holder is not None and holder.name == row.name and not holder.in_force(edition.valid_from):
            raise NotValidThen(kind=holder.label, code=row.code, day=edition.valid_from)
        id = entry_id(Division.TOPIC, row.code)
        if self._registry.holds(id):
            id = another_id(row.code, row.name, edition.table, edition.valid_from)
        new = Division.register(
            self._act, code=row.code, name=row.name, parent=row.parent, source=edition.source,
            valid_from=edition.valid_from, table=edition.table, year=edition.year, id=id,
        )  # fmt: skip
        if holder is None or not _remains(holder, edition.valid_from):
            note = Outcome.ADDED, "" if holder is None else f"代码原属{holder.name}，已于 {holder.valid_until} 终止"
        else:
            note = self._stand_back(new, holder)
        self._copies[new.id] = self._new[row.code] = new
        return note

    def _stand_back(self, new: Division, holder: Division) -> tuple[Outcome, str]:
        """One of two places with one code makes way; a person may find that they are one."""
        edition, theirs = self._edition, CodeTable(holder.table)
        said = f"代码在{theirs.label}表中是{holder.name}，名称不同，不并"
        if edition.table.precedes(theirs) and not self._bound(holder):
            self._make_way(self._copy(holder), new, said)
            return Outcome.ADDED, f"{said}；代码今后指本区划"
        self._make_way(new, holder, said)
        return Outcome.PENDING, f"{said}；另立一个区划，是否同一地请核对"

    def _make_way(self, place: Division, meant: Division, why: str) -> None:
        edition = self._edition
        place.stand_back(self._act, meant, source=edition.source)
        if CodeTable.GB2260 not in (place.table, meant.table):
            row = f"{edition.year} {SAME_CODE} {place.code} {place.name} {meant.name}"
            doubt = Doubt(row, edition.year, SAME_CODE, str(meant.id), meant.code, meant.name, "", why)
            place.doubt(self._act, doubt, source=edition.source)

    def _holder(self, code: str) -> Division | None:
        """Whom the registry means by a code when the lines settled so far are taken."""
        if code in self._new:
            return self._new[code]
        held = [self._copies.get(one.division.id, one.division) for one in self._registry.code_book.ever(code)]
        held = [one for one in held if one.code == code and not one.behind]
        return max(held, key=lambda one: (one.valid_until is None, one.valid_from), default=None)

    def _known(self, parent: str, digits: int) -> list[Division]:
        """Places below a parent by any of the codes the parent goes by."""
        day, book = self._edition.valid_from, self._registry.code_book
        parents = {parent}
        for placed in book.ever(parent):
            owner = self._copies.get(placed.division.id, placed.division)
            parents |= {each.code for each in owner.codes if each.table != CodeTable.GB2260}
        if parent in self._recoded:
            parents |= {each.code for each in self._recoded[parent].codes if each.table != CodeTable.GB2260}
        found = {one.id: one for code in parents for one in book.below(code, digits) if _there(one, code)}
        return [one for one in found.values() if _remains(one, day)]

    def _has_parent(self, parent: str) -> bool:
        """Refuses `NotValidThen` for a parent that is registered but not valid when the list begins."""
        if parent == "" or parent in self._taken:
            return True
        try:
            self._registry.division(parent, valid_on=self._edition.valid_from)
        except NoSuchEntry:
            return False
        return True

    def _copy(self, place: Division) -> Division:
        # The registry's own entry is for reading; the copy's version makes a change in between a conflict.
        if place.id not in self._copies:
            self._copies[place.id] = deepcopy(place)
        return self._copies[place.id]

    def _reject(self, row: DivisionRow, why: str) -> None:
        self.plan.note(row.line, row.code, Outcome.REJECTED, why)


def _remains(place: Division, day: date) -> bool:
    return place.valid_until is None or place.valid_until >= day.isoformat()


def _there(place: Division, parent: str) -> bool:
    return any(each.code.startswith(parent) and each.valid_until is None for each in place.codes) or (
        place.valid_until is not None and place.parent == parent
    )
