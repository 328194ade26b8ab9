"""移格: what is open moves when its grid is redrawn, split, merged, renumbered or retired; what is closed stays.

An administrator moves by the ground, a dispatcher what nobody could tell by the ground.
"""

from __future__ import annotations

from domain import moves
from domain.actor import Act, Role, record
from domain.case_rules import require_stage
from domain.grid_issue import GridIssue
from domain.refusals import NothingToMove
from domain.resident_request import ResidentRequest
from domain.stages import MOVABLE_ISSUE, OPEN_REQUEST
from domain.vocabulary import GridMove


def move_issue(act: Act, issue: GridIssue, *, grid: str, edition: int, cause: GridMove) -> None:
    """移格. A merged issue moves too, for it may be parted again. Refuses `NothingToMove` when it is there already."""
    role = issue.gate(act, MOVABLE_ISSUE, Role.ADMIN, Role.DISPATCHER)
    act.within(grid)
    if (issue.grid, issue.grid_edition) == (grid, edition):
        raise NothingToMove(case=issue.id, grid=grid)
    record(
        issue, moves.IssueMoved, act, role, from_grid=issue.grid, from_edition=issue.grid_edition, grid=grid,
        grid_edition=edition, cause=cause.value,
    )  # fmt: skip


def move_request(act: Act, request: ResidentRequest, *, grid: str, cause: GridMove) -> None:
    """移格 of a request. Refuses `NothingToMove` when it is there already."""
    role = act.as_one_of(Role.ADMIN, Role.DISPATCHER)
    act.within(request.place)
    act.within(grid)
    require_stage(request.stage, OPEN_REQUEST)
    if request.place == grid:
        raise NothingToMove(case=request.id, grid=grid)
    record(request, ResidentRequest.Moved, act, role, from_place=request.place, place=grid, cause=cause.value)
