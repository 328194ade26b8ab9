"""Discovery, services and their definitions: what may be asked for here, and where."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.responses import Response

from application.open311.offered import CONDITION, Offered
from domain.registry.case_type_key import CaseTypeKey
from domain.registry.entry import civil_day
from interfaces.open311.answers import answer
from interfaces.open311.calls import Call
from interfaces.open311.formats import Each, Format, Node, moment

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
SHAPED_AT = datetime(2026, 11, 1, tzinfo=UTC)
"""When the shape of what is answered here last changed."""


async def discovery(call: Call) -> Response:
    """Where the endpoint is and what it speaks."""
    about = call.open311.about
    changed = moment(call.open311.services.changed_at(SHAPED_AT))
    here = call.request.url
    endpoint: Node = {
        "specification": SPECIFICATION,
        "url": str(here.replace(path=here.path.rpartition("/")[0], query="")),
        "changeset": changed,
        "type": about.type,
        "formats": Each("format", [one.media_type.partition(";")[0] for one in Format]),
    }
    document: Node = {
        "changeset": changed, "contact": about.contact, "key_service": about.key_service,
        "endpoints": Each("endpoint", [endpoint]),
    }  # fmt: skip
    return answer(call.request, "discovery", document)


async def services(call: Call) -> Response:
    """All services of today."""
    await call.open311.area_of(call.arguments.text("jurisdiction_id"))
    call.arguments.check()
    offered = call.open311.services.on(civil_day(call.services.clock()))
    return answer(call.request, "services", Each("service", [_service(one) for one in offered]))


async def definition(call: Call) -> Response:
    """The questions of one service; none where it has one filing condition."""
    await call.open311.area_of(call.arguments.text("jurisdiction_id"))
    call.arguments.check()
    offered = call.open311.services.one(call.named, civil_day(call.services.clock()))
    questions = [_question(offered)] if offered.asks else []
    return answer(
        call.request, "service_definition",
        {"service_code": offered.code, "attributes": Each("attribute", questions)},
    )  # fmt: skip


def choice(category: str) -> str:
    """How the answer to the question names a filing condition: by its number."""
    return str(CaseTypeKey.parse(category).condition_no)


def _service(one: Offered) -> Node:
    return {
        "service_code": one.code, "service_name": one.name, "description": one.description, "metadata": one.asks,
        "type": "realtime", "keywords": ",".join(one.keywords), "group": one.class_name,
    }  # fmt: skip


def _question(one: Offered) -> Node:
    values: list[Node] = [{"key": choice(each.code), "name": each.condition} for each in one.conditions]
    return {
        "variable": True, "code": CONDITION, "datatype": "singlevaluelist", "required": True,
        "datatype_description": "请选择最接近的一种情形", "order": 1, "description": "属于哪种情形？",
        "values": Each("value", values),
    }  # fmt: skip
