"""环节时限: each stage's clock is set when it begins, goes on with the lead's clock, and shortens no other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from application.limits.limit_answer import LimitSource
from application.limits.limiting import Limiting
from application.limits.stage_clocks import StageClocks
from application.registry.calendars_in_force import CalendarsInForce
from domain.actor import Act
from domain.grid_issue import GridIssue
from domain.limit import Limit
from domain.limit_stages import LimitStage
from domain.registry.limit_rule import LimitRule
from domain.registry.limit_rules import LimitRules
from domain.stage_clocks import StageClocksSet
from domain.vocabulary import ReturnReason
from tests.cases import CALENDAR, DUE, TERMS, reported
from tests.registry_office import CITY, TODAY, Office, admin, run
from tests.spec import (
    DAY,
    DISPATCHER,
    HANDLER,
    HOUR,
    ISSUE,
    NINE,
    OTHER_REQUEST,
    RECEIVER,
    REQUEST,
    ROADS,
    SECOND_DISPATCHER,
    VERIFIER,
    WATER,
    WATER_HANDLER,
    WORKER,
    act,
    fact,
    past,
)

S = LimitStage
KEY, NEXT = "matter-06017", "matter-06018"
HOURS = 3
"""Work hours of every stage that the rules of these tests speak of."""
FRIDAY_AT_FIVE = NINE + 4 * DAY + 8 * HOUR


def publish(office: Office, code: str, *rules: LimitRule, minutes: int = -60) -> None:
    edition = LimitRules.draft(admin(minutes=minutes), city=CITY, code=code, name=code)
    edition.lay(admin(minutes=minutes), city=CITY, rules=rules)
    edition.publish(admin(minutes=minutes), city=CITY, valid_from=TODAY)
    run(office.desk.register_many([edition]))


def rule(number: str, *stages: LimitStage, amount: int = HOURS, **said: Any) -> LimitRule:
    return LimitRule.checked(number=number, limits=dict.fromkeys(stages, Limit.of(amount, "work_hour")), **said)


@pytest.fixture
def office() -> Office:
    office = Office().with_divisions().with_case_type(KEY).with_case_type(NEXT)
    publish(office, "limits-1", rule("1", S.DISPATCH, S.ACCEPT, S.CONTACT, S.FEEDBACK, S.CHECK, S.CALL_BACK))
    return office


class Desk:
    """Deeds about one issue, each followed by the clocks of what began with it."""

    def __init__(self, office: Office, *facts: Any) -> None:
        registry = office.view
        self.clocks = StageClocks(registry, Limiting(registry), CalendarsInForce(registry, CALENDAR))
        filed = fact(GridIssue.Filed, RECEIVER, category=KEY, edition="2026-1")
        self.issue: GridIssue = past(*(facts or (reported(), filed)), id=ISSUE)

    def do(self, deed: Act, command: str, **given: Any) -> dict[str, tuple[datetime, datetime]]:
        """Start and due of every clock that is set with it."""
        getattr(self.issue, command)(deed, **given)
        return self.followed(deed)

    def followed(self, deed: Act) -> dict[str, tuple[datetime, datetime]]:
        self.clocks.follow(self.issue, deed)
        last = self.issue.pending_events[-1]
        set_ones = last.clocks if isinstance(last, StageClocksSet) else []
        return {one.stage: (one.clock_start, one.due) for one in set_ones}

    def assigned(self, lead: str = ROADS, at: datetime = NINE) -> dict[str, tuple[datetime, datetime]]:
        return self.do(act(DISPATCHER, at), "assign", lead=lead, terms=TERMS)

    def returned(self, at: datetime, asked_by: Any = HANDLER) -> None:
        self.do(act(asked_by, at), "ask_return", code=ReturnReason.NOT_OUR_DUTY)

    def with_voice(self, request: Any = REQUEST, at: datetime = NINE) -> dict[str, tuple[datetime, datetime]]:
        return self.do(act(RECEIVER, at), "attach_request", request=request)


def later(hours: float, since: datetime = NINE) -> datetime:
    return CALENDAR.add(since, timedelta(hours=hours))


# --- what begins when ---------------------------------------------------------------------------


def test_dispatch_has_its_time_from_filing_and_again_from_a_granted_return(office: Office) -> None:
    desk = Desk(office, reported())
    given = {"category": KEY, "edition": "2026-1"}
    assert desk.do(act(RECEIVER), "file", **given) == {"dispatch": (NINE, later(HOURS))}
    desk.assigned()
    desk.returned(NINE + HOUR)
    granted = desk.do(act(SECOND_DISPATCHER, NINE + DAY), "grant_return")
    assert granted == {"dispatch": (NINE + DAY, later(HOURS, NINE + DAY))}


def test_accepting_has_its_time_from_the_assignment_and_leaves_the_leads_limit_alone(office: Office) -> None:
    desk = Desk(office)
    assert desk.assigned() == {"accept": (NINE, later(HOURS))}
    assert desk.issue.assignment is not None
    assert (desk.issue.assignment.due, desk.issue.assignment.limit) == (DUE, TERMS.limit)


def test_where_somebody_asks_contact_and_feedback_run_too(office: Office) -> None:
    desk = Desk(office)
    desk.with_voice()
    assert set(desk.assigned()) == {"accept", "contact", "feedback"}


def test_a_first_voice_that_comes_later_is_heard_in_time_from_then(office: Office) -> None:
    desk = Desk(office)
    desk.assigned()
    heard = desk.with_voice(at=NINE + HOUR)
    assert heard == dict.fromkeys(("contact", "feedback"), (NINE + HOUR, later(HOURS, NINE + HOUR)))
    assert desk.with_voice(OTHER_REQUEST, NINE + 2 * HOUR) == {}


def test_the_check_waits_from_the_resolution_the_call_back_from_the_end_of_the_limit(office: Office) -> None:
    desk = Desk(office)
    desk.with_voice()
    desk.assigned()
    desk.do(act(HANDLER), "accept")
    found = desk.do(act(HANDLER, NINE + HOUR), "resolve", measure="修复")
    assert found == {"check": (NINE + HOUR, later(HOURS, NINE + HOUR)), "call_back": (DUE, later(HOURS, DUE))}


def test_a_late_resolution_is_called_back_about_from_then(office: Office) -> None:
    desk, late = Desk(office), NINE + 3 * DAY
    desk.with_voice()
    desk.assigned()
    desk.do(act(HANDLER), "accept")
    assert desk.do(act(HANDLER, late), "resolve", measure="修复")["call_back"][0] == late


def test_what_is_solved_on_the_spot_is_checked_in_time_without_having_been_filed(office: Office) -> None:
    desk = Desk(office, reported())
    assert desk.do(act(WORKER, NINE), "solve_on_spot", measure="劝离") == {"check": (NINE, later(HOURS))}


def test_all_that_begins_in_one_deed_is_told_once(office: Office) -> None:
    desk = Desk(office, reported())
    desk.issue.file(act(DISPATCHER), category=KEY, edition="2026-1")
    desk.issue.assign(act(DISPATCHER), lead=ROADS, terms=TERMS)
    assert set(desk.followed(act(DISPATCHER))) == {"dispatch", "accept"}
    told = len(desk.issue.pending_events)
    desk.clocks.follow(desk.issue, act(DISPATCHER))
    assert len(desk.issue.pending_events) == told


# --- what stands and goes on --------------------------------------------------------------------


def test_while_a_return_is_decided_nothing_runs_and_a_weekend_adds_nothing(office: Office) -> None:
    desk = Desk(office)
    desk.with_voice()
    desk.assigned(at=FRIDAY_AT_FIVE)
    desk.returned(FRIDAY_AT_FIVE + HOUR / 4)
    monday = FRIDAY_AT_FIVE + 2 * DAY + 16 * HOUR
    refused = desk.do(act(SECOND_DISPATCHER, monday, "属本单位职责"), "refuse_return", terms=TERMS)
    left = later(HOURS - 0.25, monday)
    assert refused == dict.fromkeys(("accept", "contact", "feedback"), (FRIDAY_AT_FIVE, left))


def test_once_accepted_a_refused_return_asks_for_no_second_acceptance(office: Office) -> None:
    desk = Desk(office)
    desk.with_voice()
    desk.assigned()
    desk.do(act(HANDLER), "accept")
    desk.returned(NINE + HOUR)
    refused = desk.do(act(SECOND_DISPATCHER, NINE + 2 * HOUR, "属本单位职责"), "refuse_return", terms=TERMS)
    assert set(refused) == {"contact", "feedback"}


@pytest.mark.parametrize(("lead", "start"), [(ROADS, NINE), (WATER, NINE + DAY)])
def test_the_same_unit_goes_on_and_another_begins_anew(office: Office, lead: str, start: datetime) -> None:
    desk = Desk(office)
    desk.with_voice()
    desk.assigned()
    desk.returned(NINE + HOUR)
    desk.do(act(SECOND_DISPATCHER, NINE + 2 * HOUR), "grant_return")
    again = desk.assigned(lead, NINE + DAY)
    due = later(HOURS - 1 if lead == ROADS else HOURS, NINE + DAY)
    assert again == dict.fromkeys(("accept", "contact", "feedback"), (start, due))


def test_after_another_unit_the_first_one_begins_anew(office: Office) -> None:
    desk = Desk(office)
    for nth, (lead, handler) in enumerate([(ROADS, HANDLER), (WATER, WATER_HANDLER)]):
        desk.assigned(lead, NINE + nth * DAY)
        desk.returned(NINE + nth * DAY + HOUR, handler)
        desk.do(act(SECOND_DISPATCHER, NINE + nth * DAY + 2 * HOUR), "grant_return")
    again = NINE + 2 * DAY
    assert desk.assigned(ROADS, again) == {"accept": (again, later(HOURS, again))}


def test_rework_is_accepted_anew_and_contact_goes_on(office: Office) -> None:
    desk = Desk(office)
    desk.with_voice()
    desk.assigned()
    desk.do(act(HANDLER), "accept")
    desk.do(act(HANDLER, NINE + HOUR), "resolve", measure="修复")
    desk.do(act(VERIFIER, NINE + 2 * HOUR), "check", passed=False)
    rework = desk.do(act(VERIFIER, NINE + DAY), "order_rework", terms=TERMS)
    left = (NINE, later(HOURS - 1, NINE + DAY))
    assert rework == {"accept": (NINE + DAY, later(HOURS, NINE + DAY)), "contact": left, "feedback": left}


def test_a_redo_begins_all_anew(office: Office) -> None:
    desk = Desk(office)
    desk.with_voice()
    desk.assigned()
    desk.do(act(HANDLER), "accept")
    desk.do(act(HANDLER, NINE + HOUR), "resolve", measure="修复")
    redo = desk.do(act(VERIFIER, DUE), "order_redo", request=REQUEST, terms=TERMS)
    assert redo == dict.fromkeys(("accept", "contact", "feedback"), (DUE, later(HOURS, DUE)))


# --- by which edition ---------------------------------------------------------------------------


def test_a_case_keeps_the_edition_it_was_filed_under(office: Office) -> None:
    desk = Desk(office)
    desk.assigned()
    publish(office, "limits-2", rule("1", S.CHECK, amount=1), minutes=30)
    desk.do(act(HANDLER, NINE + HOUR), "accept")
    found = desk.do(act(HANDLER, NINE + HOUR), "resolve", measure="修复")
    assert found["check"][1] == later(HOURS, NINE + HOUR)
    assert cast(StageClocksSet, desk.issue.pending_events[-1]).rules == "limits-1"


def test_without_an_edition_in_force_nothing_is_recorded(office: Office) -> None:
    bare = Office().with_divisions().with_case_type(KEY)
    desk = Desk(bare)
    assert desk.assigned() == {}
    assert [type(event).__name__ for event in desk.issue.pending_events] == ["Assigned"]


HANDLING = [
    ({"category": "matter-06017"}, None, "事项不及编目"),
    ({"category": "matter-06017-1"}, None, "与编目同样具体，以编目为准"),
    ({"category": "matter-06017-1", "urgency": "urgent"}, "9", "紧急程度不及第 9 条"),
    ({"category": "matter-06017-1", "channel": "patrol"}, "9", "渠道不及第 9 条"),
    ({"rank": 1}, "9", "优先级不及第 9 条"),
    ({"category": "matter-06017-1", "channel": "patrol", "rank": -1}, None, "优先级不及编目"),
]


@pytest.mark.parametrize(("said", "winner", "why"), HANDLING)
def test_the_catalogue_counts_as_a_rule_of_its_condition(
    office: Office, said: dict[str, Any], winner: str | None, why: str
) -> None:
    publish(office, "limits-2", rule("9", S.HANDLE, **said), minutes=-30)
    filed = office.view.case_type(KEY).on(TODAY)
    answer = Limiting(office.view).answer(category=KEY, channel="patrol", urgency="urgent", at=NINE, filed=filed)
    found = answer.of(S.HANDLE)
    assert (found.source, found.rule or None) == (LimitSource.RULE if winner else LimitSource.CATALOGUE, winner)
    assert answer.handle_edition == ("limits-2" if winner else "2026-1")
    assert [lost.why for lost in found.runners_up] == [why]
