"""What-if jobs on PostgreSQL: `application.statistics.what_if.Jobs`, and what a worker keeps of one as it goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import class_row, dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool
from pydantic import TypeAdapter

from application.statistics.what_if import ChangedRun, JobState, WhatIfJob, WhatIfQuestion
from infrastructure import sql
from infrastructure.borrowing import borrowed

QUERY = sql.load("what_if_jobs.sql")
LEASE_SECONDS = 30.0
MOST_ATTEMPTS = 5
"""Workers that may end in the midst of one batch before a job is given up."""
QUESTION = TypeAdapter(WhatIfQuestion)


@dataclass(frozen=True)
class Progress:
    """How far a job has come: the cases counted and looked at, the runs listed, the last case, the tally as JSON."""

    total: int | None
    done: int
    changed: int
    mark_log: str
    mark_number: int
    tally: Mapping[str, Any]


class PostgresJobs:
    """Refuses `Busy` when too many ask."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool = pool

    # --- for whoever asks -----------------------------------------------------------------------

    async def add(self, job: WhatIfJob, *, most_open: int, kept_since: datetime) -> bool:
        facts = {
            "id": job.id, "asked_by": job.asked_by, "asked_at": job.asked_at, "areas": list(job.areas),
            "question": Jsonb(QUESTION.dump_python(job.question, mode="json")), "positions": Jsonb(dict(job.positions)),
            "most_open": most_open, "kept_since": kept_since,
        }  # fmt: skip
        async with borrowed(self._pool) as connection:
            await connection.execute(QUERY["forget"], facts)
            # Two asked at once by one person are counted one after the other.
            await connection.execute(QUERY["asker"], facts)
            return (await connection.execute(QUERY["add"], facts)).rowcount == 1

    async def find(self, job: UUID, asked_by: str) -> WhatIfJob | None:
        found = await self._found(job, asked_by, 1)
        return found[0] if found else None

    async def all_of(self, asked_by: str, *, limit: int) -> Sequence[WhatIfJob]:
        return await self._found(None, asked_by, limit)

    async def cancel(self, job: UUID, at: datetime) -> bool:
        async with borrowed(self._pool) as connection:
            return (await connection.execute(QUERY["cancel"], {"id": job, "at": at})).rowcount == 1

    async def changed(
        self, job: UUID, *, late_now: bool | None, clock: str | None, after: int, limit: int
    ) -> Sequence[ChangedRun]:
        facts = {"job": job, "late_now": late_now, "clock": clock, "after": after, "limit": limit}
        async with borrowed(self._pool) as connection, connection.cursor(row_factory=class_row(ChangedRun)) as cursor:
            await cursor.execute(QUERY["changed"], facts)
            return await cursor.fetchall()

    # --- for whoever works it off ---------------------------------------------------------------

    async def claim(self, owner: UUID) -> tuple[WhatIfJob, Progress] | None:
        """The oldest job that nobody works on, ours for `LEASE_SECONDS` from now and from each time it is kept."""
        facts = {"owner": owner, "seconds": LEASE_SECONDS, "most_attempts": MOST_ATTEMPTS, "failure": "试算多次中断"}
        async with borrowed(self._pool) as connection, connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(QUERY["give_up"], facts)
            await cursor.execute(QUERY["claim"], facts)
            row = await cursor.fetchone()
        if row is None:
            return None
        marks = {name: row.pop(name) for name in ("changed", "mark_log", "mark_number", "tally")}
        job = _job(row)
        return job, Progress(job.total, job.done, **marks)

    async def keep(self, job: UUID, owner: UUID, progress: Progress, found: Sequence[ChangedRun]) -> bool:
        """Keep what a batch came to, all of it or nothing; False when the job is not ours any more."""
        facts = asdict(progress) | {"id": job, "owner": owner, "seconds": LEASE_SECONDS}
        async with borrowed(self._pool) as connection, connection.cursor() as cursor:
            await cursor.execute(QUERY["keep"], {**facts, "tally": Jsonb(facts["tally"])})
            if cursor.rowcount != 1:
                return False
            first = progress.changed - len(found)
            listed = [replace(run, nth=first + nth) for nth, run in enumerate(found, 1)]
            await cursor.executemany(QUERY["keep_changed"], [{**asdict(run), "job": job} for run in listed])
            return True

    async def finish(
        self, job: UUID, owner: UUID, state: JobState, *, result: Mapping[str, Any] | None = None, failure: str = ""
    ) -> None:
        """Its end, unless it is not ours any more."""
        facts = {
            "id": job, "owner": owner, "state": state.value, "failure": failure,
            "result": None if result is None else Jsonb(dict(result)),
        }  # fmt: skip
        async with borrowed(self._pool) as connection:
            await connection.execute(QUERY["finish"], facts)

    async def release(self, job: UUID, owner: UUID) -> None:
        """Give it back, so that another need not wait."""
        async with borrowed(self._pool) as connection:
            await connection.execute(QUERY["release"], {"id": job, "owner": owner})

    async def _found(self, job: UUID | None, asked_by: str, limit: int) -> list[WhatIfJob]:
        facts = {"id": job, "asked_by": asked_by, "limit": limit}
        async with borrowed(self._pool) as connection, connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(QUERY["find"], facts)
            return [_job(row) for row in await cursor.fetchall()]


def _job(row: dict[str, Any]) -> WhatIfJob:
    told = row | {"areas": tuple(row["areas"]), "state": JobState(row["state"])}
    return WhatIfJob(**told | {"question": QUESTION.validate_python(row["question"])})
