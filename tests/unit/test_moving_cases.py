"""移格 of a grid's open cases: by the ground they lie on, as often as it is asked, with a board that may be behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from application.moving_cases import MovingCases
from application.moving_plan import OpenCase
from domain.case_id import new_case_id
from domain.grid_issue import GridIssue
from domain.refusals import OutsideArea, WrongRole
from domain.resident_request import ResidentRequest
from domain.vocabulary import Channel, RequestKind
from infrastructure.projections.issue_rules import FRESH, RULES
from infrastructure.projections.request_rules import RULES as REQUEST_RULES
from tests.ground import YESTERDAY, A, B, C, D, GroundOffice, place, rect, successor
from tests.registry_office import COMMUNITY, COUNTY, NINE, TODAY, admin, run
from tests.spec import DISPATCHER, RECEIVER, WORKER, act

E = f"{COMMUNITY}005"
HALVES = [successor(D, rect(0, 0, 50, 100)), successor(E, rect(50, 0, 100, 100))]


@dataclass
class Known:
    """What a board says; it may be behind."""

    cases: list[OpenCase] = field(default_factory=list)

    async def issues(self, grid: str, *, but_edition: int | None, after: UUID | None, limit: int) -> Sequence[OpenCase]:
        return self._page("issue", after, limit)

    async def requests(self, grid: str, *, after: UUID | None, limit: int) -> Sequence[OpenCase]:
        return self._page("request", after, limit)

    def _page(self, kind: str, after: UUID | None, limit: int) -> list[OpenCase]:
        found = sorted((case for case in self.cases if case.kind == kind), key=lambda case: case.id)
        return [case for case in found if after is None or case.id > after][:limit]


class Town(GroundOffice):
    """Grids A, B, C in a row, and open cases in A."""

    def __init__(self) -> None:
        super().__init__()
        self.with_row()
        self.board = Known()
        self.moving = MovingCases(self.logs, self.view, self.board)
        self.nth = 0

    def id(self) -> UUID:
        self.nth += 1
        return new_case_id(COUNTY, NINE, self.nth.to_bytes(8, "big"))

    def issue(self, east: float | None = None) -> UUID:
        issue = GridIssue.report(act(WORKER, NINE), id=self.id(), subject=UUID(int=1), grid=A, grid_edition=1)
        return self._put(issue, east)

    def request(self, east: float | None = None, issue: UUID | None = None) -> UUID:
        request = ResidentRequest.receive(
            act(RECEIVER, NINE), id=self.id(), subject=UUID(int=2), kind=RequestKind.HELP, channel=Channel.HOTLINE,
            place=A,
        )  # fmt: skip
        if issue is not None:
            request.attach(act(RECEIVER, NINE), issue=issue)
        return self._put(request, east, issue)

    def _put(self, case: GridIssue | ResidentRequest, east: float | None, issue: UUID | None = None) -> UUID:
        run(self.logs.named(COUNTY).save(case))
        longitude, latitude = place(east, 50) if east is not None else (None, None)
        kind: Any = "issue" if isinstance(case, GridIssue) else "request"
        self.board.cases.append(OpenCase(kind, case.id, longitude, latitude, issue))
        return case.id

    def grid_of(self, case: UUID) -> tuple[str, int]:
        issue = run(self.logs.named(COUNTY).load(GridIssue, case))
        return issue.grid, issue.grid_edition

    def move(self, code: str = A, **how: Any) -> Any:
        return run(self.moving.run(admin(), code=code, **how))


def test_cases_go_where_their_point_lies_and_a_request_goes_with_its_issue() -> None:
    town = Town()
    west, east = town.issue(20), town.issue(80)
    request = town.request(issue=east)
    run(town.changes.split(admin(), code=A, into=HALVES, last_day=YESTERDAY))
    moves = town.move()
    assert (moves.issues, moves.requests, moves.waiting) == (2, 1, [])
    assert [town.grid_of(case) for case in (west, east)] == [(D, 1), (E, 1)]
    assert run(town.logs.named(COUNTY).load(ResidentRequest, request)).place == E


def test_who_moved_or_closed_meanwhile_is_left_alone_though_the_board_is_behind() -> None:
    town = Town()
    closed, moved = town.issue(20), town.issue(20)
    issue = run(town.logs.named(COUNTY).load(GridIssue, closed))
    issue.void(act(DISPATCHER, NINE, "误报"))
    run(town.logs.named(COUNTY).save(issue))
    run(town.changes.split(admin(), code=A, into=HALVES, last_day=YESTERDAY))
    assert (town.move().issues, town.move().issues) == (1, 0)
    assert town.move().left == 2
    assert [town.grid_of(case)[0] for case in (closed, moved)] == [A, D]


def test_a_chain_of_changes_is_followed_to_the_grid_in_force_today() -> None:
    town = Town()
    pointless = town.issue()
    run(town.changes.renumber(admin(), code=A, new_code=D, last_day=YESTERDAY))
    run(town.changes.merge(admin(), versions={D: 1, B: 1}, into=successor(E, rect(0, 0, 200, 100)), last_day=TODAY))
    assert town.move().issues == 1
    assert town.grid_of(pointless) == (D, 1)
    run(town.changes.renumber(admin(), code=C, new_code=f"{COMMUNITY}009", last_day=YESTERDAY))
    later = admin(minutes=24 * 60)
    assert run(town.moving.run(later, code=A)).left == 1
    assert run(town.moving.run(later, code=D)).issues == 1
    assert town.grid_of(pointless) == (E, 1)


def test_of_a_retired_grid_without_heirs_the_point_decides_and_the_rest_waits() -> None:
    town = Town()
    covered, bare, pointless = town.issue(20), town.issue(90), town.issue()
    run(town.grids.retire(admin(), code=A, last_day=YESTERDAY))
    told = {"name": "新", "kind": "综合", "supervision_phone": "0470-1", "polygon": rect(0, 0, 50, 100)}
    run(town.grids.define(admin(), code=D, valid_from=TODAY, **told))  # type: ignore[arg-type]
    moves = town.move()
    assert town.grid_of(covered) == (D, 1)
    assert {one.id: one.why[:4] for one in moves.waiting} == {bare: "其坐标不", pointless: "没有坐标"}


def test_a_case_whose_ground_is_another_administrators_waits() -> None:
    town = Town()
    town.issue(20)
    run(town.changes.split(admin(), code=A, into=HALVES, last_day=YESTERDAY))
    moves = run(town.moving.run(admin(A), code=A))
    assert (moves.issues, "管辖范围" in moves.waiting[0].why) == (0, True)
    with pytest.raises(OutsideArea):
        run(town.moving.run(admin(B), code=A))
    with pytest.raises(WrongRole):
        run(town.moving.run(act(DISPATCHER, NINE), code=A))


def test_pages_go_through_issues_and_then_requests() -> None:
    town = Town()
    for _ in range(3):
        town.issue(20)
        town.request(80)
    run(town.changes.split(admin(), code=A, into=HALVES, last_day=YESTERDAY))
    after, moved = None, []
    while True:
        moves = town.move(after=after, limit=2)
        moved.append((moves.issues, moves.requests))
        after = moves.after
        if after is None:
            break
    assert moved == [(2, 0), (1, 1), (0, 2)]


# --- what the board counts ----------------------------------------------------------------------


def issue_row(due: str | None) -> dict[str, Any]:
    return {**FRESH, "grid": A, "grid_edition": 1, "due": due}


def test_a_deadline_that_passed_stays_counted_where_it_passed_and_one_to_come_moves() -> None:
    move = {"grid": B, "grid_edition": 1, "timestamp": "2026-03-02T01:00:00Z"}
    passed, coming, none = (issue_row(due) for due in ("2026-03-02T01:00:00+00:00", "2026-03-02T09:00:01+08:00", None))
    for row in (passed, coming, none):
        RULES["issue.moved"](row, move)
    assert [row["counted_grid"] for row in (passed, coming, none)] == [A, None, None]
    RULES["issue.moved"](passed, {**move, "grid": C})
    assert (passed["grid"], passed["counted_grid"]) == (C, A)


def test_a_new_deadline_is_counted_where_the_issue_lies_now() -> None:
    row = issue_row("2026-03-01T01:00:00Z")
    RULES["issue.moved"](row, {"grid": B, "grid_edition": 1, "timestamp": "2026-03-02T01:00:00Z"})
    measured = {"calendar": "office", "calendar_version": "2026.1", "provisional": False}
    RULES["issue.rework_ordered"](row, {"round": 2, "due": "2026-03-09T01:00:00Z", **measured})
    assert (row["grid"], row["counted_grid"]) == (B, None)


def test_a_request_stays_counted_where_it_was_received() -> None:
    row = {"place": A, "counted_place": None}
    for grid in (B, C):
        REQUEST_RULES["request.moved"](row, {"place": grid})
    assert row == {"place": C, "counted_place": A}
