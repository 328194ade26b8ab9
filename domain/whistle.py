"""Whistle 吹哨报到: a street calls units to the spot of an issue; they come or do not, then both sides are rated.

A stream of its own beside the issue: who arrives never conflicts with who works on the case, and a case may have
several. 街乡吹哨, 部门报到 (北京市接诉即办工作条例 art. 16, 33).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain import whistle_events
from domain.actor import Act, Role, record, signature
from domain.case_rules import (
    require_not_complained_about,
    require_reason,
    require_stage,
    require_uninvolved,
)
from domain.grid_issue import GridIssue
from domain.limit import Deadline, Limit
from domain.refusals import OutOfOrder
from domain.stages import AT_WORK, WhistleStage
from domain.vocabulary import WhistleOccasion, WhistleRemark
from domain.whistle_refusals import (
    AlreadyArrived,
    AlreadyRated,
    BadStars,
    CallerCalled,
    NotCalled,
    NotTheCaller,
    UnitNotCalled,
)

HALF_AN_HOUR = Limit.of(30, "minute")


@dataclass(frozen=True)
class WhistlePolicy:
    """How soon who is called must be on the spot, unless the whistle says otherwise."""

    arrive_within: Limit = HALF_AN_HOUR


class Whistle(Aggregate):
    """One whistle as its events tell it. `called_by` and `came` are who acted for the street and for the units."""

    TOPIC = "whistle"

    Event = whistle_events.WhistleEvent
    Created = whistle_events.Created
    Blown = whistle_events.Blown
    Arrived = whistle_events.Arrived
    Ended = whistle_events.Ended
    Withdrawn = whistle_events.Withdrawn
    UnitRated = whistle_events.UnitRated
    Rated = whistle_events.Rated

    def __init__(self, *, issue: UUID, grid: str, caller: str, called: list[str], due: datetime, by: str) -> None:
        self.issue, self.grid, self.caller, self.called, self.due = issue, grid, caller, tuple(called), due
        self.stage = WhistleStage.SOUNDING
        self.arrived: dict[str, datetime] = {}
        self.called_by, self.came = {by}, set[str]()
        self.units_rated, self.rated_by = set[str](), set[str]()

    @classmethod
    def blow(
        cls, act: Act, *, id: UUID, issue: GridIssue, caller: str, called: Sequence[str], occasion: WhistleOccasion,
        deadline: Deadline,
    ) -> Whistle:  # fmt: skip
        """吹哨 about an open issue by the street `caller`, with a reason.

        Refuses `NotTheCaller`, `CallerCalled`, `ReasonMissing`, and `ComplainedAbout` for a unit that one of the
        issue's voices complains about.
        """
        role = _for_the_street(act, issue.grid, caller)
        require_stage(issue.stage, AT_WORK)
        require_reason(act)
        if caller in called:
            raise CallerCalled(unit=caller)
        require_not_complained_about(called, issue.complained_about)
        return cls._create(
            cls.Blown, id=id, timestamp=act.at, **signature(act, role), issue=issue.id, grid=issue.grid, caller=caller,
            occasion=occasion.value, called=sorted(set(called)), limit_amount=deadline.limit.amount,
            limit_unit=deadline.limit.unit.value, calendar=deadline.calendar,
            calendar_version=deadline.calendar_version, provisional=deadline.provisional,
            clock_start=deadline.clock_start, due=deadline.due,
        )  # fmt: skip

    def arrive(self, act: Act) -> None:
        """报到 of the actor's unit; who stands in for another called one says it for each in turn.

        Arrivals may be entered in any order. Refuses `NotCalled`, `AlreadyArrived`, `OutOfOrder` before the whistle.
        """
        role, mine = self._for_a_called_unit(act, WhistleStage.SOUNDING)
        waiting = [unit for unit in mine if unit not in self.arrived]
        if not waiting:
            raise AlreadyArrived(unit=mine[0], at=self.arrived[mine[0]])
        if act.at < self.created_on:
            raise OutOfOrder(at=act.at, last=self.created_on)
        # What another unit entered meanwhile may have happened later.
        record(
            self, self.Arrived, replace(act, stated=False), role, unit=waiting[0], arrived_at=act.at,
            late=act.at > self.due,
        )  # fmt: skip

    def end(self, act: Act, *, measure: str) -> None:
        """销哨 by the street, with what was done on the spot. Refuses `NotTheCaller`."""
        role = _for_the_street(act, self.grid, self.caller)
        require_stage(self.stage, (WhistleStage.SOUNDING,))
        missing = [unit for unit in self.called if unit not in self.arrived]
        over = act.at > self.due
        record(
            self, self.Ended, act, role, measure=measure, absent=missing if over else [],
            spared=[] if over else missing,
        )  # fmt: skip

    def withdraw(self, act: Act) -> None:
        """撤哨 by the street, with its reason. Refuses `NotTheCaller`, `ReasonMissing`."""
        role = _for_the_street(act, self.grid, self.caller)
        require_stage(self.stage, (WhistleStage.SOUNDING,))
        require_reason(act)
        record(self, self.Withdrawn, act, role)

    def rate_unit(self, act: Act, *, unit: str, stars: int, remarks: Sequence[WhistleRemark] = ()) -> None:
        """街道评部门, once a unit and after the end; never by its own people or who came for it.

        Refuses `UnitNotCalled`, `AlreadyRated`, `BadStars`, `DutyConflict`.
        """
        role = _for_the_street(act, self.grid, self.caller)
        require_stage(self.stage, (WhistleStage.ENDED,))
        if unit not in self.called:
            raise UnitNotCalled(unit=unit, called=self.called)
        own = [act.actor.id] if unit in act.actor.units else []
        require_uninvolved(act, [*own, *self.came], did="报到", wants="评价报到单位")
        if unit in self.units_rated:
            raise AlreadyRated(rater=self.caller, rated=unit)
        if not 1 <= stars <= 5:
            raise BadStars(stars=stars)
        said = sorted({remark.value for remark in remarks})
        record(self, self.UnitRated, act, role, unit=unit, stars=stars, remarks=said)

    def rate(self, act: Act, *, justified: bool) -> None:
        """部门评哨, once each called unit and after the end; an unjustified one needs a reason.

        Never by who acted for the street. Refuses `NotCalled`, `AlreadyRated`, `ReasonMissing`, `DutyConflict`.
        """
        role, mine = self._for_a_called_unit(act, WhistleStage.ENDED)
        own = [act.actor.id] if self.caller in act.actor.units else []
        require_uninvolved(act, [*own, *self.called_by], did="吹哨", wants="评价此哨")
        open_ones = [unit for unit in mine if unit not in self.rated_by]
        if not open_ones:
            raise AlreadyRated(rater=mine[0], rated="此哨")
        if not justified:
            require_reason(act)
        record(self, self.Rated, act, role, unit=open_ones[0], justified=justified)

    def _for_a_called_unit(self, act: Act, stage: WhistleStage) -> tuple[Role, list[str]]:
        role = act.as_one_of(Role.HANDLER)
        act.within(self.grid)
        require_stage(self.stage, (stage,))
        mine = [unit for unit in self.called if unit in act.actor.units]
        if not mine:
            raise NotCalled(called=self.called)
        return role, mine


def _for_the_street(act: Act, grid: str, caller: str) -> Role:
    """A supervisor of the area, or a dispatcher of the street itself. Refuses `WrongRole`, `OutsideArea`."""
    role = act.as_one_of(Role.SUPERVISOR, Role.DISPATCHER)
    act.within(grid)
    if role is Role.DISPATCHER and caller not in act.actor.units:
        raise NotTheCaller(caller=caller)
    return role
