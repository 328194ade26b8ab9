"""/issues/{id} and /requests/{id}: a case, for everyone who may see it. What is shown is asked as the API asks it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from application.disclosure import IDENTITY
from application.services import Services
from application.timeline import Told, tell
from application.views import Details, IssueView, Question, RequestView
from domain.actor import Actor
from domain.refusals import NoSuchCase
from interfaces.http.asking import Reached
from interfaces.http.calls import ServicesDep
from interfaces.web.case import story
from interfaces.web.case.asking_the_case import offered_of_issue, offered_of_request
from interfaces.web.case.clocks import shown_clocks
from interfaces.web.case.names import Names
from interfaces.web.rendering import page
from interfaces.web.route import PageRoute
from interfaces.web.visitor import VisitorDep

router = APIRouter(route_class=PageRoute, include_in_schema=False, dependencies=[Reached])
MOST_STEPS, MOST_VOICES = 500, 50
After = Annotated[int, Query(ge=0, le=10**9)]


@router.get("/issues/{issue_id}")
async def issue_page(issue_id: UUID, visitor: VisitorDep, services: ServicesDep, after: After = 0) -> Response:
    """One grid issue: its story, its clocks, its voices, and what the visitor may do next."""
    issue = await services.boards.issue(visitor.actor, issue_id)
    await services.readings.of_words(visitor.actor, [issue])
    now = services.clock()
    told = await story_of(services, issue_id, after)
    voices = await services.boards.requests(visitor.actor, Question(issue=issue_id, limit=MOST_VOICES), now)
    await services.readings.of_words(visitor.actor, voices)
    return page(
        "case/issue.html", visitor=visitor, issue=issue, names=Names(services.registry), now=now, story=story,
        chapters=story.chapters(told), more=told[-1].version if len(told) == MOST_STEPS else None,
        clocks=await shown_clocks(services, issue, told, now), voices=voices,
        offered=await offered_of_issue(services, visitor.actor, issue_id),
    )  # fmt: skip


@router.get("/requests/{request_id}")
async def request_page(
    request_id: UUID, visitor: VisitorDep, services: ServicesDep, after: After = 0, contact: bool = False
) -> Response:
    """One resident's request. Who asked is shown when asked for by `contact`, and that goes on record."""
    request = await services.boards.request(visitor.actor, request_id)
    said = await heard(services, visitor.actor, request, contact=contact)
    now = services.clock()
    told = await story_of(services, request_id, after)
    issue = await issue_of(services, visitor.actor, request)
    return page(
        "case/request.html", visitor=visitor, request=request, heard=said,
        names=Names(services.registry), now=now, story=story, chapters=story.chapters(told),
        more=told[-1].version if len(told) == MOST_STEPS else None, issue=issue,
        clocks=await shown_clocks(services, issue, await story_of(services, issue.id, 0), now) if issue else [],
        offered=await offered_of_request(services, visitor.actor, request_id),
    )  # fmt: skip


async def story_of(services: Services, case_id: UUID, after: int) -> list[Told]:
    """The steps of a case the visitor may see, told."""
    return [tell(step, services.registry) for step in await services.boards.timeline(case_id, after, MOST_STEPS)]


@dataclass(frozen=True)
class Heard:
    """What a requester told. `contact`: shown, closed (may be opened, which goes on record), or none for the asker."""

    details: Details
    contact: Literal["shown", "closed", "none"]

    @property
    def replies(self) -> dict[int, str]:
        """What they were told, and what they added to their rating, by the version of the step it came with."""
        named = ((name.partition("_"), said) for name, said in self.details.open.items())
        return {int(version): said for (kind, _, version), said in named if kind in ("reply", "comment")}


async def heard(services: Services, actor: Actor, request: RequestView, *, contact: bool) -> Heard:
    """What the requester told, on record as it is read; with `contact` also who they are."""
    details = await services.boards.details(actor, request)
    has_contact = bool(IDENTITY & details.open.keys())
    if not contact:
        details = replace(details, open={name: said for name, said in details.open.items() if name not in IDENTITY})
    await services.readings.of_details(actor, request.id, details)
    return Heard(details, "none" if not has_contact else "shown" if contact else "closed")


async def issue_of(services: Services, actor: Actor, request: RequestView) -> IssueView | None:
    """The issue a request is attached to, if the actor may see it."""
    with suppress(NoSuchCase):
        return await services.boards.issue(actor, request.issue) if request.issue else None
    return None
