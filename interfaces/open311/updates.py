"""servicerequestupdates: what became of requests, step by step; an extension that clients in the field know."""

from __future__ import annotations

from starlette.responses import Response

from application.open311.public_cases import MOST, PublicUpdate
from application.open311.told import sentence_of, status_of
from interfaces.open311.answers import answer
from interfaces.open311.calls import Call
from interfaces.open311.cases import MOST_PAGES, window
from interfaces.open311.formats import Each, Node, moment


async def updates(call: Call) -> Response:
    """The oldest first, so that who takes them in order ends where the case is."""
    arguments = call.arguments
    area = await call.open311.area_of(arguments.text("jurisdiction_id"))
    since, until = window(arguments, call.services.clock())
    size, page = arguments.whole("page_size", MOST, MOST), arguments.whole("page", 1, MOST_PAGES)
    arguments.check()
    found = await call.open311.cases.updates(since, until, area=area, limit=size, offset=(page - 1) * size)
    return answer(call.request, "service_request_updates", Each("request_update", [_shown(one) for one in found]))


def _shown(one: PublicUpdate) -> Node:
    return {
        "update_id": one.id, "service_request_id": str(one.request),
        "status": status_of(one), "updated_datetime": moment(one.recorded_at), "description": sentence_of(one),
        "media_url": None,
    }  # fmt: skip
