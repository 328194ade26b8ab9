"""/desk: the dispatcher's desk. Take in what people say, and decide where each case goes, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from application.dispatch.routing import Routing
from application.near.views import NearIssue
from application.services import Services
from application.views import IssueView, Question, RequestView
from domain.actor import Actor, Role
from domain.refusals import Refused, WrongRole
from domain.vocabulary import LABELS, Channel, RequestKind
from interfaces.http.asking import Reached
from interfaces.http.calls import ServicesDep
from interfaces.web.case.asking_the_case import offered_of_issue, offered_of_request
from interfaces.web.case.clocks import shown_clocks
from interfaces.web.case.names import Names
from interfaces.web.case.pages import heard, story_of
from interfaces.web.desk.queue import DESK, Queue, queue_of
from interfaces.web.rendering import page
from interfaces.web.route import PageRoute
from interfaces.web.visitor import Visitor, VisitorDep

router = APIRouter(prefix="/desk", route_class=PageRoute, include_in_schema=False, dependencies=[Reached])
Step = Annotated[str, Query(max_length=20)]
STAYING = ("file", "grant-return", "open-consultation", "conclude-consultation", "unmerge")
"""Commands after which the same desk goes on with the same case."""
NEAR_METRES, NEAR_HOURS = 50, 24


@router.get("")
async def desk(visitor: VisitorDep, services: ServicesDep, step: Step = "") -> Response:
    """The first case that waits, with the queue beside it."""
    queue = await queue_of(services, _at_desk(visitor).actor, step)
    if not queue.shown:
        return _desk("desk/empty.html", visitor, services, queue)
    first = queue.shown[0].item
    return await (_request if first.case == "request" else _issue)(first.id, visitor, services, queue)


@router.get("/new")
async def intake(visitor: VisitorDep, services: ServicesDep) -> Response:
    """受理: the form for what somebody says."""
    queue = await queue_of(services, _at_desk(visitor).actor)
    return _desk("desk/new.html", visitor, services, queue, kinds=_words(RequestKind), channels=_words(Channel))


@router.get("/requests/{request_id}")
async def request_at_desk(
    request_id: UUID, visitor: VisitorDep, services: ServicesDep, step: Step = "", contact: bool = False
) -> Response:
    """One request: what was said, what is near, where the rules send it, and the forms to decide."""
    queue = await queue_of(services, _at_desk(visitor).actor, step)
    return await _request(request_id, visitor, services, queue, contact=contact)


@router.get("/issues/{issue_id}")
async def issue_at_desk(issue_id: UUID, visitor: VisitorDep, services: ServicesDep, step: Step = "") -> Response:
    """One issue to be filed, assigned, or decided about."""
    return await _issue(issue_id, visitor, services, await queue_of(services, _at_desk(visitor).actor, step))


async def _request(
    request_id: UUID, visitor: Visitor, services: Services, queue: Queue, *, contact: bool = False
) -> Response:
    actor = visitor.actor
    request = await services.boards.request(actor, request_id)
    now = services.clock()
    near = await services.near.of_request(actor, request_id, hours=NEAR_HOURS, metres=NEAR_METRES, now=now)
    return _desk(
        "desk/request.html", visitor, services, queue, request=request, here_id=request.id,
        heard=await heard(services, actor, request, contact=contact), contact=contact, near=near,
        offered=await offered_of_request(services, actor, request_id),
        routing=_routing(services, request.category, request.place, request.channel),
    )  # fmt: skip


async def _issue(issue_id: UUID, visitor: Visitor, services: Services, queue: Queue) -> Response:
    actor = visitor.actor
    issue = await services.boards.issue(actor, issue_id)
    now = services.clock()
    told = await story_of(services, issue_id, 0)
    return _desk(
        "desk/issue.html", visitor, services, queue, issue=issue, here_id=issue.id, last=told[-6:],
        clocks=await shown_clocks(services, issue, told, now), near=await _near(services, actor, issue),
        said=await _said(services, actor, issue), offered=await offered_of_issue(services, actor, issue_id),
        routing=None if issue.lead else _routing(services, issue.category, issue.grid, issue.channel),
    )  # fmt: skip


def _desk(template: str, visitor: Visitor, services: Services, queue: Queue, **shown: Any) -> Response:
    here = shown.setdefault("here_id", None)
    return page(
        template, visitor=visitor, here="/desk", queue=queue, names=Names(services.registry), now=services.clock(),
        next=here and queue.after(here), previous=here and queue.before(here), staying=STAYING, **shown,
    )  # fmt: skip


def _at_desk(visitor: Visitor) -> Visitor:
    """Refuses `WrongRole` to whose work this is not."""
    if not visitor.actor.roles & DESK:
        raise WrongRole(needed=[role.label for role in (Role.RECEIVER, Role.DISPATCHER)])
    return visitor


async def _said(services: Services, actor: Actor, issue: IssueView) -> IssueView | RequestView:
    """Whose words tell what it is about: the issue's own, or its first request's."""
    if issue.text_state == "none" and issue.voices:
        voices = await services.boards.requests(actor, Question(issue=issue.id, limit=1), services.clock())
        await services.readings.of_words(actor, voices)
        return voices[0] if voices else issue
    await services.readings.of_words(actor, [issue])
    return issue


async def _near(services: Services, actor: Actor, issue: IssueView) -> Sequence[NearIssue]:
    """What may be the same as an issue with a point of its own."""
    if issue.longitude is None or issue.latitude is None:
        return []
    found = await services.near.of_point(
        actor, longitude=issue.longitude, latitude=issue.latitude, category=issue.category, text=issue.text or "",
        hours=NEAR_HOURS, metres=NEAR_METRES, now=services.clock(),
    )  # fmt: skip
    return [one for one in found if one.id != issue.id]


def _routing(services: Services, category: str, place: str, channel: str) -> Routing | None:
    """Where the rules would send it; None while it has no category or what is named is not valid."""
    try:
        if not category:
            return None
        dispatching = services.issues.dispatching
        return dispatching.route(category=category, place=place, channel=channel, at=services.clock())
    except Refused:
        return None


def _words(vocabulary: type[RequestKind] | type[Channel]) -> list[tuple[str, str]]:
    return [(one.value, LABELS[one]) for one in vocabulary]
