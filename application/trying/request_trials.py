"""Every command on a resident's request, tried: see `application.trying.possible`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from application.requests import limit_of
from application.trying.possible import Possible, Trial, possible
from domain.actor import Act, Role
from domain.exempting import ask_exemption, decide_exemption
from domain.grid_issue import GridIssue
from domain.refusals import NoDeadline
from domain.resident_request import ResidentRequest
from domain.vocabulary import Diversion


@dataclass(frozen=True)
class Around:
    """What trials need beside the request: the issue that goes on for it."""

    issue: GridIssue | None


def tried(request: ResidentRequest, act: Act, issue: GridIssue | None) -> list[Possible]:
    """What the actor of `act` may do about `request`, as of `act`."""
    return list(possible(request, act, Around(issue), TRIALS))


def _call_back(request: ResidentRequest, act: Act, around: Around) -> None:
    if around.issue is None:
        raise NoDeadline()
    request.call_back(act, due=limit_of(around.issue), handlers=around.issue.handled_by, valid=False)


def _dispatch(request: ResidentRequest, act: Act, _: Around) -> None:
    act.as_one_of(Role.DISPATCHER)
    request.attach(act, issue=request.id)


def _lead(around: Around) -> str:
    return around.issue.lead if around.issue else ""


def _attached(request: ResidentRequest) -> UUID:
    return request.issue or request.id


TRIALS: Mapping[str, Trial[ResidentRequest, Around]] = {
    "dispatch": _dispatch,
    "answer": lambda request, act, _: request.answer(act),
    "divert": lambda request, act, _: request.divert(act, code=Diversion.SAME_MATTER),
    "open-issue": lambda request, act, _: request.attach(act, issue=request.id),
    "attach": lambda request, act, _: request.attach(act, issue=request.id),
    "contact": lambda request, act, around: request.contact(act, reached=True, lead=_lead(around)),
    "feed-back": lambda request, act, around: request.feed_back(act, lead=_lead(around)),
    "call-back": _call_back,
    "order-redo": lambda request, act, _: request.order_redo(act),
    "close": lambda request, act, _: request.close(act),
    "grant-exemption": lambda request, act, _: decide_exemption(act, case=request, granted=True),
    "refuse-exemption": lambda request, act, _: decide_exemption(act, case=request, granted=False),
    "detach": lambda request, act, _: request.detach(act, issue=_attached(request)),
    "ask-exemption": lambda request, act, _: ask_exemption(act, case=request),
}
