"""MovingPlan 移格方案: where the open cases of a grid that was redrawn or has ended belong on a day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from application.ports import Logs
from application.registry.registry import Registry
from domain.actor import Act
from domain.refusals import NothingToMove, Nowhere
from domain.registry.grid import Grid
from domain.registry.grid_refusals import NotASuccessor
from domain.vocabulary import GridMove

CaseKind = Literal["issue", "request"]


@dataclass(frozen=True)
class OpenCase:
    """A case that lies in a grid and is not closed, as the board knows it."""

    kind: CaseKind
    id: UUID
    longitude: float | None
    latitude: float | None
    issue: UUID | None = None


class MovingPlan:
    """Where the open cases of one grid belong on a day."""

    def __init__(self, registry: Registry, logs: Logs, act: Act, grid: Grid, today: date) -> None:
        self._registry, self._logs, self.act, self.grid, self.today = registry, logs, act, grid, today
        self.ended = grid.valid_until is not None and grid.valid_until < today.isoformat()
        self.cause = GridMove(grid.ended_by or GridMove.RETIRE) if self.ended else GridMove.REDRAW
        self.edition = None if self.ended else grid.drawn_on(today).edition
        self.heirs = heirs(registry, grid, today) if self.ended else [grid]

    @property
    def due(self) -> bool:
        """Whether the grid is no longer what its cases were reported in."""
        return self.ended or (self.edition or 0) > 1

    def target(self, case: OpenCase, of_issue: str | None) -> Grid | str:
        """The grid the case belongs to, or why nobody can tell."""
        if case.longitude is not None and case.latitude is not None:
            try:
                target = self._registry.locate(case.longitude, case.latitude, valid_on=self.today)
            except Nowhere:
                return "其坐标不在现有网格内"
        elif (followed := [heir for heir in self.heirs if heir.code == of_issue]) or len(self.heirs) == 1:
            target = (followed or self.heirs)[0]
        elif self.heirs:
            return f"没有坐标，后继网格有 {len(self.heirs)} 个：{'、'.join(heir.code for heir in self.heirs[:10])}"
        else:
            return "没有坐标，原网格已撤销且没有后继网格"
        if self._logs.at(target.code).log_id != self._logs.holding(case.id).log_id:
            return f"现属网格 {target.code}，在另一区县，须按移交办理"
        if not self.act.actor.covers(target.code):
            return f"现属网格 {target.code}，不在您的管辖范围内"
        return target

    def require_choice(self, case: UUID, target: Grid) -> None:
        """Refuses `NotASuccessor` unless it is an heir or of the community of one or of its own, `NothingToMove`."""
        if not self.due:
            raise NothingToMove(case=case, grid=self.grid.code)
        communities = {self.grid.community, *(heir.community for heir in self.heirs)}
        if target.community not in communities:
            choices = [heir.code for heir in self.heirs] or [f"社区 {self.grid.community} 的网格"]
            raise NotASuccessor(grid=target.code, place=self.grid.code, choices=choices)


def heirs(registry: Registry, grid: Grid, today: date, met: Collection[str] = ()) -> list[Grid]:
    """The grids in force today on what was its ground, through all that was split, merged and renumbered since."""
    found: dict[str, Grid] = {}
    for code in grid.successors:
        heir = registry.grid(code)
        if heir.in_force(today):
            found[code] = heir
        elif code not in met:
            found |= {one.code: one for one in heirs(registry, heir, today, (*met, code))}
    return [found[code] for code in sorted(found)]
