"""Use cases of what becomes of divisions: recode, merge, split, replace; settle what a list left in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from application.ports import Receipt, RequestKey
from application.registry.desk import RegistryDesk
from application.registry.divisions import require_empty
from application.registry.recoding import Affected, affected_by, of_history, require_free
from domain.actor import Act
from domain.refusals import BadCode
from domain.registry.code_table import CodeTable, TableCode
from domain.registry.division import Division
from domain.registry.division_refusals import BadSuccessor, CodeTaken
from domain.registry.succession import SAME_CODE, Doubt, How, Verdict

MOST = 50
"""Divisions that one succession may concern."""


class DivisionMoves:
    """区划变更."""

    def __init__(self, desk: RegistryDesk) -> None:
        self._desk = desk

    def affected(self, code: str, on: date) -> Affected:
        """What has to be seen to before the division is recoded. Refuses `NoSuchEntry`."""
        return affected_by(self._desk.registry, self._desk.registry.division(code), on)

    async def give_code(
        self, act: Act, *, code: str, table: CodeTable, year: int, new_code: str, name: str, source: str,
        valid_from: date, version: int | None = None, key: RequestKey | None = None,
    ) -> Receipt:  # fmt: skip
        """赋码: what a table calls it; ahead of a recode, so that grids can be renumbered. Refuses `CodesOverlap`."""
        said = TableCode(table.value, year, new_code, name, valid_from.isoformat(), None)

        def command(division: Division) -> None:
            division.give_code(act, said, source=source)

        return await self._desk.change(Division, code, command, version=version, key=key)

    async def recode(
        self, act: Act, *, code: str, new_code: str, since: date, source: str, name: str | None = None,
        doc_no: str = "", version: int | None = None, key: RequestKey | None = None,
    ) -> Receipt:  # fmt: skip
        """改码. Refuses `StillCoded` while grids and others carry or name the old code, `CodeTaken`."""

        def command(division: Division) -> None:
            if len(new_code) != len(code):
                raise BadCode(code=new_code, kind="区划代码", rule=f"改码不改变级别，应与 {code} 位数相同")
            division.recode(act, code=new_code, since=since, source=source, name=name, doc_no=doc_no)
            self._require_untaken(division, new_code, since)
            require_free(self._desk.registry, self._desk.registry.division(code), since)

        return await self._desk.change(Division, code, command, version=version, key=key)

    async def pass_on(
        self, act: Act, *, predecessors: Sequence[str], successors: Sequence[str], how: How, since: date, source: str,
        doc_no: str = "", key: RequestKey | None = None,
    ) -> Receipt:  # fmt: skip
        """并入, 改设, 分设, 析置: all at once; those before end on the eve, except where a part is carved out.

        Refuses `StillInUse` while anything below them stays, `BadSuccessor`, `NoLongerKept`.
        """
        registry, eve = self._desk.registry, since - timedelta(days=1)
        if (
            not 1 <= len(predecessors) <= MOST
            or not 1 <= len(successors) <= MOST
            or set(predecessors) & set(successors)
        ):
            raise BadSuccessor(problem=f"前后各应有 1 至 {MOST} 个区划，且不相同")

        def decide(olds: Sequence[Division]) -> Sequence[Division]:
            news = [registry.division(code) for code in successors]
            for old in olds:
                old.pass_on(act, news, how, since=since, source=source, doc_no=doc_no)
                if how is not How.CARVED:
                    old.abolish(act, last_day=eve, source=source, doc_no=doc_no)
                    require_empty(registry, old.code, eve)
            return olds

        seen = dict.fromkeys(predecessors)
        return await self._desk.change_several(Division, seen, decide, key=key)

    async def settle(
        self, act: Act, *, division: UUID, row: str, verdict: Verdict, version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:  # fmt: skip
        """存疑了结: confirmed, the supposed division is the successor or the same place. Refuses `NoSuchDoubt`.

        Of places that only a change list told of, who keeps the whole city decides.
        """
        await self._desk.registry.refresh()
        book = self._desk.registry.code_book
        doubt = next((doubt for one, doubt in book.doubts() if (one.id, doubt.row) == (division, row)), None)
        if book.division(division).table == CodeTable.GB2260:
            act = of_history(act, self._desk.city)
        target = book.division(doubt.supposed) if doubt and doubt.supposed else None
        one_place = doubt is not None and doubt.kind == SAME_CODE and verdict is Verdict.CONFIRMED

        def decide(loaded: Sequence[Division]) -> None:
            loaded[0].settle(act, row=row, verdict=verdict)
            if doubt is not None and target is not None and verdict is Verdict.CONFIRMED:
                _confirm(act, loaded[0], loaded[-1] if one_place else target, doubt)

        ids = [division, *([target.id] if one_place and target else [])]
        return await self._desk.change_streams(Division, ids, decide, version=version, key=key)

    def _require_untaken(self, division: Division, code: str, since: date) -> None:
        for placed in self._desk.registry.code_book.ever(code):
            other = placed.division
            if other.id != division.id and other.code == code and other.in_force(since):
                raise CodeTaken(code=code, day=since, name=other.name)


def _confirm(act: Act, old: Division, target: Division, doubt: Doubt) -> None:
    source = f"存疑了结：{doubt.row}"[:100]
    if doubt.kind == SAME_CODE:
        for said in old.codes:
            target.give_code(act, said, source=source)
        old.turn_out_as(act, target, source=source)
        return
    since = date(doubt.year, 1, 1)
    how = How.REPLACED if target.valid_from == since.isoformat() else How.MERGED
    old.pass_on(act, [target], how, since=since, source=source)
