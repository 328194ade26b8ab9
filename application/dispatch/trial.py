"""Trial 试派: a set of dispatch rules, drafted or published, over cases of the past. Asks and compares; never writes.

Each case is put to the set as it was when it was last assigned: its category, grid, channel and that instant. What
comes out is held against the lead, the copies and the assists it was assigned to then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from application.dispatch.dispatching import Dispatching
from application.dispatch.routing import Routing
from application.ports import Logs
from domain.actor import Act, Role
from domain.lead_basis import LeadBasis
from domain.registry.dispatch_rules import DispatchRules

Mark = tuple[str, int]
"""How far a trial has come: a log, and the number of a case there."""
TRYING = (Role.DISPATCHER, Role.SUPERVISOR, Role.ADMIN)


@dataclass(frozen=True)
class AssignedCase:
    """A case as the board shows it: what rules look at, and to whom it was last assigned."""

    log_id: str
    id: UUID
    number: int
    category: str
    grid: str
    channel: str
    lead: str
    copies: list[str]
    assists: list[str]
    assigned_at: datetime


@dataclass(frozen=True)
class During:
    """From one instant up to before another; None leaves that end open."""

    since: datetime | None = None
    until: datetime | None = None


class AssignedCases(Protocol):
    """The assigned cases of a log by ascending number."""

    async def assigned(
        self, log_id: str, areas: Sequence[str], during: During, *, after: int, limit: int
    ) -> list[AssignedCase]:
        """Those in `areas` last assigned `during` a time, with a number above `after`; at most `limit`."""

    async def newest(self, log_id: str) -> int:
        """The highest number a case has there, 0 when there is none."""


@dataclass(frozen=True)
class Difference:
    """差异: a case the set would assign otherwise. `parts` are those of lead, copies and assists that differ."""

    case: AssignedCase
    parts: list[str]
    basis: LeadBasis
    rule: str
    lead: str | None
    copies: list[str]
    assists: list[str]
    off_list: list[str]
    reason: str


@dataclass
class Tally:
    """计数 by what decided: a rule's number, or "" with the basis where none did."""

    examined: Counter[tuple[str, str]] = field(default_factory=Counter)
    different: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Count what another has counted too."""
        self.examined.update(other.examined)
        self.different.update(other.different)


@dataclass(frozen=True)
class TrialPage:
    """Some cases tried: every difference among them, the counts, and where to go on; `next` is None at the end."""

    differences: list[Difference]
    tally: Tally
    next: Mark | None


class Trial:
    """试派, over what the boards show."""

    def __init__(self, past: AssignedCases, logs: Logs, dispatching: Dispatching) -> None:
        self._past, self._logs, self._dispatching = past, logs, dispatching

    def logs_of(self, act: Act) -> list[str]:
        """The logs with cases the actor may try rules on. Refuses `WrongRole`."""
        act.as_one_of(*TRYING)
        return sorted(log.log_id for log in self._logs.every() if act.actor.overlaps(log.log_id))

    async def newest(self, act: Act) -> dict[str, int]:
        """The highest number of a case in each of those logs, to follow the progress by."""
        return {log_id: await self._past.newest(log_id) for log_id in self.logs_of(act)}

    async def page(
        self, act: Act, edition: DispatchRules, during: During, *, begin: Mark | None = None, limit: int = 500
    ) -> TrialPage:
        """Try at most `limit` cases after `begin`. Refuses `WrongRole`."""
        logs = self.logs_of(act)
        start, after = begin or ("", 0)
        cases: list[AssignedCase] = []
        log_id = ""
        for log_id in [log_id for log_id in logs if log_id >= start]:
            above = after if log_id == start else 0
            cases = await self._past.assigned(log_id, act.actor.areas, during, after=above, limit=limit)
            if cases:
                break
        rest = (log_id, cases[-1].number) if cases and (len(cases) == limit or log_id != logs[-1]) else None
        return self._tried(edition, cases, rest)

    def _tried(self, edition: DispatchRules, cases: Sequence[AssignedCase], rest: Mark | None) -> TrialPage:
        tally, differences = Tally(), []
        for case in cases:
            routing = self._dispatching.route(
                category=case.category, place=case.grid, channel=case.channel, at=case.assigned_at, edition=edition
            )
            decided = (routing.rule, routing.basis.value)
            tally.examined[decided] += 1
            if parts := list(_differing(case, routing)):
                tally.different[decided] += 1
                differences.append(_difference(case, parts, routing))
        return TrialPage(differences, tally, rest)


def _differing(case: AssignedCase, routing: Routing) -> Iterator[str]:
    if routing.lead != case.lead:
        yield "lead"
    if {*routing.copies, *routing.standing} != set(case.copies):
        yield "copies"
    if set(routing.assists) != set(case.assists):
        yield "assists"


def _difference(case: AssignedCase, parts: list[str], routing: Routing) -> Difference:
    return Difference(
        case, parts, routing.basis, routing.rule, routing.lead,
        [*routing.copies, *routing.standing], list(routing.assists), list(routing.off_list), routing.reason,
    )  # fmt: skip
