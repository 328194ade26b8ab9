"""As known when: a moment is a position of each log, and only the generation that is served counts."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from application.statistics.answers import Answer
from application.statistics.bound import AsOf
from application.statistics.filter import Dimension, Filter
from domain.actor import Actor, Role
from domain.statistics.number import Part
from domain.statistics.refusals import BadMoment
from tests import fact_rows, town
from tests.fact_rows import Holding, Outcome
from tests.statistics_desk import MARCH, NOW, SUPERVISOR, Desk, grouping

A_SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def desk(module_database_url: str) -> Desk:
    dice = random.Random(8)  # noqa: S311 - made-up facts, the same each time
    served: list[Outcome | Holding] = [*fact_rows.outcomes(dice, 600), *fact_rows.holdings(dice, 60)]
    beside = [replace(row, generation=2) for row in served]
    fact_rows.write(module_database_url, [*served, *beside])
    return Desk(module_database_url)


def asked(desk: Desk, number: str, as_of: AsOf = None, of: Filter = MARCH) -> Answer:
    bound = desk.bound(as_of)
    return desk.run(lambda statistics: desk.number(statistics, number, grouping(Dimension.STREET), bound, of))


@pytest.mark.parametrize("position", [0, 1, 2, 137, fact_rows.LAST - 1, fact_rows.LAST])
def test_a_moment_is_the_position_of_the_last_event_recorded_by_then(desk: Desk, position: int) -> None:
    at = fact_rows.recorded_at(position)
    assert desk.bound(at).positions == dict.fromkeys(fact_rows.LOGS, position)
    assert desk.bound(min(at + A_SECOND, NOW)).positions == dict.fromkeys(fact_rows.LOGS, position)
    if position:
        assert desk.bound(at - A_SECOND).positions == dict.fromkeys(fact_rows.LOGS, position - 1)


def test_a_position_of_one_log_is_a_moment_for_the_others(desk: Desk) -> None:
    bound = desk.bound({town.DISTRICT: 137})
    assert bound.moment == fact_rows.recorded_at(137)
    assert bound.positions == {town.DISTRICT: 137, town.CITY: 137}


def test_what_has_not_happened_yet_is_no_moment(desk: Desk) -> None:
    with pytest.raises(BadMoment):
        desk.bound(NOW + A_SECOND)
    with pytest.raises(BadMoment):
        desk.bound({town.DISTRICT: fact_rows.LAST + 1})


@pytest.mark.parametrize(
    "number", ["reported", "response_rate", "handle_time", "time_held", "backlog", "on_time_handle"]
)
def test_the_last_position_knows_what_is_known_now(desk: Desk, number: str) -> None:
    now, then = asked(desk, number), asked(desk, number, dict.fromkeys(fact_rows.LOGS, fact_rows.LAST))
    assert (now.groups, now.pooled) == (then.groups, then.pooled)
    assert now.groups


def test_a_generation_that_is_not_served_counts_nothing(desk: Desk) -> None:
    bound = desk.bound()
    cases = desk.run(lambda one: desk.cases(one, "reported", grouping(), bound, Part.NUMERATOR))
    assert len({one.case_id for one in cases}) == len(cases) == asked(desk, "reported").pooled.value


def test_a_log_alone_may_be_asked(desk: Desk) -> None:
    parts = [asked(desk, "reported", of=replace(MARCH, logs=(log,))).pooled.value or 0 for log in fact_rows.LOGS]
    assert min(parts) > 0
    assert sum(parts) == asked(desk, "reported").pooled.value


def test_a_mere_handler_counts_what_their_units_lead(desk: Desk) -> None:
    handler = Actor("roads", frozenset({Role.HANDLER}), town.ROADS, (town.CITY,))
    of_roads = asked(desk, "closed", of=replace(MARCH, unit=town.ROADS)).pooled.value
    assert asked(desk.as_(handler), "closed").pooled.value == of_roads
    assert asked(desk.as_(replace(handler, roles=SUPERVISOR.roles)), "closed").pooled.value != of_roads


def test_who_covers_one_street_counts_that_street(desk: Desk) -> None:
    street = replace(SUPERVISOR, areas=(town.OTHER_STREET,))
    assert [group.key for group in asked(desk.as_(street), "reported").groups] == [town.OTHER_STREET]
