"""Facts of the demonstration's district: every case of it is somebody's for every second, and the board agrees."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from application.demonstration.load import load_demonstration
from domain.stages import OPEN_ISSUE, OPEN_REQUEST
from interfaces.wiring import Settings, open_house
from tests.projecting import ask

WEDNESDAY = datetime(2026, 3, 18, 7, 20, tzinfo=UTC)
OPEN = sorted(OPEN_ISSUE | OPEN_REQUEST)
CASES = """WITH cases AS (SELECT log_id, id, stage, exempt, reported_at AS began_at FROM served_issue
                          UNION ALL SELECT log_id, id, stage, exempt, received_at FROM served_request)"""


@pytest.fixture(scope="module")
def district(module_database_url: str) -> str:
    """A database with the demonstration, projected."""

    async def load() -> None:
        async with open_house(Settings(database_url=module_database_url)) as house:
            await load_demonstration(house.services, WEDNESDAY)
            await house.projector.catch_up()

    asyncio.run(load())
    return module_database_url


def test_every_case_is_held_from_its_first_second_by_one_holder_at_a_time(district: str) -> None:
    from_the_first = """
        SELECT count(*), count(h.case_id) FROM cases c
          LEFT JOIN served_holding h
            ON h.log_id = c.log_id AND h.case_id = c.id AND h.nth = 1 AND h.started_at = c.began_at"""
    ((cases, held),) = ask(district, CASES + from_the_first)
    assert cases == held > 400
    beside_each_other = """
        SELECT count(*) FILTER (WHERE next_at < ended_at OR (ended_at IS NULL AND next_at IS NOT NULL)),
               count(*) FILTER (WHERE next_at > ended_at AND NOT over), count(*) FILTER (WHERE next_at > ended_at)
          FROM (SELECT h.ended_at, lead(h.started_at) OVER w AS next_at,
                       t.topic IN ('issue.closed', 'issue.merged_into') AS over
                  FROM served_holding h
                  LEFT JOIN served_timeline t ON t.log_id = h.log_id AND t.position = h.known_to
                WINDOW w AS (PARTITION BY h.log_id, h.case_id ORDER BY h.nth)) s"""
    ((overlaps, gaps, over_for_a_while),) = ask(district, beside_each_other)
    assert (overlaps, gaps) == (0, 0)
    assert over_for_a_while


def test_a_case_is_held_now_when_and_only_when_it_is_open_and_at_the_stage_it_stands_at(district: str) -> None:
    lasting = """
        SELECT c.id, c.stage, h.stage FROM cases c
          LEFT JOIN served_holding h ON h.log_id = c.log_id AND h.case_id = c.id AND h.ended_at IS NULL"""
    rows = ask(district, CASES + lasting)
    assert len({case for case, _, _ in rows}) == len(rows)
    assert [row for row in rows if row[2] != (row[1] if row[1] in OPEN else None)] == []


def test_the_seconds_held_are_the_seconds_between_first_and_last(district: str) -> None:
    """Of closed cases that never went round again nor rested merged: nothing lost, nothing counted twice."""
    whole = """SELECT b.id, extract(epoch FROM b.closed_at - b.reported_at)::bigint,
                       sum(extract(epoch FROM h.ended_at - h.started_at))::bigint
                  FROM served_issue b JOIN served_holding h ON h.log_id = b.log_id AND h.case_id = b.id
                 WHERE b.stage = 'closed' AND b.round = 1
                   AND NOT EXISTS (SELECT FROM served_outcome o WHERE o.case_id = b.id AND o.kind = 'merged')
                 GROUP BY b.id, b.closed_at, b.reported_at"""
    rows = ask(district, whole)
    assert len(rows) > 100
    assert [row for row in rows if row[1] != row[2]] == []


@pytest.mark.parametrize(
    ("of_facts", "of_the_board"),
    [
        ("kind = 'reported'", "SELECT count(*) FROM served_issue"),
        ("kind = 'received'", "SELECT count(*) FROM served_request"),
        ("kind = 'assigned'", "SELECT sum(assignments) FROM served_issue"),
        ("kind = 'assigned' AND value = 'again'", "SELECT sum(ping_pong) FROM served_issue"),
        ("kind = 'returned'", "SELECT sum(returns) FROM served_issue"),
        ("kind = 'extended'", "SELECT sum(extensions) FROM served_issue"),
        ("kind = 'suspended'", "SELECT sum(suspensions) FROM served_issue"),
        ("kind = 'escalated'", "SELECT sum(escalations) FROM served_issue"),
        ("kind IN ('rework', 'redo')", "SELECT sum(round - 1) FROM served_issue"),
        ("kind = 'voided'", "SELECT count(*) FROM served_issue WHERE stage = 'voided'"),
        ("kind = 'closed' AND case_kind = 'issue'", "SELECT count(*) FROM served_issue WHERE stage = 'closed'"),
        ("kind = 'closed' AND case_kind = 'request'", "SELECT count(*) FROM served_request WHERE stage = 'closed'"),
        ("kind = 'answered'", "SELECT count(*) FROM served_request WHERE stage = 'answered'"),
        ("kind = 'diverted'", "SELECT count(*) FROM served_request WHERE stage = 'diverted'"),
        ("kind = 'called_back' AND value = 'valid'", "SELECT count(*) FROM served_request WHERE call_back_valid"),
        ("kind = 'clock:handle' AND done_at IS NULL AND at < '2026-03-18 07:20Z'",
         "SELECT count(*) FROM served_issue WHERE overdue IS NULL AND due < '2026-03-18 07:20Z'"
         " AND stage NOT IN ('voided', 'merged') AND (stopped_at IS NULL OR due < stopped_at)"),
    ],
)  # fmt: skip
def test_outcomes_that_still_count_are_as_many_as_the_board_shows(
    district: str, of_facts: str, of_the_board: str
) -> None:
    still_counts = "SELECT count(*) FROM served_outcome WHERE known_to IS NULL AND {}".format
    ((told,),) = ask(district, still_counts(of_facts))
    ((shown,),) = ask(district, of_the_board)
    assert told == shown > 0


def test_an_exempt_case_is_exempt_in_all_its_facts_and_another_in_none(district: str) -> None:
    marked_of = """
        SELECT exempt, count(*), count(exempt_in) FROM served_outcome o
          JOIN cases c ON c.log_id = o.log_id AND c.id = o.case_id
         GROUP BY exempt ORDER BY exempt"""
    cases: list[Any] = ask(district, CASES + marked_of)
    assert [(exempt, marked == (facts if exempt else 0)) for exempt, facts, marked in cases] == [
        (False, True), (True, True),
    ]  # fmt: skip
