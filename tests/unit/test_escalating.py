"""上报上级, 回落: level by level with a reason, by who is responsible there; the clocks go on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from domain.actor import Actor, Role
from domain.coordination import UPWARD, next_above
from domain.escalating import Above, FindAbove, escalate, escalate_missed, held_by, level_above, send_down, stands_at
from domain.escalation_refusals import AtTheTop, NotCoordinating, NotEscalated
from domain.escalations import Escalated, SentDown
from domain.grid_issue import GridIssue
from domain.merging import merge
from domain.refusals import (
    ComplainedAbout,
    DutyConflict,
    NotLead,
    OutsideArea,
    ReasonMissing,
    Refused,
    WrongRole,
    WrongStage,
)
from domain.stages import IssueStage
from domain.vocabulary import SolvedLevel
from tests.cases import (
    ACCEPTED,
    ASSIGNED,
    FILED,
    ISSUE_AT,
    REPORTED,
    TERMS,
    TO_ACCEPTED,
    TO_RESOLVED,
    assigned,
    attached_request,
)
from tests.spec import (
    DAY,
    DISPATCHER,
    GRID,
    HANDLER,
    HOUR,
    ISSUE,
    NEXT_DISTRICT,
    NINE,
    OTHER_ISSUE,
    REQUEST,
    ROADS,
    SUPERVISOR,
    VERIFIER,
    WATER_HANDLER,
    WORKER,
    Fact,
    act,
    fact,
    given,
    past,
    replayed,
    staff,
)

L = SolvedLevel
WHY = "涉及多家单位，本级协调不动"
UNITS = {L.COMMUNITY: "community", L.STREET: "street", L.DISTRICT: "district", L.CITY: "city"}
GROUND = {L.COMMUNITY: GRID[:12], L.STREET: GRID[:9], L.DISTRICT: GRID[:6], L.CITY: GRID[:4]}
AT = {level: staff(f"of-{unit}", Role.HANDLER, unit=unit, areas=(GROUND[level],)) for level, unit in UNITS.items()}
LEADER = staff("leader", Role.SUPERVISOR, unit="party-office", areas=(GRID[:12],))


def above(level: SolvedLevel, leader: str = "") -> FindAbove:
    return lambda _: Above(level, UNITS[level], leader)


def escalated(
    level: SolvedLevel, by: Actor = DISPATCHER, *, start: SolvedLevel | None = None, held: str | None = None,
    leader: str = "", automatic: bool = False,
) -> Fact:  # fmt: skip
    below = start or UPWARD[UPWARD.index(level) - 1]
    return fact(
        Escalated, by, reason=WHY, from_level=below.value, from_unit=UNITS.get(below, "") if held is None else held,
        level=level.value, to_unit=UNITS[level], leader=leader, automatic=automatic,
    )  # fmt: skip


def up(actor: Actor, level: SolvedLevel, lead_level: SolvedLevel = L.GRID, leader: str = "", reason: str = WHY) -> Any:
    return lambda issue: escalate(
        act(actor, NINE + HOUR, reason), issue=issue, lead_level=lead_level, find_above=above(level, leader)
    )


def down(actor: Actor, reason: str = "已协调到位") -> Any:
    return lambda issue: send_down(act(actor, NINE + HOUR, reason), issue=issue)


# --- who passes up, and to whom ------------------------------------------------------------------


def test_the_worker_passes_up_what_the_grid_cannot_solve() -> None:
    issue = given(REPORTED).when(up(WORKER, L.COMMUNITY)).then(escalated(L.COMMUNITY, WORKER))
    assert (stands_at(issue, L.GRID), held_by(issue)) == (L.COMMUNITY, "community")
    assert issue.in_hands_of == {"community"}


def test_from_the_grid_to_the_city_each_level_passes_it_to_the_next() -> None:
    history = [REPORTED, escalated(L.COMMUNITY)]
    for level in (L.STREET, L.DISTRICT, L.CITY):
        who = AT[UPWARD[UPWARD.index(level) - 1]]
        given(*history).when(up(who, level)).then(escalated(level, who))
        history.append(escalated(level))
    given(*history).when(up(AT[L.CITY], L.CITY)).then_refused(AtTheTop)


@pytest.mark.parametrize("level", [L.STREET, L.DISTRICT, L.CITY])
def test_no_level_is_skipped(level: SolvedLevel) -> None:
    with pytest.raises(ValueError, match="does not follow"):
        up(DISPATCHER, level)(past(REPORTED, id=ISSUE))


def test_the_lead_passes_up_from_its_own_level() -> None:
    issue = (
        given(*TO_ACCEPTED)
        .when(up(HANDLER, L.CITY, lead_level=L.DISTRICT))
        .then(escalated(L.CITY, HANDLER, held=ROADS))
    )
    assert issue.lead == ROADS
    assert issue.in_hands_of == {ROADS, "city"}


def test_a_higher_lead_named_meanwhile_is_where_it_stands() -> None:
    issue = past(REPORTED, FILED, escalated(L.COMMUNITY), ASSIGNED, id=ISSUE)
    assert stands_at(issue, L.DISTRICT) is L.DISTRICT
    assert level_above(issue, L.DISTRICT) is L.CITY
    assert level_above(issue, L.GRID) is L.STREET


def test_another_units_handler_does_not_pass_up_what_they_do_not_lead() -> None:
    given(*TO_ACCEPTED).when(up(WATER_HANDLER, L.COMMUNITY)).then_refused(NotLead)


def test_the_worker_does_not_pass_up_what_a_unit_leads() -> None:
    given(*TO_ACCEPTED).when(up(WORKER, L.COMMUNITY)).then_refused(WrongRole)


def test_once_passed_up_it_is_its_units_or_the_contact_leaders() -> None:
    history = (REPORTED, escalated(L.COMMUNITY, leader="leader"))
    given(*history).when(up(AT[L.COMMUNITY], L.STREET)).then(escalated(L.STREET, AT[L.COMMUNITY]))
    given(*history).when(up(LEADER, L.STREET)).then(escalated(L.STREET, LEADER))
    refusal = given(*history).when(up(HANDLER, L.STREET)).then_refused(NotCoordinating)
    assert refusal.detail().startswith("此事现由社区 community 统筹")
    given(*history).when(up(SUPERVISOR, L.STREET)).then_refused(NotCoordinating)
    given(*history).when(up(WORKER, L.STREET)).then_refused(WrongRole)


@pytest.mark.parametrize(
    ("area", "refusal"), [("150785", None), (GRID[:9], None), (GRID[:12], NotCoordinating), ("150784", OutsideArea)]
)
def test_a_dispatcher_acts_at_a_level_whose_whole_ground_is_theirs(area: str, refusal: type[Refused] | None) -> None:
    somebody = staff("somebody", Role.DISPATCHER, areas=(area,))
    when = given(REPORTED, escalated(L.COMMUNITY), escalated(L.STREET)).when(up(somebody, L.DISTRICT))
    if refusal is None:
        when.then(escalated(L.DISTRICT, somebody))
    else:
        when.then_refused(refusal)


@pytest.mark.parametrize("command", [up(replace(DISPATCHER, areas=(NEXT_DISTRICT,)), L.STREET), down(
    replace(DISPATCHER, areas=(NEXT_DISTRICT,))
)])  # fmt: skip
def test_a_case_outside_the_area_is_not_theirs(command: Any) -> None:
    given(REPORTED, escalated(L.COMMUNITY)).when(command).then_refused(OutsideArea)


def test_both_need_a_reason() -> None:
    given(REPORTED).when(up(WORKER, L.COMMUNITY, reason=" ")).then_refused(ReasonMissing)
    given(REPORTED, escalated(L.COMMUNITY)).when(down(DISPATCHER, "")).then_refused(ReasonMissing)


@pytest.mark.parametrize("stage", [IssueStage.CLOSED, IssueStage.VOIDED, IssueStage.MERGED])
def test_what_is_finished_is_not_passed_up(stage: IssueStage) -> None:
    given(*ISSUE_AT[stage]).when(up(DISPATCHER, L.COMMUNITY)).then_refused(WrongStage)


# --- complaints, separation of duty ------------------------------------------------------------------


def test_it_is_never_passed_up_to_who_is_complained_about() -> None:
    complaint = attached_request(complained_about="community")
    given(REPORTED, complaint).when(up(WORKER, L.COMMUNITY)).then_refused(ComplainedAbout)


def test_nor_is_a_complaint_about_who_coordinates_attached_or_merged_in() -> None:
    issue = past(REPORTED, escalated(L.COMMUNITY), id=ISSUE)
    with pytest.raises(ComplainedAbout):
        issue.attach_request(act(DISPATCHER, NINE + HOUR), request=REQUEST, complained_about="community")
    other = past(REPORTED, attached_request(complained_about="community"), id=OTHER_ISSUE)
    with pytest.raises(ComplainedAbout):
        merge(act(DISPATCHER, NINE + HOUR), issue=other, into=issue)


def test_nor_does_it_come_down_to_them() -> None:
    history = (REPORTED, escalated(L.COMMUNITY), escalated(L.STREET), attached_request(complained_about="community"))
    given(*history).when(down(AT[L.STREET])).then_refused(ComplainedAbout)


def test_who_passed_it_up_or_down_does_not_judge_it() -> None:
    judge = staff("judge", Role.VERIFIER, Role.DISPATCHER)
    history = (*TO_RESOLVED, _by(judge))
    given(*history).when(lambda issue: issue.check(act(judge, NINE + 2 * HOUR), passed=True)).then_refused(DutyConflict)
    past(*history, id=ISSUE).check(act(VERIFIER, NINE + 2 * HOUR), passed=True)


def _by(actor: Actor) -> Fact:
    return fact(
        Escalated, actor, role=Role.DISPATCHER, at=NINE + HOUR, reason=WHY, from_level="grid", from_unit=ROADS,
        level="community", to_unit="community", leader="", automatic=False,
    )  # fmt: skip


# --- down again --------------------------------------------------------------------------------------


def test_it_comes_down_the_way_it_went_up() -> None:
    history = (REPORTED, FILED, assigned(ROADS), ACCEPTED, escalated(L.COMMUNITY, held=ROADS), escalated(L.STREET))
    first = fact(
        SentDown, AT[L.STREET], from_level="street", from_unit="street", level="community", to_unit="community"
    )
    issue = given(*history).when(down(AT[L.STREET])).then(_with_reason(first))
    assert held_by(issue) == "community"
    last = fact(SentDown, AT[L.COMMUNITY], from_level="community", from_unit="community", level="grid", to_unit=ROADS)
    issue = given(*history, first).when(down(AT[L.COMMUNITY])).then(_with_reason(last))
    assert (held_by(issue), issue.passed_up, issue.in_hands_of) == (ROADS, [], {ROADS})


def _with_reason(one: Fact) -> Fact:
    return replace(one, facts={**one.facts, "reason": "已协调到位"})


@pytest.mark.parametrize("actor", [DISPATCHER, HANDLER])
def test_what_never_went_up_does_not_come_down(actor: Actor) -> None:
    given(*TO_ACCEPTED).when(down(actor)).then_refused(NotEscalated)


def test_who_is_below_does_not_fetch_it_down() -> None:
    history = (*TO_ACCEPTED, escalated(L.COMMUNITY, held=ROADS))
    given(*history).when(down(HANDLER)).then_refused(NotCoordinating)


# --- clocks ------------------------------------------------------------------------------------------


def test_both_clocks_go_on_through_escalation_and_back() -> None:
    issue = past(*TO_ACCEPTED, id=ISSUE)
    before = issue.assignment
    up(HANDLER, L.COMMUNITY)(issue)
    assert issue.assignment == before
    down(AT[L.COMMUNITY])(issue)
    assert issue.assignment == before
    issue.resolve(act(HANDLER, before.due + HOUR), measure="修复")
    assert issue.pending_events[-1].overdue


def test_only_another_assignment_starts_the_leads_clock_anew_and_it_stays_passed_up() -> None:
    history = (*ISSUE_AT[IssueStage.RETURNED], escalated(L.COMMUNITY))
    issue = past(*history, id=ISSUE)
    case_due = issue.assignment.case_due
    issue.assign(act(DISPATCHER, NINE + DAY), lead="water", terms=TERMS)
    assert (issue.assignment.clock_start, issue.assignment.case_due) == (NINE + DAY, case_due)
    assert held_by(issue) == "community"


def test_an_escalation_lasts_through_closing_and_a_redo() -> None:
    issue = past(*TO_RESOLVED, _by(DISPATCHER), id=ISSUE)
    issue.check(act(VERIFIER, NINE + 2 * HOUR), passed=True)
    issue.close(act(VERIFIER, NINE + 2 * HOUR))
    issue.order_redo(act(VERIFIER, NINE + 3 * DAY), request=REQUEST, terms=TERMS)
    assert held_by(issue) == "community"


# --- the program --------------------------------------------------------------------------------------


def test_the_program_passes_up_what_missed_its_limit_whoever_has_it() -> None:
    program = Actor("wangge", frozenset(), "", ())
    missed = fact(
        Escalated, program, role=Role.SUPERVISOR, reason="办理超时", from_level="district", from_unit=ROADS,
        level="city", to_unit="city", leader="leader", automatic=True,
    )  # fmt: skip
    given(*TO_ACCEPTED).when(
        lambda issue: escalate_missed(
            act(program, NINE + HOUR, "办理超时"), Role.SUPERVISOR, issue=issue, lead_level=L.DISTRICT,
            find_above=above(L.CITY, "leader"),
        )
    ).then(missed)  # fmt: skip


def test_nor_does_the_program_pass_up_what_is_closed_or_without_saying_why() -> None:
    program = act(Actor("wangge", frozenset(), "", ()), NINE + HOUR, "办理超时")

    def missed(issue: GridIssue) -> None:
        escalate_missed(program, Role.SUPERVISOR, issue=issue, lead_level=L.GRID, find_above=above(L.COMMUNITY))

    given(*ISSUE_AT[IssueStage.CLOSED]).when(missed).then_refused(WrongStage)
    silent = replace(program, reason="")
    given(REPORTED).when(
        lambda issue: escalate_missed(
            silent, Role.SUPERVISOR, issue=issue, lead_level=L.GRID, find_above=above(L.COMMUNITY)
        )
    ).then_refused(ReasonMissing)


# --- whatever happens ----------------------------------------------------------------------------------


@drawn(st.lists(st.booleans(), max_size=20))
def test_every_second_has_one_holder_and_each_hand_over_begins_where_the_last_ended(ups: list[bool]) -> None:
    issue = past(REPORTED, id=ISSUE)
    for nth, upward in enumerate(ups):
        when = act(DISPATCHER, NINE + nth * HOUR, WHY)
        on_top = next_above(stands_at(issue, L.GRID)) is None
        everywhere = replace(DISPATCHER, areas=(GRID[:4],))
        when = replace(when, actor=everywhere)
        if upward and not on_top:
            escalate(when, issue=issue, lead_level=L.GRID, find_above=above(level_above(issue, L.GRID)))
        elif not upward and issue.passed_up:
            send_down(when, issue=issue)
    level, holder = "grid", ""
    for event in issue.pending_events:
        assert (event.from_level, event.from_unit) == (level, holder)
        assert abs([one.value for one in UPWARD].index(event.level) - [one.value for one in UPWARD].index(level)) == 1
        level, holder = event.level, event.to_unit
    assert (level, holder) == (stands_at(issue, L.GRID).value, held_by(issue))
    news = issue.collect_events()
    assert replayed([*_first(), *news]) == issue if news else True


def _first() -> list[Any]:
    return given(REPORTED).events
