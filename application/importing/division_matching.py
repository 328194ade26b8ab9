"""Matching 对照: which lines of a list are which places below one parent, by name first and by code last.

A code alone makes nobody the same place: tables give one code to two places, and number the same ones otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from application.importing.division_names import alike
from application.importing.division_rows import DivisionRow
from domain.registry.code_table import CodeTable
from domain.registry.division import Division

Said = Callable[[DivisionRow, Division], bool]


def matched(rows: Sequence[DivisionRow], known: Sequence[Division], table: CodeTable) -> dict[int, Division]:
    """The place of each line, by its number; lines of places nobody knows are not in it.

    In this order: same code and name; a name that only one line and one place have; names that differ in style
    only, of places the table has not spoken of; a code that this table, or the city after it, gave to the place,
    which is then renamed. A place that only a change list told of may have moved since: by name alone it is nobody.
    """
    found: dict[int, Division] = {}
    places = {place.id: place for place in known}
    steps: tuple[tuple[Said, bool], ...] = (
        (lambda row, place: _has_code(row, place) and row.name in _names(place), False),
        (lambda row, place: _is_current(place) and row.name in _names(place), True),
        (lambda row, place: _is_current(place) and not _spoken_of(place, table) and _alike(row, place), True),
        (lambda row, place: _renamed(row, place, table), False),
    )
    for says, only_one in steps:
        left = [row for row in rows if row.line not in found]
        pairs = [(row, place) for row in left for place in places.values() if says(row, place)]
        lines, ids = Counter(row.line for row, _ in pairs), Counter(place.id for _, place in pairs)
        for row, place in pairs:
            sure = not only_one or lines[row.line] == ids[place.id] == 1
            if sure and row.line not in found and place.id in places:
                found[row.line] = places.pop(place.id)
    return found


def _is_current(place: Division) -> bool:
    return place.table != CodeTable.GB2260


def _names(place: Division) -> set[str]:
    return {place.name} | {each.name for each in place.codes if each.valid_until is None}


def _has_code(row: DivisionRow, place: Division) -> bool:
    return any(each.code == row.code and each.valid_until in {None, place.valid_until} for each in place.codes)


def _spoken_of(place: Division, table: CodeTable) -> bool:
    return any(each.table == table for each in place.codes)


def _alike(row: DivisionRow, place: Division) -> bool:
    return any(alike(row.name, name) for name in _names(place))


def _renamed(row: DivisionRow, place: Division, table: CodeTable) -> bool:
    gave = {table.value, CodeTable.OWN.value} if table is CodeTable.NBS else {table.value}
    return any(each.code == row.code and each.table in gave and each.valid_until is None for each in place.codes)
