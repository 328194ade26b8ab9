"""/audit: how the seals of the logs stand, and the way to a case by its number, its id, or where and when it was."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import RedirectResponse, Response

from application.proof.proving import LogStanding
from application.services import Services
from application.views import IssueView, Question, RequestView
from domain.refusals import NoSuchCase, Refused
from interfaces.http.asking import marked
from interfaces.http.asking import page as cut
from interfaces.http.calls import ServicesDep
from interfaces.web.audit.asking import FACE, AuditorDep, When
from interfaces.web.audit.past import log_of
from interfaces.web.audit.saying import Saying
from interfaces.web.rendering import page
from interfaces.web.route import PageRoute
from interfaces.web.visitor import Visitor

router = APIRouter(prefix="/audit", route_class=PageRoute, include_in_schema=False)
ROWS = 30


@dataclass(frozen=True)
class Wanted:
    """What is looked for, as it was typed."""

    q: str
    place: str
    kind: str
    since: int | datetime | None
    until: int | datetime | None

    @property
    def browsing(self) -> bool:
        return bool(self.place or self.since or self.until)


@router.get("")
async def entrance(
    visitor: AuditorDep, services: ServicesDep,
    q: Annotated[str, Query(max_length=60)] = "",
    place: Annotated[str, Query(pattern=r"^\s*([0-9]{2,15})?\s*$")] = "",
    kind: Literal["issue", "request"] = "issue", since: When = None, until: When = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:  # fmt: skip
    """The seals, and what was found; what names one case leads to its film at once."""
    wanted, refused = Wanted(q.strip(), place.strip(), kind, since, until), None
    if wanted.q:
        try:
            return RedirectResponse(await _film_of(visitor, services, wanted.q), HTTPStatus.SEE_OTHER)
        except Refused as no:
            refused = no
    rows, after = await _found(visitor, services, wanted, cursor) if wanted.browsing else ([], None)
    asked = {"place": place, "kind": kind, "since": since or "", "until": until or ""}
    return page(
        "audit/entrance.html", visitor=visitor, here=FACE, wanted=wanted, refused=refused, rows=rows,
        seals=await seals(visitor, services), say=Saying(services.registry).say, now=services.clock(),
        onward=urlencode(asked | {"cursor": after}) if after else "",
    )  # fmt: skip


async def seals(visitor: Visitor, services: Services) -> Sequence[LogStanding]:
    """How each log of the visitor's stands; the tree over all heads belongs to everybody."""
    return [
        one for one in await services.proving.standing()
        if one.log.endswith("-heads") or visitor.actor.overlaps(one.log)
    ]  # fmt: skip


async def _film_of(visitor: Visitor, services: Services, text: str) -> str:
    """The address of the film that a text names: an id, `150785-42`, or a number where one log has cases.

    Refuses `NoSuchCase`, `NoSuchLog`, `NoSuchPosition`.
    """
    if case_id := _id_in(text):
        await services.audit.filming.shot(visitor.actor, case_id, None)
        return f"{FACE}/cases/{case_id}"
    numbered = re.fullmatch(r"(?:([0-9]{4,6})\s*[-:－：]\s*)?([0-9]{1,15})", text)
    if not numbered:
        raise NoSuchCase(case=text)
    log_id, position = numbered[1] or log_of(visitor, services, None), int(numbered[2])
    await services.audit.filming.found(visitor.actor, log_id, position)
    return f"{FACE}/events/{log_id}/{position}"


async def _found(
    visitor: Visitor, services: Services, wanted: Wanted, cursor: str | None
) -> tuple[list[IssueView] | list[RequestView], str | None]:
    place, now = wanted.place, services.clock()
    since, until = (at if isinstance(at, datetime) else None for at in (wanted.since, wanted.until))
    asked = Question(
        grid=place if len(place) > 12 else None, community=place if 9 < len(place) <= 12 else None,
        street=place if len(place) <= 9 else None, since=since, until=until, limit=ROWS + 1,
        after=marked(cursor) if cursor else None,
    )  # fmt: skip
    if wanted.kind == "request":
        requests = cut(await services.boards.requests(visitor.actor, asked, now), ROWS, lambda r: (r.received_at, r.id))
        return requests.items, requests.next
    issues = cut(await services.boards.issues(visitor.actor, asked, now), ROWS, lambda row: (row.reported_at, row.id))
    return issues.items, issues.next


def _id_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
