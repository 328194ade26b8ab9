"""Numbers as a client is told them over HTTP, and their cases page by page, beside the slow count from the events."""

from __future__ import annotations

from collections import Counter
from typing import Any

import httpx
import pytest

from application.services import Services
from tests import numbers_town
from tests.numbers_town import FROM, TO
from tests.random_lives import random_lives, write_lives
from tests.served import Served
from tests.spec import DISTRICT
from tests.statistics_oracle.asked import Asked
from tests.statistics_oracle.figures import Figure, Tally
from tests.statistics_oracle.life import Life
from tests.statistics_oracle.told import Told

PERIOD = {"start": FROM.isoformat(), "end": TO.isoformat()}
NUMBERS = ("response_rate", "satisfaction_rate", "on_time_handle", "on_time_close", "return_rate", "reported")


@pytest.fixture(scope="module")
def events(served: Served, module_database_url: str) -> list[Told]:
    """Lives by chance in the log of the served district, seen by its boards."""
    position = write_lives(module_database_url, random_lives(numbers_town.some(15)))

    async def seen(services: Services) -> None:
        await services.reach(DISTRICT, position, within_seconds=60)

    served.run(seen)
    return numbers_town.events_of(module_database_url)


def lives_of(events: list[Told], upto: int) -> list[Life]:
    return numbers_town.replay(events, {DISTRICT: upto}).lives


def get(client: httpx.Client, path: str, **asked: Any) -> Any:
    answer = client.get(path, params=PERIOD | asked)
    assert answer.is_success, answer.text
    return answer.json()


def figures_of(one: dict[str, Any]) -> tuple[float, int | None, int]:
    return one["numerator"], one["denominator"], one["excluded"]


def counted(one: Figure, number: str) -> tuple[float, int | None, int]:
    return float(one.numerator), None if number == "reported" else one.denominator, one.excluded


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_then_and_now_is_what_was_counted(served: Served, events: list[Told], number: str) -> None:
    client, half, latest = served.client("supervisor"), events[len(events) // 2], events[-1]
    asked = {"by": "unit", "then": "channel", "as_of": f"{DISTRICT}:{half.position}", "compare": "now"}
    answer = get(client, f"/stats/numbers/{number}", **asked)
    present = max(latest.recorded_at, TO)
    for told, event, moment in ((answer, half, half.recorded_at), (answer["as_known_now"], latest, present)):
        known = Tally(number, Asked(FROM, TO, moment, by=("unit", "channel"))).tell(lives_of(events, event.position))
        shown = {(one["key"], one["then_key"]): figures_of(one) for one in told["groups"]}
        assert shown == {key: counted(one, number) for key, one in known.groups.items()}
        assert figures_of(told["pooled"]) == counted(known.pooled(), number)
        share = known.pooled().share if number != "reported" else known.pooled().numerator
        assert told["pooled"]["value"] == (None if share is None else pytest.approx(float(share)))
        assert told["pooled"]["no_data"] == (share is None)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_cases_behind_a_number_are_those_counted(served: Served, events: list[Told], number: str) -> None:
    client, latest = served.client("supervisor"), events[-1]
    asked = Asked(FROM, TO, max(latest.recorded_at, TO), by=("unit",))
    known = Tally(number, asked).tell(lives_of(events, latest.position))
    key = max(known.groups, key=lambda one: len(known.groups[one].counted))
    for part, cases in (("numerator", known.groups[key].counted), ("denominator", known.groups[key].over)):
        if number != "reported" or part == "numerator":
            assert listed(client, number, part=part, by="unit", key=key[0]) == Counter(cases)


def listed(client: httpx.Client, number: str, **asked: str) -> Counter[str]:
    found, cursor = Counter[str](), dict[str, str]()
    while True:
        page = get(client, f"/stats/numbers/{number}/cases", limit="9", **asked, **cursor)
        found.update(one["case_id"] for one in page["items"])
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}
