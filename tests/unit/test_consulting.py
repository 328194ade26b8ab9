"""派前会商: hard cases are discussed before dispatch."""

from domain.grid_issue import GridIssue
from domain.refusals import ComplainedAbout, ReasonMissing, WrongStage
from domain.stages import IssueStage
from tests.cases import CONSULTATION_OPENED, FILED, REPORTED, TERMS, attached_request
from tests.spec import DISPATCHER, ROADS, WATER, act, fact, given


def test_a_filed_issue_is_put_to_several_units() -> None:
    issue = (
        given(REPORTED, FILED)
        .when(lambda issue: issue.open_consultation(act(DISPATCHER), units=(ROADS, WATER)))
        .then(fact(GridIssue.ConsultationOpened, DISPATCHER, units=[ROADS, WATER]))
    )
    assert issue.stage is IssueStage.CONSULTING


def test_the_consultation_concludes_with_a_lead_and_why() -> None:
    issue = (
        given(REPORTED, FILED, CONSULTATION_OPENED)
        .when(lambda issue: issue.conclude_consultation(act(DISPATCHER, reason="管线归道路"), proposed_lead=ROADS))
        .then(fact(GridIssue.ConsultationConcluded, DISPATCHER, reason="管线归道路", proposed_lead=ROADS))
    )
    assert issue.stage is IssueStage.FILED


def test_a_conclusion_without_its_reason_is_refused() -> None:
    given(REPORTED, FILED, CONSULTATION_OPENED).when(
        lambda issue: issue.conclude_consultation(act(DISPATCHER), proposed_lead=ROADS)
    ).then_refused(ReasonMissing)


def test_nothing_is_assigned_while_it_is_discussed() -> None:
    given(REPORTED, FILED, CONSULTATION_OPENED).when(
        lambda issue: issue.assign(act(DISPATCHER), lead=ROADS, terms=TERMS)
    ).then_refused(WrongStage)


def test_a_unit_complained_about_is_not_consulted() -> None:
    refusal = (
        given(REPORTED, attached_request(complained_about=WATER), FILED)
        .when(lambda issue: issue.open_consultation(act(DISPATCHER), units=(ROADS, WATER)))
        .then_refused(ComplainedAbout)
    )
    assert refusal.facts == {"unit": WATER}
