"""Strand 案件串: the few cases that touch each other, lived through step by step, with what fires by itself between.

Every step is a command of the domain on the aggregates as they stand, so nothing is made that could not happen. It is
recorded when it happens, now and then some hours later (补录); timers fire by what is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple, cast
from uuid import UUID

from eventsourcing.domain import Aggregate, DomainEvent

from application.issues import Issues
from application.synthetic.town import District
from application.timers import IssueTimers
from domain.actor import Act, Actor
from domain.case_id import new_case_id
from domain.firing import ENDING, PROGRAM, fire_on_request
from domain.grid_issue import GridIssue
from domain.resident_request import CALLABLE, ResidentRequest

LATE_SHARE, LATE_HOURS = 0.02, 20.0
"""How many deeds are written down later, and at most how much."""


class Made(NamedTuple):
    """An event with when it was recorded, and the save it was recorded in by whom."""

    recorded_at: datetime
    save: UUID
    by: str
    event: DomainEvent


class YearOver(Exception):
    """What would be recorded next is beyond the end: the cases stay as they are."""


@dataclass(frozen=True)
class Setting:
    """What all strands of a district share: its rules, its people, and the end of the year."""

    issues: Issues
    timers: IssueTimers
    district: District
    end: datetime


@dataclass
class Strand:
    """One bundle of cases at the instant it has come to."""

    setting: Setting
    chance: Random
    at: datetime
    made: list[Made] = field(default_factory=list)
    issues: list[GridIssue] = field(default_factory=list)
    requests: list[ResidentRequest] = field(default_factory=list)
    _due: dict[UUID, datetime | None] = field(default_factory=dict)
    _recorded_at: datetime | None = None

    # --- chance and time ------------------------------------------------------------------------

    def happens(self, share: float) -> bool:
        """Whether something does that does in `share` (0 to 1) of all."""
        return self.chance.random() < share

    def wait(self, median_minutes: float, sigma: float = 0.8) -> None:
        """Let time pass by the wall clock, log-normal."""
        self.at += timedelta(minutes=min(self.chance.lognormvariate(0, sigma), 50.0) * median_minutes)

    def work(self, median_hours: float, sigma: float = 0.8) -> None:
        """Let office hours pass, log-normal; it ends within them."""
        calendar = self.setting.issues.calendar
        hours = min(self.chance.lognormvariate(0, sigma), 50.0) * median_hours
        self.at = calendar.add(calendar.next_opening(self.at), timedelta(hours=hours))

    def new_id(self) -> UUID:
        """Of a case that begins now."""
        return new_case_id(self.setting.district.code, self.at, self.chance.randbytes(8))

    def some_id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)

    # --- steps ----------------------------------------------------------------------------------

    def act(self, by: Actor, reason: str = "") -> Act:
        """The next deed, to the second; what has fired before it is recorded has. Raises `YearOver`."""
        self.at = self.at.replace(microsecond=0)
        delay = timedelta(hours=self.chance.random() * LATE_HOURS) if self.happens(LATE_SHARE) else timedelta()
        recorded_at = max(self.at + delay, self._recorded_at or self.at)
        self.settle(recorded_at)
        if recorded_at >= self.setting.end:
            raise YearOver
        self._recorded_at = recorded_at
        return Act(by, self.at, reason)

    def issue_does(self, issue: GridIssue, by: Actor, decide: Callable[[Act], None], reason: str = "") -> None:
        """One command on an issue, with the stage clocks that follow from it."""
        act = self.act(by, reason)
        decide(act)
        self.setting.issues.stage_clocks.follow(issue, act)
        self.keep(act, issue)

    def request_does(
        self, request: ResidentRequest, by: Actor, decide: Callable[[Act], None], reason: str = ""
    ) -> None:
        """One command on a request."""
        act = self.act(by, reason)
        decide(act)
        self.keep(act, request)

    def keep(self, act: Act, *cases: Aggregate) -> None:
        """Record what `act` decided, as one save."""
        save, recorded_at = self.some_id(), self._recorded_at or act.at
        for case in cases:
            events = cast(Sequence[DomainEvent], case.collect_events())
            self.made += [Made(recorded_at, save, act.actor.id, event) for event in events]
            if isinstance(case, GridIssue):
                self._due[case.id] = self.setting.timers.next(case)

    def leading(self, request: ResidentRequest) -> GridIssue | None:
        """The issue that goes on for a request."""
        found = next((one for one in self.issues if one.id == request.issue), None)
        while found is not None and found.merged_into is not None:
            found = next(one for one in self.issues if one.id == found.merged_into)
        return found

    # --- what fires by itself -------------------------------------------------------------------

    def settle(self, until: datetime) -> None:
        """Fire what is due by `until` and before the end, in order."""
        last = min(until, self.setting.end - timedelta(microseconds=1))
        while (found := self._first_due()) is not None and found[0] <= last:
            at, case = found
            self._recorded_at = max(at, self._recorded_at or at)
            if isinstance(case, GridIssue):
                self.setting.timers.fire(case, at)
            else:
                issue = self.leading(case)
                if issue is not None:
                    fire_on_request(case, issue, at)
            self.keep(Act(PROGRAM, at, stated=False), case)

    def _first_due(self) -> tuple[datetime, GridIssue | ResidentRequest] | None:
        waiting: list[tuple[datetime, GridIssue | ResidentRequest]] = [
            (at, one) for one in self.issues if (at := self._due.get(one.id)) is not None
        ]
        waiting += [(at, one) for one in self.requests if (at := self._comes_due(one)) is not None]
        return min(waiting, key=lambda one: one[0], default=None)

    def _comes_due(self, request: ResidentRequest) -> datetime | None:
        """When a request comes due for its call-back."""
        issue = self.leading(request) if request.stage in CALLABLE else None
        if issue is None or issue.assignment is None or issue.stage not in ENDING:
            return None
        due = issue.assignment.due
        return None if request.limit_ended == due else max(due, request.modified_on)
