"""Clocks of a case as its page shows them: a ribbon each, the sentence of why, the rule and edition they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from application.clock_views import ExplainedClock, explained, why
from application.services import Services
from application.timeline import Told
from application.views import IssueView
from domain.case_clocks import CaseClock, Clocked, ClockName
from domain.waiting_stages import all_clocks
from interfaces.web.case.ribbon import Ribbon, ribbon

STOPPING = {
    "issue.suspended", "issue.return_asked", "issue.return_granted", "issue.resolved", "issue.merged_into",
}  # fmt: skip
"""Steps from which the lead's clock stands."""


@dataclass(frozen=True)
class ShownClock:
    """一个时限: what it shows now, its ribbon (None where the calendar has too little working time), what it cites."""

    clock: ExplainedClock
    calendar: str
    calendar_version: str
    rule: str
    ribbon: Ribbon | None
    also: str = ""
    """The label of another clock that shows the same, and so is not shown by itself."""

    @property
    def over(self) -> bool:
        return self.clock.state == "decided"


async def shown_clocks(services: Services, issue: IssueView, story: Sequence[Told], at: datetime) -> list[ShownClock]:
    """The clocks of an issue, those that still run first."""
    found = (await services.case_clocks.of([issue.log_id], [issue.id])).get(issue.id)
    if found is None:
        return []
    reasons = standing_reasons(story)
    shown = [_shown(clock, found, at, reasons) for clock in all_clocks(found, services.timers.calendar_of)]
    return sorted(_once(shown), key=lambda one: one.over)


def standing_reasons(story: Sequence[Told]) -> Mapping[datetime, str]:
    """Why a clock stood, by the instant from which it did."""
    return {
        step.happened_at: f"{step.what}（{step.why}）" if step.why else step.what
        for step in story
        if step.topic in STOPPING
    }


def _once(shown: Sequence[ShownClock]) -> list[ShownClock]:
    """The case clock goes with the lead's while they are the same."""
    if len(shown) < 2 or vars(_unnamed(shown[0].clock)) != vars(_unnamed(shown[1].clock)):
        return list(shown)
    return [replace(shown[0], also=shown[1].clock.label), *shown[2:]]


def _unnamed(clock: ExplainedClock) -> ExplainedClock:
    return replace(clock, name="", label="")


def _shown(clock: CaseClock, issue: Clocked, at: datetime, reasons: Mapping[datetime, str]) -> ShownClock:
    explanation = why(clock)[1]
    drawn = ribbon(clock, explanation, at, reasons) if explanation else None
    return ShownClock(
        explained(clock, at), clock.calendar.name, clock.calendar.version, _rule(clock.name, issue), drawn
    )  # fmt: skip


def _rule(name: ClockName, issue: Clocked) -> str:
    """The rule a limit comes from, and its edition."""
    times = issue.stage_times
    if stage := times.clocks.get(name.value):
        return f"时限规则 {times.rules} 第 {stage.rule} 条"
    set_by = issue.case_clock if name is ClockName.CASE else issue.assignment
    return f"立案条件或时限规则，版本 {set_by.edition}" if set_by else ""
