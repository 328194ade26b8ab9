"""Numbers of the demonstration district beside the slow count from its events, as known at any position."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from random import Random

import psycopg
import pytest

from application.demonstration.load import load_demonstration
from interfaces.wiring import Settings, open_house
from tests import numbers_town
from tests.numbers_town import asked_by, facts_apart, numbers_apart, replay
from tests.statistics_oracle.asked import Asked
from tests.statistics_oracle.told import Told, newest

WEDNESDAY = datetime(2026, 3, 18, 7, 20, tzinfo=UTC)
WEEKS = Asked(datetime(2026, 2, 18, 16, tzinfo=UTC), datetime(2026, 3, 18, 16, tzinfo=UTC), WEDNESDAY)
District = tuple[str, list[Told], dict[str, int]]


@pytest.fixture(scope="module")
def district(module_database_url: str) -> District:
    """The three weeks with their boards and facts, their events, and how far each log goes."""

    async def load() -> None:
        async with open_house(Settings(database_url=module_database_url)) as house:
            await load_demonstration(house.services, WEDNESDAY, scale=min(1.0, 0.15 * numbers_town.SCALE))
            await house.projector.catch_up()

    asyncio.run(load())
    with psycopg.connect(module_database_url) as connection:
        return module_database_url, numbers_town.events_of(module_database_url), newest(connection)


def test_the_facts_of_the_demonstration_are_those_of_an_honest_replay(district: District) -> None:
    url, events, latest = district
    dice = Random(len(events))  # noqa: S311 - nothing secret hangs on it
    bounds = [latest, *({log: dice.randint(1, upto) for log, upto in latest.items()} for _ in range(5))]
    for bound in bounds:
        assert facts_apart(url, replay(events, bound), bound) == [], bound


def test_the_numbers_of_the_demonstration_agree_noon_to_noon_and_from_the_19th(district: District) -> None:
    url, events, latest = district
    daily = asked_by(("street", "period"), of=WEEKS, cut="day", hour=12)
    monthly = asked_by(("period", "unit"), of=WEEKS, cut="month", first_day=19, without=frozenset({"web"}))
    assert numbers_apart(url, replay(events, latest), latest, [*daily, *monthly], page=200) == []


def test_half_of_the_demonstration_was_known_half_way(district: District) -> None:
    url, events, latest = district
    half = {log: upto // 2 for log, upto in latest.items()}
    assert numbers_apart(url, replay(events, half), half, asked_by(("category",), of=WEEKS), page=200) == []
