"""ClockRun 计时: each time a clock of a case ran, from its start to what met it or took it away.

Told step by step from an issue as it stands after each, so recorded clocks and supposed ones are told alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain import issue_events as happened
from domain.grid_issue import GridIssue
from domain.issue_events import IssueEvent
from domain.limit_stages import LimitStage
from domain.stage_times import StageClock
from domain.stages import IssueStage

S = LimitStage
Deeds = Mapping[LimitStage, Sequence[datetime]]
"""When requests of an issue were contacted, fed back and called back, ascending."""
OF_THE_LEAD = (S.HANDLE, S.ACCEPT, S.CONTACT, S.FEEDBACK)
"""They stand while the lead's clock does, and go with a lead that gives the case back."""
_STANDING = (IssueStage.RETURN_ASKED, IssueStage.SUSPENDED)
_GONE = (IssueStage.VOIDED, IssueStage.MERGED)


@dataclass
class ClockRun:
    """One run of one stage's clock: the `nth` of its stage. `unit` leads then, "" where nobody does yet.

    `done_at` is when it was met, in time or not; None while it was not. `stood_since` is since when it stands;
    `withdrawn` says that nobody has to meet it any more.
    """

    stage: LimitStage
    nth: int
    unit: str
    place: str
    start: datetime
    due: datetime
    done_at: datetime | None = None
    stood_since: datetime | None = None
    withdrawn: bool = False

    def late(self, now: datetime) -> bool | None:
        """Whether it was met late, or is late by `now`; None while it may still be met in time."""
        if self.done_at is not None:
            return self.done_at > self.due
        return True if min(now, self.stood_since or now) > self.due else None


class ClockRuns:
    """The runs of one issue's clocks, by stage."""

    def __init__(self) -> None:
        self._runs: dict[LimitStage, list[ClockRun]] = {}
        self._resolved_at: datetime | None = None

    def follow(self, issue: GridIssue, step: IssueEvent) -> None:
        """Hear of a step and of the issue after it."""
        match step:
            case happened.ClockEvent():
                self._lead_and_case(issue)
                if isinstance(step, happened.Assigned):
                    self._met(S.DISPATCH, step.timestamp)
                if isinstance(step, happened.ReworkOrdered | happened.RedoOrdered):
                    self._withdraw(S.CHECK)
            case happened.Accepted():
                self._met(S.ACCEPT, step.timestamp)
            case happened.Resolved():
                self._met(S.HANDLE, step.timestamp)
                self._resolved_at = step.timestamp
            case happened.Checked():
                self._met(S.CHECK, step.timestamp)
            case happened.Closed():
                # Once closed it was met when it was resolved; a check that nobody made has nobody waiting for it.
                self._met(S.CASE, self._resolved_at or step.timestamp)
                self._withdraw(S.CHECK)
            case happened.Reopened():
                self._withdraw(S.CHECK)
            case happened.ReturnGranted():
                self._withdraw(*OF_THE_LEAD)

    def set(self, issue: GridIssue, clocks: Sequence[StageClock]) -> None:
        """Hear that stages' own clocks were set; the lead's and the case's are told by their steps."""
        for clock in clocks:
            stage = LimitStage(clock.stage)
            if stage is S.CASE:
                self._run(issue, stage, self._start(stage, clock.clock_start), clock.due)
            elif stage is not S.HANDLE:
                self._run(issue, stage, clock.clock_start, clock.due)

    def ended(self, issue: GridIssue, deeds: Deeds) -> list[ClockRun]:
        """All runs that somebody had to meet, at the end of what is known. A case voided or merged has none."""
        if issue.stage in _GONE:
            return []
        for stage, instants in deeds.items():
            self._met_by(self._runs.get(stage, []), instants)
        stopped = issue.assignment.stopped_at if issue.assignment and issue.stage in _STANDING else None
        for stage in (*OF_THE_LEAD, *((S.CASE,) if issue.stage is IssueStage.SUSPENDED else ())):
            if last := self._last(stage):
                last.stood_since = stopped
        return [run for runs in self._runs.values() for run in runs if not run.withdrawn]

    def _lead_and_case(self, issue: GridIssue) -> None:
        if issue.assignment is None:
            return
        lead = issue.assignment
        self._run(issue, S.HANDLE, lead.clock_start, lead.due)
        whole = self._last(S.CASE)
        # What was late before it was sent round again stays so; the case clock never begins anew.
        if whole is None or whole.done_at is None or whole.done_at <= whole.due:
            self._run(issue, S.CASE, self._start(S.CASE, lead.clock_start), lead.case_due)

    def _run(self, issue: GridIssue, stage: LimitStage, start: datetime, due: datetime) -> None:
        """A clock set for the first time, or again where it is the one that ran."""
        last = self._last(stage)
        if last is not None and last.start == start and (last.unit == issue.lead or stage is S.CASE):
            last.due, last.withdrawn = due, False
            if stage in (S.HANDLE, S.CASE):
                last.done_at = None
            return
        if last is not None and last.done_at is None:
            last.withdrawn = True
        runs = self._runs.setdefault(stage, [])
        runs.append(ClockRun(stage, len(runs) + 1, issue.lead, issue.grid, start, due))

    def _withdraw(self, *stages: LimitStage) -> None:
        for run in filter(None, map(self._last, stages)):
            run.withdrawn = run.withdrawn or run.done_at is None

    def _last(self, stage: LimitStage) -> ClockRun | None:
        return self._runs[stage][-1] if stage in self._runs else None

    def _start(self, stage: LimitStage, otherwise: datetime) -> datetime:
        last = self._last(stage)
        return last.start if last else otherwise

    def _met(self, stage: LimitStage, at: datetime) -> None:
        last = self._last(stage)
        if last is not None and last.done_at is None:
            last.done_at = at

    @staticmethod
    def _met_by(runs: Sequence[ClockRun], instants: Sequence[datetime]) -> None:
        for nth, run in enumerate(runs, 1):
            if not run.withdrawn:
                until = runs[nth].start if nth < len(runs) else None
                after = (at for at in instants if at >= run.start and (until is None or at < until))
                run.done_at = next(after, None)
