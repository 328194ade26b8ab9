"""A sealer killed at any step: the next one leaves the published history that an unhurt one would have left."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from infrastructure.proof import sealer, trees
from tests.sealed import LOG, Town

MOST = 300


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class DyingTrees(trees.PostgresTrees):
    """Is killed when tiles and head are written and nothing is committed yet."""

    @contextmanager
    def held(self, log_id: str) -> Iterator[None]:
        with super().held(log_id):
            yield
            die()


def seal_and_die(url: str, folder: Path, at: str, nth: int) -> None:
    """What another process does: seal, and be killed at the `nth` time it comes to a step."""
    seen = 0

    def step(name: str) -> None:
        nonlocal seen
        seen += name == at
        if seen == nth and name == at:
            die()

    if at == "in the transaction":
        vars(sealer)["PostgresTrees"] = DyingTrees  # in this process alone
    if at == "before the file is safe":
        vars(os)["fsync"] = lambda _: die()
    Town(url, folder).seal(most=MOST, step=step)


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize(
    "at", ["grown", "signed", "in the transaction", "stored", "before the file is safe", "published"]
)
def test_a_sealer_killed_there_leaves_no_gap_and_no_double_head(
    database_url: str, tmp_path: Path, at: str, nth: int
) -> None:
    town = Town(database_url, tmp_path)
    town.write(1_000)
    town.ring.all_keys()
    killed = multiprocessing.get_context("spawn").Process(target=seal_and_die, args=(database_url, tmp_path, at, nth))
    killed.start()
    killed.join(60)
    assert killed.exitcode == -signal.SIGKILL
    before = town.path().read_bytes() if town.path().exists() else b""
    while town.ask("SELECT 1 FROM sealing WHERE lease_until > clock_timestamp()"):
        pass  # the lease of the dead ends by itself
    assert town.seal(most=MOST) is None
    assert town.sizes() == [300, 600, 900, 1_000]
    assert town.published() == town.stored()
    assert town.path().read_bytes().startswith(before)
    assert town.check() == []


def test_an_entry_cut_off_anywhere_is_completed_to_the_same_bytes(database_url: str, tmp_path: Path) -> None:
    town = Town(database_url, tmp_path)
    town.write(10)
    town.seal()
    town.write(10)
    town.seal()
    whole = town.path().read_bytes()
    first = len(whole) // 2
    for cut in {*range(0, len(whole), 7), first - 1, first, first + 1, len(whole) - 2, len(whole) - 1}:
        town.path().write_bytes(whole[:cut])
        assert town.check() == []  # the beginning of what comes next is no forgery
        assert town.seal() is None
        assert town.path().read_bytes() == whole, cut


def test_the_database_of_a_killed_sealer_is_sealed_into_a_new_folder_from_the_first_head_on(
    database_url: str, tmp_path: Path
) -> None:
    town = Town(database_url, tmp_path)
    town.write(700)
    town.seal(most=MOST)
    before = town.path().read_bytes()
    town.path().rename(tmp_path / "elsewhere")
    assert town.seal() is None
    assert town.path().read_bytes() == before
    assert town.sizes(LOG) == [300, 600, 700]
