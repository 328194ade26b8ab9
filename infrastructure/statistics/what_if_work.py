"""What-if work 试算: takes up the jobs of this database one by one, a batch of cases at a time, until each is done.

After every batch all of it is kept, so whoever takes up a job whose worker was killed goes on where that was.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from uuid import UUID, uuid4

import structlog

from application.registry.calendars_in_force import CalendarsInForce
from application.registry.registry import Registry
from application.statistics.bound import Bound
from application.statistics.filter import Dimension, Filter, Grouping
from application.statistics.policies import PoliciesInForce
from application.statistics.statistics import Statistics
from application.statistics.supposing import CaseHistory, SupposedRules, changed, held_against
from application.statistics.what_if import ChangedRun, JobState, WhatIfJob
from application.statistics.what_if_tally import BY, Tally, rates_under, tally_of
from domain.actor import Actor, Role
from domain.rates import Counts, RatePolicy
from domain.refusals import NoSuchEntry, Refused
from domain.registry.calendar import Calendar
from domain.registry.case_type_key import class_key
from domain.registry.limit_rules import LimitRules
from domain.statistics.what_if_refusals import DraftChanged
from domain.workdays import TooLittleWorkingTime
from infrastructure.statistics.what_if_histories import PostgresHistories
from infrastructure.statistics.what_if_jobs import PostgresJobs, Progress

MOST_LISTED = 100_000
"""Clocks a job lists one by one; more are counted."""
logger = structlog.get_logger(__name__)


class WhatIfWork:
    """The what-if worker of one process."""

    def __init__(
        self, jobs: PostgresJobs, histories: PostgresHistories, registry: Registry, calendars: CalendarsInForce,
        statistics: Statistics, policies: PoliciesInForce,
    ) -> None:  # fmt: skip
        self._jobs, self._histories, self._registry = jobs, histories, registry
        self._statistics, self._policies = statistics, policies
        # Asked from another thread than the commands' are, so it lays out years of its own.
        self._calendars = CalendarsInForce(registry, calendars.usual)
        self._owner: UUID = uuid4()

    async def look(self) -> None:
        """Work off what waits, and what others left."""
        while (claimed := await self._jobs.claim(self._owner)) is not None:
            await self._work_off(*claimed)

    async def _work_off(self, job: WhatIfJob, progress: Progress) -> None:
        try:
            result = await self._run(job, progress)
        except (Refused, TooLittleWorkingTime) as no:
            failure = f"{no.title()}：{no.detail()}" if isinstance(no, Refused) else "工作日历的工作时间不足"
            await self._jobs.finish(job.id, self._owner, JobState.FAILED, failure=failure)
            logger.info("what_if_failed", job=str(job.id), failure=type(no).__name__)
        except BaseException:
            # Stopped, or the database is away, or the program is wrong: it is tried again, and given up in the end.
            await asyncio.shield(self._jobs.release(job.id, self._owner))
            raise
        else:
            if result is not None:
                await self._jobs.finish(job.id, self._owner, JobState.DONE, result=result)
                logger.info("what_if_done", job=str(job.id))

    async def _run(self, job: WhatIfJob, progress: Progress) -> dict[str, object] | None:
        """The answer; None when the job was cancelled or is not ours any more."""
        tally = tally_of(progress.tally)
        if job.question.supposed.limits or job.question.supposed.calendar:
            rules = await self.rules(job)
            if progress.total is None:
                progress = replace(progress, total=await self._histories.counted(job))
            for log_id in sorted(log_id for log_id in job.positions if log_id >= progress.mark_log):
                after = progress.mark_number if log_id == progress.mark_log else 0
                while cases := await self._histories.page(job, log_id, after):
                    found = await asyncio.to_thread(_taken, cases, rules, job, tally)
                    listed = found[: max(0, MOST_LISTED - progress.changed)]
                    after = cases[-1].number
                    progress = Progress(
                        progress.total, progress.done + len(cases), progress.changed + len(listed), log_id, after,
                        asdict(tally),
                    )  # fmt: skip
                    if not await self._jobs.keep(job.id, self._owner, progress, listed):
                        return None
        return await self._answer(job, tally, progress)

    async def rules(self, job: WhatIfJob) -> SupposedRules:
        """What it supposes. Refuses `NoSuchEntry`, and `DraftChanged` for a draft changed since it was asked about."""
        supposed = job.question.supposed
        edition = self._registry.find(LimitRules, supposed.limits) if supposed.limits else None
        if edition is not None and edition.version != supposed.limits_version:
            raise DraftChanged(edition=supposed.limits)
        known = self._registry.entries(Calendar, lambda _calendar: True, limit=10_000)
        usual = self._calendars.usual
        measures = {(usual.name, usual.version): usual, **await self._histories.measures([one.id for one in known])}
        calendar = self._calendars.measure(supposed.calendar) if supposed.calendar else None
        return SupposedRules(self._registry, self._calendars, measures, edition=edition, calendar=calendar)

    async def _answer(self, job: WhatIfJob, tally: Tally, progress: Progress) -> dict[str, object]:
        told: dict[str, object] = {**tally.told(self._name), "listed": progress.changed, "weights": None}
        if (weights := job.question.supposed.weights) is not None:
            policy = self._policies.over(job.question.end).rates
            told["weights"] = rates_under(await self._voices(job, policy), policy, weights, self._name)
        return told

    async def _voices(self, job: WhatIfJob, policy: RatePolicy) -> dict[str, Mapping[str, Counts]]:
        """Valid call-backs of requests received in the period, as known when it was asked, within the asker's area."""
        asked, asker = job.question, Actor(job.asked_by, frozenset({Role.SUPERVISOR}), "", job.areas)
        of = Filter(
            asked.start, asked.end, asked.street, asked.community, asked.grid, asked.unit,
            asked.category and class_key(asked.category), asked.channel,
        )  # fmt: skip
        bound = Bound(job.asked_at, job.positions, past=True)
        return {
            by: await self._statistics.rates(
                asker, of, grouping=Grouping(Dimension(by) if by else None), bound=bound, policy=policy
            )
            for by in ("", *BY)
        }  # fmt: skip

    def _name(self, by: str, key: str) -> str:
        try:
            return self._registry.unit(key).name if by == "unit" else self._registry.division(key).name
        except NoSuchEntry:
            return key


def _taken(cases: Sequence[CaseHistory], rules: SupposedRules, job: WhatIfJob, tally: Tally) -> list[ChangedRun]:
    now: datetime = job.asked_at
    found: list[ChangedRun] = []
    for case in cases:
        pairs = list(held_against(case, rules, job.question))
        if pairs and case.exempt:
            tally.exempt += 1
        elif pairs:
            tally.take(pairs, now)
            found += changed(case, pairs, now)
    return found
