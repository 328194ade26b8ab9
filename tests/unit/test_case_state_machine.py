"""Random commands by random people at random times: whatever they try, the rules of the field hold.

Several issues and requests live together, merge and part; requests move between them. Use cases are played
as they are: what touches two cases is tried on copies, and all of it is kept or nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.actor import Act, Actor
from domain.assignment import Terms
from domain.escalating import Above, escalate, send_down
from domain.exempting import ask_exemption, decide_exemption
from domain.grid_issue import GridIssue
from domain.limit import Limit
from domain.merging import merge, unmerge
from domain.refusals import Refused
from domain.resident_request import ResidentRequest
from domain.stages import IssueStage
from domain.supervising import answer_supervision, close_supervision, order_supervision
from domain.suspending import resume_suspension
from domain.vocabulary import Diversion, ReturnReason, Satisfaction, Solved, SolvedLevel, SupervisionKind
from infrastructure.event_mapper import EventMapper
from tests.allowed_steps import ISSUE_CHART, REQUEST_CHART, allowed
from tests.cases import CALENDAR, CATEGORY, ISSUE_AT, received
from tests.spec import (
    NEXT_DISTRICT,
    NINE,
    OFFICE,
    ONE_OF_EACH,
    PARKS,
    ROADS,
    WATER,
    WATER_HANDLER,
    act,
    case_id,
    doing_all,
    given,
    replayed,
    staff,
)

ALL_ROUNDERS = [doing_all(f"{who}-of-{unit}", unit) for unit in (ROADS, WATER, OFFICE) for who in ("one", "other")]
STRANGER = staff("stranger", *ALL_ROUNDERS[0].roles, unit=ROADS, areas=(NEXT_DISTRICT,))
actors = st.sampled_from([*ALL_ROUNDERS, *ALL_ROUNDERS, *ALL_ROUNDERS, *ONE_OF_EACH, WATER_HANDLER, STRANGER])
delays = st.sampled_from([0, 1, 5, 60, 480, 1440, 4 * 1440, -1]).map(lambda minutes: timedelta(minutes=minutes))
reasons = st.sampled_from(["情况属实", "情况属实", "情况属实", "情况属实", ""])
units = st.sampled_from([ROADS, WATER])
unit_lists = st.sampled_from([[], [], [PARKS], [ROADS], [WATER]])
beginnings = st.sampled_from([stage for stage in IssueStage if stage is not IssueStage.MERGED])
complaints = st.sampled_from(["", "", "", "", ROADS, OFFICE])
terms = st.sampled_from([(2, "workday"), (4, "work_hour"), (2, "urgent_hour"), (1, "natural_day")]).map(
    lambda limit: Terms(limit=Limit.of(*limit), edition="2026.1", calendar=CALENDAR)
)
orders = st.integers(1, 2)
answers = st.one_of(
    st.just({"valid": False}),
    st.fixed_dictionaries(
        {
            "valid": st.just(True),
            "contacted": st.booleans(),
            "solved": st.sampled_from(Solved),
            "satisfaction": st.sampled_from([*Satisfaction, Satisfaction.DISSATISFIED, None]),
        }
    ),
)

Draw = Callable[[st.SearchStrategy[Any]], Any]
ON_ISSUES: dict[str, Callable[[GridIssue, Act, Draw], None]] = {
    "voided": lambda i, a, draw: i.void(a),
    "filed": lambda i, a, draw: i.file(a, category=CATEGORY, edition="2026.1"),
    "solved_on_spot": lambda i, a, draw: i.solve_on_spot(a, measure="劝离"),
    "consultation_opened": lambda i, a, draw: i.open_consultation(a, units=draw(unit_lists)),
    "consultation_concluded": lambda i, a, draw: i.conclude_consultation(a, proposed_lead=draw(units)),
    "assigned": lambda i, a, draw: i.assign(
        a, lead=draw(units), terms=draw(terms), copies=draw(unit_lists), assists=draw(unit_lists)
    ),
    "accepted": lambda i, a, draw: i.accept(a),
    "return_asked": lambda i, a, draw: i.ask_return(a, code=draw(st.sampled_from(ReturnReason))),
    "return_granted": lambda i, a, draw: i.grant_return(a),
    "return_refused": lambda i, a, draw: i.refuse_return(a, terms=draw(terms)),
    "resolved": lambda i, a, draw: i.resolve(a, measure="修复"),
    "checked": lambda i, a, draw: i.check(a, passed=draw(st.booleans())),
    "rework_ordered": lambda i, a, draw: i.order_rework(a, terms=draw(terms)),
    "closed": lambda i, a, draw: i.close(a),
    "resumed": lambda i, a, draw: resume_suspension(a, issue=i, terms=draw(terms)),
    "supervision_ordered": lambda i, a, draw: order_supervision(
        a, issue=i, kind=draw(st.sampled_from(SupervisionKind)), limit=draw(terms).limit, terms=draw(terms)
    ),
    "supervision_answered": lambda i, a, draw: answer_supervision(a, issue=i, nth=draw(orders), answer="在办"),
    "supervision_closed": lambda i, a, draw: close_supervision(a, issue=i, nth=draw(orders)),
    "escalated": lambda i, a, draw: pass_up(i, a),
    "sent_down": lambda i, a, draw: send_down(a, issue=i),
}


def pass_up(issue: GridIssue, deed: Act) -> None:
    escalate(deed, issue=issue, lead_level=SolvedLevel.GRID, find_above=lambda level: Above(level, ABOVE[level]))


ABOVE = {
    SolvedLevel.COMMUNITY: OFFICE, SolvedLevel.STREET: ROADS, SolvedLevel.DISTRICT: "district",
    SolvedLevel.CITY: "city",
}  # fmt: skip
ON_REQUESTS: dict[str, Callable[[ResidentRequest, GridIssue | None, Act, Draw], None]] = {
    "answered": lambda r, i, a, draw: r.answer(a),
    "diverted": lambda r, i, a, draw: r.divert(a, code=draw(st.sampled_from(Diversion))),
    "carried_over": lambda r, i, a, draw: r.carry_over_reply(a),
    "requester_contacted": lambda r, i, a, draw: r.contact(a, reached=draw(st.booleans()), lead=i.lead if i else ""),
    "fed_back": lambda r, i, a, draw: r.feed_back(a, lead=i.lead if i else ""),
    "called_back": lambda r, i, a, draw: hear(r, i, a, draw(answers)),
    "closed": lambda r, i, a, draw: r.close(a),
}


def hear(request: ResidentRequest, issue: GridIssue | None, deed: Act, said: dict[str, Any]) -> None:
    """Called back by staff, or answered by the requester alone, as half of those with an answer do."""
    due = issue.assignment.due if issue and issue.assignment else None
    if said["valid"] and None not in said.values() and deed.reason:
        request.rate_oneself(at=deed.at, due=due, **{name: one for name, one in said.items() if name != "valid"})
    else:
        request.call_back(deed, due=due, handlers=issue.handled_by if issue else (), **said)


HANDLING = {
    "issue.accepted", "issue.return_asked", "issue.resolved", "issue.solved_on_spot", "issue.escalated",
    "issue.sent_down",
}  # fmt: skip
MAPPER = EventMapper([GridIssue, ResidentRequest])


def steps_from(chart: str, stage: str) -> list[str]:
    """The events a case at `stage` waits for: tried more often than others, so that cases get far."""
    lines = [line.split() for line in chart.split("\n") if line.startswith(f"{stage} ")]
    return [topic.partition(".")[2] for _, topic, _ in lines]


class Cases(RuleBasedStateMachine):
    """A district's open books, and the whole of its history."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NINE
        self.issues: dict[UUID, GridIssue] = {}
        self.requests: dict[UUID, ResidentRequest] = {}
        self.history: dict[UUID, list[Any]] = {}

    # --- what people try --------------------------------------------------------------------------

    @initialize(
        stages=st.lists(beginnings, min_size=3, max_size=3), complaints=st.lists(complaints, min_size=3, max_size=4)
    )
    def some_cases_are_open(self, stages: list[IssueStage], complaints: list[str]) -> None:
        for number, stage in enumerate(stages):
            self.keep(given(*ISSUE_AT[stage], id=case_id(number)).events)
        for number, unit in enumerate(complaints, start=len(stages)):
            self.keep(given(received(complained_about=unit), id=case_id(number)).events)

    @rule(data=st.data(), steps=st.integers(1, 12))
    def an_issue_moves_on(self, data: st.DataObject, steps: int) -> None:
        number = data.draw(st.sampled_from(sorted(self.issues)))
        for _ in range(steps):
            issue = self.issues[number]
            waited_for = [step for step in steps_from(ISSUE_CHART, issue.stage) if step in ON_ISSUES]
            self.try_on_issue(data, issue, waited_for, self.fitting_deed(data, issue))

    @rule(data=st.data(), steps=st.integers(1, 6))
    def a_request_moves_on(self, data: st.DataObject, steps: int) -> None:
        number = data.draw(st.sampled_from(sorted(self.requests)))
        for _ in range(steps):
            request = self.requests[number]
            waited_for = [step for step in steps_from(REQUEST_CHART, request.stage) if step in ON_REQUESTS]
            if issue := self.leading(request):
                deed = self.fitting_deed(data, issue)
                self.try_on_request(data, request, waited_for, deed)
                self.try_to_redo(data, self.requests[number], deed)

    @rule(data=st.data(), steps=st.integers(1, 6))
    def anything_is_tried_on_issues(self, data: st.DataObject, steps: int) -> None:
        for _ in range(steps):
            self.try_on_issue(data, self.any_issue(data), list(ON_ISSUES), self.deed(data))

    @rule(data=st.data(), steps=st.integers(1, 6))
    def anything_is_tried_on_requests(self, data: st.DataObject, steps: int) -> None:
        for _ in range(steps):
            self.try_on_request(data, self.any_request(data), list(ON_REQUESTS), self.deed(data))

    @rule(data=st.data())
    def a_request_is_attached(self, data: st.DataObject) -> None:
        deed = self.fitting_deed(data, None)

        def tie(request: ResidentRequest, issue: GridIssue) -> None:
            request.attach(deed, issue=issue.id)
            issue.attach_request(deed, request=request.id, complained_about=request.complained_about)

        free = [number for number, request in self.requests.items() if request.issue is None]
        request = self.requests[data.draw(st.sampled_from(sorted(free or self.requests)))]
        self.attempt(tie, request, self.any_issue(data), in_one=False)

    @rule(data=st.data())
    def a_request_is_detached(self, data: st.DataObject) -> None:
        request, deed = self.any_request(data), self.fitting_deed(data, None)

        def part(request: ResidentRequest, issue: GridIssue) -> None:
            request.detach(deed, issue=issue.id)
            issue.detach_request(deed, request=request.id)

        issue = self.issues[request.issue] if request.issue else self.any_issue(data)
        self.attempt(part, request, issue, in_one=False)

    @rule(data=st.data())
    def two_issues_are_merged_or_parted(self, data: st.DataObject) -> None:
        issue, into, deed = self.any_issue(data), self.any_issue(data), self.deed(data)
        if issue.merged_into:
            into = data.draw(st.sampled_from([self.issues[issue.merged_into].id, into.id]).map(self.issues.__getitem__))
            decide: Callable[..., None] = unmerge
        else:
            decide = merge
        if issue is into:
            self.attempt(lambda case: decide(deed, issue=case, into=case), issue)
        else:
            self.attempt(lambda one, other: decide(deed, issue=one, into=other), issue, into)

    @rule(data=st.data(), of_issue=st.booleans(), granted=st.booleans())
    def an_exemption_is_asked_for_or_decided(self, data: st.DataObject, of_issue: bool, granted: bool) -> None:
        case, deed = self.any_issue(data) if of_issue else self.any_request(data), self.deed(data)
        if case.exemption_asked_by:
            self.attempt(lambda case: decide_exemption(deed, case=case, granted=granted), case)
        self.attempt(lambda case: ask_exemption(deed, case=case), case)

    # --- what must hold ---------------------------------------------------------------------------

    @invariant()
    def every_voice_is_heard_once(self) -> None:
        for request in self.requests.values():
            ties = [issue.id for issue in self.issues.values() if request.id in issue.requests]
            assert ties == ([request.issue] if request.issue else [])

    @invariant()
    def every_merger_is_known_to_both(self) -> None:
        merged = {(issue.id, issue.merged_into) for issue in self.issues.values() if issue.merged_into}
        absorbed = {(one, issue.id) for issue in self.issues.values() for one in issue.absorbed}
        assert merged == absorbed
        assert {one for one, _ in merged} == {issue.id for issue in self.issues.values() if issue.stage == "merged"}

    @invariant()
    def no_unit_has_a_complaint_about_itself_in_hand(self) -> None:
        for request in self.requests.values():
            issue = self.leading(request)
            if issue and issue.stage not in {"returned", "closed"} and request.complained_about:
                assert request.complained_about not in issue.in_hands_of
                assert request.complained_about in issue.complained_about

    @invariant()
    def counts_are_what_happened(self) -> None:
        for issue in self.issues.values():
            topics = Counter(event.TOPIC for event in self.history[issue.id])
            rounds = topics["issue.rework_ordered"] + topics["issue.redo_ordered"] + topics["issue.reopened"]
            assert issue.assignments == topics["issue.assigned"]
            assert issue.returns == topics["issue.return_granted"]
            assert issue.round == 1 + rounds
            assert issue.ping_pong == returned_and_sent_back(self.history[issue.id])
        for request in self.requests.values():
            assert request.round == 1 + sum(event.TOPIC == "request.redo_ordered" for event in self.history[request.id])

    # --- how it is played -------------------------------------------------------------------------

    def any_issue(self, data: st.DataObject) -> GridIssue:
        return self.issues[data.draw(st.sampled_from(sorted(self.issues)))]

    def any_request(self, data: st.DataObject) -> ResidentRequest:
        return self.requests[data.draw(st.sampled_from(sorted(self.requests)))]

    def deed(self, data: st.DataObject) -> Act:
        actor: Actor = data.draw(actors)
        return act(actor, self.now + data.draw(delays), data.draw(reasons))

    def fitting_deed(self, data: st.DataObject, issue: GridIssue | None) -> Act:
        """One that has a chance: by somebody with every role, mostly of the unit that leads."""
        fitting = [actor for actor in ALL_ROUNDERS if issue and actor.unit == issue.lead]
        actor: Actor = data.draw(st.sampled_from([*ALL_ROUNDERS, *4 * fitting]))
        return act(actor, self.now + abs(data.draw(delays)), data.draw(reasons))

    def leading(self, request: ResidentRequest) -> GridIssue | None:
        issue = self.issues[request.issue] if request.issue else None
        while issue and issue.merged_into:
            issue = self.issues[issue.merged_into]
        return issue

    def try_on_issue(self, data: st.DataObject, issue: GridIssue, steps: list[str], deed: Act) -> None:
        if steps:
            decide = ON_ISSUES[data.draw(st.sampled_from(steps))]
            self.attempt(lambda case: decide(case, deed, data.draw), issue)

    def try_on_request(self, data: st.DataObject, request: ResidentRequest, steps: list[str], deed: Act) -> None:
        if steps:
            decide, issue = ON_REQUESTS[data.draw(st.sampled_from(steps))], self.leading(request)
            self.attempt(lambda case: decide(case, issue, deed, data.draw), request)

    def try_to_redo(self, data: st.DataObject, request: ResidentRequest, deed: Act) -> None:
        def redo(request: ResidentRequest, issue: GridIssue) -> None:
            request.order_redo(deed)
            issue.order_redo(deed, request=request.id, terms=data.draw(terms))

        if issue := self.leading(request):
            self.attempt(redo, request, issue, in_one=False)

    def attempt(self, decide: Callable[..., None], *cases: Any, in_one: bool = True) -> None:
        """Let the cases decide; on a refusal keep none of it. What decides `in_one` must change nothing then."""
        copies = deepcopy(cases)
        try:
            decide(*copies)
        except Refused:
            assert not in_one or [vars(copy) for copy in copies] == [vars(case) for case in cases]
            return
        for case, copy in zip(cases, copies, strict=True):
            (event,) = copy.pending_events
            assert allowed(case.stage, event.TOPIC, copy.stage), (case.stage, event.TOPIC, copy.stage)
            self.look_at(event, case)
            if not hasattr(event, "clock_start") and getattr(case, "assignment", None):
                now, before = copy.assignment, case.assignment
                assert (now.due, now.case_due) == (before.due, before.case_due)
            self.keep(copy.collect_events())
            assert (self.issues | self.requests)[case.id] == copy

    def keep(self, news: list[Any]) -> None:
        """Save new events of one case as the event store would, and read them back."""
        past = self.history.setdefault(news[0].originator_id, [])
        past += news
        read_back = [MAPPER.to_domain_event(MAPPER.to_stored_event(event)) for event in past]
        assert read_back == past
        assert [event.originator_version for event in past] == list(range(1, len(past) + 1))
        assert all(one.timestamp <= other.timestamp for one, other in pairwise(past))
        case = replayed(read_back)
        (self.issues if isinstance(case, GridIssue) else self.requests)[case.id] = case
        self.now = max(self.now, case.modified_on)

    def look_at(self, event: Any, case: Any) -> None:
        """Who judges has not handled, who decides has not asked, and clocks do what the design says."""
        before = self.history[case.id]
        if event.TOPIC in {"issue.checked", "issue.closed"}:
            assert event.by not in {
                past.by
                for issue in self.issues.values()
                if self.goes_on_in(issue, case)
                for past in self.history[issue.id]
                if past.TOPIC in HANDLING | {"issue.return_granted"}
            }
        if event.TOPIC in {"issue.return_granted", "issue.return_refused"}:
            assert event.by != next(past for past in reversed(before) if past.TOPIC == "issue.return_asked").by
        if event.TOPIC.endswith((".exempted", ".exemption_refused")):
            assert event.by != next(past for past in reversed(before) if past.TOPIC.endswith(".exemption_asked")).by
        if clocks := [past for past in before if hasattr(past, "clock_start")]:
            self.compare_clocks(clocks[-1], event)

    def goes_on_in(self, issue: GridIssue, into: GridIssue) -> bool:
        while issue.merged_into and issue.id != into.id:
            issue = self.issues[issue.merged_into]
        return issue.id == into.id

    def compare_clocks(self, last: Any, event: Any) -> None:
        if not hasattr(event, "clock_start"):
            return
        if event.TOPIC in {"issue.extended", "issue.resumed"}:
            assert event.case_due >= last.case_due
        else:
            assert event.case_due == last.case_due
        if event.TOPIC == "issue.redo_ordered" or event.lead != last.lead:
            assert event.clock_start == event.timestamp < event.due
        else:
            assert (event.clock_start, event.limit_amount) == (last.clock_start, last.limit_amount)
            assert event.due >= last.due


def returned_and_sent_back(events: list[Any]) -> int:
    """How often a unit was assigned what it had returned before."""
    count, returned = 0, set()
    for event in events:
        count += event.TOPIC == "issue.assigned" and event.lead in returned
        if event.TOPIC == "issue.return_granted":
            returned.add(event.lead)
    return count


# A failure takes minutes to be made small enough to read.
TestCases = pytest.mark.timeout(900)(Cases.TestCase)
TestCases.settings = settings(max_examples=200, stateful_step_count=50)
