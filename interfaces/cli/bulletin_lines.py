"""Bulletins 通报 in lines, tables and JSON: the wording of `wangge bulletin`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from application.statistics.bulletin_figures import CaseChange, FigureChange
from domain.statistics.bulletin import Bulletin, Issuance
from domain.statistics.bulletin_figures import POOLED, Figure, Heading, mean_of_groups
from domain.statistics.number import Unit

NO_DATA = "无数据"
GROUPS_A_TABLE = 8


def tables(bulletin: Bulletin, figures: Sequence[Figure]) -> Iterator[tuple[list[str], list[list[str]]]]:
    """A row a number and a column a group, all together and the mean first; so many a table as a terminal is wide."""
    names = {figure.group: figure.name for figure in figures}
    by_key = {(figure.number, figure.group): figure for figure in figures}
    columns: list[tuple[str, Callable[[str], float | None]]] = [
        (names[group], partial(_of_group, by_key, group))
        for group in sorted(names, key=lambda key: (key != POOLED, key))
    ]
    columns.insert(1, ("各组均值", partial(mean_of_groups, figures)))
    for begin in range(0, len(columns), GROUPS_A_TABLE):
        shown = columns[begin : begin + GROUPS_A_TABLE]
        rows = [[one.name, *(_written(one, value(one.number)) for _, value in shown)] for one in bulletin.numbers]
        yield ["", *(name for name, _ in shown)], rows


def _of_group(by_key: Mapping[tuple[str, str], Figure], group: str, number: str) -> float | None:
    figure = by_key.get((number, group))
    return None if figure is None else figure.value


def _written(number: Heading, value: float | None) -> str:
    if value is None:
        return NO_DATA
    match Unit(number.unit):
        case Unit.RATE:
            return f"{value:.1%}"
        case Unit.SECONDS:
            return f"{value / 3600:.1f} 小时"
        case Unit.CASES if value == int(value):
            return f"{value:.0f}"
        case _:
            return f"{value:.1f}"


def change_line(bulletin: Bulletin, one: FigureChange) -> tuple[str, str, str, str, str]:
    """A row: number, group, then, now, cases."""
    figure = one.figure
    number = next(heading for heading in bulletin.numbers if heading.number == figure.number)
    if one.cases is None:
        cases = "见各组" if figure.group == POOLED else "过多，未列"
    else:
        cases = "、".join(str(case.case_id) for case in one.cases)
    return number.name, figure.name, _told(number, figure.then), _told(number, figure.now), cases


def _told(number: Heading, figure: Figure | None) -> str:
    return _written(number, None if figure is None else figure.value)


def change_document(one: FigureChange) -> dict[str, Any]:
    """For programs."""
    cases = None if one.cases is None else [_case(case) for case in one.cases]
    return {**asdict(one.figure), "cases": cases}


def _case(one: CaseChange) -> dict[str, Any]:
    then, now = ([counted._asdict() for counted in side] for side in (one.then, one.now))
    return {"case_id": one.case_id, "case_kind": one.case_kind, "then": then, "now": now}


def document(found: Bulletin, shown: Issuance, place: str) -> dict[str, Any]:
    """One issuance of a bulletin for programs; `place` is the name of its scope."""
    return {
        "id": found.id, "version": found.version, "kind": found.kind, "scope": found.scope, "scope_name": place,
        "period": found.period.label, "start": found.period.start, "end": found.period.end,
        "grouped_by": found.grouped_by, "policy": found.policy, "issuances": len(found.issuances), **asdict(shown),
    }  # fmt: skip
