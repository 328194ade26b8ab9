"""/calls: the call-back desk. One requester after the other is asked the three questions, by who had no part in it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from application.next_steps import CALL_BACK_ROLES
from application.services import Services
from application.timeline import Told
from domain.actor import Role
from domain.refusals import WrongRole
from domain.vocabulary import LABELS, Satisfaction, Solved
from interfaces.http.asking import Reached
from interfaces.http.calls import ServicesDep
from interfaces.web.calls.queue import ASK, Call, Calls, calls_of
from interfaces.web.case.asking_the_case import Offered, offered_of_request
from interfaces.web.case.names import Names
from interfaces.web.case.pages import heard, issue_of, story_of
from interfaces.web.rendering import page
from interfaces.web.route import PageRoute
from interfaces.web.visitor import Visitor, VisitorDep

router = APIRouter(prefix="/calls", route_class=PageRoute, include_in_schema=False, dependencies=[Reached])
MOST_PASSED_OVER = 10
"""Of calls that others must make: more are not looked through for one that is the visitor's."""
QUESTIONS = (
    ("contacted", "联系过吗", "承办单位联系过反映人吗？", (("true", "联系过"), ("false", "没联系过"))),
    ("solved", "解决了吗", "反映的问题解决了吗？", tuple((one.value, LABELS[one]) for one in Solved)),
    ("satisfaction", "满意吗", "对办理满意吗？", tuple((one.value, LABELS[one]) for one in Satisfaction)),
)


@router.get("")
async def calls_desk(visitor: VisitorDep, services: ServicesDep) -> Response:
    """The first call that is the visitor's to make; those passed over are told with why."""
    calls = await calls_of(services, _calling(visitor).actor)
    passed: list[tuple[Call, str]] = []
    for call in calls.waiting[:MOST_PASSED_OVER]:
        offered = await offered_of_request(services, visitor.actor, call.item.id)
        if why := why_not(offered):
            passed.append((call, why))
            continue
        return await _call(call.item.id, visitor, services, calls, offered, passed=passed)
    return _page("calls/empty.html", visitor, services, calls, passed=passed, here_id=None)


@router.get("/{request_id}")
async def one_call(request_id: UUID, visitor: VisitorDep, services: ServicesDep, contact: bool = False) -> Response:
    """One call: what was asked for, what was done, the telephone once opened, and the three questions."""
    calls = await calls_of(services, _calling(visitor).actor)
    await services.boards.request(visitor.actor, request_id)
    offered = await offered_of_request(services, visitor.actor, request_id)
    return await _call(request_id, visitor, services, calls, offered, contact=contact)


def why_not(offered: Offered) -> str:
    """Why the visitor may neither call nor settle it; "" when they may."""
    found = [offered.of(command) for command in ("call-back", "close", "order-redo")]
    known = [one for one in found if one is not None]
    return known[0].refused if known and all(one.refused for one in known) else ""


async def _call(
    request_id: UUID, visitor: Visitor, services: Services, calls: Calls, offered: Offered, *, contact: bool = False,
    passed: list[tuple[Call, str]] | None = None,
) -> Response:  # fmt: skip
    actor = visitor.actor
    request = await services.boards.request(actor, request_id)
    issue = await issue_of(services, actor, request)
    done = _last_done(await story_of(services, issue.id, 0)) if issue else None
    return _page(
        "calls/call.html", visitor, services, calls, request=request, issue=issue, done=done, offered=offered,
        heard=await heard(services, actor, request, contact=contact), contact=contact, questions=QUESTIONS,
        why=why_not(offered), passed=passed or [], here_id=request.id,
    )  # fmt: skip


def _last_done(story: list[Told]) -> Told | None:
    """The last step that says what was done about it."""
    return next((step for step in reversed(story) if "measure" in step.facts), None)


def _page(template: str, visitor: Visitor, services: Services, calls: Calls, **shown: Any) -> Response:
    here = shown["here_id"]
    following = calls.after(here) if here else None
    return page(
        template, visitor=visitor, here="/calls", calls=calls, names=Names(services.registry), now=services.clock(),
        next=following, to_ask=len(calls.of(ASK)), **shown,
    )  # fmt: skip


def _calling(visitor: Visitor) -> Visitor:
    """Refuses `WrongRole` to whose work this is not."""
    if not visitor.actor.roles & CALL_BACK_ROLES:
        raise WrongRole(needed=[role.label for role in (Role.VERIFIER, Role.RECEIVER)])
    return visitor
