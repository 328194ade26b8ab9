"""网格承继: split, merge, renumber. Old grids end on a day, the new ones begin the next; no ground is lost or won.

All grids concerned change or none: the use case saves them together. A code names one stream for ever, so what
comes out of a change has codes of its own; closed cases and statistics of before stay with the old ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.actor import Act, Role, record
from domain.place import grid_code, parent_of
from domain.registry.entry import administer, ending
from domain.registry.grid import Grid, GridKind
from domain.registry.grid_refusals import BadSuccession, refuse_difference
from domain.registry.ground import Difference
from domain.registry.outline import Flaw, Outline, Rings
from domain.vocabulary import GridMove

MOST_GRIDS = 50
"""Grids that one split or merger may concern."""
Differ = Callable[[Sequence[Outline], Sequence[Outline]], Difference | None]
"""Measures what two sets of drawings do not share; None within tolerance."""


@dataclass(frozen=True)
class Successor:
    """新网格, as it was asked for."""

    code: str
    name: str
    polygon: Rings
    supervision_phone: str
    kind: str = GridKind.GENERAL.value


def split(act: Act, *, old: Grid, into: Sequence[Successor], last_day: date, flaw: Flaw, differ: Differ) -> list[Grid]:
    """拆分 of `old` into at least two of its community.

    Refuses `BadSuccession`, `GroundNotKept`, `NoLongerKept`, `BadPeriod` and what `Grid.define` does.
    """
    role = _require(act, [old], [one.code for one in into], last_day, fewest=2)
    news = [_formed(act, one, [old], GridMove.SPLIT, last_day, flaw) for one in into]
    _require_same_ground([old], news, last_day, differ)
    record(old, Grid.SplitInto, act, role, successors=[new.code for new in news], last_day=_ends(old, last_day))
    return news


def merge(act: Act, *, olds: Sequence[Grid], into: Successor, last_day: date, flaw: Flaw, differ: Differ) -> Grid:
    """合并 of at least two grids of one community into one, with their aliases.

    Refuses as `split` does.
    """
    if len(olds) < 2:
        raise BadSuccession(problem="合并至少要有两个原网格")
    role = _require(act, olds, [into.code], last_day, fewest=1)
    new = _formed(act, into, olds, GridMove.MERGE, last_day, flaw)
    _require_same_ground(olds, [new], last_day, differ)
    for old in olds:
        record(old, Grid.MergedInto, act, role, into=new.code, last_day=_ends(old, last_day))
    _take_over_aliases(act, new, olds)
    return new


def renumber(act: Act, *, old: Grid, code: str, last_day: date, flaw: Flaw) -> Grid:
    """重编号: the same ground, name, phone and aliases under another code, of another community too.

    Refuses `BadSuccession`, `BadCode`, `NoLongerKept`, `BadPeriod`.
    """
    role = administer(act, old.code, grid_code(code))
    if code == old.code:
        raise BadSuccession(problem=f"新编码与原编码 {code} 相同")
    ends = _ends(old, last_day)
    drawn = old.drawn_on(last_day).polygon
    same = Successor(code, old.name, drawn, old.supervision_phone, old.kind.value)
    new = _formed(act, same, [old], GridMove.RENUMBER, last_day, flaw)
    record(old, Grid.Renumbered, act, role, into=code, last_day=ends)
    _take_over_aliases(act, new, [old])
    return new


def _require(act: Act, olds: Sequence[Grid], news: Sequence[str], last_day: date, *, fewest: int) -> Role:
    codes = [*(old.code for old in olds), *(grid_code(code) for code in news)]
    role = administer(act, *codes)
    if not fewest <= len(news) <= MOST_GRIDS or len(olds) > MOST_GRIDS:
        raise BadSuccession(problem=f"一次应有 {fewest} 至 {MOST_GRIDS} 个新网格、至多 {MOST_GRIDS} 个原网格")
    for old in olds:
        _ends(old, last_day)
    repeated = sorted({code for code in codes if codes.count(code) > 1})
    if repeated:
        raise BadSuccession(problem=f"编码重复：{'、'.join(repeated)}；新网格须用新编码，原编码随原网格终止")
    strangers = [code for code in codes if parent_of(code) != olds[0].community]
    if strangers:
        raise BadSuccession(problem=f"{'、'.join(strangers)} 不属于社区 {olds[0].community}，拆分和合并限于同一社区")
    return role


def _formed(act: Act, asked: Successor, olds: Sequence[Grid], by: GridMove, last_day: date, flaw: Flaw) -> Grid:
    # Of grids that were to end on one day anyway, what follows them ends then too.
    ends = {old.valid_until or "" for old in olds}
    until = date.fromisoformat(min(ends)) if len(ends) == 1 and "" not in ends else None
    return Grid.define(
        act,
        code=asked.code,
        name=asked.name,
        kind=asked.kind,
        polygon=asked.polygon,
        supervision_phone=asked.supervision_phone,
        valid_from=last_day + timedelta(days=1),
        valid_until=until,
        flaw=flaw,
        predecessors=[old.code for old in olds],
        formed_by=by,
    )


def _require_same_ground(olds: Sequence[Grid], news: Sequence[Grid], last_day: date, differ: Differ) -> None:
    found = differ([old.drawn_on(last_day).polygon for old in olds], [new.polygon for new in news])
    if found is not None:
        raise refuse_difference(found, [old.code for old in olds], [new.code for new in news])


def _take_over_aliases(act: Act, new: Grid, olds: Sequence[Grid]) -> None:
    """It is the same ground, so other networks go on calling it as they did."""
    for alias in (alias for old in olds for alias in old.aliases if alias.last_day is None):
        since = max(date.fromisoformat(alias.since), date.fromisoformat(new.valid_from))
        new.give_alias(act, network=alias.network, number=alias.number, since=since)


def _ends(old: Grid, last_day: date) -> str:
    return ending(old.label, old.code, old.valid_from, old.valid_until, last_day)
