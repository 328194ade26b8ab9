"""A base too large for memory, in parts: cases that know each other are in one part, and each part is read alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, LiteralString

import psycopg

from tests.statistics_oracle.told import Told, told

MERGED: LiteralString = """
SELECT DISTINCT stream_id::text, convert_from(state, 'UTF8')::json ->> 'into'
  FROM event WHERE topic = 'issue.merged_into'
"""
ATTACHED_ANEW: LiteralString = """
SELECT array_agg(DISTINCT convert_from(state, 'UTF8')::json ->> 'issue')
  FROM event WHERE topic = 'request.attached' GROUP BY stream_id HAVING count(*) > 1
"""
TABLES: LiteralString = """
CREATE TEMP TABLE leader (issue uuid PRIMARY KEY, root uuid NOT NULL);
CREATE TEMP TABLE part (nth int NOT NULL, log_id text COLLATE "C" NOT NULL, stream_id uuid NOT NULL)
"""
DEALT: LiteralString = """
INSERT INTO part
SELECT abs(hashtextextended(coalesce(l.root, t.issue, e.stream_id)::text, 0)) %% %(parts)s, e.log_id, e.stream_id
  FROM event e
  LEFT JOIN (SELECT stream_id, min(convert_from(state, 'UTF8')::json ->> 'issue')::uuid AS issue
               FROM event WHERE topic = 'request.attached' GROUP BY stream_id) t ON t.stream_id = e.stream_id
  LEFT JOIN leader l ON l.issue = coalesce(t.issue, e.stream_id)
 WHERE e.topic IN ('issue.reported', 'request.received')
"""
ONE: LiteralString = """
SELECT e.log_id, e.position, e.stream_id::text, e.topic, e.state, e.recorded_at
  FROM part p
  JOIN event e ON e.log_id = p.log_id AND e.stream_id = p.stream_id
 WHERE p.nth = %(nth)s AND (e.topic LIKE 'issue.%%' OR e.topic LIKE 'request.%%')
 ORDER BY e.log_id, e.position
"""


def deal(connection: psycopg.Connection[Any], parts: int) -> None:
    """Say which case belongs to which of so many parts, for this session."""
    leader: dict[str, str] = {}

    def root(issue: str) -> str:
        while leader.get(issue, issue) != issue:
            issue = leader[issue]
        return issue

    together = [[one, into] for one, into in connection.execute(MERGED)]
    together += [issues for (issues,) in connection.execute(ATTACHED_ANEW)]
    for first, *others in together:
        for other in others:
            leader[root(other)] = root(first)
            leader.setdefault(first, first)
    connection.execute(TABLES)
    with connection.cursor() as cursor, cursor.copy("COPY leader FROM STDIN") as copy:
        for issue in leader:
            copy.write_row((issue, root(issue)))
    connection.execute(DEALT, {"parts": parts})
    connection.execute("CREATE INDEX ON part (nth)")
    connection.execute("ANALYZE part")


def each(connection: psycopg.Connection[Any], parts: int, bound: Mapping[str, int]) -> Iterator[list[Told]]:
    """The events of one part after the other, up to a position of each log."""
    deal(connection, parts)
    for nth in range(parts):
        rows = connection.execute(ONE, {"nth": nth})
        yield [told(*row) for row in rows if row[1] <= bound.get(row[0], 0)]
