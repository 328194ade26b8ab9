"""A page for every case: whatever has happened in a district's three weeks, every role that may see it can read it."""

from __future__ import annotations

import asyncio
import secrets
from http import HTTPStatus
from pathlib import Path

import httpx

from application.demonstration.load import DEMO_STAFF, load_demonstration
from application.services import Services
from application.views import Question
from domain.actor import Role
from interfaces.http.app import create_app
from interfaces.wiring import House, Settings, now, open_house
from tests.served import _around as around

SMALL = 0.1
DESKS = {Role.DISPATCHER: "/desk", Role.RECEIVER: "/desk", Role.VERIFIER: "/calls"}


def test_every_case_of_a_district_has_its_page(module_database_url: str, tmp_path: Path) -> None:
    async def look() -> dict[str, int]:
        settings = Settings(database_url=module_database_url, data_dir=tmp_path, timer_seconds=0)
        async with open_house(settings) as house:
            await load_demonstration(house.services, now(), scale=SMALL)
            await house.projector.catch_up()
            return {role.label: await looked_at(house, role) for role in Role}

    seen = asyncio.run(look())
    assert min(seen[role.label] for role in (Role.DISPATCHER, Role.SUPERVISOR, Role.AUDITOR)) > 40, seen


async def looked_at(house: House, role: Role) -> int:
    """How many pages somebody of a role has read, each of them whole."""
    app, services = create_app(around(house)), house.services
    app.state.services = services
    staff = DEMO_STAFF[role.label]
    chosen = secrets.token_urlsafe(16)
    await services.sign_in.register(staff, staff, chosen)
    paths = [*await cases(services, staff), *([DESKS[role]] if role in DESKS else [])]
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://town") as client:
        await client.post("/login", data={"login": staff, "password": chosen})
        for path in paths:
            answer = await client.get(path)
            assert answer.status_code == HTTPStatus.OK, f"{role.label} {path}: {answer.text[-800:]}"
            assert "</html>" in answer.text
    return len(paths)


async def cases(services: Services, staff: str) -> list[str]:
    """The pages of all cases somebody may see."""
    actor, at = services.registry.actor(staff), services.clock()
    issues = await services.boards.issues(actor, Question(limit=200), at)
    requests = await services.boards.requests(actor, Question(limit=200), at)
    found = [f"/issues/{one.id}" for one in issues] + [f"/requests/{one.id}" for one in requests]
    if actor.roles & DESKS.keys() - {Role.VERIFIER}:
        found += [f"/desk{path}" for path in found]
    if Role.VERIFIER in actor.roles:
        found += [f"/calls/{one.id}" for one in requests]
    return found
