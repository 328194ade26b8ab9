"""GridIssue 网格事件: one problem in one grid, from report to closing.

A command asks first whether the issue lies in the actor's area, checks its rules, then records one event. What is
done less often has modules of its own, whose events `domain.issue_beside` lists.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain import issue_beside, issue_events, issue_ties, sealing, timers
from domain.actor import Act, Role, record, signature
from domain.assignment import Assignment, Terms, given
from domain.case_rules import (
    not_the_asker,
    require_lead,
    require_not_complained_about,
    require_reason,
    require_stage,
    require_uninvolved,
)
from domain.coordination import Coordination
from domain.grants import Grants
from domain.lead_basis import BY_HAND, Named
from domain.refusals import AlreadyAttached, NotAttached, VoicesAttached
from domain.stage_times import StageTimes
from domain.stages import JUDGED, OPEN_ISSUE, IssueStage
from domain.vocabulary import Channel, ReturnReason, SolvedLevel

S = IssueStage


class GridIssue(Aggregate):
    """One problem in one grid. Fields are what its events say so far."""

    TOPIC = "issue"

    # What modules beside this one record. The library wants all events of an aggregate in its namespace.
    vars().update({event.__name__: event for event in issue_beside.EVENTS})
    Event = issue_events.IssueEvent
    Created = issue_events.Created
    Reported = issue_events.Reported
    Voided = issue_events.Voided
    Filed = issue_events.Filed
    ConsultationOpened = issue_events.ConsultationOpened
    ConsultationConcluded = issue_events.ConsultationConcluded
    Assigned = issue_events.Assigned
    Accepted = issue_events.Accepted
    ReturnAsked = issue_events.ReturnAsked
    ReturnGranted = issue_events.ReturnGranted
    ReturnRefused = issue_events.ReturnRefused
    Resolved = issue_events.Resolved
    SolvedOnSpot = issue_events.SolvedOnSpot
    Checked = issue_events.Checked
    ReworkOrdered = issue_events.ReworkOrdered
    RedoOrdered = issue_events.RedoOrdered
    Reopened = issue_events.Reopened
    Closed = issue_events.Closed
    ExemptionAsked = issue_ties.ExemptionAsked
    Exempted = issue_ties.Exempted
    ExemptionRefused = issue_ties.ExemptionRefused

    def __init__(
        self, *, grid: str, grid_edition: int, category: str, channel: str, urgency: str, subject: UUID
    ) -> None:
        self.grid, self.grid_edition, self.category, self.edition = grid, grid_edition, category, ""
        self.channel, self.subject, self.stage_times = channel, subject, StageTimes(urgency)
        self.stage = self.before_return = self.before_merger = S.REPORTED
        self.assignment: Assignment | None = None
        self.case_clock: Assignment | None = None  # the first assignment's, of which the case clock began
        self.assignments, self.returns, self.ping_pong, self.round = 0, 0, 0, 1
        self.handled_by, self.returned_by, self.return_granted_by = set[str](), set[str](), set[str]()
        self.return_asked_by = self.handler = ""
        self.requests: dict[UUID, str] = {}
        self.absorbed: dict[UUID, list[str]] = {}
        self.passed_up: list[Coordination] = []
        self.merged_into: UUID | None = None
        self.exempt, self.exemption_asked_by, self.grants, self.timers = False, "", Grants(), timers.Timers()

    @property
    def place(self) -> str:
        """The grid code: whose area it lies in."""
        return self.grid

    @property
    def lead(self) -> str:
        """The unit that leads now, "" before the first assignment and once it was returned."""
        return self.assignment.lead if self.assignment and self.stage is not S.RETURNED else ""

    @property
    def complained_about(self) -> set[str]:
        """The units its voices complain about, those of absorbed issues included."""
        return {*self.requests.values(), *(unit for units in self.absorbed.values() for unit in units)} - {""}

    @property
    def in_hands_of(self) -> set[str]:
        """The units it was assigned to, copies and assists too, none once it was returned; and who coordinates it."""
        assigned = self.assignment.units if self.assignment and self.stage is not S.RETURNED else set()
        return assigned | {one.unit for one in self.passed_up[-1:]}

    def set_clock(self, clock: Assignment, at: datetime) -> None:
        """For events: the lead's clock as the event says it is from `at` on, copies and assists as they were."""
        before = self.assignment or clock
        clock = before.followed_by(clock, at)
        self.assignment = replace(clock, copies=before.copies, assists=before.assists)

    def stop_clock(self, at: datetime) -> None:
        """For events: the lead's clock stands from `at`."""
        self.assignment = self.assignment and replace(self.assignment, stopped_at=at)

    # --- intake ---------------------------------------------------------------------------------

    @classmethod
    def report(
        cls, act: Act, *, id: UUID, subject: UUID, grid: str, grid_edition: int, attachments: Collection[str] = (),
        category: str = "", channel: Channel = Channel.PATROL, urgency: str = "normal", longitude: float | None = None,
        latitude: float | None = None, sealed: Mapping[str, str] = sealing.NOTHING_SEALED,
    ) -> GridIssue:  # fmt: skip
        """上报: by whoever covers the grid. `category` is a guess until filing."""
        role = act.as_one_of(Role.WORKER, Role.RECEIVER, Role.DISPATCHER)
        act.within(grid)
        return cls._create(
            cls.Reported, id=id, timestamp=act.at, **signature(act, role), subject=subject, sealed=dict(sealed),
            grid=grid, grid_edition=grid_edition, category=category, channel=channel.value, urgency=urgency,
            longitude=longitude, latitude=latitude, attachments=list(dict.fromkeys(attachments)),
        )  # fmt: skip

    def void(self, act: Act) -> None:
        """作废: a wrong report, with its reason. Refuses `VoicesAttached` while a request hangs on it."""
        role = self.gate(act, (S.REPORTED,), Role.RECEIVER, Role.DISPATCHER)
        require_reason(act)
        if self.requests or self.absorbed:
            raise VoicesAttached(count=len(self.requests) + len(self.absorbed))
        record(self, self.Voided, act, role)

    def file(self, act: Act, *, category: str, edition: str) -> None:
        """立案: under the catalogue's filing condition `category` of `edition`."""
        role = self.gate(act, (S.REPORTED,), Role.RECEIVER, Role.DISPATCHER)
        record(self, self.Filed, act, role, category=category, edition=edition)

    def solve_on_spot(self, act: Act, *, measure: str, evidence: Collection[str] = ()) -> None:
        """自行处置: the grid's worker solves what was reported. Refuses `ComplainedAbout`."""
        role = self.gate(act, (S.REPORTED,), Role.WORKER)
        require_not_complained_about([act.actor.unit], self.complained_about)
        record(self, self.SolvedOnSpot, act, role, measure=measure, evidence=list(evidence))

    def open_consultation(self, act: Act, *, units: Collection[str]) -> None:
        """派前会商: hard cases are discussed before dispatch (北京市接诉即办工作条例 art. 12)."""
        role = self.gate(act, (S.FILED,), Role.DISPATCHER)
        require_not_complained_about(units, self.complained_about)
        record(self, self.ConsultationOpened, act, role, units=list(units))

    def conclude_consultation(self, act: Act, *, proposed_lead: str) -> None:
        """会商结论."""
        role = self.gate(act, (S.CONSULTING,), Role.DISPATCHER)
        require_reason(act)
        record(self, self.ConsultationConcluded, act, role, proposed_lead=proposed_lead)

    # --- handling -------------------------------------------------------------------------------

    def assign(
        self, act: Act, *, lead: str, terms: Terms, copies: Collection[str] = (),
        assists: Collection[str] = (), off_list: Collection[str] = (), named: Named = BY_HAND,
    ) -> None:  # fmt: skip
        """派遣: the clock runs from here. The same unit's resumes, another's starts, the case clock goes on.

        `off_list` are the units named whose duty list does not hold the class: a flag for whoever looks at it.
        `named` tells who or what named the lead.

        Refuses `ComplainedAbout` when a unit named is what a requester complains about.
        """
        role = self.gate(act, (S.FILED, S.RETURNED), Role.DISPATCHER)
        require_not_complained_about((lead, *copies, *assists), self.complained_about)
        before = self.assignment
        if before and before.lead == lead:
            clock = terms.resumed(before, act.at)
        else:
            clock = terms.fresh(lead, act.at, before.case_due if before else None)
        record(
            self, self.Assigned, act, role, lead=lead, copies=list(copies), assists=list(assists),
            nth=self.assignments + 1, again=lead in self.returned_by, off_list=bool(off_list),
            off_list_units=list(off_list), **named.facts(), **clock.facts(),
        )  # fmt: skip

    def accept(self, act: Act) -> None:
        """签收 by the lead; the clock has run since assignment."""
        record(self, self.Accepted, act, self._lead_gate(act, S.ASSIGNED))

    def ask_return(self, act: Act, *, code: ReturnReason) -> None:
        """申请退单 by the lead, with a reason code; its clock stands until somebody else decides."""
        record(self, self.ReturnAsked, act, self._lead_gate(act, S.ASSIGNED, S.ACCEPTED), code=code.value)

    def grant_return(self, act: Act) -> None:
        """同意退单, by a dispatcher who did not ask for it."""
        role = self.gate(act, (S.RETURN_ASKED,), Role.DISPATCHER)
        not_the_asker(act, self.return_asked_by, did="申请退单", wants="审批退单")
        record(self, self.ReturnGranted, act, role, lead=self.lead)

    def refuse_return(self, act: Act, *, terms: Terms | None) -> None:
        """不同意退单: the lead's clock resumes on `terms.calendar`."""
        role = self.gate(act, (S.RETURN_ASKED,), Role.DISPATCHER)
        require_reason(act)
        not_the_asker(act, self.return_asked_by, did="申请退单", wants="审批退单")
        self._resume(self.ReturnRefused, act, role, terms, back_to=self.before_return.value)

    def resolve(
        self, act: Act, *, measure: str, evidence: Collection[str] = (),
        level: SolvedLevel = SolvedLevel.STREET,
    ) -> None:  # fmt: skip
        """办理反馈 by the lead. Whether it was late is a fact of the event."""
        role = self._lead_gate(act, S.ACCEPTED)
        overdue = self.assignment is not None and act.at > self.assignment.due
        record(
            self, self.Resolved, act, role,
            measure=measure, evidence=list(evidence), level=level.value, overdue=overdue,
        )  # fmt: skip

    # --- judging --------------------------------------------------------------------------------

    def check(self, act: Act, *, passed: bool, evidence: Collection[str] = ()) -> None:
        """核查 by somebody who neither handled it nor granted a return of it."""
        role = self.gate(act, (S.RESOLVED, S.SOLVED), Role.VERIFIER)
        self._judge(act, "核查")
        record(self, self.Checked, act, role, passed=passed, evidence=list(evidence))

    def order_rework(self, act: Act, *, terms: Terms | None) -> None:
        """返工 after a failed check: the lead's clock resumes; one solved on the spot is reported anew."""
        role = self.gate(act, (S.FAILED,), Role.VERIFIER, Role.DISPATCHER)
        if self.assignment is None:
            record(self, self.Reopened, act, role, request=None, round=self.round + 1)
        else:
            self._resume(self.ReworkOrdered, act, role, terms, round=self.round + 1)

    def close(self, act: Act) -> None:
        """结案 by somebody who neither handled it nor granted a return of it."""
        role = self.gate(act, (S.CHECKED, S.SOLVED), Role.RECEIVER, Role.VERIFIER, Role.DISPATCHER)
        self._judge(act, "结案")
        record(self, self.Closed, act, role)

    def order_redo(self, act: Act, *, request: UUID, terms: Terms | None) -> None:
        """重办 after an unsatisfied call-back of `request`: a new clock for the same lead.

        Without a lead (solved on the spot) the issue is reported anew.
        """
        role = self.gate(act, JUDGED, Role.VERIFIER, Role.DISPATCHER, Role.RECEIVER)
        nth = self.round + 1
        if self.assignment is None:
            record(self, self.Reopened, act, role, request=request, round=nth)
        else:
            clock = given(terms).fresh(self.lead, act.at, self.assignment.case_due)
            facts = {"lead": self.lead, "request": request, "round": nth, **clock.facts()}
            record(self, self.RedoOrdered, act, role, **facts)

    # --- ties -----------------------------------------------------------------------------------

    def attach_request(self, act: Act, *, request: UUID, complained_about: str = "") -> None:
        """关联诉求: one more voice on an open issue. Refuses `ComplainedAbout` when that unit has it."""
        role = self.gate(act, OPEN_ISSUE, Role.RECEIVER, Role.DISPATCHER, Role.WORKER)
        require_not_complained_about([complained_about], self.in_hands_of)
        if request in self.requests:
            raise AlreadyAttached(request=request, issue=self.id)
        record(self, issue_ties.RequestAttached, act, role, request=request, complained_about=complained_about)

    def detach_request(self, act: Act, *, request: UUID) -> None:
        """解除关联."""
        role = self.gate(act, OPEN_ISSUE | {S.MERGED}, Role.RECEIVER, Role.DISPATCHER)
        if request not in self.requests:
            raise NotAttached(request=request, issue=self.id)
        record(self, issue_ties.RequestDetached, act, role, request=request)

    # --- the rules' common steps ----------------------------------------------------------------

    def gate(self, act: Act, stages: Collection[IssueStage], *roles: Role) -> Role:
        """The role to act in here and now. Refuses `WrongRole`, `OutsideArea`, `WrongStage`, `OutOfOrder`."""
        role = act.as_one_of(*roles)
        act.within(self.grid)
        require_stage(self.stage, stages, suspended_until=self.grants.suspended_until)
        act.not_before(self.modified_on)
        return role

    def _lead_gate(self, act: Act, *stages: IssueStage) -> Role:
        role = self.gate(act, stages, Role.HANDLER)
        require_lead(act, self.lead)
        return role

    def _judge(self, act: Act, wants: str) -> None:
        require_uninvolved(act, self.handled_by, did="办理", wants=wants)
        require_uninvolved(act, self.return_granted_by, did="审批退单", wants=wants)
        require_not_complained_about([act.actor.unit], self.complained_about)

    def _resume(
        self, event: type[issue_events.ClockEvent], act: Act, role: Role, terms: Terms | None, **facts: object
    ) -> None:
        clock = given(terms).resumed(given(self.assignment), act.at)
        record(self, event, act, role, lead=self.lead, **facts, **clock.facts())
