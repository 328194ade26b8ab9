"""Calls to the feed and to webhooks over HTTP: material of acceptance tests."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from itertools import count
from typing import Any

import httpx
import pytest

from domain.actor import Act, Role
from tests import town
from tests.case_calls import call
from tests.receiver import Receiver, receiving
from tests.served import Served

NUMBERS = count(1)
LOG = town.DISTRICT


def end_of(client: httpx.Client) -> int:
    """Where the log ends now."""
    return int(page_of(client, limit=1)["newest"])


def page_of(client: httpx.Client, **params: Any) -> dict[str, Any]:
    answer = client.get("/feed", params={"log": LOG} | params)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


def everything(client: httpx.Client, after: int = 0, limit: int = 100, **params: Any) -> list[dict[str, Any]]:
    """All pages, one after another, until the end of the log."""
    found: list[dict[str, Any]] = []
    while True:
        page = page_of(client, after=after, limit=limit, **params)
        found += page["items"]
        after = page["next"]
        if page["at_head"]:
            return found


def hire(served: Served, code: str, areas: list[str], role: str = "supervisor") -> None:
    """Somebody of a role in some area."""

    async def join(services: Any) -> None:
        act = Act(town.ADMIN, town.START)
        await services.staff.join(act, code=code, name="另一岗", unit=town.ROADS, roles=[Role(role)], areas=areas)
        await services.sign_in.register(code, code, served.passwords[code])

    served.passwords[code] = secrets.token_urlsafe(16)
    served.run(join)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


class Hook:
    """A webhook as its administrator handles it."""

    def __init__(self, served: Served, receiver: Receiver, **given: Any) -> None:
        self.admin, self.code = served.client("admin"), f"hook-{next(NUMBERS)}"
        self.order = {"code": self.code, "name": "数据平台", "url": receiver.url, "logs": [LOG], **given}
        answer = call(self.admin, "/feed/webhooks", **self.order)
        assert answer.status_code == 201, answer.text
        self.secret: str = answer.json()["secret"]
        self.path = f"/feed/webhooks/{self.code}"

    def seen(self) -> dict[str, Any]:
        state: dict[str, Any] = self.admin.get(self.path).raise_for_status().json()
        return state

    def do(self, step: str, **body: Any) -> httpx.Response:
        return call(self.admin, f"{self.path}/{step}", self.seen()["version"], **body).raise_for_status()

    def standing(self) -> dict[str, Any]:
        (only,) = self.seen()["standings"]
        return dict(only)

    def parked(self) -> list[dict[str, Any]]:
        found = self.admin.get(f"{self.path}/deliveries", params={"state": "parked"}).raise_for_status().json()
        return list(found["items"])


@pytest.fixture
def hook(served: Served, receiver: Receiver) -> Iterator[Hook]:
    one = Hook(served, receiver)
    yield one
    if not one.seen()["ended"]:
        one.do("end")
