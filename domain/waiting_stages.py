"""环节的钟: clocks of an issue's stages with limits of their own, as people see them beside the lead's and the case's.

Each runs until what it waits for happens. Those that wait for the lead stand while the lead's own clock does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from domain.case_clocks import CalendarOf, CaseClock, Clocked, ClockName, case_clocks
from domain.limit_stages import LimitStage
from domain.stages import JUDGED, IssueStage

S = IssueStage
_LED = frozenset({S.ASSIGNED, S.ACCEPTED, S.RETURN_ASKED, S.SUSPENDED})
WAITS_IN = {
    LimitStage.DISPATCH: frozenset({S.FILED, S.CONSULTING, S.RETURNED}),
    LimitStage.ACCEPT: frozenset({S.ASSIGNED, S.RETURN_ASKED}),
    LimitStage.CHECK: frozenset({S.RESOLVED, S.SOLVED}),
    LimitStage.CONTACT: _LED | JUDGED,
    LimitStage.FEEDBACK: _LED | JUDGED,
    LimitStage.CALL_BACK: JUDGED,
}
"""The stages of an issue in which each is waited for."""
OF_ISSUES = (LimitStage.DISPATCH, LimitStage.ACCEPT, LimitStage.CHECK)
"""Stages that events of the issue itself end."""
OF_VOICES = (LimitStage.CONTACT, LimitStage.FEEDBACK, LimitStage.CALL_BACK)
"""Stages that end with what is done about each request: whoever asks for these knows the requests."""
OF_THE_LEAD = frozenset({LimitStage.ACCEPT, LimitStage.CONTACT, LimitStage.FEEDBACK})
"""What stands while the lead's own clock does."""


def own_clocks(issue: Clocked, calendar_of: CalendarOf) -> tuple[CaseClock, ...]:
    """All clocks that the issue itself starts and stops: what timers fire on."""
    return (*case_clocks(issue, calendar_of), *_of(issue, OF_ISSUES, calendar_of))


def all_clocks(issue: Clocked, calendar_of: CalendarOf) -> tuple[CaseClock, ...]:
    """All clocks of an issue whose `stage_times` also know when its requests' stages were over."""
    return (*case_clocks(issue, calendar_of), *_of(issue, (*OF_ISSUES, *OF_VOICES), calendar_of))


def _of(issue: Clocked, stages: Sequence[LimitStage], calendar_of: CalendarOf) -> Iterator[CaseClock]:
    lead, times = issue.assignment, issue.stage_times
    for stage in sorted(stages, key=list(LimitStage).index):
        clock = times.clocks.get(stage.value)
        if clock is None:
            continue
        ended = times.ended(clock)
        with_lead = lead if stage in OF_THE_LEAD else None
        yield CaseClock(
            ClockName(stage.value), clock.limit, clock.clock_start, clock.due, calendar_of(clock.calendar),
            clock.provisional, with_lead.pauses if with_lead else (),
            ended or (with_lead.stopped_at if with_lead else None),
            ended is not None or issue.stage not in WAITS_IN[stage],
        )  # fmt: skip
