"""并案: issues become one and part again; every requester keeps a voice, both issues change or neither."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from domain import issue_ties
from domain.actor import Act, Actor, Role
from domain.grid_issue import GridIssue
from domain.merging import merge, unmerge
from domain.refusals import (
    ComplainedAbout,
    DutyConflict,
    MergeWithSelf,
    NotMerged,
    OtherLog,
    OutOfOrder,
    OutsideArea,
    ReasonMissing,
    Refused,
    WrongStage,
)
from domain.stages import OPEN_ISSUE, IssueStage
from tests.cases import (
    ACCEPTED,
    ASSIGNED,
    FILED,
    ISSUE_AT,
    MERGED,
    PASSED,
    REPORTED,
    RESOLVED,
    RETURN_ASKED,
    RETURN_GRANTED,
    absorbed,
    assigned,
    attached_request,
    reported,
)
from tests.spec import (
    DAY,
    DISPATCHER,
    DISTRICT,
    GRID,
    HANDLER,
    HOUR,
    ISSUE,
    NEXT_DISTRICT,
    NINE,
    OTHER_ISSUE,
    OTHER_REQUEST,
    REQUEST,
    ROADS,
    WATER,
    Fact,
    act,
    case_id,
    fact,
    given,
    past,
    recorded,
    staff,
)

S = IssueStage
NOON = NINE + 3 * HOUR
ACROSS = "150785002001001"
LOCAL = replace(DISPATCHER, areas=(GRID[:9],))
UNDO = act(DISPATCHER, NOON, "不是一事")


def target(*facts: Fact) -> GridIssue:
    issue = past(*(facts or (REPORTED,)), id=OTHER_ISSUE)
    assert isinstance(issue, GridIssue)
    return issue


def refused(kind: type[Refused], command: Any, deed: Act, issue: GridIssue, into: GridIssue) -> None:
    before = deepcopy((vars(issue), vars(into)))
    with pytest.raises(kind):
        command(deed, issue=issue, into=into)
    assert (vars(issue), vars(into)) == before


def merged(*facts: Fact) -> GridIssue:
    issue = past(*(facts or (REPORTED,)), MERGED, id=ISSUE)
    assert isinstance(issue, GridIssue)
    return issue


def test_an_issue_goes_on_in_another() -> None:
    into = target()
    issue = given(REPORTED).when(lambda issue: merge(act(DISPATCHER), issue=issue, into=into)).then(MERGED)
    assert (issue.stage, issue.merged_into) == (S.MERGED, OTHER_ISSUE)
    assert [one.facts for one in recorded(into)] == [absorbed(ISSUE).facts]
    assert (into.stage, into.absorbed) == (S.REPORTED, {ISSUE: []})


def test_the_requests_of_both_keep_their_voice() -> None:
    issue, into = past(REPORTED, attached_request(), id=ISSUE), target(REPORTED, attached_request(OTHER_REQUEST))
    merge(act(DISPATCHER), issue=issue, into=into)
    assert (set(issue.requests), set(into.requests)) == ({REQUEST}, {OTHER_REQUEST})


def test_the_units_their_voices_complain_about_are_kept_from_both() -> None:
    issue, into = past(REPORTED, attached_request(complained_about=WATER), id=ISSUE), target()
    merge(act(DISPATCHER), issue=issue, into=into)
    third = past(REPORTED, id=case_id(9))
    merge(act(DISPATCHER), issue=into, into=third)
    assert into.complained_about == third.complained_about == {WATER}


def test_what_a_unit_has_in_hand_does_not_absorb_a_complaint_about_it() -> None:
    issue = past(REPORTED, attached_request(complained_about=ROADS), id=ISSUE)
    refused(ComplainedAbout, merge, act(DISPATCHER), issue, target(*ISSUE_AT[S.ASSIGNED]))
    refused(ComplainedAbout, merge, act(DISPATCHER), issue, target(REPORTED, FILED, assigned(WATER, assists=[ROADS])))


def test_what_that_unit_returned_may_absorb_the_complaint() -> None:
    issue = past(REPORTED, attached_request(complained_about=ROADS), id=ISSUE)
    merge(act(DISPATCHER), issue=issue, into=target(*ISSUE_AT[S.RETURNED]))
    assert issue.stage is S.MERGED


@pytest.mark.parametrize("stage", sorted(OPEN_ISSUE))
def test_an_open_issue_of_any_stage_goes_on_in_an_open_one_of_any_stage(stage: IssueStage) -> None:
    issue, into = past(*ISSUE_AT[stage], id=ISSUE), target(*ISSUE_AT[stage])
    merge(act(DISPATCHER, NOON), issue=issue, into=into)
    assert (issue.stage, issue.before_merger, into.stage) == (S.MERGED, stage, stage)


@pytest.mark.parametrize("stage", sorted(set(IssueStage) - OPEN_ISSUE))
def test_nothing_goes_on_in_a_closed_voided_or_merged_issue(stage: IssueStage) -> None:
    merged = (REPORTED, fact(issue_ties.MergedInto, DISPATCHER, into=ISSUE))
    facts = ISSUE_AT[stage] if stage is not S.MERGED else merged
    refused(WrongStage, merge, act(DISPATCHER, NOON), past(REPORTED, id=ISSUE), target(*facts))


def test_no_issue_goes_on_in_itself() -> None:
    given(REPORTED).when(lambda issue: merge(act(DISPATCHER), issue=issue, into=issue)).then_refused(MergeWithSelf)


def test_issues_of_two_districts_do_not_become_one() -> None:
    city = replace(DISPATCHER, areas=("1507",))
    foreign = past(reported(grid=NEXT_DISTRICT + GRID[6:]), id=case_id(1, NEXT_DISTRICT))
    refused(OtherLog, merge, act(city), past(REPORTED, id=ISSUE), foreign)


def test_both_issues_must_lie_in_the_dispatchers_area() -> None:
    refused(OutsideArea, merge, act(LOCAL), past(REPORTED, id=ISSUE), target(reported(grid=ACROSS)))


def test_neither_issue_changes_when_the_other_has_moved_on_since() -> None:
    later = target(REPORTED, fact(GridIssue.Filed, DISPATCHER, at=NINE + DAY, category="a", edition="1"))
    refused(OutOfOrder, merge, act(DISPATCHER, NOON), past(REPORTED, id=ISSUE), later)


def test_who_handled_the_one_neither_checks_nor_closes_the_other() -> None:
    handler = staff(HANDLER.id, Role.HANDLER, Role.VERIFIER, Role.RECEIVER)
    into = target(REPORTED, FILED, assigned(WATER))
    merge(act(DISPATCHER), issue=past(*ISSUE_AT[S.ACCEPTED], id=ISSUE), into=into)
    into.accept(act(staff("water-handler", Role.HANDLER, unit=WATER)))
    into.resolve(act(staff("water-handler", Role.HANDLER, unit=WATER)), measure="修复")
    with pytest.raises(DutyConflict):
        into.check(act(handler), passed=True)


def test_who_granted_a_return_of_the_one_does_not_close_the_other() -> None:
    issue = past(*ISSUE_AT[S.RETURNED], id=ISSUE)
    into = target(REPORTED, FILED, ASSIGNED, ACCEPTED, RESOLVED, PASSED)
    merge(act(DISPATCHER, NOON), issue=issue, into=into)
    with pytest.raises(DutyConflict):
        into.close(act(DISPATCHER, NOON))


@pytest.mark.parametrize("stage", sorted(OPEN_ISSUE))
def test_a_merger_undone_leads_back_to_the_stage_before(stage: IssueStage) -> None:
    issue = (
        given(*ISSUE_AT[stage], MERGED)
        .when(lambda issue: unmerge(UNDO, issue=issue, into=target(REPORTED, absorbed(ISSUE))))
        .then(fact(issue_ties.Unmerged, DISPATCHER, reason="不是一事", into=OTHER_ISSUE, back_to=stage.value))
    )
    assert (issue.stage, issue.merged_into) == (stage, None)


def test_the_other_lets_go_of_it_whatever_became_of_it_meanwhile() -> None:
    facts = ISSUE_AT[S.CLOSED]
    into = target(facts[0], absorbed(ISSUE, complained_about=[WATER]), *facts[1:])
    unmerge(UNDO, issue=merged(), into=into)
    assert [one.facts["issue"] for one in recorded(into)] == [ISSUE]
    assert (into.stage, into.absorbed, into.complained_about) == (S.CLOSED, {}, set())


def test_requests_stay_with_their_issue_when_a_merger_is_undone() -> None:
    issue, into = (
        merged(REPORTED, attached_request()),
        target(REPORTED, absorbed(ISSUE), attached_request(OTHER_REQUEST)),
    )
    unmerge(UNDO, issue=issue, into=into)
    assert (set(issue.requests), set(into.requests)) == ({REQUEST}, {OTHER_REQUEST})


def test_an_issue_goes_on_as_before_once_parted() -> None:
    issue, into = past(*ISSUE_AT[S.RETURN_ASKED], id=ISSUE), target()
    before = (issue.assignment, issue.requests, issue.handled_by, issue.round)
    merge(act(DISPATCHER), issue=issue, into=into)
    unmerge(UNDO, issue=issue, into=into)
    assert (issue.assignment, issue.requests, issue.handled_by, issue.round) == before
    issue.grant_return(act(DISPATCHER, NOON))
    assert issue.stage is S.RETURNED


def test_no_merger_is_undone_without_a_reason() -> None:
    refused(ReasonMissing, unmerge, act(DISPATCHER, NOON), merged(), target(REPORTED, absorbed(ISSUE)))


def test_no_merger_is_undone_with_an_issue_it_was_not_merged_into() -> None:
    refused(NotMerged, unmerge, UNDO, merged(), past(REPORTED, id=case_id(9)))


def test_what_is_not_merged_is_not_parted() -> None:
    refused(WrongStage, unmerge, UNDO, past(REPORTED, id=ISSUE), target())


def test_both_issues_must_lie_in_the_area_of_who_parts_them() -> None:
    into = target(reported(grid=ACROSS), absorbed(ISSUE))
    refused(OutsideArea, unmerge, act(LOCAL, NOON, "不是一事"), merged(), into)


def test_neither_issue_changes_when_a_merger_is_undone_before_what_the_other_did_last() -> None:
    filed = fact(GridIssue.Filed, DISPATCHER, at=NINE + DAY, category="a", edition="1")
    refused(OutOfOrder, unmerge, UNDO, merged(), target(REPORTED, absorbed(ISSUE), filed))


def test_no_circle_of_mergers_can_be_made() -> None:
    issue, into = past(REPORTED, id=ISSUE), target()
    merge(act(DISPATCHER), issue=issue, into=into)
    refused(WrongStage, merge, act(DISPATCHER), into, issue)


@pytest.mark.parametrize("actor", [DISPATCHER, replace(DISPATCHER, areas=(DISTRICT[:4],))], ids=["district", "city"])
def test_a_dispatcher_of_the_district_or_the_city_merges(actor: Actor) -> None:
    issue = past(*ISSUE_AT[S.ASSIGNED], RETURN_ASKED, RETURN_GRANTED, id=ISSUE)
    merge(act(actor), issue=issue, into=target())
    assert issue.stage is S.MERGED
