"""Use cases of whistles 吹哨报到: the registry names the street, the calendar measures the time to arrive by."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from uuid import UUID

from application.command import Cases, Command
from application.ports import Log, Logs, Receipt
from application.registry.calendars_in_force import CalendarsInForce
from application.registry.registry import Registry
from domain.actor import Act
from domain.case_id import whistle_id
from domain.grid_issue import GridIssue
from domain.limit import Limit, deadline
from domain.place import parent_of
from domain.refusals import NoSuchCase, Stale
from domain.registry.entry import civil_day
from domain.registry.unit import UnitLevel
from domain.stages import WhistleStage
from domain.vocabulary import WhistleOccasion, WhistleRemark
from domain.whistle import Whistle, WhistlePolicy
from domain.whistle_refusals import NoStreetUnit, WhistleSounding


class Whistles:
    """Commands on `Whistle`. One calls the same units about the same issue at a time."""

    def __init__(
        self, logs: Logs, registry: Registry, calendars: CalendarsInForce, policy: WhistlePolicy | None = None
    ) -> None:
        self._logs, self._registry, self._calendars = logs, registry, calendars
        self._policy, self._cases = policy or WhistlePolicy(), Cases(logs)

    async def blow(
        self, command: Command, *, issue_id: UUID, units: Collection[str], occasion: WhistleOccasion,
        within: Limit | None = None,
    ) -> Receipt:  # fmt: skip
        """吹哨 by the street the issue lies in. Without `within` as soon as policy says.

        Refuses `NoStreetUnit`, `WhistleSounding`, `NoSuchEntry`, `NotValidThen`, and what `Whistle.blow` does.
        """
        act, log, called = command.act, self._logs.holding(issue_id), sorted(set(units))
        issue = await log.load(GridIssue, issue_id)
        calendar = self._calendars.of_place(issue.grid, civil_day(act.at))
        next_id, sounding = await _next_id(log, issue_id, called)
        if answer := await log.first_answer(command.key):
            return answer
        whistle = Whistle.blow(
            act, id=next_id, issue=issue, caller=self._street_of(issue, act), called=called, occasion=occasion,
            deadline=deadline(within or self._policy.arrive_within, act.at, calendar),
        )  # fmt: skip
        if sounding:
            raise WhistleSounding(units=called, whistle=next_id)
        for unit in called:
            self._registry.unit(unit, valid_on=civil_day(act.at))
        try:
            return await log.save(whistle, key=command.key)
        except Stale:
            raise WhistleSounding(units=called, whistle=whistle.id) from None

    async def arrive(self, whistle: UUID, command: Command) -> Receipt:
        """报到. Refuses `NotCalled`, `AlreadyArrived`."""
        return await self._change(whistle, command, lambda one, act: one.arrive(act))

    async def end(self, whistle: UUID, command: Command, *, measure: str) -> Receipt:
        """销哨. Refuses `NotTheCaller`."""
        return await self._change(whistle, command, lambda one, act: one.end(act, measure=measure))

    async def withdraw(self, whistle: UUID, command: Command) -> Receipt:
        """撤哨. Refuses `NotTheCaller`, `ReasonMissing`."""
        return await self._change(whistle, command, lambda one, act: one.withdraw(act))

    async def rate_unit(
        self, whistle: UUID, command: Command, *, unit: str, stars: int, remarks: Sequence[WhistleRemark] = ()
    ) -> Receipt:
        """街道评部门. Refuses `UnitNotCalled`, `AlreadyRated`, `DutyConflict`."""
        return await self._change(
            whistle, command, lambda one, act: one.rate_unit(act, unit=unit, stars=stars, remarks=remarks)
        )

    async def rate(self, whistle: UUID, command: Command, *, justified: bool) -> Receipt:
        """部门评哨. Refuses `NotCalled`, `AlreadyRated`, `ReasonMissing`, `DutyConflict`."""
        return await self._change(whistle, command, lambda one, act: one.rate(act, justified=justified))

    async def _change(self, whistle: UUID, command: Command, decide: Callable[[Whistle, Act], None]) -> Receipt:
        return await self._cases.change(Whistle, whistle, command, lambda one: decide(one, command.act))

    def _street_of(self, issue: GridIssue, act: Act) -> str:
        street, on = parent_of(parent_of(issue.grid)), civil_day(act.at)
        units = self._registry.units_at(UnitLevel.STREET, street, valid_on=on)
        if not units:
            raise NoStreetUnit(grid=issue.grid, day=on)
        return units[0].code


async def _next_id(log: Log, issue: UUID, called: Sequence[str]) -> tuple[UUID, bool]:
    """The id of the next whistle that calls these, or of the last while that still sounds; and whether it does."""
    nth = 1
    while True:
        one = whistle_id(log.log_id, issue, called, nth)
        try:
            last = await log.load(Whistle, one)
        except NoSuchCase:
            return one, False
        if last.stage is WhistleStage.SOUNDING:
            return one, True
        nth += 1
