"""Calls about cases over HTTP, and a look at what the database holds after them: material of acceptance tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

import httpx
import psycopg
from psycopg.sql import SQL, Identifier

from application.services import Services
from domain.actor import Act, Role
from tests import town
from tests.served import Served

NINE = datetime(2026, 11, 2, 1, tzinfo=UTC)
"""A Monday morning in the town."""
WRITTEN = re.compile("event|request_answer|personal_detail")
CHINESE = re.compile("[\u4e00-\u9fff]")
ASKED: dict[str, Any] = {"kind": "help", "place": town.GRID, "category": town.LAMPS, "text": "路灯三天不亮"}
REPORTED: dict[str, Any] = {"grid": town.GRID, "category": town.LAMPS, "text": "路灯不亮"}


def at(minutes: float) -> str:
    """RFC 3339, so many minutes after nine."""
    return (NINE + timedelta(minutes=minutes)).isoformat()


def call(client: httpx.Client, path: str, version: int | None = None, key: str = "", **body: Any) -> httpx.Response:
    """A command, as a client sends it."""
    headers = {"If-Match": f'"{version}"'} if version is not None else {}
    return client.post(path, json=body, headers=headers | ({"Idempotency-Key": key} if key else {}))


def done(client: httpx.Client, path: str, version: int | None = None, key: str = "", **body: Any) -> dict[str, Any]:
    """The receipt of a command that succeeds."""
    answer = call(client, path, version, key, **body)
    assert answer.is_success, answer.text
    receipt: dict[str, Any] = answer.json()
    assert answer.headers["ETag"] == f'"{receipt["version"]}"'
    return receipt


def receive(served: Served, minutes: float = 0, **given: Any) -> str:
    """The path of a new request of a resident."""
    body = ASKED | given | {"happened_at": at(minutes)}
    return f"/requests/{done(served.client('receiver'), '/requests', **body)['id']}"


def hire_colleague(served: Served, code: str) -> None:
    """A second handler of the roads office: whoever asks does not endorse."""
    hire(served, code, "道路照明所承办岗二")


def hire(served: Served, code: str, name: str, *roles: Role) -> None:
    """Somebody of the roads office who can sign in, a handler unless `roles` say otherwise."""

    async def join(services: Services) -> None:
        await services.staff.join(
            Act(town.ADMIN, town.START), code=code, name=name, unit=town.ROADS, roles=list(roles) or [Role.HANDLER],
            areas=[town.DISTRICT],
        )  # fmt: skip
        await services.sign_in.register(code, code, password)

    password = token_urlsafe(16)
    served.run(join)
    served.passwords[code] = password


def report(served: Served, minutes: float = 0, **given: Any) -> str:
    """The path of a newly reported issue."""
    body = REPORTED | given | {"happened_at": at(minutes)}
    return f"/issues/{done(served.client('worker'), '/issues', **body)['id']}"


def dispatch(served: Served, request: str, version: int = 1, minutes: float = 10, **given: Any) -> str:
    """The path of the issue a dispatcher makes of a request and assigns at once; it is at version 4."""
    given = given | {"happened_at": at(minutes)}
    return f"/issues/{done(served.client('dispatcher'), f'{request}/dispatch', version, **given)['id']}"


def seen(client: httpx.Client, path: str, receipt: dict[str, Any]) -> Any:
    """What a path shows once the boards have reached a write."""
    answer = client.get(path, params={"wait": f"{receipt['log']}:{receipt['position']}"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem a refused call is answered with: stable for machines, Chinese for people."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"])
    problem: dict[str, Any] = answer.json()
    assert (problem["type"], problem["status"]) == (f"urn:wangge:problem:{code}", status)
    assert CHINESE.search(problem["title"])
    assert CHINESE.search(problem["detail"])
    return problem


def rows(served: Served) -> dict[str, int]:
    """How many rows each table holds that only writes may touch."""
    with psycopg.connect(served.house.settings.database_url or "") as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        written = sorted(name for (name,) in found if WRITTEN.fullmatch(name))
        assert {"personal_detail", "request_answer"} < set(written)
        counted = {}
        for table in written:
            row = connection.execute(SQL("SELECT count(*) FROM {}").format(Identifier(table))).fetchone()
            counted[table] = row[0] if row else 0
    return counted


def events_of(served: Served, path: str) -> list[str]:
    """The topics in the stream of a case, oldest first, straight from the log."""
    case = UUID(path.rpartition("/")[2])
    read = served.run(lambda services: services.logs.holding(case).read(0, 1_000_000))
    return [type(one.event).TOPIC for one in read if one.event.originator_id == case]


@contextmanager
def nothing_written(served: Served) -> Iterator[None]:
    """Whatever is called in here leaves no event, no key and no word behind."""
    before = rows(served)
    yield
    assert rows(served) == before
