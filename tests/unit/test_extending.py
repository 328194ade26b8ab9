"""延期: asked before it is late, agreed twice by others, at most twice, an original limit each time."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from domain import pausing_events
from domain.actor import Act, Role
from domain.assignment import Terms
from domain.case_rules import require_running
from domain.clock import Clock
from domain.clock_refusals import (
    AlreadyOverdue,
    ExtensionAlreadyEndorsed,
    ExtensionNotEndorsed,
    ExtensionPending,
    ExtensionsUsedUp,
    NoExtensionAsked,
)
from domain.extending import (
    ExtensionPolicy,
    ask_extension,
    endorse_extension,
    grant_extension,
    refuse_extension,
)
from domain.grid_issue import GridIssue
from domain.limit import Limit
from domain.pauses import Pause
from domain.refusals import DutyConflict, NotLead, ReasonMissing, Refused, WrongRole, WrongStage
from domain.stages import IssueStage
from domain.vocabulary import ReturnReason
from tests.cases import CALENDAR, DUE, FILED, REPORTED, TERMS, TO_ACCEPTED, assigned, clock
from tests.spec import (
    DAY,
    DISPATCHER,
    HANDLER,
    HOUR,
    ISSUE,
    NINE,
    RECEIVER,
    ROADS,
    SECOND_DISPATCHER,
    SUPERVISOR,
    WATER,
    WATER_HANDLER,
    Fact,
    act,
    doing_all,
    fact,
    given,
    past,
    staff,
)

TUESDAY = NINE + DAY
COLLEAGUE = staff("colleague", Role.HANDLER, unit=ROADS)
OWN_SUPERVISOR = staff("own-supervisor", Role.SUPERVISOR, unit=ROADS)
WHY = "灯杆须定制，厂家排产"
LONGER = DUE + 2 * DAY
"""Due on Wednesday at nine; two workdays more."""
ASKED = fact(pausing_events.ExtensionAsked, HANDLER, at=TUESDAY, reason=WHY, lead=ROADS)
ENDORSED = fact(pausing_events.ExtensionEndorsed, COLLEAGUE, at=TUESDAY, lead=ROADS)
TO_ASKED = (*TO_ACCEPTED, ASKED)
TO_ENDORSED = (*TO_ASKED, ENDORSED)


def extended(nth: int = 1, due: Any = LONGER, **facts: Any) -> Fact:
    more = {"added": 2, "case_added": 2, **clock(due=due, case_due=due), **facts}
    return fact(pausing_events.Extended, DISPATCHER, at=TUESDAY, lead=ROADS, nth=nth, **more)


def grant(issue: GridIssue, by: Act | None = None, terms: Terms = TERMS) -> None:
    grant_extension(by or act(DISPATCHER, TUESDAY), issue=issue, terms=terms)


def once_more(issue: GridIssue, at: Any = TUESDAY, terms: Terms = TERMS) -> None:
    ask_extension(act(HANDLER, at, WHY), issue=issue)
    endorse_extension(act(COLLEAGUE, at), issue=issue)
    grant_extension(act(DISPATCHER, at), issue=issue, terms=terms)


def test_the_lead_asks_with_its_reason_and_no_clock_moves() -> None:
    issue = given(*TO_ACCEPTED).when(lambda i: ask_extension(act(HANDLER, TUESDAY, WHY), issue=i)).then(ASKED)
    assert (issue.stage, issue.assignment.due, issue.assignment.stopped_at) == (IssueStage.ACCEPTED, DUE, None)


@pytest.mark.parametrize(
    ("by", "refusal"),
    [
        (act(WATER_HANDLER, TUESDAY, WHY), NotLead),
        (act(DISPATCHER, TUESDAY, WHY), WrongRole),
        (act(HANDLER, TUESDAY), ReasonMissing),
        (act(HANDLER, DUE + HOUR / 3600, WHY), AlreadyOverdue),
    ],
    ids=["another unit", "not a handler", "no reason", "a second late"],
)
def test_it_is_not_asked_by_others_without_reason_or_late(by: Act, refusal: type[Refused]) -> None:
    given(*TO_ACCEPTED).when(lambda i: ask_extension(by, issue=i)).then_refused(refusal)


def test_it_is_asked_up_to_the_due_instant_itself() -> None:
    issue = past(*TO_ACCEPTED, id=ISSUE)
    ask_extension(act(HANDLER, DUE, WHY), issue=issue)
    assert issue.grants.extension.by == HANDLER.id


def test_one_is_decided_before_another_is_asked() -> None:
    given(*TO_ASKED).when(lambda i: ask_extension(act(HANDLER, TUESDAY, WHY), issue=i)).then_refused(ExtensionPending)


@pytest.mark.parametrize("by", [COLLEAGUE, OWN_SUPERVISOR], ids=lambda one: one.id)
def test_somebody_else_of_the_unit_endorses_it(by: Any) -> None:
    issue = past(*TO_ASKED, id=ISSUE)
    endorse_extension(act(by, TUESDAY), issue=issue)
    assert (issue.grants.extension.endorsed_by, issue.assignment.due) == (by.id, DUE)


@pytest.mark.parametrize(
    ("by", "refusal"),
    [(HANDLER, DutyConflict), (WATER_HANDLER, NotLead), (SUPERVISOR, NotLead), (DISPATCHER, WrongRole)],
    ids=lambda one: getattr(one, "id", None),
)
def test_neither_the_asker_nor_another_unit_endorses_it(by: Any, refusal: type[Refused]) -> None:
    given(*TO_ASKED).when(lambda i: endorse_extension(act(by, TUESDAY), issue=i)).then_refused(refusal)


def test_who_handled_it_before_does_not_endorse_it() -> None:
    other = fact(pausing_events.ExtensionAsked, COLLEAGUE, at=TUESDAY, reason=WHY, lead=ROADS)
    refusal = (
        given(*TO_ACCEPTED, other)
        .when(lambda i: endorse_extension(act(HANDLER, TUESDAY), issue=i))
        .then_refused(DutyConflict)
    )
    assert refusal.facts == {"did": "办理", "wants": "审核延期"}


def test_a_dispatcher_grants_it_and_both_clocks_have_an_original_limit_more() -> None:
    issue = given(*TO_ENDORSED).when(grant).then(extended())
    assert (issue.assignment.due, issue.assignment.case_due, issue.assignment.limit.amount) == (LONGER, LONGER, 2)
    assert (issue.grants.extensions, issue.grants.extension) == (1, None)


def test_no_dispatcher_grants_what_the_unit_has_not_endorsed() -> None:
    given(*TO_ASKED).when(grant).then_refused(ExtensionNotEndorsed)
    given(*TO_ACCEPTED).when(grant).then_refused(NoExtensionAsked)


def test_it_is_endorsed_once() -> None:
    given(*TO_ENDORSED).when(lambda i: endorse_extension(act(OWN_SUPERVISOR, TUESDAY), issue=i)).then_refused(
        ExtensionAlreadyEndorsed
    )


def test_the_two_approvals_are_of_two_people_and_neither_asked() -> None:
    both = doing_all("both", ROADS)
    endorsed = fact(pausing_events.ExtensionEndorsed, both, role=Role.SUPERVISOR, at=TUESDAY, lead=ROADS)
    refusal = given(*TO_ASKED, endorsed).when(lambda i: grant(i, act(both, TUESDAY))).then_refused(DutyConflict)
    assert refusal.facts == {"did": "审核延期", "wants": "批准延期"}
    asked = fact(pausing_events.ExtensionAsked, both, role=Role.HANDLER, at=TUESDAY, reason=WHY, lead=ROADS)
    given(*TO_ACCEPTED, asked, ENDORSED).when(lambda i: grant(i, act(both, TUESDAY))).then_refused(DutyConflict)


def test_either_of_the_two_refuses_it_with_a_reason_and_it_is_not_counted() -> None:
    given(*TO_ASKED).when(lambda i: refuse_extension(act(COLLEAGUE, TUESDAY), issue=i)).then_refused(ReasonMissing)
    given(*TO_ASKED).when(lambda i: refuse_extension(act(DISPATCHER, TUESDAY, "不必"), issue=i)).then_refused(WrongRole)
    by_unit = fact(pausing_events.ExtensionRefused, COLLEAGUE, reason="备件已到", lead=ROADS)
    issue = (
        given(*TO_ASKED).when(lambda i: refuse_extension(act(COLLEAGUE, TUESDAY, "备件已到"), issue=i)).then(by_unit)
    )
    for _ in range(3):
        ask_extension(act(HANDLER, TUESDAY, WHY), issue=issue)
        endorse_extension(act(COLLEAGUE, TUESDAY), issue=issue)
        refuse_extension(act(DISPATCHER, TUESDAY, "理由不足"), issue=issue)
    assert (issue.grants.extensions, issue.assignment.due) == (0, DUE)


def test_a_third_extension_is_refused_whatever_was_refused_between() -> None:
    issue = past(*TO_ENDORSED, extended(), id=ISSUE)
    once_more(issue)
    assert issue.assignment.due == NINE + 8 * DAY, "a weekend lies between"
    with pytest.raises(ExtensionsUsedUp) as refusal:
        ask_extension(act(HANDLER, TUESDAY, WHY), issue=issue)
    assert refusal.value.facts == {"most": 2, "granted": 2}


def test_the_count_is_the_cases_and_goes_on_with_another_unit() -> None:
    issue = past(*TO_ENDORSED, extended(), id=ISSUE)
    once_more(issue)
    issue.ask_return(act(HANDLER, TUESDAY), code=ReturnReason.NOT_OUR_DUTY)
    issue.grant_return(act(DISPATCHER, TUESDAY))
    issue.assign(act(DISPATCHER, TUESDAY), lead=WATER, terms=TERMS)
    issue.accept(act(WATER_HANDLER, TUESDAY))
    with pytest.raises(ExtensionsUsedUp):
        ask_extension(act(WATER_HANDLER, TUESDAY, WHY), issue=issue)


def test_a_policy_says_how_many_and_how_much() -> None:
    policy = ExtensionPolicy(most=1, limits_each=2)
    issue = past(*TO_ENDORSED, id=ISSUE)
    grant_extension(act(DISPATCHER, TUESDAY), issue=issue, terms=TERMS, policy=policy)
    assert issue.pending_events[-1].added == 4
    with pytest.raises(ExtensionsUsedUp):
        ask_extension(act(HANDLER, TUESDAY, WHY), issue=issue, policy=policy)
    for wrong in ({"most": -1}, {"limits_each": 0}):
        with pytest.raises(ValueError, match="most from 0"):
            ExtensionPolicy(**wrong)


def test_what_was_asked_in_time_and_decided_late_is_granted_from_the_first_due_instant() -> None:
    issue = given(*TO_ENDORSED).when(lambda i: grant(i, act(DISPATCHER, DUE + DAY))).then(extended())
    assert not issue.assignment.is_late(DUE + DAY)


def test_an_ask_lapses_when_the_case_is_resolved_or_goes_to_another_unit() -> None:
    resolved = past(*TO_ENDORSED, id=ISSUE)
    resolved.resolve(act(HANDLER, TUESDAY), measure="修复")
    with pytest.raises(WrongStage):
        grant(resolved)
    again = past(*TO_ENDORSED, id=ISSUE)
    again.ask_return(act(HANDLER, TUESDAY), code=ReturnReason.NOT_OUR_DUTY)
    again.grant_return(act(SECOND_DISPATCHER, TUESDAY))
    again.assign(act(SECOND_DISPATCHER, TUESDAY), lead=ROADS, terms=TERMS)
    again.accept(act(HANDLER, TUESDAY))
    with pytest.raises(NoExtensionAsked):
        grant(again)


def test_an_ask_survives_a_return_that_was_refused() -> None:
    issue = past(*TO_ENDORSED, id=ISSUE)
    issue.ask_return(act(HANDLER, TUESDAY), code=ReturnReason.NOT_OUR_DUTY)
    with pytest.raises(WrongStage):
        grant(issue)
    issue.refuse_return(act(SECOND_DISPATCHER, TUESDAY + 2 * HOUR, "属本单位"), terms=TERMS)
    grant(issue, act(DISPATCHER, TUESDAY + 3 * HOUR))
    assert issue.assignment.due == LONGER + 2 * HOUR, "the two hours it stood, and the limit granted"


def test_what_was_granted_goes_back_to_the_same_unit_and_not_to_another() -> None:
    for lead, due in ((ROADS, LONGER), (WATER, TUESDAY + 2 * DAY)):
        issue = past(*TO_ENDORSED, extended(), id=ISSUE)
        issue.ask_return(act(HANDLER, TUESDAY), code=ReturnReason.NOT_OUR_DUTY)
        issue.grant_return(act(DISPATCHER, TUESDAY))
        issue.assign(act(DISPATCHER, TUESDAY), lead=lead, terms=TERMS)
        assert (issue.assignment.due, issue.assignment.case_due) == (due, LONGER)


def test_a_case_clock_that_was_over_stays_over() -> None:
    """Another unit began anew long after: its own clock may be extended, what the case missed stays missed."""
    later = NINE + 7 * DAY
    facts = (
        REPORTED, FILED, assigned(WATER, at=later, nth=2, **clock(later, later + 2 * DAY)),
        fact(GridIssue.Accepted, WATER_HANDLER, at=later),
    )  # fmt: skip
    issue = past(*facts, id=ISSUE)
    ask_extension(act(WATER_HANDLER, later, WHY), issue=issue)
    endorse_extension(act(staff("colleague", Role.HANDLER, unit=WATER), later), issue=issue)
    grant_extension(act(DISPATCHER, later), issue=issue, terms=TERMS)
    assert (issue.assignment.due, issue.assignment.case_due) == (later + 4 * DAY, DUE)
    assert issue.pending_events[-1].case_added == 0


def test_no_stage_but_the_suspended_one_stands_still() -> None:
    require_running(IssueStage.ACCEPTED, None)
    with pytest.raises(WrongStage):
        require_running(IssueStage.SUSPENDED, DUE)


@drawn(
    limit=st.sampled_from([(1, "workday"), (3, "workday"), (5, "work_hour"), (2, "urgent_hour"), (2, "natural_day")]),
    start=st.integers(0, 60 * 24 * 14), pause=st.tuples(st.integers(0, 500), st.integers(0, 5000)),
    times=st.integers(1, 2),
)  # fmt: skip
def test_an_extension_comes_to_what_the_clock_says_of_the_longer_limit(
    limit: tuple[int, str], start: int, pause: tuple[int, int], times: int
) -> None:
    """Granted bit by bit, or measured at once from the start with what it stood for: one due instant."""
    began = NINE + start * HOUR / 60
    terms = Terms(limit=Limit.of(*limit), edition="2026.1", calendar=CALENDAR)
    before = terms.fresh(ROADS, began, None)
    stopped = began + pause[0] * HOUR / 60
    resumed = stopped + pause[1] * HOUR / 60
    if stopped <= before.due:
        stood = past(*TO_ACCEPTED, id=ISSUE).assignment.__class__(**{**vars(before), "stopped_at": stopped})
        before = stood.followed_by(terms.resumed(stood, resumed), resumed)
    for _ in range(times):
        before = terms.extended(before, limit[0], began)
    pauses = tuple(Pause(one.start, one.end) for one in before.pauses)
    assert before.due == Clock(terms.limit, began, CALENDAR, pauses, before.added).due
    assert before.added == times * limit[0]


def test_who_received_it_has_no_say() -> None:
    given(*TO_ENDORSED).when(lambda i: grant(i, act(RECEIVER, TUESDAY))).then_refused(WrongRole)
