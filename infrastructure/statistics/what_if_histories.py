"""Histories 案件历史 for a what if, on PostgreSQL: which cases, and what is recorded of each up to a position."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, LiteralString, cast
from uuid import UUID

from eventsourcing.domain import DomainEventProtocol
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from application.statistics.supposing import CaseHistory, Measures
from application.statistics.what_if import WhatIfJob
from domain.grid_issue import GridIssue
from domain.issue_events import IssueEvent
from domain.issue_ties import RequestAttached
from domain.limit_stages import LimitStage
from domain.registry.calendar import Calendar
from domain.request_events import CalledBack, FedBack, RequesterContacted
from domain.resident_request import ResidentRequest
from infrastructure import sql
from infrastructure.borrowing import borrowed
from infrastructure.event_mapper import Encoded, EventMapper

QUERY = sql.load("what_if_histories.sql")
BATCH = 200
DEEDS: dict[type[object], LimitStage] = {
    RequesterContacted: LimitStage.CONTACT, FedBack: LimitStage.FEEDBACK, CalledBack: LimitStage.CALL_BACK,
}  # fmt: skip
Event = DomainEventProtocol[UUID]


class PostgresHistories:
    """Each question refuses `Busy` when too many ask."""

    def __init__(self, pool: AsyncConnectionPool[Any], city: str) -> None:
        self._pool, self._city = pool, city
        self._mapper = EventMapper((GridIssue, ResidentRequest, Calendar))

    async def counted(self, job: WhatIfJob) -> int:
        """About how many cases have to be looked at."""
        return sum([(await self._rows("counted", _asked(job, log_id)))[0][0] for log_id in job.positions])

    async def page(self, job: WhatIfJob, log_id: str, after: int) -> Sequence[CaseHistory]:
        """The next cases of a log with a number above `after`, ascending; none at the end."""
        facts = _asked(job, log_id)
        cases = await self._rows("page", {**facts, "after": after, "limit": BATCH})
        steps = await self._events(facts, [case_id for case_id, _ in cases])
        voices = {case_id: _voices(steps.get(case_id, ())) for case_id, _ in cases}
        requests = await self._events(facts, sorted({one for ids in voices.values() for one in ids}))
        return [
            CaseHistory(
                log_id, case_id, number, cast("list[IssueEvent]", steps.get(case_id, [])),
                _deeds(event for one in voices[case_id] for event in requests.get(one, ())),
            )
            for case_id, number in cases
        ]  # fmt: skip

    async def measures(self, calendars: Sequence[UUID]) -> Measures:
        """Every version of these calendars of the registry."""
        found = {}
        for events in (await self._events({"log_id": self._city}, calendars, query="calendars")).values():
            calendar: Calendar | None = None
            for event in events:
                calendar = cast("Calendar | None", event.mutate(calendar))  # type: ignore[attr-defined]  # of the library
                if calendar is not None:
                    measure = calendar.as_measure()
                    found[measure.name, measure.version] = measure
        return found

    async def _events(
        self, facts: Mapping[str, object], ids: Sequence[UUID], *, query: str = "steps"
    ) -> dict[UUID, list[Event]]:
        found: dict[UUID, list[Event]] = {}
        if ids:
            for stream, version, *row in await self._rows(query, {**facts, "ids": list(ids)}):
                found.setdefault(stream, []).append(self._mapper.decode(Encoded(*row), stream, version))
        return found

    async def _rows(self, query: str, facts: Mapping[str, object]) -> list[TupleRow]:
        text: LiteralString = QUERY[query]
        async with borrowed(self._pool) as connection:
            return await (await connection.execute(text, facts)).fetchall()


def _voices(steps: Iterable[Event]) -> list[UUID]:
    return [step.request for step in steps if isinstance(step, RequestAttached)]


def _deeds(events: Iterable[Event]) -> dict[LimitStage, list[datetime]]:
    found: dict[LimitStage, list[datetime]] = {stage: [] for stage in DEEDS.values()}
    for event in events:
        if (stage := DEEDS.get(type(event))) is not None:
            found[stage].append(cast("IssueEvent", event).timestamp)
    return {stage: sorted(instants) for stage, instants in found.items()}


def _asked(job: WhatIfJob, log_id: str) -> dict[str, object]:
    asked = job.question
    places = [f"{place}%" for place in (asked.street, asked.community, asked.grid) if place]
    return {
        "log_id": log_id, "upto": job.positions[log_id], "areas": [f"{area}%" for area in job.areas],
        "places": places or None, "unit": asked.unit, "category": asked.category, "channel": asked.channel,
        "start": asked.start, "end": asked.end,
    }  # fmt: skip
