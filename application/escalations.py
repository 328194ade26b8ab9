"""Use cases of escalation 上报上级, 回落: the registry names the level's unit and the contact leader."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from functools import partial
from uuid import UUID

from application.command import Cases, Command
from application.ports import Logs, Receipt
from application.registry.registry import Registry
from domain.actor import Act, Role
from domain.coordination import GROUND_DIGITS
from domain.escalating import Above, escalate, escalate_missed, send_down
from domain.escalation_refusals import AtTheTop, NoUnitAbove
from domain.grid_issue import GridIssue
from domain.refusals import ComplainedAbout, WrongStage
from domain.registry.entry import civil_day
from domain.registry.unit import Unit, UnitLevel
from domain.vocabulary import LABELS, SolvedLevel

_UNITS_OF = {
    SolvedLevel.COMMUNITY: UnitLevel.COMMUNITY,
    SolvedLevel.STREET: UnitLevel.STREET,
    SolvedLevel.DISTRICT: UnitLevel.DISTRICT,
    SolvedLevel.CITY: UnitLevel.CITY,
}
_LEVEL_OF = {unit: level for level, unit in _UNITS_OF.items()}
_A_DISTRICTS_DIGITS = 6
_A_PROVINCES_DIGITS = 2


class Escalations:
    """Commands on `GridIssue` that ask who is above."""

    def __init__(self, logs: Logs, registry: Registry) -> None:
        self._registry, self._cases = registry, Cases(logs)

    async def escalate(self, issue_id: UUID, command: Command) -> Receipt:
        """上报上级, one level. Refuses `NoUnitAbove`, `AtTheTop`, `NotCoordinating`, `NotLead`, `ReasonMissing`."""

        def decide(issue: GridIssue) -> None:
            find_above = partial(self._above, issue, command.act)
            escalate(command.act, issue=issue, lead_level=self._lead_level(issue), find_above=find_above)

        return await self._cases.change(GridIssue, issue_id, command, decide)

    async def send_down(self, issue_id: UUID, command: Command) -> Receipt:
        """回落. Refuses `NotEscalated`, `NotCoordinating`, `ReasonMissing`."""
        return await self._cases.change(
            GridIssue, issue_id, command, lambda issue: send_down(command.act, issue=issue)
        )  # fmt: skip

    def after_miss(self, issue: GridIssue, act: Act) -> None:
        """超时自动上报 by the program. Who has nobody above, or is no longer at work, stays where it is."""
        find_above = partial(self._above, issue, act)
        # The miss is recorded either way: there is only nobody to pass it to.
        with suppress(AtTheTop, NoUnitAbove, WrongStage, ComplainedAbout):
            escalate_missed(
                act, Role.SUPERVISOR, issue=issue, lead_level=self._lead_level(issue), find_above=find_above
            )

    def _above(self, issue: GridIssue, act: Act, level: SolvedLevel) -> Above:
        on = civil_day(act.at)
        unit = self._unit_at(level, issue.grid, on)
        leader = self._registry.contact_of(issue.grid, on)
        return Above(level, unit.code, leader.code if leader else "")

    def _unit_at(self, level: SolvedLevel, grid: str, on: date) -> Unit:
        places = [grid[: GROUND_DIGITS[level]]]
        if level is SolvedLevel.CITY:
            places.append(grid[:_A_PROVINCES_DIGITS])  # a municipality is city and province in one
        for place in places:
            if found := self._registry.units_at(_UNITS_OF[level], place, valid_on=on):
                return found[0]
        raise NoUnitAbove(place=places[0], level=LABELS[level], day=on)

    def _lead_level(self, issue: GridIssue) -> SolvedLevel:
        return level_of_unit(self._registry.unit(issue.lead)) if issue.lead else SolvedLevel.GRID


def level_of_unit(unit: Unit) -> SolvedLevel:
    """The level a unit stands at; a department at that of the government it belongs to."""
    if unit.level is UnitLevel.DEPARTMENT:
        return SolvedLevel.DISTRICT if len(unit.place) == _A_DISTRICTS_DIGITS else SolvedLevel.CITY
    return _LEVEL_OF[unit.level]
