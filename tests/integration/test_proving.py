"""Proofs read from tiles hold for any sizes of a real log, and a tile that is gone is told, not papered over."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from psycopg_pool import AsyncConnectionPool

from application.proof.proving import Proving
from domain.proof.refusals import NotYetSealed, TreeDamaged
from domain.proof.tree import RightEdge
from domain.proof.verifying import extends, includes
from infrastructure.proof.sealed_logs import PostgresSealedLogs
from tests.sealed import CITY, HEADS, LOG, Town

TREES = [CITY, LOG, HEADS]
SIZE = 66_000
"""Three levels of tiles."""


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Town:
    return Town(database_url, tmp_path)


def ask(town: Town, question: Callable[[Proving], Awaitable[Any]]) -> Any:
    async def asked() -> Any:
        async with AsyncConnectionPool(town.url, min_size=1, max_size=2, open=False) as pool:
            return await question(
                Proving(PostgresSealedLogs(pool, [CITY, LOG, HEADS]), [CITY, LOG], [CITY, LOG, HEADS])
            )

    return asyncio.run(asked())


def test_any_position_and_any_two_sizes_of_a_large_log_are_proven(town: Town) -> None:
    town.write(SIZE)
    assert town.seal() is None
    leaves = [leaf for (leaf,) in town.ask("SELECT leaf_hash FROM event ORDER BY position")]
    dice = random.Random(5)  # noqa: S311 - sizes, no secrets
    sizes = sorted({1, 255, 256, 257, 65_535, 65_536, 65_537, SIZE, *(dice.randrange(1, SIZE) for _ in range(12))})
    roots, edge = {}, RightEdge()
    for leaf in leaves:
        edge.append(leaf)
        if edge.size in sizes:
            roots[edge.size] = edge.root

    async def prove(proving: Proving) -> None:
        for old, new in pairwise(sizes):
            told = await proving.consistency(LOG, old, new)
            assert (told.old_root, told.new_root) == (roots[old], roots[new])
            assert extends(old, roots[old], new, roots[new], told.path)
            position = dice.randrange(1, new + 1)
            shown = await proving.inclusion(LOG, position, new)
            assert (shown.leaf_hash, shown.root) == (leaves[position - 1], roots[new])
            assert includes(roots[new], new, position - 1, shown.leaf_hash, shown.path)

    ask(town, prove)


def test_a_proof_that_needs_a_tile_that_is_gone_is_refused(town: Town) -> None:
    town.write(600)
    town.seal()
    town.ask("DELETE FROM proof_tile WHERE log_id = %s AND level = 0 AND index = 1", LOG)
    with pytest.raises(TreeDamaged) as damaged:
        ask(town, lambda proving: proving.inclusion(LOG, 300))
    assert damaged.value.facts["position"] == 300
    with pytest.raises(TreeDamaged):
        ask(town, lambda proving: proving.consistency(LOG, 300))


def test_nothing_is_proven_of_a_log_that_was_never_sealed(town: Town) -> None:
    town.write(5)
    with pytest.raises(NotYetSealed) as refused:
        ask(town, lambda proving: proving.inclusion(LOG, 3))
    assert (refused.value.facts["sealed"], refused.value.facts["log"]) == (0, LOG)
    receipt = ask(town, lambda proving: proving.receipt(LOG, 3))
    assert (receipt.position, receipt.sealed_size) == (3, 0)
