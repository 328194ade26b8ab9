"""Ground 底本: the divisions a change list speaks of, as they are after the lines replayed so far.

Works on copies of what is registered; who holds a code is asked of GB/T 2260, the table such lists compare.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from datetime import date
from uuid import UUID

from application.importing.change_rows import Side
from application.registry.recoding import require_free
from application.registry.registry import Registry
from domain.actor import Act
from domain.place import parent_of
from domain.refusals import Refused
from domain.registry.code_table import CodeTable, TableCode, open_code
from domain.registry.division import Division, another_id
from domain.registry.entry import entry_id

TABLE = CodeTable.GB2260


class ChangeGround:
    """`base` is the first day of the year before the list's first: what a line finds was there by then."""

    def __init__(self, act: Act, registry: Registry, source: str, base: date) -> None:
        self.act, self.source, self.table = act, source, TABLE
        self._registry, self._base = registry, base
        self._copies: dict[UUID, Division] = {}
        self._held: dict[str, Division | None] = {}
        self._left: dict[str, Division] = {}
        self._by_name: dict[tuple[str, str], list[Division]] = {}

    @property
    def work(self) -> list[Division]:
        """All divisions that something happened to."""
        return [division for division in self._copies.values() if division.pending_events]

    def holder(self, code: str) -> Division | None:
        """Who has a code now."""
        if code not in self._held:
            found = [placed.division for placed in self._registry.code_book.ever(code)]
            found = [one for one in found if (said := open_code(one.codes, TABLE)) is not None and said.code == code]
            self._held[code] = self._copy(found[-1]) if found else None
        return self._held[code]

    def left_by(self, code: str) -> Division | None:
        """Who had a code last that nobody has now, None when somebody has it or nobody ever had."""
        if self.holder(code) is not None:
            return None
        if code not in self._left:
            for placed in self._registry.code_book.ever(code):
                if any(said.table == TABLE for said in placed.said):
                    self._left[code] = self._copy(placed.division)
        return self._left.get(code)

    def name_of(self, division: Division) -> str:
        """What the table calls it."""
        said = open_code(division.codes, TABLE)
        return division.name if said is None else said.name

    def before(self, side: Side, year: int) -> Division:
        """Who had the code when the year began. One nobody spoke of yet has been there since before the list."""
        found = self.holder(side.code)
        if found is not None:
            return found
        eve = date(year - 1, 12, 31)
        for placed in self._registry.code_book.places_of(side.code, eve):
            if any(said.name == side.name for said in placed.said):
                return self._joined(placed.division, side)
        return self._register(side, self._base, self._base.year, ())

    def founded(self, side: Side, since: date, rows: Sequence[str]) -> Division:
        """A place that begins."""
        return self._register(side, since, since.year, rows)

    def move(self, place: Division, side: Side, since: date, *, doc_no: str, rows: Sequence[str]) -> str:
        """Give a place its new code; why the registry goes on speaking of it by the old one, or ""."""
        old, why = open_code(place.codes, TABLE), self._bound(place, since)
        place.recode(
            self.act, code=side.code, since=since, source=self.source, table=TABLE, name=side.name, year=since.year,
            doc_no=doc_no, leads=not why, rows=rows,
        )  # fmt: skip
        if old is not None:
            self._vacate(old.code, place)
        self._held[side.code] = place
        return f"{why}；新代码已记，登记仍用旧代码" if why else ""

    def leave(self, place: Division, code: str, last_day: date, *, doc_no: str, rows: Sequence[str]) -> str:
        """End a place; why it goes on, or ""."""
        why = self._bound(place, last_day)
        if not why:
            place.abolish(self.act, last_day=last_day, source=self.source, doc_no=doc_no, rows=rows)
            self._vacate(code, place)
        return f"{why}；未照撤" if why else ""

    def named(self, name: str, province: str) -> Division | None:
        """The one place of a name in a province that the list has touched, None when there are none or several."""
        found = [one for one in self._by_name.get((province, name), ()) if one.valid_until is None]
        return found[0] if len(found) == 1 else None

    def touched(self) -> list[Division]:
        """Who holds a code by what was replayed."""
        return [division for division in self._held.values() if division is not None]

    def recognise(self) -> None:
        """Settle what places of the list are to those that other tables tell of under the same code.

        One of the same name, told of later, is the same place; one of another name is whom the code means.
        """
        for place in self.touched():
            said = open_code(place.codes, TABLE)
            if said is None or place.table != TABLE or not place.pending_events:
                continue
            others = [one.division for one in self._registry.code_book.ever(said.code) if one.division.table != TABLE]
            same = next((one for one in others if _told_later(one, said)), None)
            meant = next((one for one in others if (one.code, one.valid_until) == (said.code, None)), None)
            if same is not None:
                self._join(place, self._copy(same))
            elif meant is not None and not place.behind:
                place.stand_back(self.act, meant, source=self.source)

    def _join(self, place: Division, keeper: Division) -> None:
        for said in place.codes:
            if said.table == TABLE:
                keeper.give_code(self.act, said, source=self.source)
        place.turn_out_as(self.act, keeper, source=self.source)

    def _joined(self, place: Division, side: Side) -> Division:
        """A place that another table told of: what it was called when the list began is this table's word too."""
        copy = self._copy(place)
        first = max(self._base.isoformat(), copy.valid_from)
        said = TableCode(TABLE.value, self._base.year, side.code, side.name, first, None)
        copy.give_code(self.act, said, source=self.source)
        self._keep(copy, side)
        return copy

    def _register(self, side: Side, first: date, year: int, rows: Sequence[str]) -> Division:
        id = entry_id(Division.TOPIC, side.code)
        if self._registry.holds(id) or id in self._copies:
            id = another_id(side.code, side.name, TABLE, first)
        new = Division.register(
            self.act, code=side.code, name=side.name, parent=parent_of(side.code), source=self.source,
            valid_from=first, table=TABLE, year=year, rows=rows, id=id,
        )  # fmt: skip
        self._copies[new.id] = new
        self._keep(new, side)
        return new

    def _vacate(self, code: str, place: Division) -> None:
        # Of a year's lines the one who comes may be replayed before the one who leaves.
        if self._held.get(code) is place:
            self._held[code], self._left[code] = None, place

    def _keep(self, place: Division, side: Side) -> None:
        self._held[side.code] = place
        self._by_name.setdefault((side.province, side.name), []).append(place)

    def _copy(self, place: Division) -> Division:
        # The registry's own entry is for reading; the copy's version makes a change in between a conflict.
        if place.id not in self._copies:
            self._copies[place.id] = deepcopy(place)
        return self._copies[place.id]

    def _bound(self, place: Division, day: date) -> str:
        """Why the registry cannot let go of a place's code yet: others speak of it."""
        if place.table == TABLE:
            return ""
        try:
            require_free(self._registry, place, day)
        except Refused as refused:
            return refused.detail().rstrip("。")
        return ""


def _told_later(place: Division, said: TableCode) -> bool:
    """Whether other tables tell of a place of this code and name, from this day or later, and this table does not."""
    others = [each for each in place.codes if each.table != TABLE]
    return len(others) == len(place.codes) and any(
        (each.code, each.name, each.valid_until) == (said.code, said.name, None) and each.valid_from >= said.valid_from
        for each in others
    )
