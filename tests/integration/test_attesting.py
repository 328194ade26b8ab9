"""Attesting 查证: each kind of forgery is found at the event it concerns, and the others stay proven."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from psycopg_pool import AsyncConnectionPool

from application.proof.attesting import Attested, Attesting, Doubt, Verdict
from infrastructure.audit.stored_events import PostgresStoredEvents
from infrastructure.proof.sealed_logs import PostgresSealedLogs
from tests.sealed import LOG, ORIGIN, REHASH, Town

SIZE = 600
LOOKED_AT = (1, 256, 257, 411, SIZE)


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Town:
    """A log of 600 events, sealed at 300 and 600."""
    town = Town(database_url, tmp_path)
    town.write(SIZE)
    assert town.seal(most=300) is None
    return town


def attested(town: Town, *positions: int) -> dict[int, Attested]:
    async def look() -> Any:
        async with AsyncConnectionPool(town.url, min_size=1, max_size=2, open=False) as pool:
            events = [await PostgresStoredEvents(pool).at(LOG, one) for one in positions]
            attesting = Attesting(PostgresSealedLogs(pool, [LOG]), town.files, town.ring, ORIGIN)
            return await attesting.of(LOG, [event for event in events if event])

    return {one.position: one for one in asyncio.run(look())}


def doubts(town: Town) -> dict[int, Doubt | None]:
    return {position: one.doubt for position, one in attested(town, *LOOKED_AT).items()}


def test_what_is_as_it_was_sealed_is_proven_and_what_is_new_waits(town: Town) -> None:
    town.write(1)
    found = attested(town, *LOOKED_AT, SIZE + 1)
    assert [one.verdict for one in found.values()] == [Verdict.PROVEN] * 5 + [Verdict.WAITING]
    assert all(one.why == "" for one in found.values())
    town.seal()
    assert attested(town, SIZE + 1)[SIZE + 1].verdict is Verdict.PROVEN


def test_an_event_that_was_changed_is_found_and_no_other(town: Town) -> None:
    town.ask("UPDATE event SET actor_ref = 'another' WHERE log_id = %s AND position = %s", LOG, 411)
    assert doubts(town) == {1: None, 256: None, 257: None, 411: Doubt.CHANGED, SIZE: None}
    town.ask(f"{REHASH} WHERE log_id = %s AND position = %s", LOG, 411)
    assert doubts(town)[411] is Doubt.CHANGED
    town.ask("UPDATE event SET leaf_hash = sha256('x') WHERE log_id = %s AND position = %s", LOG, 256)
    assert doubts(town)[256] is Doubt.LEAF


def test_an_unsealed_event_whose_leaf_is_not_its_own_is_found(town: Town) -> None:
    town.write(1)
    town.ask("UPDATE event SET state = convert_to('{}', 'UTF8') WHERE log_id = %s AND position = %s", LOG, SIZE + 1)
    assert attested(town, SIZE + 1)[SIZE + 1].doubt is Doubt.CHANGED


def test_a_tree_built_anew_over_a_forgery_does_not_lead_to_the_signed_root(town: Town) -> None:
    town.ask("UPDATE proof_tile SET hashes = hashes || hashes WHERE log_id = %s AND level = 0 AND index = 2", LOG)
    town.ask(
        "UPDATE proof_tile SET hashes = overlay(hashes PLACING sha256('x') FROM 1) WHERE log_id = %s AND level = 1", LOG
    )
    assert doubts(town) == {1: None, 256: None, 257: Doubt.TREE, 411: Doubt.TREE, SIZE: Doubt.TREE}
    town.ask("DELETE FROM proof_tile WHERE log_id = %s AND level = 0", LOG)
    assert set(doubts(town).values()) == {Doubt.TREE}


def test_a_head_that_is_not_ours_and_one_thrown_away_prove_nothing(town: Town) -> None:
    town.ask("UPDATE checkpoint SET root = sha256('x') WHERE log_id = %s AND size = %s", LOG, SIZE)
    assert set(doubts(town).values()) == {Doubt.HEAD}
    town.ask("DELETE FROM checkpoint WHERE log_id = %s AND size = %s", LOG, SIZE)
    assert doubts(town) == {1: None, 256: None, 257: None, 411: Doubt.BEHIND, SIZE: Doubt.BEHIND}
