"""How long pages take at the server over a base of `wangge bench`: each as its user asks for it, on the last day."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from time import perf_counter

import httpx
from fastapi import FastAPI

from application.services import Services
from application.synthetic.arrivals import END
from application.synthetic.measuring import Pace, pace
from application.synthetic.town import CITY, DISTRICTS, district, unit_code
from application.views import Question
from domain.actor import Act, Actor, Role
from domain.refusals import NoSuchEntry
from domain.registry.staff import Staff
from interfaces.http.app import create_app
from interfaces.http.session import COOKIE
from interfaces.wiring import House

R = Role
_CENTRE = unit_code(DISTRICTS[0], "zx")
_SEES_ALL = {role: f"measuring-{role.value}" for role in (R.SUPERVISOR, R.AUDITOR)}
_LAST_DAY = END - timedelta(hours=6)
PAGES: Sequence[tuple[str, Role, str]] = (
    ("网格员：待办与上报", R.WORKER, "/work"),
    ("承办人：待办", R.HANDLER, "/work"),
    ("派遣：工作台", R.DISPATCHER, "/desk"),
    ("派遣：一件诉求及其附近", R.DISPATCHER, "/desk/requests/{request}"),
    ("回访：工作台", R.VERIFIER, "/calls"),
    ("督查：看板，一个月", R.SUPERVISOR, "/board?on={day}"),
    ("督查：看板，一周，按单位", R.SUPERVISOR, "/board?on={day}&cut=week&by=unit"),
    ("督查：一个数的案件", R.SUPERVISOR, "/board/cases?on={day}&number=response_rate&part=denominator"),
    ("督查：一个事件", R.SUPERVISOR, "/issues/{issue}"),
    ("督查：一件诉求", R.SUPERVISOR, "/requests/{request}"),
    ("审计：首页", R.AUDITOR, "/audit"),
    ("审计：一个事件的放映", R.AUDITOR, "/audit/cases/{issue}"),
    ("审计：当时的台账", R.AUDITOR, "/audit/boards?log={log}"),
    ("审计：当时的指标", R.AUDITOR, "/audit/numbers?log={log}"),
)
"""What is measured: its name, who asks, its address."""


async def measure_pages(house: House, each: int) -> Mapping[str, Pace]:
    """Ask for every page `each` times, after two that do not count. Raises `RuntimeError` where one is refused."""
    services = replace(house.services, clock=lambda: _LAST_DAY)
    staff = await _staff(services)
    cases = await _cases(services, each + 2)
    found = {}
    async with _client(services) as client:
        for name, role, address in PAGES:
            token = (await services.sign_in.issue(staff[role])).token
            seconds = [await _ask(client, token, address.format(**case)) for case in cases]
            found[name] = pace(seconds[2:])
    return found


async def _ask(client: httpx.AsyncClient, token: str, address: str) -> float:
    began = perf_counter()
    answer = await client.get(address, headers={"Cookie": f"{COOKIE}=measuring.{token}"})
    seconds = perf_counter() - began
    if answer.status_code != httpx.codes.OK:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return seconds


@asynccontextmanager
async def _client(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield

    app = create_app(lifespan)
    app.state.services = services
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://measuring", timeout=60) as client:
        yield client


async def _staff(services: Services) -> dict[Role, str]:
    """Who asks: posts of the largest district, which has four cases in ten, and those who see the whole town."""
    town = district(DISTRICTS[0])
    act = Act(Actor("synthetic", frozenset({R.ADMIN}), "", (CITY,)), services.clock())
    for role, code in _SEES_ALL.items():
        try:
            services.registry.staff(code)
        except NoSuchEntry:
            await services.desk.register_many(
                [Staff.join(act, code=code, name=f"{role.label}岗", unit=_CENTRE, roles=[role.value], areas=[CITY])]
            )
    await services.registry.refresh()
    desks = {role: town.desk(role, Random(0)).id for role in (R.DISPATCHER, R.VERIFIER)}  # noqa: S311 - any of them
    handler = town.handler(town.department("hw"), 0).id
    return {**_SEES_ALL, **desks, R.WORKER: town.worker(town.grids[0]).id, R.HANDLER: handler}


async def _cases(services: Services, count: int) -> list[dict[str, str]]:
    """As many different cases of the largest district as there will be questions, the newest first."""
    who = Actor("measuring", frozenset({R.SUPERVISOR}), _CENTRE, (DISTRICTS[0],))
    now: datetime = services.clock()
    issues = await services.boards.issues(who, Question(limit=count), now)
    requests = await services.boards.requests(who, Question(limit=count), now)
    days = [f"2025-{nth % 12 + 1:02}-{nth // 12 % 28 + 1:02}" for nth in range(count)]
    return [
        {"issue": str(issue.id), "request": str(request.id), "log": issue.log_id, "day": day}
        for issue, request, day in zip(issues, requests, days, strict=False)
    ]
