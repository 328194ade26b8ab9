"""Rules that commands of both charts share: stage, lead, reason, separation of duty."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from domain.actor import Act
from domain.case_id import log_of
from domain.clock_refusals import Suspended
from domain.refusals import ComplainedAbout, DutyConflict, NotLead, OtherLog, ReasonMissing, WrongStage
from domain.stages import IssueStage, RequestStage, WhistleStage

S = TypeVar("S", IssueStage, RequestStage, WhistleStage)


def require_stage(actual: S, allowed: Collection[S], *, suspended_until: datetime | None = None) -> None:
    """Refuses `WrongStage` unless the case stands at one of `allowed`; `Suspended` to one that stands still."""
    if actual not in allowed:
        expected = [stage.label for stage in type(actual) if stage in allowed]
        if actual is IssueStage.SUSPENDED:
            raise Suspended(expected=expected, actual=actual.label, until=suspended_until)
        raise WrongStage(expected=expected, actual=actual.label)


def require_running(stage: IssueStage, suspended_until: datetime | None) -> None:
    """Refuses `Suspended`: while a case stands still its limit has not ended, whatever instant it was due at."""
    require_stage(stage, frozenset(IssueStage) - {IssueStage.SUSPENDED}, suspended_until=suspended_until)


def require_lead(act: Act, lead: str) -> None:
    """Refuses `NotLead` unless the actor belongs to the lead unit or stands in there; nobody does while it is ""."""
    if not lead or lead not in act.actor.units:
        raise NotLead(lead=lead)


def require_reason(act: Act) -> None:
    """Refuses `ReasonMissing` when the act gives none."""
    if not act.reason.strip():
        raise ReasonMissing()


def require_uninvolved(act: Act, involved: Collection[str], *, did: str, wants: str) -> None:
    """职责分离: refuses `DutyConflict` when the actor is among those `involved`."""
    if act.actor.id in involved:
        raise DutyConflict(did=did, wants=wants)


def require_not_complained_about(units: Collection[str], complained_about: Collection[str]) -> None:
    """回避: refuses `ComplainedAbout` when one of `units` is what a requester complains about."""
    for unit in units:
        if unit in complained_about:
            raise ComplainedAbout(unit=unit)


def not_the_asker(act: Act, asker: str, *, did: str, wants: str) -> None:
    """Who asks does not decide. Refuses `DutyConflict`."""
    require_uninvolved(act, (asker,), did=did, wants=wants)


def require_same_log(left: UUID, right: UUID) -> None:
    """Refuses `OtherLog`: one save never spans two logs."""
    if log_of(left) != log_of(right):
        raise OtherLog(left=left, right=right)
