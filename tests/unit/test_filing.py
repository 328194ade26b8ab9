"""立案: under one filing condition of the catalogue, whose edition the event cites."""

import pytest

from domain.actor import Actor
from domain.grid_issue import GridIssue
from domain.refusals import WrongRole, WrongStage
from domain.stages import IssueStage
from tests.cases import CATEGORY, FILED, REPORTED, TERMS
from tests.spec import DISPATCHER, HANDLER, RECEIVER, ROADS, WORKER, act, fact, given


def test_a_reported_issue_is_filed_under_a_category_of_an_edition() -> None:
    issue = (
        given(REPORTED).when(lambda issue: issue.file(act(RECEIVER), category=CATEGORY, edition="2026.1")).then(FILED)
    )
    assert (issue.stage, issue.category) == (IssueStage.FILED, CATEGORY)


def test_a_dispatcher_may_file_too() -> None:
    given(REPORTED).when(lambda issue: issue.file(act(DISPATCHER), category="a", edition="1")).then(
        fact(GridIssue.Filed, DISPATCHER, category="a", edition="1")
    )


@pytest.mark.parametrize("actor", [WORKER, HANDLER], ids=lambda one: one.id)
def test_who_found_or_will_handle_it_does_not_file(actor: Actor) -> None:
    given(REPORTED).when(lambda issue: issue.file(act(actor), category="a", edition="1")).then_refused(WrongRole)


def test_an_issue_is_filed_once() -> None:
    given(REPORTED, FILED).when(lambda issue: issue.file(act(RECEIVER), category="a", edition="1")).then_refused(
        WrongStage
    )


def test_an_issue_not_filed_is_not_assigned() -> None:
    given(REPORTED).when(lambda issue: issue.assign(act(DISPATCHER), lead=ROADS, terms=TERMS)).then_refused(WrongStage)
