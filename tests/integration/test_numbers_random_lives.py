"""Numbers of lives by chance, beside the slow count from their events: now, as known then, and after a rebuild.

`NUMBERS_SCALE` in the environment makes it more lives.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

import psycopg
import pytest

from tests import numbers_town
from tests.numbers_town import MARCH, asked_by, facts_apart, numbers_apart, replay
from tests.random_lives import RECORDED, random_lives, write_lives
from tests.spec import DISTRICT
from tests.statistics_oracle.asked import Asked
from tests.statistics_oracle.figures import NUMBERS
from tests.statistics_oracle.issue_life import STEPS as ISSUE_STEPS
from tests.statistics_oracle.told import Told, instant, known_by, newest

Lives = tuple[str, list[Told]]
TABLES = ("SELECT to_jsonb(h) - 'generation' FROM served_holding h ORDER BY log_id, case_id, nth",
          "SELECT to_jsonb(o) - 'generation' FROM served_outcome o ORDER BY log_id, case_id, kind, nth")  # fmt: skip


@pytest.fixture(scope="module")
def lives(module_database_url: str) -> Lives:
    """Some runs of cases, projected, and their events as the table has them."""
    write_lives(module_database_url, random_lives(numbers_town.some(25)))
    numbers_town.project(module_database_url, [DISTRICT])
    return module_database_url, numbers_town.events_of(module_database_url)


def some_positions(events: list[Told], how_many: int) -> list[int]:
    dice = Random(len(events))  # noqa: S311 - nothing secret hangs on it
    return [*dice.sample(range(1, len(events)), how_many), events[-1].position]


def due_instants(event: Told) -> list[datetime]:
    return [instant(event.facts[name]) for name in ("due", "case_due") if event.facts.get(name)]


def test_the_lives_come_through_all_that_moves_a_clock_or_a_figure(lives: Lives) -> None:
    _, events = lives
    by_lives = {*ISSUE_STEPS} - {"deadline_recalculated"}  # which takes a calendar of the registry
    assert by_lives <= {event.topic.removeprefix("issue.") for event in events}
    called_back = [event.facts["role"] for event in events if event.topic == "request.called_back"]
    assert called_back.count("requester") > 3
    assert called_back.count("verifier") > 3


def test_the_facts_as_known_at_any_position_are_those_of_an_honest_replay_up_to_it(lives: Lives) -> None:
    url, events = lives
    for position in some_positions(events, numbers_town.some(12)):
        bound = {DISTRICT: position}
        assert facts_apart(url, replay(events, bound), bound) == [], position


def test_all_numbers_in_every_grouping_and_their_lists_agree(lives: Lives) -> None:
    url, events = lives
    bound = {DISTRICT: events[-1].position}
    groupings = asked_by(("unit", "channel"), ("community", "period"), ("holder_kind", "stage"), cut="week")
    assert numbers_apart(url, replay(events, bound), bound, groupings, page=200) == []


def test_numbers_within_a_filter_and_an_area_agree(lives: Lives) -> None:
    url, events = lives
    bound = {DISTRICT: events[-1].position}
    soon = datetime.fromisoformat("2026-03-05T04:00:00+00:00")
    narrow = Asked(
        MARCH.start,
        MARCH.end,
        soon,
        by=("category", "grid"),
        street="150785001",
        community="150785001001",
        channel="patrol",
        soon_hours=300,
    )
    area = Asked(MARCH.start, MARCH.end, soon, by=("log",), unit="roads", areas=("150785001001", "150785002"))
    assert numbers_apart(url, replay(events, bound), bound, [narrow, area], page=7) == []


def test_numbers_as_known_at_a_position_are_those_of_a_replay_up_to_it(lives: Lives) -> None:
    url, events = lives
    for position in some_positions(events, numbers_town.some(1))[:-1]:
        bound = {DISTRICT: position}
        books = replay(events, bound)
        assert numbers_apart(url, books, bound, asked_by(("grid", "period")), page=200) == [], position


def test_periods_that_begin_and_end_at_the_very_instants_of_events_agree(lives: Lives) -> None:
    url, events = lives
    dice = Random(len(events))  # noqa: S311 - nothing secret hangs on it
    edges = sorted({event.at for event in events} | {at for event in events for at in due_instants(event)})
    sharp = ("time_held", "backlog", "on_time_handle", "overdue_open", "due_soon", "received", "handle_time")
    for _ in range(numbers_town.some(4)):
        (start, end), moment = sorted(dice.sample(edges, 2)), dice.choice(edges)
        bound = {DISTRICT: dice.choice([events[-1].position, dice.randint(1, events[-1].position)])}
        asked = [Asked(start, end, moment, by=by) for by in ((), ("unit", "period"))]
        books = replay(events, bound)
        assert numbers_apart(url, books, bound, asked, numbers=sharp, lists=False) == [], (start, end, moment, bound)


def test_a_moment_means_the_positions_recorded_by_then(lives: Lives) -> None:
    url, events = lives
    with psycopg.connect(url) as connection:
        for position in some_positions(events, 3)[:-1]:
            at = RECORDED + position * timedelta(minutes=1)
            for moment, known in ((at, position), (at - timedelta(microseconds=1), position - 1)):
                assert known_by(connection, moment) == {DISTRICT: known}
                asked = asked_by(("unit",), of=Asked(MARCH.start, MARCH.end, moment))
                answers = numbers_town.ask_as_of(url, moment, asked[0], ("on_time_handle", "reported", "backlog"))
                bound = {DISTRICT: known}
                assert answers == numbers_town.all_answers(url, bound, asked, ("on_time_handle", "reported", "backlog"))


def test_a_system_that_was_told_no_more_answers_the_same(lives: Lives, database_url: str) -> None:
    url, events = lives
    (position,) = some_positions(events, 1)[:-1]
    numbers_town.copy_events(url, database_url, position)
    numbers_town.project(database_url, [DISTRICT], batch=200)
    bound = {DISTRICT: position}
    with psycopg.connect(database_url) as connection:
        assert newest(connection) == bound
    asked = asked_by(("unit", "period"), cut="day")
    then = numbers_town.all_answers(url, bound, asked, NUMBERS)
    assert numbers_town.all_answers(database_url, bound, asked, NUMBERS) == then


def test_every_second_of_an_open_case_has_exactly_one_holder(lives: Lives) -> None:
    url, events = lives
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT case_id::text, started_at, ended_at FROM served_holding ORDER BY case_id, nth"
        ).fetchall()
    spans: dict[str, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    for case, started, ended in rows:
        spans[case].append((started, ended))
    books = replay(events, {DISTRICT: events[-1].position})
    assert {*spans} == {life.id for life in books.lives}
    for case, held in spans.items():
        over = numbers_town.over_and_open_again([event for event in events if event.stream == case])
        gaps = [(ended, started) for (_, ended), (started, _) in pairwise(held) if ended != started]
        assert gaps == over[: len(gaps)], case
        assert (held[-1][1] is None) == (len(over) == len(gaps)), case


def test_time_held_summed_over_holders_is_the_time_cases_were_open(lives: Lives) -> None:
    url, events = lives
    bound = {DISTRICT: events[-1].position}
    (answer,) = numbers_town.all_answers(url, bound, asked_by(("holder_kind", "unit")), ("time_held",))
    total = timedelta()
    for case in {event.stream for event in events}:
        own = [event for event in events if event.stream == case]
        closings = [*numbers_town.over_and_open_again(own), (None, None)]
        begun = own[0].at
        for ended, again in closings:
            total += max(min(ended or MARCH.end, MARCH.end) - begun, timedelta())
            if again is None:
                break
            begun = again
    assert sum(group.numerator for group in answer.groups.values()) == pytest.approx(total.total_seconds(), abs=1e-3)
    assert answer.pooled.numerator == pytest.approx(total.total_seconds(), abs=1e-3)


def test_a_rebuild_leaves_every_fact_and_every_number_as_it_was(lives: Lives) -> None:
    url, events = lives
    bound = {DISTRICT: events[-1].position // 2}
    asked = asked_by(("unit", "channel"), ("community", "period"), ("holder_kind", "stage"), cut="week")

    def all_of_it() -> list[object]:
        with psycopg.connect(url) as connection:
            tables = [connection.execute(table).fetchall() for table in TABLES]
        latest = {DISTRICT: events[-1].position}
        return [*tables, *(numbers_town.all_answers(url, known, asked, NUMBERS) for known in (bound, latest))]

    before = all_of_it()
    numbers_town.rebuild(url, [DISTRICT])
    assert all_of_it() == before
