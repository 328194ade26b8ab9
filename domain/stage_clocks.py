"""StageClocksSet 环节时限: when a stage with a limit of its own begins or goes on, and the event that says by when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from domain.actor import Act, Role, record
from domain.issue_events import (
    Assigned,
    ClockEvent,
    Filed,
    IssueEvent,
    RedoOrdered,
    Resolved,
    ReturnGranted,
    ReworkOrdered,
    SolvedOnSpot,
)
from domain.issue_ties import Absorbed, RequestAttached
from domain.limit_stages import LimitStage
from domain.pauses import Pause
from domain.stage_times import StageClock
from domain.stages import JUDGED, IssueStage

if TYPE_CHECKING:
    from domain.grid_issue import GridIssue

S = LimitStage
_GOING_ON = {"issue.assigned", "issue.return_refused", "issue.rework_ordered", "issue.resumed"}
"""With these a lead's clock may go on after it stood."""


class StageClocksSet(IssueEvent):
    """The clocks of stages that begin or go on with the event before; `rules` is the edition their rules are of.

    处置 and 全案 are among them where a rule set their limits; their clocks are the assignment's.
    """

    TOPIC = "issue.stage_clocks_set"
    lead: str
    rules: str
    clocks: list[StageClock]

    def apply(self, issue: GridIssue) -> None:
        issue.stage_times = issue.stage_times.with_clocks(self.clocks, self.rules)
        for clock in self.clocks:
            if clock.stage == S.CASE and issue.case_clock:
                issue.case_clock = replace(
                    issue.case_clock, limit=clock.limit, due=clock.due, provisional=clock.provisional
                )


EVENTS = (StageClocksSet,)


@dataclass(frozen=True)
class Begun:
    """What begins with a step of an issue: each stage with its start, and those going on after they stood."""

    fresh: dict[LimitStage, datetime]
    going_on: tuple[LimitStage, ...] = ()
    stood: Pause | None = None


def begun(issue: GridIssue, step: IssueEvent) -> Begun | None:
    """What begins with `step`, the last that acted on the lead's clock; None when no stage does.

    What a stage's clock waits for: 派遣 for the assignment, from filing and again from a granted return; 签收 for the
    lead, from the assignment; 核查 for the check, from the resolution. Where somebody asks, 联系 and 反馈 wait for the
    lead, from the assignment, and 回访 for the call-back, from the resolution but not before the lead's limit ends.
    """
    at = step.timestamp
    match step:
        case Filed() | ReturnGranted():
            return Begun({S.DISPATCH: at})
        case Resolved() | SolvedOnSpot():
            return Begun({S.CHECK: at} | _of_voices(issue, at))
        case RequestAttached() | Absorbed() if len(issue.requests) + len(issue.absorbed) == 1:
            return Begun(_of_voices(issue, at))
        case ClockEvent():
            return _of_the_lead(issue, step, at)
    return None


def _of_voices(issue: GridIssue, at: datetime) -> dict[LimitStage, datetime]:
    """What waits because somebody asks: for the lead while it works, else for the call-back."""
    if not issue.requests and not issue.absorbed:
        return {}
    if issue.stage in JUDGED:
        return {S.CALL_BACK: max(at, issue.assignment.due) if issue.assignment else at}
    return dict.fromkeys((S.CONTACT, S.FEEDBACK), at) if issue.lead else {}


def _of_the_lead(issue: GridIssue, step: ClockEvent, at: datetime) -> Begun | None:
    stood = _just_stood(issue, step)
    if stood is None and isinstance(step, Assigned | RedoOrdered):
        whole = {S.HANDLE: step.clock_start} if isinstance(step, Assigned) else {}
        first = {S.CASE: step.clock_start} if isinstance(step, Assigned) and step.nth == 1 else {}
        return Begun({S.ACCEPT: at} | _of_voices(issue, at) | whole | first)
    if stood is None:
        return None
    waits = issue.stage is IssueStage.ASSIGNED
    anew = waits and (isinstance(step, ReworkOrdered) or issue.before_return is not IssueStage.ASSIGNED)
    goes_on = (S.CONTACT, S.FEEDBACK, *((S.ACCEPT,) if waits and not anew else ()))
    return Begun({S.ACCEPT: at} if anew else {}, goes_on, stood)


def _just_stood(issue: GridIssue, step: ClockEvent) -> Pause | None:
    """The pause of the lead's clock that ended with `step`; None when that begins a new clock or was not standing."""
    pauses = issue.assignment.pauses if issue.assignment else ()
    if getattr(type(step), "TOPIC", "") not in _GOING_ON or not pauses:
        return None
    # A lead that got back what it had returned goes on; another unit's clock has no pauses yet.
    return pauses[-1]


def set_stage_clocks(act: Act, *, issue: GridIssue, rules: str, clocks: list[StageClock]) -> None:
    """Record clocks beside the step that begins or resumes them, by the same person in the same role."""
    role = Role(vars(issue.pending_events[-1])["role"])
    record(issue, StageClocksSet, act, role, lead=issue.lead, rules=rules, clocks=clocks)
