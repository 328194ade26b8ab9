"""Routing 派遣答复: whom a case falls to, by which rule of which edition, on what inputs, and which rules lost why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from domain.lead_basis import LeadBasis, Named
from domain.registry.dispatch_rule import DispatchRule


@dataclass(frozen=True)
class RoutingInputs:
    """What was asked, and what the calendar made of the instant: the local day, and whether it is working time."""

    category: str
    place: str
    channel: str
    at: datetime
    day: date
    working: bool
    calendar: str
    calendar_version: str


@dataclass(frozen=True)
class RunnerUp:
    """A rule that matches too, and what decided against it."""

    rule: str
    name: str
    why: str


@dataclass(frozen=True)
class Routing:
    """`edition` is the one that was asked, "" when none is in force; `rule` is "" unless one of its rules decided.

    `lead` is None when the dispatcher must name one. `off_list` are those of lead and assists whose duty list does
    not hold the class, so that assigning is refused or flagged by policy.
    `standing` are the units what the lead leads is copied to anyway; an assignment adds them to the copies.
    `left_out` tells which copies or assists could not be found, and why.
    """

    inputs: RoutingInputs
    basis: LeadBasis
    reason: str
    edition: str
    rule: str = ""
    rule_name: str = ""
    lead: str | None = None
    off_list: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    assists: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    runners_up: tuple[RunnerUp, ...] = ()

    def joined(self, copies: Collection[str], assists: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Copies and assists with those somebody named beside; where the two differ, the person's word holds."""
        named = {self.lead, *copies, *assists}
        return (
            (*(unit for unit in copies if unit != self.lead), *(unit for unit in self.copies if unit not in named)),
            (*(unit for unit in assists if unit != self.lead), *(unit for unit in self.assists if unit not in named)),
        )

    @property
    def named(self) -> Named:
        """What an assignment that follows this cites."""
        return Named(self.basis, self.edition if self.rule else "", self.rule)


def lost(rule: DispatchRule, why: str) -> RunnerUp:
    """A rule as one that did not decide."""
    return RunnerUp(rule.number, rule.name, why)
