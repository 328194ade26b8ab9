"""上报上级, 回落: what cannot be solved at one level is passed to the next above, and comes down again with a reason.

Levels are never skipped: grid, community, street, district, city. A case stands at the level it was passed up to, or
at its lead's own where that is higher. Coordinating is not leading: the lead stays, and so do both clocks, until
somebody assigns it anew. An escalation lasts until it is sent down, also through a redo.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from domain.actor import Act, Role, record
from domain.case_rules import require_lead, require_not_complained_about, require_reason, require_stage
from domain.coordination import GROUND_DIGITS, higher, next_above
from domain.escalation_refusals import AtTheTop, NotCoordinating, NotEscalated
from domain.escalations import Escalated, SentDown
from domain.grid_issue import GridIssue
from domain.stages import AT_WORK
from domain.vocabulary import LABELS, SolvedLevel


@dataclass(frozen=True)
class Above:
    """To whom a case is passed up: the next level, its unit, and the contact leader 包联 of the community or ""."""

    level: SolvedLevel
    unit: str
    leader: str = ""


FindAbove = Callable[[SolvedLevel], Above]
"""Asked for the next level, once it is sure that the case may be passed up."""


def stands_at(issue: GridIssue, lead_level: SolvedLevel) -> SolvedLevel:
    """The level the case stands at; `lead_level` is its lead's own, grid without a lead."""
    return higher(issue.passed_up[-1].level, lead_level) if issue.passed_up else lead_level


def held_by(issue: GridIssue) -> str:
    """The unit that answers for the case now: who coordinates it, else its lead, "" while the grid alone has it."""
    return issue.passed_up[-1].unit if issue.passed_up else issue.lead


def level_above(issue: GridIssue, lead_level: SolvedLevel) -> SolvedLevel:
    """The level it would be passed up to. Refuses `AtTheTop`."""
    above = next_above(stands_at(issue, lead_level))
    if above is None:
        raise AtTheTop(issue=issue.id)
    return above


def escalate(act: Act, *, issue: GridIssue, lead_level: SolvedLevel, find_above: FindAbove) -> None:
    """上报上级, by who is responsible at its level, with a reason. Refuses `ReasonMissing`, `ComplainedAbout`.

    Responsible is, once passed up, the unit that coordinates or its contact leader; before, the lead, or the grid's
    worker while nobody leads; and always a dispatcher whose area holds the whole of the level's ground.
    """
    role = _responsible(act, issue, stands_at(issue, lead_level))
    require_reason(act)
    _pass_up(act, role, issue, lead_level, find_above, automatic=False)


def escalate_missed(act: Act, role: Role, *, issue: GridIssue, lead_level: SolvedLevel, find_above: FindAbove) -> None:
    """超时自动上报: the program's act, in the `role` it acts in, whose reason says which limit was missed.

    Refuses `WrongStage`, `ReasonMissing`, `ComplainedAbout`; nobody's area or unit is asked.
    """
    require_stage(issue.stage, AT_WORK)
    require_reason(act)
    _pass_up(act, role, issue, lead_level, find_above, automatic=True)


def send_down(act: Act, *, issue: GridIssue) -> None:
    """回落 to where it came from, by who coordinates it, with a reason. Refuses `NotEscalated`, `ComplainedAbout`."""
    role = _responsible(act, issue, issue.passed_up[-1].level if issue.passed_up else SolvedLevel.GRID)
    require_reason(act)
    if not issue.passed_up:
        raise NotEscalated(issue=issue.id)
    here = issue.passed_up[-1]
    below = issue.passed_up[-2].unit if len(issue.passed_up) > 1 else issue.lead
    require_not_complained_about([below], issue.complained_about)
    record(
        issue, SentDown, act, role, from_level=here.level.value, from_unit=here.unit, level=here.below.value,
        to_unit=below,
    )  # fmt: skip


def _pass_up(
    act: Act, role: Role, issue: GridIssue, lead_level: SolvedLevel, find_above: FindAbove, *, automatic: bool
) -> None:
    level = level_above(issue, lead_level)
    above = find_above(level)
    if above.level is not level:
        raise ValueError(f"{above.level} does not follow the level the case stands at")
    require_not_complained_about([above.unit], issue.complained_about)
    record(
        issue, Escalated, act, role, from_level=stands_at(issue, lead_level).value,
        from_unit=held_by(issue), level=above.level.value, to_unit=above.unit, leader=above.leader,
        automatic=automatic,
    )  # fmt: skip


def _responsible(act: Act, issue: GridIssue, level: SolvedLevel) -> Role:
    whole = issue.grid[: GROUND_DIGITS[level]]
    if Role.DISPATCHER in act.actor.roles and act.actor.covers(whole):
        return issue.gate(act, AT_WORK, Role.DISPATCHER)
    if issue.passed_up:
        here = issue.passed_up[-1]
        role = issue.gate(act, AT_WORK, Role.HANDLER, Role.DISPATCHER, Role.SUPERVISOR)
        if here.unit not in act.actor.units and act.actor.id != here.leader:
            raise NotCoordinating(level=LABELS[here.level], unit=here.unit)
        return role
    if issue.lead:
        role = issue.gate(act, AT_WORK, Role.HANDLER, Role.DISPATCHER)
        require_lead(act, issue.lead)
        return role
    return issue.gate(act, AT_WORK, Role.WORKER, Role.DISPATCHER)
