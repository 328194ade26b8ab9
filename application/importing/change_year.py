"""A year of changes 年度变更: all lines of one year happen at once, on its first day.

The list compares the edition of a year with the one before, so codes pass round within the year: who leaves is
asked first, then who comes. A day of a year is thus answered from that year's edition.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from application.importing.change_doubts import (
    ABOLISHED,
    FOUNDED,
    MOVED_SEAT,
    REASSIGNED,
    RENAMED,
    YearDoubts,
    guessed_target,
    mistaken,
    moves,
    replaces,
    untold,
)
from application.importing.change_ground import ChangeGround
from application.importing.change_rows import ChangeRow, Side
from application.importing.report import ImportPlan, Outcome
from domain.refusals import Refused
from domain.registry.division import Division
from domain.registry.succession import Doubt, How


@dataclass(eq=False)
class _Going:
    """Who leaves a code: for `to` when they go on elsewhere, else they end."""

    rows: tuple[ChangeRow, ...]
    side: Side
    to: Side | None
    place: Division


class ChangeYear:
    """Replays `rows` of one year on `ground` and settles each line in `plan`."""

    def __init__(self, ground: ChangeGround, year: int, rows: Sequence[ChangeRow], plan: ImportPlan) -> None:
        self._ground, self._plan = ground, plan
        self._rows = rows
        self._since, self._eve = date(year, 1, 1), date(year, 1, 1) - timedelta(days=1)
        self._doubts = YearDoubts(year, rows)
        self._why: dict[int, str] = {}
        self._added: set[int] = set()
        self._same: dict[int, str] = {}
        self._places: dict[int, Division] = {}
        self._supposed: dict[int, Division] = {}

    def replay(self) -> None:
        """Whoever leaves, leaves before anybody comes."""
        told = [row for row in self._rows if self._can_be_told(row)]
        goings, comings = self._goings(told), self._comings(told)
        self._follow(goings, comings)
        self._require_room(goings, comings)
        for going in goings:
            self._let_go(going)
        self._arrive(comings)
        for row in told:
            self._rename_or_link(row)
        for row in told:
            self._settle(row)

    def _can_be_told(self, row: ChangeRow) -> bool:
        """Whether a line names places by code; else it is settled here."""
        if why := untold(row):
            outcome = Outcome.LEFT_OUT if row.kind == MOVED_SEAT else Outcome.PENDING
            self._plan.note(row.line, row.code, outcome, why)
        return not why

    def _goings(self, rows: Iterable[ChangeRow]) -> list[_Going]:
        found = []
        for row in rows:
            if not row.old.code:
                continue
            if (left := self._ground.left_by(row.old.code)) is not None:
                self._places[row.line] = left
                self._why[row.line] = f"此前各行说 {row.old.code} 已空出，与本行矛盾，未照办"
                continue
            place = self._places[row.line] = self._ground.before(row.old, self._since.year)
            if (known := self._ground.name_of(place)) != row.old.name:
                self._why[row.line] = f"此前各行说 {row.old.code} 是{known}，与本行矛盾，未照办"
            elif why := mistaken(row):
                self._why[row.line] = why
            elif self._is_strange(row):
                self._why[row.line] = f"不认识的变更“{row.kind}”或缺代码，未照办"
            elif row.kind != RENAMED or moves(row):
                self._why[row.line] = self._doubts.of(row) or guessed_target(row)
                sure = moves(row) and not self._why[row.line]
                found.append(_Going((row,), row.old, row.new if sure else None, place))
        return found

    def _is_strange(self, row: ChangeRow) -> bool:
        paired = moves(row) or replaces(row) or row.kind in {RENAMED, REASSIGNED}
        return not (paired and row.new.code) and row.kind != ABOLISHED

    def _comings(self, rows: Iterable[ChangeRow]) -> list[ChangeRow]:
        """Lines whose new place is not the old one moved."""
        found = []
        for row in rows:
            apart = row.kind in {FOUNDED, REASSIGNED} or replaces(row) or (moves(row) and bool(self._why.get(row.line)))
            if row.new.code and apart and not self._is_contradicted(row):
                found.append(row)
        return found

    def _is_contradicted(self, row: ChangeRow) -> bool:
        return "未照办" in self._why.get(row.line, "")

    def _follow(self, goings: list[_Going], comings: list[ChangeRow]) -> None:
        """Who leaves one code and comes to another is one place that moved: told by the path of names, then by
        the name alone when nobody else in the province has it that year and it is no district's."""
        for mark in (_path, _name):
            leaving = {
                mark(one.side): one for one in goings if one.rows[0].kind in {REASSIGNED, ABOLISHED} and not one.to
            }
            coming = {mark(row.new): row for row in comings if row.kind in {REASSIGNED, FOUNDED}}
            left, come = Counter(mark(one.side) for one in goings), Counter(mark(row.new) for row in comings)
            for told in [told for told in leaving if told and told in coming]:
                going, row = leaving[told], coming[told]
                if left[told] == come[told] == 1 and len(going.side.code) == len(row.new.code):
                    going.rows, going.to = (*going.rows, row), row.new
                    comings.remove(row)

    def _require_room(self, goings: list[_Going], comings: list[ChangeRow]) -> None:
        """Drop what would come to a code that its holder keeps, until all that is left fits."""
        while True:
            leaving = {going.side.code for going in goings}
            firsts = {going.to.code: going for going in reversed(goings) if going.to is not None}
            full = [
                going
                for going in goings
                if going.to is not None and (self._is_kept(going.to, leaving) or firsts[going.to.code] is not going)
            ]
            for going in full:
                self._contradict(going.rows, going.to)
                goings.remove(going)
            for row in [row for row in comings if self._is_kept(row.new, leaving)]:
                self._turn_away(row)
                comings.remove(row)
            if not full:
                return

    def _is_kept(self, side: Side, leaving: set[str]) -> bool:
        return side.code not in leaving and self._ground.holder(side.code) is not None

    def _turn_away(self, row: ChangeRow) -> None:
        holder = self._ground.holder(row.new.code)
        if holder is not None and self._ground.name_of(holder) == row.new.name:
            self._same[row.line], self._supposed[row.line] = f"{row.new.code} 此前已是{row.new.name}", holder
        else:
            self._contradict((row,), row.new)

    def _contradict(self, rows: Sequence[ChangeRow], side: Side | None) -> None:
        code = "" if side is None else side.code
        holder = self._ground.holder(code)
        named = "同年另有一行也改用" if holder is None else f"此前各行说仍是{self._ground.name_of(holder)}"
        for row in rows:
            self._why[row.line] = f"{code} {named}，与本行矛盾，未照办"
            if holder is not None:
                self._places.setdefault(row.line, holder)

    def _let_go(self, going: _Going) -> None:
        row, keys = going.rows[0], [row.key for row in going.rows]
        try:
            if going.to is None:
                why = self._ground.leave(going.place, going.side.code, self._eve, doc_no=row.doc_no, rows=keys)
            else:
                why = self._ground.move(going.place, going.to, self._since, doc_no=row.doc_no, rows=keys)
                if self._why.get(row.line):
                    self._why[row.line] = f"去向靠重名补全，未取；该地同年改用 {going.to.code}，按改码记"
        except Refused as refused:
            for one in going.rows:
                self._refuse(one, refused, going.place)
            return
        if why:
            self._why[row.line] = why

    def _refuse(self, row: ChangeRow, refused: Refused, place: Division) -> None:
        self._why[row.line] = f"{refused.detail().rstrip('。')}，未照办"
        self._places.setdefault(row.line, place)

    def _arrive(self, comings: Sequence[ChangeRow]) -> None:
        by_code: defaultdict[str, list[ChangeRow]] = defaultdict(list)
        for row in comings:
            by_code[row.new.code].append(row)
        for code, rows in by_code.items():
            if self._ground.holder(code) is not None:
                self._contradict(rows, rows[0].new)
                continue
            together = [row for row in rows if row.new.name == rows[0].new.name]
            place = self._ground.founded(rows[0].new, self._since, [row.key for row in together])
            for row in rows:
                if row not in together:
                    self._contradict([row], row.new)
                    continue
                self._supposed[row.line] = place
                self._places.setdefault(row.line, place)
                if row.kind == FOUNDED:
                    self._added.add(row.line)
                elif row.kind == REASSIGNED and self._places[row.line].valid_until is not None:
                    self._why[row.line] = "同码换名，前后两名都别无来去，是更名还是另设分不清；按另设记"

    def _rename_or_link(self, row: ChangeRow) -> None:
        place, target, ground = self._places.get(row.line), self._supposed.get(row.line), self._ground
        if place is None or self._is_contradicted(row):
            return
        said: dict[str, Any] = {
            "since": self._since, "source": ground.source, "doc_no": row.doc_no, "rows": [row.key],
        }  # fmt: skip
        try:
            if row.kind == RENAMED and not moves(row):
                place.rename(ground.act, name=row.new.name, table=ground.table, **said)
            elif replaces(row) and target is not None and not self._why.get(row.line):
                place.pass_on(ground.act, [target], How.REPLACED, **said)
        except Refused as refused:
            self._refuse(row, refused, place)

    def _settle(self, row: ChangeRow) -> None:
        why, place = self._why.get(row.line, ""), self._places.get(row.line)
        if not why:
            outcome = Outcome.ADDED if row.line in self._added else Outcome.CHANGED
            if row.line in self._same and not replaces(row):
                outcome = Outcome.UNCHANGED
            self._plan.note(row.line, row.code, outcome, self._same.get(row.line, ""))
            return
        if place is not None:
            target = self._supposed.get(row.line) or self._target(row)
            supposed = "" if target is None or target is place else str(target.id)
            doubt = Doubt(row.key, row.year, row.kind, supposed, row.new.code, row.new.name, row.note, why)
            place.doubt(self._ground.act, doubt, source=self._ground.source, doc_no=row.doc_no)
        self._plan.note(row.line, row.code, Outcome.PENDING, why)

    def _target(self, row: ChangeRow) -> Division | None:
        """Whom a line's new name seems to mean in its own year, whatever code it gives."""
        if not row.new.name:
            return None
        found = self._ground.holder(row.new.code) if row.new.code else None
        if found is not None and self._ground.name_of(found) == row.new.name:
            return found
        return self._ground.named(row.new.name, row.old.province)


def _path(side: Side) -> str:
    return side.path if "/" in side.path else ""


def _name(side: Side) -> str:
    return "" if side.name.endswith("区") else f"{side.province} {side.name}"
