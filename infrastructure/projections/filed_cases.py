"""Filed cases on PostgreSQL: `application.registry.trials.FiledCases`. The board says which, the log how they went."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from application.registry.trials import FiledCase, Period
from domain.grid_issue import GridIssue
from domain.issue_events import Filed, IssueEvent
from domain.what_if import STEPS
from infrastructure import sql
from infrastructure.borrowing import borrowed
from infrastructure.event_mapper import Encoded, EventMapper

QUERY = sql.load("filed_cases.sql")
BATCH = 500
_TOPICS = [Filed.TOPIC, *(step.TOPIC for step in STEPS)]


class PostgresFiledCases:
    """Cases of the given logs. Each question refuses `Busy` when too many ask."""

    def __init__(self, pool: AsyncConnectionPool[Any], log_ids: Sequence[str]) -> None:
        self._pool, self._log_ids, self._mapper = pool, list(log_ids), EventMapper((GridIssue,))

    async def counted(self, areas: Sequence[str], period: Period) -> Mapping[str, int]:
        return dict(await self._rows("counted", logs=self._log_ids, **_within(areas, period)))

    async def filed(
        self, areas: Sequence[str], period: Period, categories: Collection[str]
    ) -> AsyncIterator[Sequence[FiledCase]]:
        asked = {**_within(areas, period), "categories": list(categories), "limit": BATCH}
        for log_id in self._log_ids if categories else ():
            after = 0
            while rows := await self._rows("filed", log_id=log_id, after=after, **asked):
                yield await self._cases(log_id, rows)
                after = rows[-1][1]

    async def _cases(self, log_id: str, rows: Sequence[TupleRow]) -> list[FiledCase]:
        steps = await self._steps(log_id, [row[0] for row in rows])
        cases = []
        for case_id, number, category, filed_at in rows:
            told = steps.get(case_id, [])
            # One solved on the spot and reported anew is filed again; the last filing is the case's.
            edition = next((step.edition for step in reversed(told) if isinstance(step, Filed)), "")
            moved = [step for step in told if not isinstance(step, Filed)]
            cases.append(FiledCase(log_id, case_id, number, category, edition, filed_at, moved))
        return cases

    async def _steps(self, log_id: str, ids: Sequence[UUID]) -> dict[UUID, list[IssueEvent]]:
        found: dict[UUID, list[IssueEvent]] = {}
        for stream_id, version, *row in await self._rows("steps", log_id=log_id, ids=list(ids), topics=_TOPICS):
            event = self._mapper.decode(Encoded(*row), stream_id, version)
            found.setdefault(stream_id, []).append(cast(IssueEvent, event))
        return found

    async def _rows(self, query: str, **facts: object) -> list[TupleRow]:
        async with borrowed(self._pool) as connection:
            cursor = await connection.execute(QUERY[query], facts)
            found: list[TupleRow] = await cursor.fetchall()
            return found


def _within(areas: Sequence[str], period: Period) -> dict[str, object]:
    return {"areas": [f"{area}%" for area in areas], "start": period.start, "end": period.end}
