"""Numbers of what residents really wrote, imported and carried through to the call-back, beside the slow count."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from application.command import Command, deed
from application.importing.message_rows import open_messages
from application.importing.message_saving import ImportOrder
from application.importing.messages import ImportingMessages
from application.ports import Receipt
from application.services import Services
from domain.grid_issue import GridIssue
from domain.vocabulary import Satisfaction, Solved
from interfaces.wiring import Settings, open_house
from tests import numbers_town, town
from tests.numbers_town import asked_by, facts_apart, numbers_apart, replay
from tests.statistics_oracle.asked import Asked
from tests.statistics_oracle.told import Told, newest

YEARS = Asked(
    datetime(2015, 6, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC), cut="month"
)
SOLVED = [Solved.SOLVED, Solved.SOLVED, Solved.PARTLY, Solved.UNSOLVED, Solved.SOLVED]
CONTENT = [Satisfaction.SATISFIED, Satisfaction.BASICALLY, Satisfaction.DISSATISFIED, Satisfaction.UNRATED]
Imported = tuple[str, list[Told], dict[str, int]]


@pytest.fixture(scope="module")
def imported(module_database_url: str, shared_data: Path) -> Imported:
    """The first messages of the file, each opened as an issue and brought to its call-back."""
    with gzip.open(shared_data / "cn_messages_2019.csv.gz", "rt", encoding="utf-8-sig") as file:
        head = "".join(islice(file, numbers_town.some(120) + 1))

    async def run() -> None:
        async with open_house(Settings(database_url=module_database_url)) as house:
            services = house.services
            await town.build(services)
            await services.registry.refresh()
            with open_messages(StringIO(head, newline="")) as file:
                order = ImportOrder(services.registry.actor("admin"), "ask-2019", town.STREET)
                await ImportingMessages(services.requests, services.clock).run(file, order)
            waiting = list(enumerate(received(module_database_url)))
            await asyncio.gather(*(carry(services, waiting) for _ in range(8)))
            await house.projector.catch_up()

    asyncio.run(run())
    with psycopg.connect(module_database_url) as connection:
        return module_database_url, numbers_town.events_of(module_database_url), newest(connection)


def received(url: str) -> list[tuple[UUID, datetime]]:
    return [(UUID(one.stream), one.at) for one in numbers_town.events_of(url) if one.topic == "request.received"]


async def carry(services: Services, waiting: list[tuple[int, tuple[UUID, datetime]]]) -> None:
    """Requests one after the other, as long as some wait."""
    while waiting:
        number, (request, at) = waiting.pop()
        await _carry(services, number, request, at)


async def _carry(services: Services, number: int, request: UUID, begun: datetime) -> None:
    lead, handler = ((town.ROADS, "roads"), (town.WATER, "water"))[number % 2]
    late, minute, day = timedelta(days=9 if number % 6 == 0 else 0), timedelta(minutes=1), timedelta(days=1)

    def by(staff: str, after: timedelta) -> Command:
        return Command(deed(services.registry.actor(staff), now=services.clock(), happened_at=begun + after))

    async def change(staff: str, after: timedelta, decide: Callable[[GridIssue, Any], None]) -> Receipt:
        command = by(staff, after)
        return await services.cases.change(GridIssue, issue, command, lambda one: decide(one, command.act))

    requests, issues = services.requests, services.issues
    category = (town.LAMPS, town.NOISE)[number % 3 == 0]
    issue = (await requests.open_issue(request, by("receiver", minute), grid=town.GRID, category=category)).id
    steps: list[Callable[[], Awaitable[Receipt]]] = [
        lambda: issues.file(issue, by("receiver", 2 * minute), category=None),
        lambda: issues.assign(issue, by("dispatcher", 3 * minute), lead=lead),
        lambda: change(handler, 9 * minute, lambda one, act: one.accept(act)),
        lambda: requests.contact(request, by(handler, 20 * minute), reached=True),
        lambda: change(handler, day + late, lambda one, act: one.resolve(act, measure="已到场处置")),
        lambda: requests.feed_back(request, by(handler, day + late + minute), reply="已办理"),
        lambda: change("verifier", day + late + 2 * minute, lambda one, act: one.check(act, passed=True)),
    ]
    if number % 13:
        steps.append(lambda: change("receiver", day + late + 3 * minute, lambda one, act: one.close(act)))
    said: dict[str, Any] = {"valid": number % 11 != 0}
    if said["valid"]:
        said |= {"contacted": number % 8 != 0, "solved": SOLVED[number % 5], "satisfaction": CONTENT[number % 4]}
    steps.append(lambda: requests.call_back(request, by("verifier", 20 * day), **said))
    if said["valid"] and CONTENT[number % 4] is Satisfaction.DISSATISFIED:
        steps.append(lambda: requests.order_redo(request, by("verifier", 21 * day)))
    for step in steps:
        await step()


def test_the_facts_of_real_messages_are_those_of_an_honest_replay(imported: Imported) -> None:
    url, events, latest = imported
    for share in (1.0, 0.7, 0.2):
        bound = {log: int(upto * share) for log, upto in latest.items()}
        assert facts_apart(url, replay(events, bound), bound) == []


def test_the_numbers_of_real_messages_agree_with_the_count(imported: Imported) -> None:
    url, events, latest = imported
    groupings = asked_by(("unit", "category"), ("period",), of=YEARS)
    assert numbers_apart(url, replay(events, latest), latest, groupings, page=200) == []
