"""What the read model says as of a bound, and what the lives say: both as plain rows, to be laid beside each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, LiteralString

import psycopg

from tests.statistics_oracle.life import Life

Row = tuple[Any, ...]
HOLDINGS: LiteralString = """
SELECT log_id, case_id::text, case_kind, holder_kind, holder, stage, level, round, clock, rules, place, unit, category,
       channel, started_at, CASE WHEN known_to <= %(upto)s THEN ended_at END
  FROM served_holding
 WHERE log_id = %(log)s AND known_from <= %(upto)s AND (%(cases)s::uuid[] IS NULL OR case_id = ANY(%(cases)s::uuid[]))
"""
OUTCOMES: LiteralString = """
SELECT log_id, case_id::text, case_kind, kind, at, place, unit, category, channel,
       CASE WHEN done_in <= %(upto)s THEN done_at END, value,
       CASE WHEN kind NOT LIKE 'clock:%%' OR done_in <= %(upto)s THEN seconds END,
       contacted, solved, satisfaction, coalesce(exempt_in <= %(upto)s, false)
  FROM served_outcome
 WHERE log_id = %(log)s AND known_from <= %(upto)s AND (known_to IS NULL OR known_to > %(upto)s)
   AND (%(cases)s::uuid[] IS NULL OR case_id = ANY(%(cases)s::uuid[]))
"""


def shown(
    connection: psycopg.Connection[Any], log: str, upto: int, cases: Sequence[str] | None = None
) -> tuple[Counter[Row], Counter[Row]]:
    """Spans that lasted at all, and outcomes, of a log or of some cases of it, as known at a position."""
    asked = {"log": log, "upto": upto, "cases": None if cases is None else list(cases)}
    spans = connection.execute(HOLDINGS, asked).fetchall()
    outcomes = connection.execute(OUTCOMES, asked).fetchall()
    return Counter(row for row in spans if row[-1] != row[-2]), Counter(outcomes)


def lived(lives: Iterable[Life]) -> tuple[Counter[Row], Counter[Row]]:
    """The same of lives."""
    spans, outcomes = Counter[Row](), Counter[Row]()
    for life in lives:
        case = (life.log, life.id, life.case_kind)
        for span in life.spans:
            if span.started_at != span.ended_at:
                dimensions = (span.place, span.unit, span.category, span.channel)
                spans[*case, *span.held, *dimensions, span.started_at, span.ended_at] += 1
        for one in life.outcomes:
            if not one.withdrawn:
                said = (one.done_at, one.value, one.seconds, one.contacted, one.solved, one.satisfaction, life.exempt)
                outcomes[*case, one.kind, one.at, one.place, one.unit, one.category, one.channel, *said] += 1
    return spans, outcomes


def apart(ours: Counter[Row], theirs: Counter[Row]) -> list[str]:
    """What only one of them has, sorted so that what belongs together stands together."""
    only_ours, only_theirs = ours - theirs, theirs - ours
    lines = [(str(row[1:]), f"only lived: {_told(row)}") for row in only_ours]
    lines += [(str(row[1:]), f"only shown: {_told(row)}") for row in only_theirs]
    return [line for _, line in sorted(lines)]


def _told(row: Row) -> str:
    return " ".join(cell.isoformat() if isinstance(cell, datetime) else str(cell) for cell in row)
