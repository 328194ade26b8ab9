"""上报 and 作废: whoever covers the grid reports; a wrong report is voided, never deleted."""

import pytest

from domain.actor import Act, Actor
from domain.grid_issue import GridIssue
from domain.refusals import OutsideArea, ReasonMissing, VoicesAttached, WrongRole
from domain.stages import IssueStage
from domain.vocabulary import Channel
from tests.cases import REPORTED, SUBJECT, VOIDED, absorbed, attached_request, reported
from tests.spec import (
    ADMIN,
    AUDITOR,
    DISPATCHER,
    GRID,
    HANDLER,
    HOUR,
    ISSUE,
    NEXT_DISTRICT,
    NINE,
    RECEIVER,
    SUPERVISOR,
    VERIFIER,
    WORKER,
    act,
    given,
    past,
    staff,
)


def report(deed: Act) -> GridIssue:
    return GridIssue.report(deed, id=ISSUE, subject=SUBJECT, grid=GRID, grid_edition=1)


@pytest.mark.parametrize("actor", [WORKER, RECEIVER, DISPATCHER], ids=lambda one: one.id)
def test_who_covers_the_grid_reports_an_issue(actor: Actor) -> None:
    issue = given().when(lambda _: report(act(actor))).then(reported(actor))
    assert (issue.id, issue.version, issue.created_on, issue.stage) == (ISSUE, 1, NINE, IssueStage.REPORTED)
    assert (issue.place, issue.lead, issue.assignment) == (GRID, "", None)


def test_a_report_keeps_the_point_the_channel_and_the_urgency() -> None:
    given().when(
        lambda _: GridIssue.report(
            act(WORKER), id=ISSUE, subject=SUBJECT, grid=GRID, grid_edition=3, category="guess",
            channel=Channel.SENSOR, urgency="urgent", longitude=121.5, latitude=43.6,
        )
    ).then(
        reported(
            grid_edition=3, category="guess", channel="sensor", urgency="urgent", longitude=121.5, latitude=43.6
        )
    )  # fmt: skip


@pytest.mark.parametrize("actor", [HANDLER, VERIFIER, SUPERVISOR, AUDITOR, ADMIN], ids=lambda one: one.id)
def test_no_other_role_reports(actor: Actor) -> None:
    given().when(lambda _: report(act(actor))).then_refused(WrongRole)


def test_a_grid_outside_the_own_area_is_not_reported_in() -> None:
    stranger = staff("worker", *WORKER.roles, areas=(NEXT_DISTRICT,))
    given().when(lambda _: report(act(stranger))).then_refused(OutsideArea)


def test_a_wrong_report_is_voided_with_its_reason() -> None:
    issue = given(REPORTED).when(lambda issue: issue.void(act(RECEIVER, reason="测试误报"))).then(VOIDED)
    assert issue.stage is IssueStage.VOIDED


@pytest.mark.parametrize("reason", ["", " \n"])
def test_nothing_is_voided_without_a_reason(reason: str) -> None:
    given(REPORTED).when(lambda issue: issue.void(act(RECEIVER, reason=reason))).then_refused(ReasonMissing)


def test_no_issue_is_voided_while_a_request_hangs_on_it() -> None:
    deed = act(RECEIVER, reason="测试误报")
    refusal = given(REPORTED, attached_request()).when(lambda issue: issue.void(deed)).then_refused(VoicesAttached)
    assert refusal.facts == {"count": 1}


def test_no_issue_is_voided_while_another_goes_on_in_it() -> None:
    deed = act(RECEIVER, reason="测试误报")
    given(REPORTED, absorbed()).when(lambda issue: issue.void(deed)).then_refused(VoicesAttached)


def test_an_issue_is_voided_once_its_last_request_was_detached() -> None:
    issue = past(REPORTED, attached_request(), id=ISSUE)
    (request,) = issue.requests
    issue.detach_request(act(RECEIVER), request=request)
    issue.void(act(RECEIVER, NINE + HOUR, reason="测试误报"))
    assert issue.stage is IssueStage.VOIDED
