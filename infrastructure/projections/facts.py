"""事实 facts: who held which case from when to when, and what came of it; every number is a query over these rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from infrastructure.projections import board, fact_cases
from infrastructure.projections.fact_cases import QUERY, array
from infrastructure.projections.fact_sheet import Sheet
from infrastructure.projections.fact_telling import RULES, SILENT, tell_all
from infrastructure.projections.read_model import Connection, Happened, Place, Tell, UnknownEvent, of_a_case


class Facts:
    """The read model behind the statistics."""

    name = "facts"
    edition = 1
    parks = True
    in_order = True

    def __init__(self, tell: Tell) -> None:
        self._tell = tell

    def wants(self, topic: str) -> bool:
        if topic in RULES:
            return True
        if of_a_case(topic) and topic not in SILENT and topic not in board.WHISTLES.rules:
            raise UnknownEvent(topic)
        return False

    def ties(self, topic: str) -> bool:
        return False

    async def project(self, connection: Connection, place: Place, events: Sequence[Happened]) -> None:
        await connection.execute(QUERY["by_index"])
        sheet = Sheet(await fact_cases.fetch(connection, place, events, self._tell))
        await tell_all(sheet, events, self._tell)
        await _set(connection, place, sheet)
        await _add(connection, place, "add_spans", sheet.spans.values())
        await _add(connection, place, "add_outcomes", sheet.rows())
        await fact_cases.keep(connection, place, sheet.cases.values())

    async def analyze(self, connection: Connection) -> None:
        await connection.execute(QUERY["analyze"])

    async def drop(self, connection: Connection, place: Place, after: int, upto: int) -> None:
        began = {**place._asdict(), "after": after, "upto": upto}
        for query in ("drop_spans", "drop_outcomes", "drop_cases"):
            await connection.execute(QUERY[query], began)


async def _set(connection: Connection, place: Place, sheet: Sheet) -> None:
    """Ends, what was done, withdrawals and exemptions, in rows that were there."""
    changes = (
        ("end_spans", ("ids", "nths", "at", "positions"), sheet.ended),
        ("finish_outcomes", ("ids", "kinds", "nths", "at", "positions", "seconds"), sheet.done),
        ("withdraw_outcomes", ("ids", "kinds", "nths", "positions"), sheet.withdrawn),
        ("exempt_outcomes", ("ids", "positions"), [*sheet.exempted.items()]),
    )
    for query, names, rows in changes:
        if rows:
            columns = dict(zip(names, map(array, zip(*rows, strict=True)), strict=True))
            await connection.execute(QUERY[query], {**place._asdict(), **columns})


async def _add(connection: Connection, place: Place, query: str, rows: Iterable[list[Any]]) -> None:
    async with connection.cursor() as cursor, cursor.copy(QUERY[query]) as copy:
        for row in rows:
            await copy.write_row((*place, *row))
