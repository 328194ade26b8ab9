"""Sealing: what is signed stands in the log, is stored and published alike; one sealer a log; keys change hands."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from application.proof.sealing import Sealing
from domain.proof.checkpoint import Checkpoint
from domain.proof.leaf import head_leaf_hash
from domain.proof.note import Note, NotSigned, signers
from domain.proof.tree import RightEdge
from infrastructure.proof.leaves import EventLeaves
from infrastructure.proof.ring import BadKeyFile, signed_with
from infrastructure.proof.trees import LeaseLost, PostgresTrees, connected
from tests.sealed import CITY, HEADS, LOG, ORIGIN, Town


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Town:
    return Town(database_url, tmp_path)


def root_of(town: Town, size: int) -> bytes:
    """The root over the hashes that the database made when it appended."""
    edge = RightEdge()
    query = "SELECT leaf_hash FROM event WHERE log_id = %s AND position <= %s ORDER BY position"
    for (leaf,) in town.ask(query, LOG, size):
        edge.append(leaf)
    return edge.root


def test_each_head_is_the_root_over_the_log_and_published_as_it_is_stored(town: Town) -> None:
    dice = random.Random(3)  # noqa: S311 - sizes, no secrets
    sealer = town.sealer()
    for _ in range(12):
        town.write(dice.choice((1, 2, 255, 256, 257, 300)))
        assert sealer.seal() == {}
    heads = [Checkpoint.parse(Note.parse(note).text) for note in town.stored()]
    assert [head.root for head in heads] == [root_of(town, head.size) for head in heads]
    assert {head.origin for head in heads} == {f"{ORIGIN}/{LOG}"}
    assert town.published() == town.stored()
    assert town.check() == []


def test_nothing_new_means_no_new_head(town: Town) -> None:
    town.write(3)
    for _ in range(3):
        assert town.seal() is None
    assert town.sizes() == [3]


def test_a_long_log_gets_many_heads(town: Town) -> None:
    town.write(1_000)
    assert town.seal(most=300) is None
    assert town.sizes() == [300, 600, 900, 1_000]
    assert town.check() == []


def test_an_empty_log_is_not_sealed(town: Town) -> None:
    assert town.seal() is None
    assert town.published() == []
    assert town.check() == []


def test_the_city_seals_the_newest_head_of_each_log(town: Town) -> None:
    town.write(5)
    town.write(2, CITY)
    sealer = town.sealer()
    sealer.seal()
    town.write(4)
    sealer.seal()
    rows = town.ask("SELECT position, member, size, head, leaf_hash FROM sealed_head ORDER BY position")
    assert [row[:3] for row in rows] == [(1, CITY, 2), (2, LOG, 5), (3, LOG, 9)]
    assert all(head_leaf_hash(head) == leaf for *_, head, leaf in rows)
    assert rows[2][3] == Note.parse(town.stored()[-1]).text
    assert town.sizes(HEADS) == [2, 3]
    assert sealer.check(HEADS) == []
    town.ask("UPDATE sealed_head SET head = replace(head, '9', '8') WHERE position = 3")
    broken = sealer.seal()
    assert [(log, breach.kind, breach.position) for log, breach in broken.items()] == [(HEADS, "changed", 3)]


# --- who seals -----------------------------------------------------------------------------------


def test_while_one_seals_another_leaves_the_log_alone(town: Town) -> None:
    town.write(3)
    with connected(town.url) as connection:
        other = PostgresTrees(connection, seconds=60)
        assert other.claim(LOG) == 0
        assert town.seal() is None
        assert town.published() == []
        other.release()
    assert town.seal() is None
    assert town.sizes() == [3]


def test_who_lost_the_lease_stores_and_publishes_nothing(town: Town) -> None:
    town.write(3)
    town.ring.all_keys()
    with connected(town.url) as connection, connected(town.url) as beside:
        slow, quick = PostgresTrees(connection, seconds=0), PostgresTrees(beside, seconds=60)
        assert slow.claim(LOG) == 0

        def overtaken(step: str) -> None:
            if step == "signed":
                assert quick.claim(LOG) == 0

        sealing = Sealing(slow, town.files, town.ring, ORIGIN, step=overtaken)
        with pytest.raises(LeaseLost):
            sealing.round(EventLeaves(connection, LOG), town.clock())
    assert (town.stored(), town.published()) == ([], [])
    assert town.ask("SELECT count(*) FROM proof_tile") == [(0,)]


def test_sealers_that_all_believe_to_hold_the_lease_leave_one_history(town: Town) -> None:
    town.ring.all_keys()
    done = threading.Event()

    def seal() -> None:
        while not done.is_set():
            town.sealer(lease_seconds=0).seal()  # a lease that is over as soon as it is had

    with ThreadPoolExecutor(3) as pool:
        sealing = [pool.submit(seal) for _ in range(3)]
        for _ in range(25):
            town.write(20)
        done.set()
        for one in sealing:
            one.result()
    assert town.seal() is None
    sizes = town.sizes()
    assert sizes == sorted(set(sizes))
    assert sizes[-1] == 500
    assert town.published() == town.stored()
    assert town.check() == []


# --- keys ------------------------------------------------------------------------------------------


def test_while_keys_are_handed_over_both_sign_and_then_the_new_one_alone(town: Town) -> None:
    sealer = town.sealer()
    (old,) = town.ring.all_keys()
    for step in ("old", "both", "new"):
        if step == "both":
            town.ring.rotate(timedelta(hours=1))
        if step == "new":
            town.now += timedelta(hours=2)
        town.write(1)
        assert sealer.seal() == {}
    new = town.ring.all_keys()[-1]
    name = f"{ORIGIN}/{LOG}"
    signed = [
        [key.public for key in signers(Note.parse(note), [old.named(name), new.named(name)], signed_with)]
        for note in town.published()
    ]
    assert signed == [[old.public], [old.public, new.public], [new.public]]
    assert town.check() == []


def test_a_key_that_may_have_leaked_signs_no_more_at_once(town: Town) -> None:
    (old,) = town.ring.all_keys()
    town.ring.rotate(timedelta(0))
    town.write(1)
    assert town.seal() is None
    with pytest.raises(NotSigned):
        signers(Note.parse(town.published()[0]), [old.named(f"{ORIGIN}/{LOG}")], signed_with)


def test_keys_are_closed_to_others_and_a_file_that_is_not_is_refused(town: Town) -> None:
    town.ring.all_keys()
    path = town.folder / "signing.keys"
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    with pytest.raises(BadKeyFile, match="chmod 600"):
        town.ring.all_keys()


@pytest.mark.parametrize("written", ["", "{}", '{"keys": []}', '{"keys": [{"algorithm": "rsa", "private": ""}]}'])
def test_a_file_of_keys_that_is_spoilt_is_refused(town: Town, written: str) -> None:
    path = town.folder / "signing.keys"
    path.write_text(written)
    path.chmod(0o600)
    with pytest.raises(BadKeyFile, match="从备份恢复"):
        town.ring.all_keys()


def test_a_head_of_another_log_is_none_of_this_one(town: Town) -> None:
    town.write(1, CITY)
    town.seal()
    with pytest.raises(NotSigned):
        town.ring.opened(f"{ORIGIN}/{LOG}", town.published(CITY)[0])


# --- when something else goes wrong ----------------------------------------------------------------


def test_the_published_file_is_only_ever_appended_to(town: Town) -> None:
    sealer, before = town.sealer(), b""
    for _ in range(5):
        town.write(2)
        sealer.seal()
        octets = town.path().read_bytes()
        assert octets.startswith(before)
        assert len(octets) > len(before)
        before = octets
    assert before == "".join(f"{note}\n" for note in town.stored()).encode()


def test_a_head_that_we_did_not_sign_is_not_taken_into_the_citys_tree(town: Town) -> None:
    town.write(5)
    town.seal()
    town.ask("UPDATE checkpoint SET size = 6, note = replace(note, '5', '6') WHERE log_id = %s", LOG)
    assert set(town.sealer().seal()) == {LOG}
    assert town.ask("SELECT member, size FROM sealed_head") == [(LOG, 5)]


def test_where_the_file_cannot_be_written_nothing_more_is_signed_and_other_logs_go_on(town: Town) -> None:
    town.write(5)
    town.path().mkdir(parents=True)  # where the file is to be
    for _ in range(2):
        town.write(1, CITY)
        with pytest.raises(IsADirectoryError):
            town.sealer().seal()
        town.write(1)
    assert town.stored() == []
    assert town.sizes(CITY) == [1, 2]
    town.path().rmdir()
    assert town.seal() is None
    assert town.sizes() == [7]


def test_a_clean_stop_leaves_no_lease_behind(town: Town) -> None:
    town.write(1)
    town.seal()
    assert town.ask("SELECT DISTINCT lease_owner FROM sealing") == [(None,)]


def test_some_notes_of_a_long_file_are_read_whole_wherever_one_looks(town: Town) -> None:
    town.write(400)
    town.seal(most=8)
    notes = town.published()
    assert len(town.path().read_bytes()) > 2 * 4_096
    seen = [town.files.some(LOG, f"{ORIGIN}/{LOG}", where / 50) for where in range(51)]
    assert all(len(some) > 5 for some in seen)
    assert {note for some in seen for note in some} == set(notes[:-1])  # the last is read every time
