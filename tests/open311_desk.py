"""What tests of Open311 share: a key, calls in both formats, and the official schemas told in our own words."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx
import jsonschema_rs
from defusedxml import ElementTree

from application.open311.keys import ApiKey
from application.services import Services
from tests import town
from tests.served import Served

TEXT, MAYBE = {"type": "string"}, {"type": ["string", "null"]}
WHEN = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$"}
MAYBE_WHEN = {"anyOf": [WHEN, {"type": "null"}]}
NUMBER = {"type": ["number", "null"]}


def rows_of(required: str, **fields: Any) -> dict[str, Any]:
    """A bare array of objects that have these fields, all of them, and no other."""
    row = {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
    assert set(required.split()) <= set(fields)
    return {"type": "array", "items": row}


SERVICES = rows_of(
    "service_code service_name type", service_code=TEXT, service_name=TEXT, description=MAYBE,
    metadata={"type": "boolean"}, type={"enum": ["realtime", "batch", "blackbox"]}, keywords=TEXT, group=TEXT,
)  # fmt: skip
REQUESTS = rows_of(
    "service_request_id status service_code requested_datetime", service_request_id=TEXT,
    status={"enum": ["open", "closed"]}, status_notes=MAYBE, service_name=TEXT, service_code=TEXT,
    description={"type": ["string", "null"], "maxLength": 4000}, agency_responsible=MAYBE, service_notice=MAYBE,
    requested_datetime=WHEN, updated_datetime=MAYBE_WHEN, expected_datetime=MAYBE_WHEN, address=MAYBE, address_id=MAYBE,
    zipcode=MAYBE, lat=NUMBER, long=NUMBER, media_url=MAYBE,
)  # fmt: skip
ERRORS = rows_of("code description", code={"type": "integer"}, description=TEXT)
TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}


@dataclass(frozen=True)
class Sender:
    """Somebody with a key."""

    served: Served
    key: str

    def post(self, format: str = "json", *, files: Any = None, headers: Any = None, **form: Any) -> httpx.Response:
        """Send a report in; what is given replaces what a plain one says."""
        plain = {"api_key": self.key, "service_code": town.LAMPS, "lat": "50.785", "long": "121.505"}
        sent = {name: value for name, value in (plain | form).items() if value is not None}
        url = root(self.served) + f"requests.{format}"
        return anybody(self.served).post(url, data=sent, files=files, headers=headers)

    def posted(self, **form: Any) -> str:
        """The id of a report that was taken."""
        answer = self.post(**form)
        assert answer.status_code == 200, answer.text
        return on_board(self.served, answer.json()[0]["service_request_id"])


def on_board(served: Served, request: str) -> str:
    """The id of a request, by its path or id, as soon as staff can read it: what is hidden then is hidden."""
    id = request.rpartition("/")[2]
    while served.client("receiver").get(f"/requests/{id}").status_code != 200:  # the suite's time runs out at worst
        time.sleep(0.05)
    return id


def anybody(served: Served) -> httpx.Client:
    """A client that has signed in as nobody. It ends with the server."""
    return served.clients.setdefault("", served.clients.get("") or httpx.Client(timeout=30))


def root(served: Served) -> str:
    return f"{served.url}/open311/v2/"


def sender(served: Served, code: str, **given: Any) -> Sender:
    """A sender with a new key for the district."""
    facts: dict[str, Any] = {"code": code, "name": "测试客户端", "area": town.DISTRICT, "per_minute": 6000} | given

    async def add(services: Services) -> tuple[ApiKey, str]:
        return await services.open311.keys.add(**facts)

    return Sender(served, served.run(add)[1])


def get(served: Served, path: str, **arguments: Any) -> httpx.Response:
    """One call, checked for what every answer has."""
    answer = anybody(served).get(root(served) + path, params=arguments or None)
    ending = path.partition("?")[0].rpartition(".")[2]
    assert answer.headers["Content-Type"] == TYPES.get(ending, TYPES["xml"])
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    if ending != "json":
        assert answer.text.startswith('<?xml version="1.0" encoding="utf-8"?>\n')
        ElementTree.fromstring(answer.content)
    return answer


def rows(served: Served, path: str, **arguments: Any) -> list[dict[str, Any]]:
    """The rows of a JSON answer."""
    answer = get(served, path, **arguments)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def fits(schema: dict[str, Any], document: Any) -> None:
    """Fails unless a document is as its schema says."""
    partial(jsonschema_rs.Draft202012Validator(schema).validate, document)()
