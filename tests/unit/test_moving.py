"""移格: what is open goes on in another grid or drawing; what is closed stays; neither clock nor stage changes."""

from collections.abc import Callable

import pytest

from domain import moves
from domain.actor import Actor
from domain.grid_issue import GridIssue
from domain.moving import move_issue, move_request
from domain.refusals import NothingToMove, OutOfOrder, OutsideArea, WrongRole, WrongStage
from domain.resident_request import ResidentRequest
from domain.stages import MOVABLE_ISSUE, OPEN_REQUEST, IssueStage, RequestStage
from domain.vocabulary import GridMove
from tests.cases import ISSUE_AT, REQUEST_AT
from tests.spec import ADMIN, DISPATCHER, GRID, NINE, REQUEST, WORKER, Fact, Given, act, fact, given, staff

NEXT = "150785001001011"
LATE = NINE.replace(day=30)


def moved(grid: str = NEXT, edition: int = 1, cause: str = "split") -> Fact:
    return fact(
        moves.IssueMoved, ADMIN, at=LATE, from_grid=GRID, from_edition=1, grid=grid, grid_edition=edition, cause=cause
    )


def to(grid: str, cause: GridMove, edition: int = 1, actor: Actor = ADMIN) -> Callable[[GridIssue], None]:
    return lambda issue: move_issue(act(actor, LATE), issue, grid=grid, edition=edition, cause=cause)


def request_to(grid: str, actor: Actor = ADMIN) -> Callable[[ResidentRequest], None]:
    return lambda request: move_request(act(actor, LATE), request, grid=grid, cause=GridMove.MERGE)


def issue_at(stage: IssueStage) -> Given:
    return given(*ISSUE_AT[stage])


@pytest.mark.parametrize("stage", sorted(MOVABLE_ISSUE))
def test_an_open_issue_moves_and_is_otherwise_as_it_was(stage: IssueStage) -> None:
    def move(issue: GridIssue) -> None:
        before = (issue.stage, issue.assignment, issue.handled_by)
        move_issue(act(ADMIN, LATE), issue, grid=NEXT, edition=1, cause=GridMove.SPLIT)
        assert (issue.stage, issue.assignment, issue.handled_by) == before
        assert (issue.place, issue.grid_edition) == (NEXT, 1)

    issue_at(stage).when(move).then(moved())


@pytest.mark.parametrize("stage", sorted(set(IssueStage) - MOVABLE_ISSUE))
def test_a_closed_issue_stays_where_it_was(stage: IssueStage) -> None:
    issue_at(stage).when(to(NEXT, GridMove.SPLIT)).then_refused(WrongStage)


def test_an_issue_moves_to_the_next_drawing_of_its_own_grid() -> None:
    issue_at(IssueStage.ASSIGNED).when(to(GRID, GridMove.REDRAW, 2)).then(moved(GRID, 2, "redraw"))


def test_where_it_is_already_it_does_not_move() -> None:
    issue_at(IssueStage.ASSIGNED).when(to(GRID, GridMove.REDRAW)).then_refused(NothingToMove)


def test_only_an_administrator_or_dispatcher_of_both_places_moves() -> None:
    here = issue_at(IssueStage.ASSIGNED)
    narrow = staff("narrow", *DISPATCHER.roles, areas=(GRID,))
    for actor, refusal in ((WORKER, WrongRole), (narrow, OutsideArea)):
        here.when(to(NEXT, GridMove.SPLIT, actor=actor)).then_refused(refusal)
    here.when(
        lambda issue: move_issue(act(ADMIN, NINE.replace(day=1)), issue, grid=NEXT, edition=1, cause=GridMove.SPLIT)
    ).then_refused(OutOfOrder)


@pytest.mark.parametrize("stage", sorted(OPEN_REQUEST))
def test_an_open_request_moves(stage: RequestStage) -> None:
    told = fact(ResidentRequest.Moved, ADMIN, at=LATE, from_place=GRID, place=NEXT, cause="merge")
    given(*REQUEST_AT[stage], id=REQUEST).when(request_to(NEXT)).then(told)


@pytest.mark.parametrize("stage", sorted(set(RequestStage) - OPEN_REQUEST))
def test_a_closed_request_stays_where_it_was(stage: RequestStage) -> None:
    given(*REQUEST_AT[stage], id=REQUEST).when(request_to(NEXT)).then_refused(WrongStage)


def test_a_request_that_is_there_does_not_move_nor_for_a_worker() -> None:
    here = given(*REQUEST_AT[RequestStage.RECEIVED], id=REQUEST)
    here.when(request_to(GRID)).then_refused(NothingToMove)
    here.when(request_to(NEXT, WORKER)).then_refused(WrongRole)
