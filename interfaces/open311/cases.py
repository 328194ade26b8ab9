"""Requests asked for: the query with its windows and pages, one request by its id, and the id behind a token."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from starlette.responses import Response

from application.open311.public_cases import LONGEST_SPAN, MOST, Around, PublicQuestion
from domain.refusals import Refused
from domain.resident_request import ResidentRequest
from domain.vocabulary import Channel
from interfaces.open311.answers import NothingHereError, answer
from interfaces.open311.arguments import Arguments
from interfaces.open311.calls import Call
from interfaces.open311.formats import Each
from interfaces.open311.shown import Showing

MOST_PAGES = 100_000
FARTHEST_M = 100_000.0
_STATES = {"open": False, "closed": True}


async def requests(call: Call) -> Response:
    """The newest first. Ids override every other argument."""
    named = call.arguments.listed("service_request_id")
    if named:
        call.arguments.check()
        question = PublicQuestion(ids=[one for one in map(uuid_of, named) if one is not None])
    else:
        question = await _question(call)
    found = await call.open311.cases.find(question)
    showing = Showing.of(call)
    return answer(call.request, "service_requests", Each("request", [showing.case(one) for one in found]))


async def request(call: Call) -> Response:
    """One request; several by their ids with commas between."""
    ids = [one for one in map(uuid_of, call.named.split(",")[:MOST]) if one is not None]
    found = await call.open311.cases.find(PublicQuestion(ids=ids))
    if not found:
        raise NothingHereError
    showing = Showing.of(call)
    return answer(call.request, "service_requests", Each("request", [showing.case(one) for one in found]))


async def token(call: Call) -> Response:
    """A request is its own token: ids are given at once. One that is not yet shown is pending."""
    id = uuid_of(call.named)
    if id is None:
        raise NothingHereError
    shown = bool(await call.open311.cases.find(PublicQuestion(ids=[id])))
    if not shown and not await _recorded(call, id):
        raise NothingHereError
    row = {"service_request_id": str(id) if shown else None, "token": str(id)}
    return answer(call.request, "service_requests", Each("request", [row]))


def uuid_of(text: str) -> UUID | None:
    """An id as it is printed, None for what is none."""
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def window(arguments: Arguments, now: datetime) -> tuple[datetime, datetime]:
    """From start to end: the 90 days after or before the one that is given, else the last 90."""
    since, until = arguments.span("start_date", "end_date", LONGEST_SPAN)
    if since is None:
        until = until or now.replace(microsecond=0)
        return until - LONGEST_SPAN, until
    return since, until or since + LONGEST_SPAN


async def _question(call: Call) -> PublicQuestion:
    arguments = call.arguments
    area = await call.open311.area_of(arguments.text("jurisdiction_id"))
    states = [state.lower() for state in arguments.listed("status")]
    if unknown := [state for state in states if state not in _STATES]:
        arguments.wrong("status", f"应为 open 或 closed，不是 {unknown[0][:40]}")
    updated = arguments.span("updated_after", "updated_before", 10_000 * LONGEST_SPAN)
    given = any(arguments.text(name) for name in ("start_date", "end_date"))
    since, until = window(arguments, call.services.clock())
    size = arguments.whole("page_size", MOST, MOST)
    page = arguments.whole("page", 1, MOST_PAGES)
    services = arguments.listed("service_code")
    box, around = _box(arguments), _around(arguments)
    arguments.check()
    for code in services:
        call.open311.services.require_known(code)
    closed = {_STATES[state] for state in states}
    by_change_alone = not given and any(updated)
    return PublicQuestion(
        services=services, closed=closed.pop() if len(closed) == 1 else None, area=area,
        since=None if by_change_alone else since, until=None if by_change_alone else until,
        updated_since=updated[0], updated_until=updated[1], box=box, around=around,
        limit=size, offset=(page - 1) * size,
    )  # fmt: skip


def _box(arguments: Arguments) -> tuple[float, float, float, float] | None:
    text = arguments.text("bbox")
    if not text:
        return None
    parts = Arguments(zip(("west", "south", "east", "north"), text.split(","), strict=False))
    west, east = parts.number("west", -180, 180), parts.number("east", -180, 180)
    south, north = parts.number("south", -90, 90), parts.number("north", -90, 90)
    if west is None or south is None or east is None or north is None or text.count(",") != 3:
        arguments.wrong("bbox", "应为四个以逗号隔开的数：西、南、东、北，单位为度")
        return None
    return west, south, east, north


def _around(arguments: Arguments) -> Around | None:
    longitude, latitude = arguments.number("long", -180, 180), arguments.number("lat", -90, 90)
    metres = arguments.number("radius", 0, FARTHEST_M)
    if longitude is None or latitude is None or metres is None:
        return None
    return Around(longitude, latitude, metres)


async def _recorded(call: Call, id: UUID) -> bool:
    """Whether it is in a log and will be shown as soon as the boards have reached it."""
    try:
        case = await call.services.logs.holding(id).load(ResidentRequest, id)
    except Refused:
        return False
    board = await call.services.boards.position(call.services.logs.holding(id).log_id)
    last = await call.services.logs.holding(id).last_position()
    public = case.channel == Channel.WEB and not case.confidential and not case.complained_about and bool(case.category)
    return public and board < last
