"""时限重算: a new version of a calendar re-sets what is open, and never what is decided or past."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.actor import Act, Actor, Role
from domain.assignment import Terms
from domain.clock import Clock
from domain.clock_events import DeadlineRecalculated
from domain.grid_issue import GridIssue
from domain.limit import Limit, LimitUnit
from domain.limit_stages import LimitStage
from domain.recalculating import recalculate
from domain.refusals import OutsideArea, WrongRole, WrongStage
from domain.stage_times import StageClock
from domain.stages import IssueStage
from domain.vocabulary import ReturnReason
from domain.workdays import WorkCalendar
from tests.cases import CALENDAR, FILED, ISSUE_AT, REPORTED
from tests.spec import DISPATCHER, HANDLER, ROADS, VERIFIER, act, past, recorded
from tests.spec import ISSUE as ISSUE_ID

ADMIN = Actor(id="operator", roles=frozenset({Role.ADMIN}), unit="", areas=("1507",))
# Christmas week: two workdays from 30 December lie beyond the last published day, the end of 2026.
BEGUN = datetime(2026, 12, 30, 1, 0, tzinfo=UTC)
NEWS = datetime(2026, 12, 31, 1, 0, tzinfo=UTC)
NEXT_YEAR = replace(
    CALENDAR,
    version="2027.1",
    known_until=date(2027, 12, 31),
    holidays=frozenset({date(2027, 1, 1), date(2027, 1, 4)}),
    workdays=frozenset({date(2027, 1, 3)}),
)
S = IssueStage
DECIDED = [S.REPORTED, S.VOIDED, S.FILED, S.RESOLVED, S.FAILED, S.CHECKED, S.CLOSED, S.SOLVED, S.MERGED]
SAME_DAYS = replace(CALENDAR, version="2027.2", known_until=date(2027, 12, 31))


def noted(at: datetime = NEWS, actor: Actor = ADMIN) -> Act:
    return Act(actor=actor, at=at, reason="公布2027年安排", stated=False)


def newest(calendar: WorkCalendar) -> Any:
    return {CALENDAR.name: calendar}.get


def assigned(limit: Limit | None = None, lead: str = ROADS, at: datetime = BEGUN) -> GridIssue:
    issue: GridIssue = past(REPORTED, FILED, id=ISSUE_ID)
    terms = Terms(limit=limit or Limit.of(2, "workday"), edition="2026.1", calendar=CALENDAR)
    issue.assign(act(DISPATCHER, at), lead=lead, terms=terms)
    issue.collect_events()
    return issue


def local(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour - 8, minute, tzinfo=UTC)


def due(issue: GridIssue) -> datetime:
    assert issue.assignment is not None
    return issue.assignment.due


def test_a_provisional_deadline_is_re_set_when_the_year_arrives() -> None:
    issue = assigned()
    assert issue.assignment is not None
    assert issue.assignment.provisional
    assert due(issue) == local(2027, 1, 1)
    assert recalculate(noted(), issue=issue, calendar_of=newest(NEXT_YEAR))
    (fact,) = recorded(issue)
    assert fact.kind is DeadlineRecalculated
    assert fact.facts["due_before"] == local(2027, 1, 1)
    assert fact.facts["due"] == fact.facts["case_due"] == local(2027, 1, 3)
    assert fact.facts["calendar_version_before"] == "cn-2026.1"
    assert fact.facts["calendar_version"] == fact.facts["case_calendar_version"] == "2027.1"
    assert fact.facts["provisional"] is False
    assert fact.facts["reason"] == "公布2027年安排"
    assert (issue.assignment.due, issue.assignment.provisional) == (local(2027, 1, 3), False)
    assert issue.stage is IssueStage.ASSIGNED


def test_one_that_is_due_as_before_is_settled_all_the_same() -> None:
    issue = assigned()
    assert recalculate(noted(), issue=issue, calendar_of=newest(SAME_DAYS))
    assert issue.assignment is not None
    assert (due(issue), issue.assignment.provisional) == (local(2027, 1, 1), False)


@pytest.mark.parametrize("calendar", [CALENDAR, NEXT_YEAR])
def test_once_it_is_due_by_the_newest_version_nothing_more_is_recorded(calendar: WorkCalendar) -> None:
    issue = assigned()
    recalculate(noted(), issue=issue, calendar_of=newest(calendar))
    before = len(issue.pending_events)
    assert not recalculate(noted(), issue=issue, calendar_of=newest(calendar))
    assert len(issue.pending_events) == before


def test_a_limit_that_no_calendar_measures_stays() -> None:
    for unit in (LimitUnit.MINUTE, LimitUnit.URGENT_HOUR, LimitUnit.NATURAL_DAY):
        issue = assigned(Limit(5, unit))
        assert not recalculate(noted(), issue=issue, calendar_of=newest(NEXT_YEAR))


def test_a_calendar_that_nobody_knows_any_more_re_sets_nothing() -> None:
    assert not recalculate(noted(), issue=assigned(), calendar_of=lambda _name: None)


@pytest.mark.parametrize("stage", DECIDED)
def test_what_is_decided_is_never_recalculated(stage: IssueStage) -> None:
    issue: GridIssue = past(*ISSUE_AT[stage], id=ISSUE_ID)
    with pytest.raises(WrongStage):
        recalculate(noted(), issue=issue, calendar_of=newest(NEXT_YEAR))
    assert recorded(issue) == []


def test_a_deadline_that_has_passed_stays_missed() -> None:
    issue = assigned(at=local(2026, 12, 24))
    longer = replace(NEXT_YEAR, holidays=frozenset({date(2026, 12, 25), date(2026, 12, 28)}))
    assert not recalculate(noted(local(2026, 12, 28, 10)), issue=issue, calendar_of=newest(longer))
    assert due(issue) == local(2026, 12, 28)


def test_a_provisional_one_is_re_set_even_when_the_year_arrives_late() -> None:
    issue = assigned()
    assert recalculate(noted(local(2027, 1, 2)), issue=issue, calendar_of=newest(NEXT_YEAR))
    assert due(issue) == local(2027, 1, 3)
    assert not recalculate(noted(local(2027, 1, 4)), issue=issue, calendar_of=newest(SAME_DAYS))


def test_nobody_is_made_late_by_a_day_worked_after_all() -> None:
    issue = assigned(Limit.of(1, "workday"), at=local(2026, 12, 24, 17))  # a Thursday, due on Friday the 25th
    sooner = replace(NEXT_YEAR, weekend=frozenset({6}), holidays=frozenset())
    issue = assigned(Limit.of(1, "workday"), at=local(2026, 12, 25, 17))  # a Friday, due on Monday
    assert not recalculate(noted(local(2026, 12, 27)), issue=issue, calendar_of=newest(sooner))
    assert recalculate(noted(local(2026, 12, 26)), issue=issue, calendar_of=newest(sooner))
    assert due(issue) == local(2026, 12, 26, 17)


def test_a_clock_that_stands_goes_on_standing_and_is_due_with_its_pauses() -> None:
    issue = assigned(Limit.of(3, "workday"))
    issue.ask_return(act(HANDLER, BEGUN + timedelta(hours=1)), code=ReturnReason.NOT_OUR_DUTY)
    recalculate(noted(), issue=issue, calendar_of=newest(NEXT_YEAR))
    assert issue.assignment is not None
    assert issue.assignment.stopped_at == BEGUN + timedelta(hours=1)
    before = due(issue)
    again = Terms(limit=issue.assignment.limit, edition="2026.1", calendar=NEXT_YEAR)
    issue.refuse_return(replace(act(DISPATCHER, NEWS + timedelta(hours=1)), reason="职责清单已列明"), terms=again)
    # It stood from ten to ten of the next working day: one working day more.
    assert before == local(2027, 1, 5)
    assert due(issue) == local(2027, 1, 6)
    assert not recalculate(noted(NEWS + timedelta(hours=2)), issue=issue, calendar_of=newest(NEXT_YEAR))


def test_rework_after_a_year_was_published_is_due_by_that_year() -> None:
    issue = assigned(Limit.of(3, "workday"))
    issue.accept(act(HANDLER, BEGUN))
    issue.resolve(act(HANDLER, BEGUN + timedelta(hours=1)), measure="修复路灯")
    issue.check(act(VERIFIER, BEGUN + timedelta(hours=1)), passed=False)
    terms = Terms(limit=Limit.of(3, "workday"), edition="2026.1", calendar=NEXT_YEAR)
    issue.order_rework(act(VERIFIER, BEGUN + timedelta(hours=2)), terms=terms)
    assert issue.assignment is not None
    whole = Clock(issue.assignment.limit, BEGUN, NEXT_YEAR, issue.assignment.pauses)
    assert due(issue) == whole.due
    assert not recalculate(noted(), issue=issue, calendar_of=newest(NEXT_YEAR)) or due(issue) == whole.due


def test_between_two_leads_the_case_clock_alone_is_re_set() -> None:
    issue = assigned()
    issue.ask_return(act(HANDLER, BEGUN + timedelta(hours=1)), code=ReturnReason.NOT_OUR_DUTY)
    issue.grant_return(act(DISPATCHER, BEGUN + timedelta(hours=2)))
    recalculate(noted(), issue=issue, calendar_of=newest(NEXT_YEAR))
    assert issue.assignment is not None
    assert (issue.assignment.due, issue.assignment.case_due) == (local(2027, 1, 1), local(2027, 1, 3))


def test_a_case_limit_of_its_own_is_measured_by_the_new_year_too() -> None:
    issue: GridIssue = past(REPORTED, FILED, id=ISSUE_ID)
    whole = Limit.of(3, "workday")
    terms = Terms(limit=Limit.of(4, "urgent_hour"), edition="2026.1", calendar=CALENDAR, case_limit=whole)
    issue.assign(act(DISPATCHER, BEGUN), lead=ROADS, terms=terms)
    set_clock = StageClock.started(LimitStage.CASE, whole, "1", BEGUN, CALENDAR)
    issue.stage_times = issue.stage_times.with_clocks([set_clock], "1")
    assert issue.assignment is not None
    lead_due = due(issue)
    assert recalculate(noted(BEGUN + timedelta(hours=1)), issue=issue, calendar_of=newest(NEXT_YEAR))
    assert (due(issue), issue.assignment.case_due) == (lead_due, local(2027, 1, 5))
    assert not recalculate(noted(BEGUN + timedelta(hours=2)), issue=issue, calendar_of=newest(NEXT_YEAR))


def test_another_lead_on_another_calendar_leaves_the_case_clock_on_the_first() -> None:
    issue = assigned()
    issue.ask_return(act(HANDLER, BEGUN + timedelta(hours=1)), code=ReturnReason.NOT_OUR_DUTY)
    issue.grant_return(act(DISPATCHER, BEGUN + timedelta(hours=2)))
    other = replace(CALENDAR, name="shifts", version="2026.9", weekend=frozenset(), known_until=date(2027, 12, 31))
    terms = Terms(limit=Limit.of(2, "workday"), edition="2026.1", calendar=other)
    issue.assign(act(DISPATCHER, BEGUN + timedelta(hours=3)), lead="parks", terms=terms)
    calendars = {"office": NEXT_YEAR, "shifts": other}
    assert recalculate(noted(), issue=issue, calendar_of=calendars.get)
    assert issue.assignment is not None
    assert due(issue) == local(2027, 1, 1, 14)  # noon is the beginning of the break
    assert issue.assignment.case_due == local(2027, 1, 3)
    assert issue.assignment.calendar_version == "2026.9"
    assert not recalculate(noted(), issue=issue, calendar_of=calendars.get)


def test_only_an_administrator_of_the_place_recalculates() -> None:
    with pytest.raises(WrongRole):
        recalculate(noted(actor=DISPATCHER), issue=assigned(), calendar_of=newest(NEXT_YEAR))
    elsewhere = replace(ADMIN, areas=("1101",))
    with pytest.raises(OutsideArea):
        recalculate(noted(actor=elsewhere), issue=assigned(), calendar_of=newest(NEXT_YEAR))


@for_all(
    amount=st.integers(1, 30),
    unit=st.sampled_from(LimitUnit),
    begun=st.datetimes(datetime(2026, 3, 3), datetime(2026, 12, 31)),  # noqa: DTZ001
    stops=st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 2_000)), max_size=3),
)
def test_an_equal_calendar_changes_nothing_whatever_happened(
    amount: int, unit: LimitUnit, begun: datetime, stops: list[tuple[int, int]]
) -> None:
    at = begun.replace(tzinfo=UTC)
    issue = assigned(Limit(amount, unit), at=at)
    terms = Terms(limit=Limit(amount, unit), edition="2026.1", calendar=CALENDAR)
    for runs, stands in stops:
        at += timedelta(minutes=runs)
        issue.ask_return(act(HANDLER, at), code=ReturnReason.NOT_OUR_DUTY)
        at += timedelta(minutes=stands)
        issue.refuse_return(replace(act(DISPATCHER, at), reason="职责清单已列明"), terms=terms)
    before = issue.assignment
    renamed = replace(CALENDAR, version="2026.2")
    assert not recalculate(noted(at), issue=issue, calendar_of=newest(renamed))
    assert issue.assignment == before
