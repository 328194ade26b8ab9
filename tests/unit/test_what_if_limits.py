"""试算 of limits: under what was in force every clock is as recorded; under other rules as a hand reckons it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from application.limits.limiting import Limiting
from application.limits.stage_clocks import StageClocks
from application.registry.calendars_in_force import CalendarsInForce
from application.statistics.supposing import SupposedRules
from domain.actor import Role
from domain.assignment import Terms
from domain.extending import ask_extension, endorse_extension, grant_extension
from domain.grid_issue import GridIssue
from domain.issue_events import IssueEvent
from domain.limit import Limit
from domain.limit_stages import LimitStage
from domain.recalculating import recalculate
from domain.refusals import Refused
from domain.registry.limit_rule import LimitRule
from domain.registry.limit_rules import LimitRules
from domain.statistics.clock_runs import ClockRun
from domain.statistics.what_if_limits import as_recorded, supposed
from domain.suspending import ask_suspension, grant_suspension, resume_suspension
from domain.vocabulary import ReturnReason
from domain.workdays import WorkCalendar
from tests.cases import CALENDAR, SUBJECT
from tests.registry_office import CITY, TODAY, Office, admin, run
from tests.spec import (
    ADMIN,
    DAY,
    DISPATCHER,
    GRID,
    HANDLER,
    HOUR,
    ISSUE,
    NINE,
    RECEIVER,
    REQUEST,
    ROADS,
    SECOND_DISPATCHER,
    VERIFIER,
    WATER,
    WATER_HANDLER,
    WORKER,
    act,
    staff,
)

S = LimitStage
KEY = "matter-06017"
COLLEAGUE = staff("colleague", Role.HANDLER, unit=ROADS)
WHY = "灯杆须定制"
NEWER = replace(CALENDAR, version="cn-2026.2", holidays=frozenset({date(2026, 3, 4), date(2026, 3, 11)}))
ROUND_THE_CLOCK = WorkCalendar(
    name="always", version="1", zone="Asia/Shanghai", periods=((time(0), time(0)),), weekend=frozenset(),
    known_until=date(2026, 12, 31),
)  # fmt: skip
MEASURES = {(one.name, one.version): one for one in (CALENDAR, NEWER)}
RULES: dict[str, list[tuple[str, tuple[LimitStage, ...], str]]] = {
    "stages": [("1", (S.DISPATCH, S.ACCEPT, S.CONTACT, S.FEEDBACK, S.CHECK, S.CALL_BACK), "3 work_hour")],
    "all": [
        ("1", (S.DISPATCH, S.ACCEPT, S.CHECK), "2 work_hour"),
        ("2", (S.HANDLE,), "5 workday"),
        ("3", (S.CASE,), "9 natural_day"),
    ],
}  # fmt: skip


def limit(text: str) -> Limit:
    amount, unit = text.split()
    return Limit.of(int(amount), unit)


@cache
def office(name: str) -> Office:
    """A registry with one edition of limit rules in force."""
    made = Office().with_divisions().with_case_type(KEY)
    edition = LimitRules.draft(admin(minutes=-60), city=CITY, code=name, name=name)
    rules = [
        LimitRule.checked(number=number, rank=1, limits=dict.fromkeys(stages, limit(text)))
        for number, stages, text in RULES[name]
    ]
    edition.lay(admin(minutes=-60), city=CITY, rules=rules)
    edition.publish(admin(minutes=-60), city=CITY, valid_from=TODAY)
    run(made.desk.register_many([edition]))
    return made


class Life:
    """One issue and what is done about it, each deed followed by the clocks of what begins with it."""

    def __init__(self, edition: str) -> None:
        self.registry = office(edition).view
        self.limiting, self.calendar = Limiting(self.registry), CALENDAR
        self.clocks = StageClocks(self.registry, self.limiting, CalendarsInForce(self.registry, CALENDAR))
        self.issue = GridIssue.report(act(WORKER), id=ISSUE, subject=SUBJECT, grid=GRID, grid_edition=1)
        self.edition = self.registry.find(LimitRules, edition)
        self.steps: list[IssueEvent] = []
        self.do("file", NINE)

    def do(self, name: str, at: datetime) -> None:
        """One deed, if it may be done now, as it is saved."""
        with suppress(Refused):
            self._deed(name, at)
        if len(self.issue.pending_events):
            self.clocks.follow(self.issue, act(DISPATCHER, at))
        self.steps += [cast(IssueEvent, event) for event in self.issue.collect_events()]

    def rules(self, *, edition: LimitRules | None = None, calendar: WorkCalendar | None = None) -> SupposedRules:
        known = CalendarsInForce(self.registry, self.calendar)
        return SupposedRules(self.registry, known, MEASURES, edition=edition, calendar=calendar)

    def _terms(self, *, fresh: bool = False) -> Terms:
        before = self.issue.assignment
        if before is not None and not fresh:
            return Terms(before.limit, before.edition, self.calendar, self.issue.stage_times.case_limit)
        answer = self.clocks.answer(self.issue, None)
        handle = answer.of(S.HANDLE).limit or limit("2 workday")
        return Terms(handle, "2026.1", self.calendar, answer.of(S.CASE).limit)

    def _deed(self, name: str, at: datetime) -> None:
        issue = self.issue
        handler = WATER_HANDLER if issue.lead == WATER else HANDLER
        match name:
            case "file":
                issue.file(act(RECEIVER, at), category=KEY, edition="")
            case "roads" | "water":
                lead = ROADS if name == "roads" else WATER
                fresh = issue.assignment is None or issue.assignment.lead != lead
                issue.assign(act(DISPATCHER, at), lead=lead, terms=self._terms(fresh=fresh))
            case "accept":
                issue.accept(act(handler, at))
            case "ask":
                issue.ask_return(act(handler, at), code=ReturnReason.NOT_OUR_DUTY)
            case "refuse":
                issue.refuse_return(act(SECOND_DISPATCHER, at, WHY), terms=self._terms())
            case "grant":
                issue.grant_return(act(SECOND_DISPATCHER, at))
            case "resolve":
                issue.resolve(act(handler, at), measure="修复")
            case "pass" | "fail":
                issue.check(act(VERIFIER, at), passed=name == "pass")
            case "rework":
                issue.order_rework(act(VERIFIER, at), terms=self._terms())
            case "redo":
                issue.order_redo(act(RECEIVER, at), request=REQUEST, terms=self._terms())
            case "close":
                issue.close(act(VERIFIER, at))
            case "voice":
                issue.attach_request(act(RECEIVER, at), request=REQUEST)
            case _:
                self._of_the_clock(name, at)

    def _of_the_clock(self, name: str, at: datetime) -> None:
        issue = self.issue
        match name:
            case "extend":
                ask_extension(act(HANDLER, at, WHY), issue=issue)
                endorse_extension(act(COLLEAGUE, at), issue=issue)
                grant_extension(act(DISPATCHER, at), issue=issue, terms=self._terms())
            case "suspend":
                ask_suspension(act(HANDLER, at, WHY), issue=issue, until=at + 3 * DAY)
                grant_suspension(act(DISPATCHER, at), issue=issue)
            case "resume":
                resume_suspension(act(DISPATCHER, at, WHY), issue=issue, terms=self._terms())
            case "recalculate":
                self.calendar = NEWER
                recalculate(act(ADMIN, at), issue=issue, calendar_of=lambda _name: NEWER)


DEEDS = (
    "roads", "water", "accept", "ask", "refuse", "grant", "resolve", "pass", "fail", "rework", "redo", "close", "voice",
    "extend", "suspend", "resume", "recalculate",
)  # fmt: skip
LIKELY = ["roads", "accept", "voice", "extend", "suspend", "resume", "resolve", "fail", "rework", "resolve", "redo"]
walks = st.lists(st.tuples(st.sampled_from([*DEEDS, *LIKELY]), st.integers(0, 4_000)), max_size=25)


def lived(edition: str, walk: list[tuple[str, int]]) -> Life:
    life, at = Life(edition), NINE
    for name, minutes in [("roads", 5), ("accept", 5), *walk]:
        at += timedelta(minutes=minutes)
        life.do(name, at)
    return life


def each(minutes: int, *deeds: str) -> list[tuple[str, int]]:
    return [(deed, minutes) for deed in deeds]


@given(st.sampled_from(["stages", "all"]), walks, st.booleans())
@example("all", each(60, "extend", "resolve", "fail", "rework", "extend", "resolve", "pass", "close", "redo"), True)
@example("all", each(60, "suspend", "resume", "recalculate", "extend", "resolve", "redo"), False)
@example("all", each(900, "ask", "recalculate", "refuse", "ask", "grant", "roads", "accept", "resolve"), False)
@example("all", each(900, "ask", "grant", "recalculate", "water", "accept", "resolve", "pass", "close"), True)
@example("stages", each(30, "voice", "ask", "refuse", "suspend", "resume", "resolve", "redo", "ask", "refuse"), False)
@example("stages", each(30, "voice", "ask", "refuse"), False)
@example("stages", each(30, "ask", "grant", "voice", "roads", "resolve", "fail", "rework", "accept", "resolve"), False)
def test_under_the_same_edition_and_calendar_every_clock_is_as_recorded(
    edition: str, walk: list[tuple[str, int]], named: bool
) -> None:
    life = lived(edition, walk)
    rules = life.rules(edition=life.edition if named and edition == "all" else None)
    assert supposed(life.steps, {}, rules) == as_recorded(life.steps, {})


@given(walks)
def test_what_is_recorded_stays_as_it_was(walk: list[tuple[str, int]]) -> None:
    life = lived("all", walk)
    before = [(type(step), dict(vars(step))) for step in life.steps]
    supposed(life.steps, {}, life.rules(calendar=ROUND_THE_CLOCK))
    assert [(type(step), dict(vars(step))) for step in life.steps] == before


def runs_of(life: Life, rules: SupposedRules, stage: LimitStage) -> list[ClockRun]:
    return [run for run in supposed(life.steps, {}, rules) if run.stage is stage]


def shorter(text: str) -> LimitRules:
    edition = LimitRules.draft(admin(), city=CITY, code="shorter", name="从速")
    rule = LimitRule.checked(number="1", rank=9, limits=dict.fromkeys((S.HANDLE, S.ACCEPT), limit(text)))
    edition.lay(admin(), city=CITY, rules=[rule])
    return edition


@pytest.mark.parametrize(("text", "late"), [("3 urgent_hour", False), ("2 urgent_hour", True)])
def test_a_shorter_limit_makes_late_what_took_longer(text: str, late: bool) -> None:
    life = Life("all")
    life.do("roads", NINE)
    life.do("accept", NINE + HOUR)
    life.do("resolve", NINE + 3 * HOUR)
    [run] = runs_of(life, life.rules(edition=shorter(text)), S.HANDLE)
    assert (run.due, run.done_at) == (NINE + int(text[0]) * HOUR, NINE + 3 * HOUR)
    assert run.late(NINE + 30 * DAY) is late


def test_an_extension_adds_the_limit_it_would_have_had_and_a_suspension_takes_nothing() -> None:
    life = Life("all")
    life.do("roads", NINE)
    life.do("accept", NINE)
    life.do("extend", NINE + HOUR)
    life.do("suspend", NINE + 2 * HOUR)
    life.do("resume", NINE + 26 * HOUR)
    [run] = runs_of(life, life.rules(edition=shorter("10 urgent_hour")), S.HANDLE)
    assert run.due == NINE + 10 * HOUR + 10 * HOUR + 24 * HOUR


def test_another_calendar_measures_every_clock_and_none_is_set_again() -> None:
    life = Life("all")
    life.do("roads", NINE)
    life.do("recalculate", NINE + HOUR)
    [run] = runs_of(life, life.rules(calendar=ROUND_THE_CLOCK), S.HANDLE)
    assert run.due == NINE + 5 * DAY
    [accept] = runs_of(life, life.rules(calendar=ROUND_THE_CLOCK), S.ACCEPT)
    assert accept.due == NINE + 2 * HOUR


def test_a_stage_that_had_no_limit_gets_one_and_one_that_had_loses_it() -> None:
    life = Life("all")
    life.do("roads", NINE + HOUR)
    rules = life.rules(edition=shorter("30 minute"))
    assert [run.due for run in runs_of(life, rules, S.ACCEPT)] == [NINE + HOUR + timedelta(minutes=30)]
    assert runs_of(life, rules, S.DISPATCH) == []
    assert [run.stage for run in as_recorded(life.steps, {}) if run.stage is S.DISPATCH] == [S.DISPATCH]


def test_what_a_unit_gave_back_is_not_held_against_it() -> None:
    life = Life("stages")
    life.do("roads", NINE)
    life.do("ask", NINE + 9 * DAY)
    life.do("grant", NINE + 10 * DAY)
    assert {run.stage for run in as_recorded(life.steps, {})} == {S.DISPATCH, S.CASE}


def test_a_clock_that_stands_does_not_become_late() -> None:
    run = ClockRun(S.HANDLE, 1, ROADS, GRID, NINE, NINE + DAY, stood_since=NINE + HOUR)
    assert run.late(NINE + 9 * DAY) is None
    assert replace(run, stood_since=None).late(NINE + 9 * DAY) is True
    assert replace(run, stood_since=None).late(NINE + DAY) is None


def test_a_requester_heard_in_time_meets_the_clock_of_contacting() -> None:
    life = Life("stages")
    life.do("voice", NINE)
    life.do("roads", NINE)
    heard = as_recorded(life.steps, {S.CONTACT: [NINE - HOUR, NINE + HOUR, NINE + 2 * HOUR]})
    assert [run.done_at for run in heard if run.stage is S.CONTACT] == [NINE + HOUR]
    assert [run.done_at for run in heard if run.stage is S.FEEDBACK] == [None]
