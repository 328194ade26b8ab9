"""Every command on a grid issue, tried: see `application.trying.possible`."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from application.issues import Issues
from application.trying.possible import Possible, Trial, possible
from domain import appealing, escalating, exempting, extending, merging, supervising, suspending
from domain.actor import Act
from domain.assignment import Terms
from domain.escalating import Above
from domain.grid_issue import GridIssue
from domain.limit import Limit, LimitUnit
from domain.vocabulary import ReturnReason, SolvedLevel, SupervisionKind

REASON = "试"
_DAY = timedelta(days=1)
_LIMIT = Limit(1, LimitUnit.WORKDAY)


@dataclass(frozen=True)
class Around:
    """What trials need beside the issue: `same` are the terms it was assigned under, `fresh` any for a first one."""

    same: Terms | None
    fresh: Terms


def tried(issue: GridIssue, act: Act, issues: Issues) -> list[Possible]:
    """What the actor of `act` may do about `issue`, as of `act`."""
    around = Around(issues.same_terms(issue), Terms(_LIMIT, "", issues.calendar))
    return list(possible(issue, act, around, TRIALS))


def _merge(issue: GridIssue, act: Act, _: Around) -> None:
    merging.merge(act, issue=issue, into=_twin(issue, UUID(int=issue.id.int ^ 1)))


def _unmerge(issue: GridIssue, act: Act, _: Around) -> None:
    into = _twin(issue, issue.merged_into or issue.id)
    into.absorbed[issue.id] = []
    merging.unmerge(act, issue=issue, into=into)


def _twin(issue: GridIssue, case_id: UUID) -> GridIssue:
    """A case like it, to try a merger with."""
    twin = deepcopy(issue)
    twin._id = case_id
    return twin


def _escalate(issue: GridIssue, act: Act, _: Around) -> None:
    escalating.escalate(
        act, issue=issue, lead_level=SolvedLevel.GRID, find_above=lambda level: Above(level, "", "")
    )  # fmt: skip


def _supervision(issue: GridIssue, *, answered: bool) -> int:
    """The first order that waits for its answer, or to be closed; 0 for none."""
    return next((one.nth for one in issue.grants.supervisions if one.answered is answered), 0)


TRIALS: Mapping[str, Trial[GridIssue, Around]] = {
    "file": lambda issue, act, _: issue.file(act, category="", edition=""),
    "solve-on-spot": lambda issue, act, _: issue.solve_on_spot(act, measure=""),
    "assign": lambda issue, act, around: issue.assign(act, lead="?", terms=around.fresh),
    "open-consultation": lambda issue, act, _: issue.open_consultation(act, units=[]),
    "conclude-consultation": lambda issue, act, _: issue.conclude_consultation(act, proposed_lead=""),
    "accept": lambda issue, act, _: issue.accept(act),
    "resolve": lambda issue, act, _: issue.resolve(act, measure=""),
    "ask-return": lambda issue, act, _: issue.ask_return(act, code=ReturnReason.DUPLICATE),
    "grant-return": lambda issue, act, _: issue.grant_return(act),
    "refuse-return": lambda issue, act, around: issue.refuse_return(act, terms=around.same),
    "check": lambda issue, act, _: issue.check(act, passed=True),
    "order-rework": lambda issue, act, around: issue.order_rework(act, terms=around.same),
    "close": lambda issue, act, _: issue.close(act),
    "ask-extension": lambda issue, act, _: extending.ask_extension(act, issue=issue),
    "endorse-extension": lambda issue, act, _: extending.endorse_extension(act, issue=issue),
    "grant-extension": lambda issue, act, around: extending.grant_extension(act, issue=issue, terms=around.same),
    "refuse-extension": lambda issue, act, _: extending.refuse_extension(act, issue=issue),
    "ask-suspension": lambda issue, act, _: suspending.ask_suspension(act, issue=issue, until=act.at + _DAY),
    "grant-suspension": lambda issue, act, _: suspending.grant_suspension(act, issue=issue),
    "refuse-suspension": lambda issue, act, _: suspending.refuse_suspension(act, issue=issue),
    "resume": lambda issue, act, around: suspending.resume_suspension(act, issue=issue, terms=around.same),
    "answer-supervision": lambda issue, act, _: supervising.answer_supervision(
        act, issue=issue, nth=_supervision(issue, answered=False), answer=""
    ),
    "close-supervision": lambda issue, act, _: supervising.close_supervision(
        act, issue=issue, nth=_supervision(issue, answered=True) or _supervision(issue, answered=False)
    ),
    "order-supervision": lambda issue, act, around: supervising.order_supervision(
        act, issue=issue, kind=SupervisionKind.LEADER, limit=_LIMIT, terms=around.same
    ),
    "appeal-overdue": lambda issue, act, _: appealing.appeal_overdue(act, issue=issue),
    "endorse-appeal": lambda issue, act, _: appealing.endorse_appeal(act, issue=issue),
    "grant-appeal": lambda issue, act, _: appealing.grant_appeal(act, issue=issue),
    "refuse-appeal": lambda issue, act, _: appealing.refuse_appeal(act, issue=issue),
    "grant-exemption": lambda issue, act, _: exempting.decide_exemption(act, case=issue, granted=True),
    "refuse-exemption": lambda issue, act, _: exempting.decide_exemption(act, case=issue, granted=False),
    "escalate": _escalate,
    "send-down": lambda issue, act, _: escalating.send_down(act, issue=issue),
    "merge": _merge,
    "unmerge": _unmerge,
    "ask-exemption": lambda issue, act, _: exempting.ask_exemption(act, case=issue),
    "void": lambda issue, act, _: issue.void(act),
}
