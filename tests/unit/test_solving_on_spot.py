"""自行处置: found and solved inside the grid, and judged like anything else."""

from domain.grid_issue import GridIssue
from domain.refusals import ComplainedAbout, WrongRole, WrongStage
from domain.stages import IssueStage
from tests.cases import FILED, REPORTED, SOLVED, attached_request
from tests.spec import HANDLER, OFFICE, WATER, WORKER, act, fact, given


def test_a_worker_solves_what_was_reported_and_has_handled_it() -> None:
    issue = given(REPORTED).when(lambda issue: issue.solve_on_spot(act(WORKER), measure="劝离")).then(SOLVED)
    assert (issue.stage, issue.handled_by, issue.assignment) == (IssueStage.SOLVED, {WORKER.id}, None)


def test_evidence_is_kept() -> None:
    given(REPORTED).when(
        lambda issue: issue.solve_on_spot(act(WORKER), measure="清理", evidence=("照片-1", "照片-2"))
    ).then(fact(GridIssue.SolvedOnSpot, WORKER, measure="清理", evidence=["照片-1", "照片-2"]))


def test_it_is_a_workers_deed() -> None:
    given(REPORTED).when(lambda issue: issue.solve_on_spot(act(HANDLER), measure="劝离")).then_refused(WrongRole)


def test_what_was_filed_is_no_longer_solved_on_the_spot() -> None:
    given(REPORTED, FILED).when(lambda issue: issue.solve_on_spot(act(WORKER), measure="劝离")).then_refused(WrongStage)


def test_a_worker_of_the_unit_complained_about_does_not_solve_it() -> None:
    given(REPORTED, attached_request(complained_about=OFFICE)).when(
        lambda issue: issue.solve_on_spot(act(WORKER), measure="劝离")
    ).then_refused(ComplainedAbout)


def test_a_worker_solves_what_another_unit_is_complained_about() -> None:
    given(REPORTED, attached_request(complained_about=WATER)).when(
        lambda issue: issue.solve_on_spot(act(WORKER), measure="劝离")
    ).then(SOLVED)
