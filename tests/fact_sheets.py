"""Facts told in memory: what a sheet would write, as rows by the names of their columns."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from infrastructure.projections.fact_cases import QUERY
from infrastructure.projections.fact_sheet import Sheet
from infrastructure.projections.fact_telling import RULES, tell_all
from infrastructure.projections.read_model import Happened
from infrastructure.projections.telling import VERSIONS, telling
from tests.case_log import MAPPER
from tests.spec import Fact, given

NOBODY_RECORDED = datetime(2026, 1, 1, tzinfo=UTC)
TELL = telling(VERSIONS)
Row = dict[str, Any]


def happened(events: Iterable[Any]) -> list[Happened]:
    """Events as a projection sees them, at positions from 1 on."""
    rows = []
    for position, event in enumerate(events, 1):
        topic, version, state = MAPPER.encode(event)
        stream, nth = str(event.originator_id), event.originator_version
        rows.append(Happened(position, stream, nth, topic, version, state, NOBODY_RECORDED))
    return rows


def told(events: Iterable[Any]) -> Sheet:
    """All of `events` in one batch."""
    sheet = Sheet({})
    heard = [event for event in happened(events) if event.topic in RULES]
    asyncio.run(tell_all(sheet, heard, TELL))
    return sheet


def spans(sheet: Sheet) -> list[Row]:
    return [_named("add_spans", row) for row in sheet.spans.values()]


def outcomes(sheet: Sheet) -> list[Row]:
    return [_named("add_outcomes", row) for row in sheet.rows()]


def _named(query: str, row: list[Any]) -> Row:
    text = QUERY[query]
    columns = re.findall(r"[a-z_]+", text[text.index("(") : text.index(")")])[2:]
    instants = {"started_at", "ended_at", "at", "done_at"}
    return {
        name: datetime.fromisoformat(value) if value and name in instants else value
        for name, value in zip(columns, row, strict=True)
    }


def happening(*steps: tuple[UUID, Fact]) -> list[Any]:
    """The events of several cases, in the order told, each case named by its id."""
    events = []
    for nth, (case, _) in enumerate(steps):
        own = [fact for other, fact in steps[: nth + 1] if other == case]
        events.append(given(*own, id=case).events[-1])
    return events


def recorded_by(*steps: tuple[UUID, Fact]) -> list[Row]:
    """The outcomes that the last of `steps` adds."""
    return [row for row in outcomes(told(happening(*steps))) if row["known_from"] == len(steps)]


def of_clock(clock: str, *steps: tuple[UUID, Fact]) -> list[Row]:
    """What became of one kind of limit, in the order of its settings."""
    rows = [row for row in outcomes(told(happening(*steps))) if row["kind"] == f"clock:{clock}"]
    return sorted(rows, key=lambda row: row["nth"])
