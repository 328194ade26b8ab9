"""Division 区划: a place of the administrative tree, from province to community, with its days of validity.

Codes are merged and reassigned every year, and tables disagree on them. So a division is its stream; codes
belong to it, each with table, edition and days (`domain.registry.code_table`). By `code` the registry speaks of it now.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeAlias
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain.actor import Act, record, signature
from domain.place import Level, division_code, level_of, parent_of
from domain.refusals import BadCode
from domain.registry import boundary, division_events
from domain.registry.code_table import Codes, CodeTable, TableCode, open_code
from domain.registry.division_refusals import BadSuccessor, CodesOverlap, NoSuchDoubt, NothingSupposed
from domain.registry.entry import administer, ending, entry_id, in_force, period, still_kept, wording
from domain.registry.outline import Outline
from domain.registry.refusals import BadPeriod, NoLongerKept, NothingChanged
from domain.registry.succession import Doubt, How, Succession, Verdict


class Division(Aggregate):
    """One division as its events tell it. Days are ISO; `valid_until` is the last day, None while open.

    `behind` is the id of the division its code means instead, `keeper` of the one this is the same as, "" mostly.
    """

    TOPIC = "division"
    label = "区划"

    Event: TypeAlias = division_events.DivisionEvent
    Created = division_events.Created
    Registered = division_events.Registered
    Renamed = division_events.Renamed
    Abolished = division_events.Abolished
    CodeGiven = division_events.CodeGiven
    Recoded = division_events.Recoded
    Succeeded = division_events.Succeeded
    StoodBack = division_events.StoodBack
    SameAs = division_events.SameAs
    Doubted = division_events.Doubted
    DoubtSettled = division_events.DoubtSettled
    Outlined = boundary.Outlined

    def __init__(
        self, *, code: str, name: str, parent: str, valid_from: str, valid_until: str | None, source: str, table: str,
        year: int | None,
    ) -> None:  # fmt: skip
        self.code, self.name, self.parent, self.source, self.table = code, name, parent, source, table
        self.valid_from, self.valid_until = valid_from, valid_until
        self.codes: Codes = (TableCode(table, year, code, name, valid_from, valid_until),)
        self.successions: tuple[Succession, ...] = ()
        self.doubts: dict[str, Doubt] = {}
        self.behind = self.keeper = ""
        self.outline: list[Outline] = []

    @property
    def level(self) -> Level:
        """Follows from the length of the code."""
        return level_of(self.code)

    def in_force(self, on: date) -> bool:
        """Whether the division is valid on a day."""
        return in_force(on, self.valid_from, self.valid_until)

    def codes_on(self, on: date) -> list[TableCode]:
        """What the tables call it on a day."""
        return [each for each in self.codes if each.in_force(on)]

    @classmethod
    def register(
        cls,
        act: Act,
        *,
        code: str,
        name: str,
        parent: str,
        source: str,
        valid_from: date,
        valid_until: date | None = None,
        table: CodeTable = CodeTable.OWN,
        year: int | None = None,
        rows: Sequence[str] = (),
        id: UUID | None = None,
    ) -> Division:
        """登记. `id` for a place whose code was another's before: `another_id`.

        Refuses `BadCode`, also when `parent` is not one level up, `BadText`, `BadPeriod`.
        """
        role = administer(act, division_code(code))
        if parent != parent_of(code):
            raise BadCode(code=parent, kind="上级区划代码", rule=f"{code} 的上级应为“{parent_of(code)}”")
        first, last = period(valid_from, valid_until)
        return cls._create(
            cls.Registered,
            id=id or entry_id(cls.TOPIC, code),
            timestamp=act.at,
            **signature(act, role),
            code=code,
            name=wording(name, "区划名称"),
            parent=parent,
            valid_from=first,
            valid_until=last,
            source=wording(source, "来源"),
            table=table.value,
            year=year,
            rows=list(rows),
        )

    def rename(
        self,
        act: Act,
        *,
        name: str,
        source: str,
        table: CodeTable = CodeTable.OWN,
        since: date | None = None,
        doc_no: str = "",
        rows: Sequence[str] = (),
    ) -> None:
        """更名 by the city itself or in a `table`. Refuses `NoLongerKept`, `NothingChanged`, `BadText`."""
        role = administer(act, self.code)
        self._require_kept(act, since)
        name, source = wording(name, "区划名称"), wording(source, "来源")
        now = open_code(self.codes, table)
        if name == (self.name if now is None else now.name):
            raise NothingChanged(kind=self.label, code=self.code)
        day = None if since is None else since.isoformat()
        facts = {"name": name, "source": source, "table": table.value, "since": day, "doc_no": doc_no}
        record(self, self.Renamed, act, role, **facts, rows=list(rows))

    def abolish(
        self, act: Act, *, last_day: date, source: str = "", doc_no: str = "", rows: Sequence[str] = ()
    ) -> None:
        """撤销: valid up to and including `last_day`. Refuses `NoLongerKept`, `BadPeriod`."""
        role = administer(act, self.code)
        ends = ending(self.label, self.code, self.valid_from, self.valid_until, last_day)
        record(self, self.Abolished, act, role, last_day=ends, source=source, doc_no=doc_no, rows=list(rows))

    def give_code(
        self, act: Act, said: TableCode, *, source: str, leads: bool = False, rows: Sequence[str] = ()
    ) -> None:
        """赋码. Refuses `CodesOverlap` when the table has another code for it meanwhile, `BadCode`, `BadText`."""
        role = administer(act, self.code, division_code(said.code))
        for each in self.codes:
            if each.table == said.table and each.meets(said.valid_from, said.valid_until):
                facts = {"code": each.code, "first": each.valid_from, "table": CodeTable(each.table).label}
                raise CodesOverlap(division=self.name, **facts)
        record(
            self, self.CodeGiven, act, role, table=said.table, year=said.year, code=said.code,
            name=wording(said.name, "区划名称"), valid_from=said.valid_from, valid_until=said.valid_until,
            source=wording(source, "来源"), leads=leads, parent=parent_of(said.code), rows=list(rows),
        )  # fmt: skip

    def recode(
        self,
        act: Act,
        *,
        code: str,
        since: date,
        source: str,
        table: CodeTable = CodeTable.OWN,
        name: str | None = None,
        year: int | None = None,
        doc_no: str = "",
        leads: bool = True,
        rows: Sequence[str] = (),
    ) -> None:
        """改码 from `since` on, with another `name` when given.

        Refuses `NoLongerKept`, `NothingChanged`, `BadPeriod`, `BadCode`.
        """
        role = administer(act, self.code, division_code(code))
        self._require_kept(act, since)
        now = open_code(self.codes, table)
        if (self.code if now is None else now.code) == code and name in {None, self.name}:
            raise NothingChanged(kind=self.label, code=code)
        if now is not None and since.isoformat() <= now.valid_from:
            raise BadPeriod(first=now.valid_from, last=since)
        record(
            self, self.Recoded, act, role, table=table.value, year=year, code=code,
            name=wording(name or (self.name if now is None else now.name), "区划名称"), since=since.isoformat(),
            parent=parent_of(code), doc_no=doc_no, source=wording(source, "来源"), leads=leads, rows=list(rows),
        )  # fmt: skip

    def pass_on(
        self,
        act: Act,
        successors: Sequence[Division],
        how: How,
        *,
        since: date,
        source: str,
        doc_no: str = "",
        rows: Sequence[str] = (),
    ) -> None:
        """承接: name who follows. Refuses `BadSuccessor`: nobody, itself, one not there on `since`, one too many."""
        role = administer(act, self.code)
        strangers = [each.name for each in successors if not each.in_force(since)]
        if not successors or self.id in {each.id for each in successors}:
            raise BadSuccessor(problem=f"{self.name} 须由别的区划承接")
        if strangers:
            raise BadSuccessor(problem=f"{'、'.join(strangers)} 在 {since} 不在有效期内")
        if how in {How.MERGED, How.REPLACED} and len(successors) > 1:
            raise BadSuccessor(problem=f"{how.label}只有一个承接者")
        record(
            self, self.Succeeded, act, role, successors=[str(each.id) for each in successors], how=how.value,
            since=since.isoformat(), doc_no=doc_no, source=wording(source, "来源"), rows=list(rows),
        )  # fmt: skip

    def stand_back(self, act: Act, behind: Division, *, source: str) -> None:
        """让码 to `behind`."""
        role = administer(act, self.code)
        record(self, self.StoodBack, act, role, behind=str(behind.id), source=source)

    def turn_out_as(self, act: Act, keeper: Division, *, source: str) -> None:
        """同一: this is the place `keeper` tells of."""
        role = administer(act, self.code)
        record(self, self.SameAs, act, role, keeper=str(keeper.id), source=source)

    def doubt(self, act: Act, doubt: Doubt, *, source: str, doc_no: str = "") -> None:
        """存疑: keep a line as text."""
        role = administer(act, self.code)
        record(
            self, self.Doubted, act, role, row=doubt.row, year=doubt.year, kind=doubt.kind, supposed=doubt.supposed,
            other_code=doubt.other_code, other_name=doubt.other_name, doc_no=doc_no, note=doubt.note, why=doubt.why,
            source=source,
        )  # fmt: skip

    def settle(self, act: Act, *, row: str, verdict: Verdict) -> None:
        """存疑了结. Refuses `NoSuchDoubt`, and `NothingSupposed` to confirm what points to nobody."""
        role = administer(act, self.code)
        if row not in self.doubts:
            raise NoSuchDoubt(division=self.name, row=row)
        if verdict is Verdict.CONFIRMED and not self.doubts[row].supposed:
            raise NothingSupposed(row=row)
        record(self, self.DoubtSettled, act, role, row=row, verdict=verdict.value)

    def _require_kept(self, act: Act, since: date | None) -> None:
        """Refuses `NoLongerKept` when it ended before `since`, or before the deed."""
        if since is None:
            still_kept(self.label, self.code, self.valid_until, act.at)
        elif self.valid_until is not None and self.valid_until < since.isoformat():
            raise NoLongerKept(kind=self.label, code=self.code, day=self.valid_until)


def another_id(code: str, name: str, table: str, valid_from: date) -> UUID:
    """The stream of a place under a code whose own stream is another place's."""
    return entry_id(Division.TOPIC, f"{code} {table} {valid_from.isoformat()} {name}")
