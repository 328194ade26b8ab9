"""Comparing 比对: rows that are not what the events say are named, and nothing that is served changes."""

from __future__ import annotations

import re

import pytest

from infrastructure.projections.comparing import QUERY, Compared, Comparing
from infrastructure.projections.projection import PROJECTIONS
from infrastructure.projections.projector import Projector
from tests import town
from tests.projecting import ask, shown, with_projector
from tests.random_lives import random_lives, write_lives

CHANGES = {
    "issue_board": "UPDATE issue_board SET returns = returns + 1 WHERE number = (SELECT min(number) FROM issue_board)",
    "request_board": "DELETE FROM request_board WHERE number = (SELECT min(number) FROM request_board)",
    "timeline": "UPDATE timeline SET by = 'another' WHERE position = 3",
    "outcome": "UPDATE outcome SET at = at + interval '1 day' WHERE kind = 'assigned' AND nth = 1",
    "holding": "DELETE FROM holding WHERE nth = 1",
}


def compared(url: str) -> dict[str, Compared]:
    found: dict[str, Compared] = {}

    async def run(one: Projector) -> None:
        found.update({told.projection: told for told in await Comparing(one).run(town.DISTRICT)})

    with_projector(url, run)
    return found


def test_every_read_model_is_compared() -> None:
    assert set(re.findall(r"%\(projection\)s = '(\w+)'", QUERY["odd"])) == {model.name for model in PROJECTIONS}


@pytest.mark.parametrize("table", CHANGES)
def test_a_row_that_is_not_what_the_events_say_is_named(database_url: str, table: str) -> None:
    newest = write_lives(database_url, random_lives(2, 40))
    whole = compared(database_url)
    assert {told.differing for told in whole.values()} == {0}
    assert {told.position for told in whole.values()} == {newest}
    ask(database_url, CHANGES[table] + " RETURNING 1")
    served = shown(database_url)
    found = compared(database_url)
    wrong = {told.projection: told for told in found.values() if told.differing}
    assert {one.table for told in wrong.values() for one in told.odd} == {table}
    assert shown(database_url) == served
    assert ask(database_url, "SELECT DISTINCT state FROM projection_generation") == [("active",)]
