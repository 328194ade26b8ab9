"""挂账: granted by another, within a year, once; nothing is done meanwhile, no clock runs, and it resumes by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from domain import pausing_events
from domain.actor import Act, Actor, Role
from domain.assignment import Terms
from domain.clock_refusals import (
    AlreadySuspended,
    BadSuspensionEnd,
    NoSuspensionAsked,
    NotYetOver,
    Suspended,
    SuspensionPending,
)
from domain.extending import ask_extension, endorse_extension, grant_extension, refuse_extension
from domain.grid_issue import GridIssue
from domain.limit import Limit, LimitUnit, remaining
from domain.merging import merge, unmerge
from domain.refusals import DutyConflict, NotLead, ReasonMissing, Refused, WrongRole
from domain.stages import IssueStage
from domain.suspending import ask_suspension, grant_suspension, refuse_suspension, resume_suspension
from domain.vocabulary import ReturnReason
from domain.what_if import as_it_went, under
from domain.workdays import WorkCalendar
from tests.cases import ACCEPTED, CALENDAR, FILED, REPORTED, TERMS, TO_ACCEPTED, assigned, clock
from tests.handled_case import steps_of
from tests.spec import (
    DAY,
    DISPATCHER,
    GRID,
    HANDLER,
    HOUR,
    ISSUE,
    NINE,
    OTHER_ISSUE,
    REQUEST,
    ROADS,
    SUPERVISOR,
    VERIFIER,
    WATER_HANDLER,
    act,
    doing_all,
    fact,
    given,
    past,
    staff,
)

WHY = "冻土期不能开挖，待开春施工"
PROGRAM = Actor("system", frozenset({Role.SUPERVISOR}), "", ("",))
TUESDAY, FRIDAY, MONDAY = NINE + DAY, NINE + 4 * DAY, NINE + 7 * DAY
SPRING = datetime.fromisoformat("2026-05-06T08:30:00+08:00")
ASKED = fact(pausing_events.SuspensionAsked, HANDLER, at=TUESDAY, reason=WHY, lead=ROADS, until=SPRING)
STANDING = fact(pausing_events.Suspended, DISPATCHER, at=TUESDAY, lead=ROADS, until=SPRING)
TO_ASKED, TO_STANDING = (*TO_ACCEPTED, ASKED), (*TO_ACCEPTED, ASKED, STANDING)


def resumed(at: datetime, due: datetime, by: Actor = PROGRAM, reason: str = "", until: datetime = SPRING) -> Any:
    return fact(
        pausing_events.Resumed, by, at=at, reason=reason, lead=ROADS, until=until, runs_from=min(at, until),
        **clock(due=due, case_due=due),
    )  # fmt: skip


def at_once(at: datetime, until: datetime, terms: Terms = TERMS) -> Any:
    """Assigned, accepted and suspended at one instant: paused at birth."""
    issue = GridIssue.report(act(doing_all("worker"), at), id=ISSUE, subject=ISSUE, grid=GRID, grid_edition=1)
    issue.file(act(DISPATCHER, at), category="matter-0601-1", edition="2026.1")
    issue.assign(act(DISPATCHER, at), lead=ROADS, terms=terms)
    issue.accept(act(HANDLER, at))
    ask_suspension(act(HANDLER, at, WHY), issue=issue, until=until)
    grant_suspension(act(DISPATCHER, at), issue=issue)
    return issue


def test_the_lead_asks_with_reason_and_end_and_its_clock_goes_on() -> None:
    ask = lambda i: ask_suspension(act(HANDLER, TUESDAY, WHY), issue=i, until=SPRING)  # noqa: E731
    issue = given(*TO_ACCEPTED).when(ask).then(ASKED)
    assert (issue.stage, issue.assignment.stopped_at) == (IssueStage.ACCEPTED, None)


@pytest.mark.parametrize(
    ("by", "refusal"),
    [
        (act(WATER_HANDLER, TUESDAY, WHY), NotLead),
        (act(DISPATCHER, TUESDAY, WHY), WrongRole),
        (act(HANDLER, TUESDAY), ReasonMissing),
    ],
    ids=["another unit", "not a handler", "no reason"],
)
def test_it_is_not_asked_by_others_or_without_reason(by: Act, refusal: type[Refused]) -> None:
    given(*TO_ACCEPTED).when(lambda i: ask_suspension(by, issue=i, until=SPRING)).then_refused(refusal)


@pytest.mark.parametrize(
    ("end", "fits"),
    [
        (TUESDAY.replace(year=2027), True),
        (TUESDAY.replace(year=2027) + timedelta(seconds=1), False),
        (TUESDAY + timedelta(seconds=1), True),
        (TUESDAY, False),
        (NINE, False),
    ],
)
def test_it_ends_within_a_year(end: datetime, fits: bool) -> None:
    when = given(*TO_ACCEPTED).when(lambda i: ask_suspension(act(HANDLER, TUESDAY, WHY), issue=i, until=end))
    if fits:
        when.then(fact(pausing_events.SuspensionAsked, HANDLER, reason=WHY, lead=ROADS, until=end))
    else:
        when.then_refused(BadSuspensionEnd)


def test_a_year_from_a_leap_day_ends_on_the_last_of_february() -> None:
    leap = datetime.fromisoformat("2028-02-29T09:00:00+08:00")
    issue = past(*TO_ACCEPTED, id=ISSUE)
    with pytest.raises(BadSuspensionEnd) as refusal:
        ask_suspension(act(HANDLER, leap, WHY), issue=issue, until=leap + 400 * DAY)
    assert refusal.value.facts["latest"] == datetime.fromisoformat("2029-02-28T09:00:00+08:00")


@pytest.mark.parametrize("by", [DISPATCHER, SUPERVISOR], ids=lambda one: one.id)
def test_a_dispatcher_or_supervisor_grants_it_and_everything_stands(by: Actor) -> None:
    issue = past(*TO_ASKED, id=ISSUE)
    grant_suspension(act(by, TUESDAY), issue=issue)
    assert (issue.stage, issue.grants.suspended_until) == (IssueStage.SUSPENDED, SPRING)
    assert (issue.assignment.stopped_at, issue.lead, issue.handler) == (TUESDAY, ROADS, HANDLER.id)


def test_neither_the_asker_nor_who_handled_it_grants_it_nor_is_it_granted_unasked() -> None:
    asker = doing_all("asker", ROADS)
    asked = fact(
        pausing_events.SuspensionAsked, asker, role=Role.HANDLER, at=TUESDAY, reason=WHY, lead=ROADS, until=SPRING
    )
    given(*TO_ACCEPTED, asked).when(lambda i: grant_suspension(act(asker, TUESDAY), issue=i)).then_refused(DutyConflict)
    handler = staff(HANDLER.id, Role.DISPATCHER)
    given(*TO_ACCEPTED, asked).when(lambda i: grant_suspension(act(handler, TUESDAY), issue=i)).then_refused(
        DutyConflict
    )
    given(*TO_ACCEPTED).when(lambda i: grant_suspension(act(DISPATCHER, TUESDAY), issue=i)).then_refused(
        NoSuspensionAsked
    )


def test_it_is_refused_with_a_reason_and_may_be_asked_again() -> None:
    given(*TO_ASKED).when(lambda i: refuse_suspension(act(SUPERVISOR, TUESDAY), issue=i)).then_refused(ReasonMissing)
    no = fact(pausing_events.SuspensionRefused, SUPERVISOR, reason="冬季可以施工", lead=ROADS)
    refuse = lambda i: refuse_suspension(act(SUPERVISOR, TUESDAY, "冬季可以施工"), issue=i)  # noqa: E731
    issue = given(*TO_ASKED).when(refuse).then(no)
    ask_suspension(act(HANDLER, TUESDAY, WHY), issue=issue, until=SPRING)
    with pytest.raises(SuspensionPending):
        ask_suspension(act(HANDLER, TUESDAY, WHY), issue=issue, until=SPRING)


def test_an_end_that_has_passed_is_not_granted_any_more() -> None:
    given(*TO_ASKED).when(lambda i: grant_suspension(act(DISPATCHER, SPRING), issue=i)).then_refused(BadSuspensionEnd)


WORK: dict[str, Any] = {
    "accept": lambda i: i.accept(act(HANDLER, FRIDAY)),
    "resolve": lambda i: i.resolve(act(HANDLER, FRIDAY), measure="修复"),
    "ask_return": lambda i: i.ask_return(act(HANDLER, FRIDAY), code=ReturnReason.NOT_OUR_DUTY),
    "grant_return": lambda i: i.grant_return(act(DISPATCHER, FRIDAY)),
    "refuse_return": lambda i: i.refuse_return(act(DISPATCHER, FRIDAY, "不退"), terms=TERMS),
    "assign": lambda i: i.assign(act(DISPATCHER, FRIDAY), lead=ROADS, terms=TERMS),
    "check": lambda i: i.check(act(VERIFIER, FRIDAY), passed=True),
    "order_rework": lambda i: i.order_rework(act(VERIFIER, FRIDAY), terms=TERMS),
    "order_redo": lambda i: i.order_redo(act(VERIFIER, FRIDAY), request=REQUEST, terms=TERMS),
    "close": lambda i: i.close(act(DISPATCHER, FRIDAY)),
    "ask_extension": lambda i: ask_extension(act(HANDLER, FRIDAY, WHY), issue=i),
    "endorse_extension": lambda i: endorse_extension(act(HANDLER, FRIDAY), issue=i),
    "grant_extension": lambda i: grant_extension(act(DISPATCHER, FRIDAY), issue=i, terms=TERMS),
    "refuse_extension": lambda i: refuse_extension(act(HANDLER, FRIDAY, "不必"), issue=i),
    "ask_suspension": lambda i: ask_suspension(act(HANDLER, FRIDAY, WHY), issue=i, until=SPRING),
    "grant_suspension": lambda i: grant_suspension(act(DISPATCHER, FRIDAY), issue=i),
    "solve_on_spot": lambda i: i.solve_on_spot(act(doing_all("worker"), FRIDAY), measure="劝离"),
}


@pytest.mark.parametrize("name", WORK)
def test_no_work_is_done_meanwhile(name: str) -> None:
    refusal = given(*TO_STANDING).when(WORK[name]).then_refused(Suspended)
    assert refusal.facts["until"] == SPRING


def test_a_voice_is_heard_and_the_case_is_handed_on_meanwhile() -> None:
    issue = past(*TO_STANDING, id=ISSUE)
    issue.attach_request(act(DISPATCHER, FRIDAY), request=REQUEST)
    assert issue.stage is IssueStage.SUSPENDED


def test_it_resumes_by_itself_at_the_end_with_what_was_left() -> None:
    """A day of seven working hours was left on a Tuesday at nine; it ends on the same reading after the end."""
    wake = lambda i: resume_suspension(act(PROGRAM, SPRING), issue=i, terms=TERMS)  # noqa: E731
    issue = given(*TO_STANDING).when(wake).then(resumed(SPRING, SPRING + DAY))
    assert (issue.stage, issue.grants.suspended_until, issue.assignment.stopped_at) == (IssueStage.ACCEPTED, None, None)


@pytest.mark.parametrize("late", [1, 30, 60 * 24 * 3])
def test_however_late_that_is_written_down_the_clocks_run_from_the_end(late: int) -> None:
    """A program that was down gives nobody time, and the lead may write it down itself."""
    for by in (PROGRAM, HANDLER):
        issue = past(*TO_STANDING, id=ISSUE)
        resume_suspension(act(by, SPRING + late * HOUR / 60), issue=issue, terms=TERMS)
        assert issue.assignment.due == issue.assignment.case_due == SPRING + DAY


def test_it_resumes_earlier_by_those_who_grant_it_with_a_reason_only() -> None:
    given(*TO_STANDING).when(
        lambda i: resume_suspension(act(HANDLER, FRIDAY, "化冻了"), issue=i, terms=TERMS)
    ).then_refused(NotYetOver)
    given(*TO_STANDING).when(lambda i: resume_suspension(act(SUPERVISOR, FRIDAY), issue=i, terms=TERMS)).then_refused(
        ReasonMissing
    )
    wake = lambda i: resume_suspension(act(SUPERVISOR, FRIDAY, "化冻了"), issue=i, terms=TERMS)  # noqa: E731
    given(*TO_STANDING).when(wake).then(resumed(FRIDAY, MONDAY, SUPERVISOR, "化冻了"))


def test_another_unit_does_not_write_down_the_end() -> None:
    given(*TO_STANDING).when(
        lambda i: resume_suspension(act(WATER_HANDLER, SPRING), issue=i, terms=TERMS)
    ).then_refused(NotLead)


def test_it_is_suspended_once_also_when_resumed_early() -> None:
    issue = past(*TO_STANDING, resumed(FRIDAY, MONDAY, SUPERVISOR, "化冻了"), id=ISSUE)
    with pytest.raises(AlreadySuspended):
        ask_suspension(act(HANDLER, FRIDAY, WHY), issue=issue, until=SPRING)


def test_a_suspension_over_a_weekend_adds_nothing() -> None:
    """Trap 2, and that of paused hours cut out of a limit in work hours by the wall clock."""
    close, open_again = NINE + 4 * DAY + 8.5 * HOUR, NINE + 6 * DAY + 23.5 * HOUR
    terms = Terms(Limit.of(8, "work_hour"), "2026.1", CALENDAR)
    issue = at_once(NINE + 4 * DAY, open_again, terms)
    free = terms.fresh(ROADS, NINE + 4 * DAY, None).due
    assert issue.assignment.due == free
    later = at_once(close, open_again, terms)
    before = later.assignment.due
    resume_suspension(act(PROGRAM, open_again), issue=later, terms=terms)
    assert later.assignment.due == before


@pytest.mark.parametrize("unit", LimitUnit)
def test_what_was_suspended_at_birth_has_its_whole_limit_afterwards(unit: LimitUnit) -> None:
    """Trap 3."""
    terms = Terms(Limit(2, unit), "2026.1", CALENDAR)
    issue = at_once(NINE, SPRING, terms)
    resume_suspension(act(PROGRAM, SPRING), issue=issue, terms=terms)
    assert issue.assignment.due == terms.fresh(ROADS, SPRING, None).due


def test_it_may_be_suspended_and_resumed_within_one_minute() -> None:
    """Trap 3: not a second is rounded away."""
    terms = Terms(Limit.of(4, "urgent_hour"), "2026.1", CALENDAR)
    issue = at_once(NINE, NINE + timedelta(seconds=20), terms)
    resume_suspension(act(PROGRAM, NINE + timedelta(seconds=20)), issue=issue, terms=terms)
    assert issue.assignment.due == NINE + 4 * HOUR + timedelta(seconds=20)


@pytest.mark.parametrize("unit", LimitUnit)
def test_nothing_becomes_overdue_while_it_is_suspended(unit: LimitUnit) -> None:
    """Trap 18."""
    terms = Terms(Limit(1, unit), "2026.1", CALENDAR)
    issue = at_once(NINE, SPRING, terms)
    assert not any(issue.assignment.is_late(NINE + days * DAY) for days in range(400))
    resume_suspension(act(PROGRAM, SPRING), issue=issue, terms=terms)
    assert issue.assignment.due > SPRING


def test_what_was_late_before_stays_late() -> None:
    facts = (REPORTED, FILED, assigned(due=NINE, case_due=NINE), ACCEPTED, ASKED, STANDING)
    issue = past(*facts, id=ISSUE)
    assert issue.assignment.is_late(SPRING)
    resume_suspension(act(PROGRAM, SPRING), issue=issue, terms=TERMS)
    assert issue.assignment.due == issue.assignment.case_due == NINE


def test_another_calendar_meanwhile_takes_nothing_of_what_it_stood_for() -> None:
    """Trap 4: the limit goes on with what was left, measured by the calendar of the day it resumes."""
    window = WorkCalendar(
        name="office", version="cn-2026.2", zone="Asia/Shanghai", periods=CALENDAR.periods,
        known_until=CALENDAR.known_until, holidays=frozenset({SPRING.date()}),
    )  # fmt: skip
    issue = past(*TO_STANDING, id=ISSUE)
    resume_suspension(act(PROGRAM, SPRING), issue=issue, terms=Terms(TERMS.limit, TERMS.edition, window))
    assert (issue.assignment.due, issue.assignment.calendar_version) == (SPRING + 2 * DAY, "cn-2026.2")


def test_a_merger_undone_leaves_it_suspended_and_it_resumes_then() -> None:
    issue, into = past(*TO_STANDING, id=ISSUE), past(REPORTED, id=OTHER_ISSUE)
    merge(act(DISPATCHER, FRIDAY), issue=issue, into=into)
    unmerge(act(DISPATCHER, SPRING + DAY, "不是一事"), issue=issue, into=into)
    assert issue.stage is IssueStage.SUSPENDED
    resume_suspension(act(PROGRAM, SPRING + DAY), issue=issue, terms=TERMS)
    assert issue.assignment.due == SPRING + DAY


def test_an_ask_for_more_time_waits_out_the_suspension() -> None:
    asked = fact(pausing_events.ExtensionAsked, HANDLER, at=TUESDAY, reason=WHY, lead=ROADS)
    issue = past(*TO_ACCEPTED, asked, ASKED, STANDING, id=ISSUE)
    resume_suspension(act(PROGRAM, SPRING), issue=issue, terms=TERMS)
    endorse_extension(act(staff("colleague", Role.HANDLER, unit=ROADS), SPRING), issue=issue)
    grant_extension(act(DISPATCHER, SPRING), issue=issue, terms=TERMS)
    assert issue.assignment.due == SPRING + 5 * DAY, "Thursday and two workdays after the weekend"


def test_the_course_of_a_case_is_told_again_with_its_suspension_and_extension() -> None:
    issue = at_once(NINE, SPRING)
    resume_suspension(act(PROGRAM, SPRING), issue=issue, terms=TERMS)
    ask_extension(act(HANDLER, SPRING, WHY), issue=issue)
    endorse_extension(act(staff("colleague", Role.HANDLER, unit=ROADS), SPRING), issue=issue)
    grant_extension(act(DISPATCHER, SPRING), issue=issue, terms=TERMS)
    steps = steps_of(issue)
    assert under(TERMS, steps) == as_it_went(steps)
    shorter = under(Terms(Limit.of(1, "workday"), "2026.2", CALENDAR), steps)
    assert shorter
    assert shorter.due == SPRING + 2 * DAY


@drawn(
    unit=st.sampled_from(LimitUnit), amount=st.integers(1, 20), asked=st.integers(0, 2000),
    lasts=st.integers(1, 300_000), ends_early=st.integers(0, 100),
)  # fmt: skip
def test_what_was_left_when_it_stopped_is_left_when_it_goes_on(
    unit: LimitUnit, amount: int, asked: int, lasts: int, ends_early: int
) -> None:
    terms = Terms(Limit(amount, unit), "2026.1", CALENDAR)
    began, minute = NINE, HOUR / 60
    stopped, until = began + asked * minute, began + (asked + lasts) * minute
    before = terms.fresh(ROADS, began, None)
    if stopped > before.due:
        return
    woken = stopped + (until - stopped) * (ends_early / 100)
    stood = before.__class__(**{**vars(before), "stopped_at": stopped})
    after = terms.resumed_both(stood, woken)
    assert after.due == after.case_due >= max(before.due, woken)
    left = [remaining(terms.limit, at, due, CALENDAR) for at, due in ((stopped, before.due), (woken, after.due))]
    assert left[0] == left[1]
