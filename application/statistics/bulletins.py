"""Use cases of bulletins 通报: issue one, issue it again corrected, hold it against what is known now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from application.command import Command, answered_before
from application.ports import Log, Logs, Receipt
from application.reaching import reach
from application.statistics.bound import Bound
from application.statistics.bulletin_changes import FactChanges
from application.statistics.bulletin_figures import About, BulletinFigures, FigureChange, about, headings
from application.statistics.computing import Computing
from application.statistics.filter import Dimension
from application.statistics.policies import PoliciesInForce
from application.views import Boards
from domain.actor import Act, Actor, Role
from domain.case_id import bulletin_id
from domain.refusals import BadCode, NoSuchCase, OutsideArea, Stale
from domain.statistics.bulletin import Bulletin, BulletinKind, Issuance, Known, require_over
from domain.statistics.bulletin_figures import Figure
from domain.statistics.bulletin_refusals import AlreadyIssued, NoSuchIssuance

GROUPS = {4: Dimension.LOG, 6: Dimension.STREET, 9: Dimension.COMMUNITY}
"""By what a bulletin about a city, a district or a street is grouped, unless it says otherwise."""


@dataclass(frozen=True)
class Difference:
    """What an issuance told, held against the same figures as known `now`. Without `changes` all still hold."""

    bulletin: Bulletin
    issuance: Issuance
    now: Known
    changes: Sequence[FigureChange]


class Bulletins:
    """A bulletin lives in the log of its place. It is issued once; a correction is a further issuance of it."""

    def __init__(
        self, logs: Logs, boards: Boards, computing: Computing, policies: PoliciesInForce, fact_changes: FactChanges
    ) -> None:
        self._logs, self._boards, self._computing, self._policies = logs, boards, computing, policies
        self._figures = BulletinFigures(computing, fact_changes)

    async def issue(
        self, command: Command, *, kind: BulletinKind, scope: str, day: date, by: Dimension | None = None
    ) -> Receipt:
        """印发 for the period named after `day`, from all that is recorded by now.

        Refuses `BadCode`, `WrongRole`, `OutsideArea`, `PeriodNotOver`, `AlreadyIssued`, `NotYetVisible`.
        """
        act, log = command.act, self._logs.at(_checked(scope))
        if (first := await log.first_answer(command.key)) is not None:
            return first
        _may_issue(act, scope)
        period, policy = self._policies.period(kind.cut, day)
        require_over(period, act.at)
        id = bulletin_id(log.log_id, kind.value, scope, period.start)
        if await _found(log, id) is not None:
            raise AlreadyIssued(scope=scope, period=period.label, kind=kind.label, bulletin=id)
        what = About(scope, period, by or GROUPS[len(scope)], policy.rates)
        known, figures = await self._now(act.actor, what, act.at)
        bulletin = Bulletin.issue(
            act, id=id, kind=kind, scope=scope, period=period, grouped_by=what.grouped_by.value, policy=policy.edition,
            numbers=headings(what), known=known, figures=figures,
        )  # fmt: skip
        try:
            return await log.save(bulletin, key=command.key)
        except Stale:
            raise AlreadyIssued(scope=scope, period=period.label, kind=kind.label, bulletin=id) from None

    async def reissue(self, bulletin: UUID, command: Command) -> Receipt:
        """更正重发. Refuses `ReasonMissing`, `NothingChanged`, `WrongRole`, `OutsideArea`, `NotYetVisible`."""
        log = self._logs.holding(bulletin)
        found = await log.load(Bulletin, bulletin)
        if (first := await answered_before(log, command, found)) is not None:
            return first
        _may_issue(command.act, found.scope)
        known, figures = await self._now(command.act.actor, self._about(found), command.act.at)
        found.reissue(command.act, known=known, figures=figures)
        return await log.save(found, key=command.key)

    async def get(self, actor: Actor, bulletin: UUID) -> Bulletin:
        """A bulletin about a place that shares ground with the actor's areas. Refuses `NoSuchCase`."""
        found = await self._logs.holding(bulletin).load(Bulletin, bulletin)
        if not actor.overlaps(found.scope):
            raise NoSuchCase(case=bulletin)
        return found

    async def difference(self, actor: Actor, bulletin: UUID, *, nth: int | None, now: datetime) -> Difference:
        """The `nth` issuance, or the last, against what is known now, down to the cases that make the difference.

        For a supervisor or auditor of all of the place. Refuses `NoSuchCase`, `NoSuchIssuance`, `WrongRole`,
        `OutsideArea`.
        """
        found = await self.get(actor, bulletin)
        Act(actor, now).as_one_of(Role.SUPERVISOR, Role.AUDITOR)
        if not actor.covers(found.scope):
            raise OutsideArea(place=found.scope)
        issuance = issuance_of(found, nth)
        bound, what = await self._computing.bound(None, now), self._about(found)
        figures = await self._figures.at(actor, what, bound)
        changes = await self._figures.changes(actor, what, issuance, bound, figures)
        return Difference(found, issuance, _known(bound), changes)

    def _about(self, bulletin: Bulletin) -> About:
        return about(bulletin, self._policies.named(bulletin.policy).rates)

    async def _now(self, actor: Actor, what: About, now: datetime) -> tuple[Known, list[Figure]]:
        """The figures as known now, once the facts show all that was recorded when this was asked."""
        for log in self._logs.every():
            if len(what.scope) == 4 or log.log_id == what.scope[:6]:
                await reach(self._boards, log.log_id, await log.last_position())
        bound = await self._computing.bound(None, now)
        return _known(bound), await self._figures.at(actor, what, bound)


def issuance_of(bulletin: Bulletin, nth: int | None) -> Issuance:
    """The `nth` issuance from 1 on, or the last. Refuses `NoSuchIssuance`."""
    if nth is None:
        return bulletin.latest
    if not 1 <= nth <= len(bulletin.issuances):
        raise NoSuchIssuance(count=len(bulletin.issuances), nth=nth)
    return bulletin.issuances[nth - 1]


def _checked(scope: str) -> str:
    if len(scope) not in GROUPS or not (scope.isascii() and scope.isdecimal()):
        raise BadCode(code=scope, kind="通报范围", rule="应为 4 位（市）、6 位（区县）或 9 位（街道）区划代码")
    return scope


def _may_issue(act: Act, scope: str) -> None:
    # The bulletin refuses it too; asked before the numbers are computed for nothing.
    act.as_one_of(Role.SUPERVISOR)
    act.within(scope)


async def _found(log: Log, id: UUID) -> Bulletin | None:
    try:
        return await log.load(Bulletin, id)
    except NoSuchCase:
        return None


def _known(bound: Bound) -> Known:
    return Known(bound.moment, dict(bound.positions))
