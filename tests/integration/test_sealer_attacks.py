"""Attacks on a sealed log: by the sealer, the check or both each is seen, named, and nothing more is signed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from prometheus_client import REGISTRY

from domain.proof.breach import Breach, BreachKind
from domain.proof.checkpoint import Checkpoint
from domain.proof.note import ED25519, Note, Signature, VerifierKey
from tests.sealed import LOG, ORIGIN, REHASH, Town

EARLY, LATE = 7, 998
ALL = 60
"""Tiles to sweep a round: of the three full ones none is left out."""
EDITS = {
    "a byte of the state": "state = set_byte(state, 3, get_byte(state, 3) # 1)",
    "the topic": "topic = 'issue.closed'",
    "the time": "recorded_at = recorded_at + interval '1 microsecond'",
    "the actor": "actor_ref = 'another'",
    "the stream": "stream_id = gen_random_uuid()",
    "the version": "version = 2",
    "the schema version": "schema_version = 2",
    "the event id": "event_id = gen_random_uuid()",
    "the request": "request_id = gen_random_uuid()",
    "the correlation": "correlation_id = gen_random_uuid()",
    "the causation": "causation_id = CASE WHEN causation_id IS NULL THEN gen_random_uuid() END",
    "the hash beside it": "leaf_hash = set_byte(leaf_hash, 0, get_byte(leaf_hash, 0) # 1)",
}


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Town:
    """A log of 1,000 events, sealed at 300, 600, 900 and 1,000."""
    town = Town(database_url, tmp_path)
    town.write(1_000)
    assert town.seal(most=300) is None
    assert town.sizes() == [300, 600, 900, 1_000]
    return town


def found(kind: BreachKind, position: int) -> Breach:
    return Breach(position, kind)


def refused(town: Town, expected: Breach | None = None) -> Breach:
    """The sealer, with news to seal, signs nothing and says why; so it does again until the log is whole."""
    town.write(3)
    before = town.stored(), town.path().read_bytes()
    breach = town.seal(swept=ALL)
    assert breach is not None
    assert town.seal(swept=0) is not None  # what it suspects it looks at again, whatever the dice say
    assert (town.stored(), town.path().read_bytes()) == before
    ((kind, position),) = town.ask("SELECT breach, breach_position FROM sealing WHERE log_id = %s", LOG)
    assert (kind, position) == (breach.kind, breach.position)
    assert REGISTRY.get_sample_value("wangge_log_broken_position", {"log": LOG}) == breach.position
    assert expected is None or breach == expected
    return breach


# --- events ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("position", [EARLY, LATE])
@pytest.mark.parametrize("edit", EDITS)
def test_an_event_that_is_changed_is_named(town: Town, edit: str, position: int) -> None:
    town.ask(f"UPDATE event SET {EDITS[edit]} WHERE log_id = %s AND position = %s", LOG, position)  # noqa: S608
    assert town.check() == [found(BreachKind.CHANGED, position)]
    refused(town, found(BreachKind.CHANGED, position))


@pytest.mark.parametrize("position", [EARLY, LATE])
def test_a_changed_event_whose_hash_was_made_anew_is_named(town: Town, position: int) -> None:
    town.ask("UPDATE event SET actor_ref = 'another' WHERE log_id = %s AND position = %s", LOG, position)
    town.ask(f"{REHASH} WHERE log_id = %s AND position = %s", LOG, position)
    assert town.check() == [found(BreachKind.CHANGED, position)]
    refused(town, found(BreachKind.CHANGED, position))


@pytest.mark.parametrize("position", [1, EARLY, LATE])
def test_a_deleted_event_is_named(town: Town, position: int) -> None:
    town.ask("DELETE FROM event WHERE log_id = %s AND position = %s", LOG, position)
    assert town.check() == [found(BreachKind.MISSING, position)]
    refused(town, found(BreachKind.MISSING, position))


def test_swapped_events_are_named(town: Town) -> None:
    for was, becomes in ((EARLY, -1), (LATE, EARLY), (-1, LATE)):
        town.ask("UPDATE event SET position = %s WHERE log_id = %s AND position = %s", becomes, LOG, was)
    town.ask(f"{REHASH} WHERE log_id = %s", LOG)
    assert town.check() == [found(BreachKind.CHANGED, EARLY), found(BreachKind.CHANGED, LATE)]
    assert refused(town).kind is BreachKind.CHANGED


def test_an_event_put_in_between_is_named(town: Town) -> None:
    town.ask("UPDATE event SET position = -position WHERE log_id = %s AND position >= %s", LOG, EARLY)
    town.ask("UPDATE event SET position = 1 - position WHERE log_id = %s AND position < 0", LOG)
    town.ask(
        "INSERT INTO event SELECT log_id, %s, gen_random_uuid(), version, gen_random_uuid(), request_id, topic,"
        " schema_version, state, actor_ref, correlation_id, causation_id, recorded_at, leaf_hash"
        " FROM event WHERE log_id = %s AND position = 1", EARLY, LOG,
    )  # fmt: skip
    town.ask(f"{REHASH} WHERE log_id = %s", LOG)
    assert town.check()[0] == found(BreachKind.CHANGED, EARLY)
    refused(town, found(BreachKind.CHANGED, EARLY))


def test_an_event_before_the_first_is_named(town: Town) -> None:
    town.ask(
        "INSERT INTO event SELECT log_id, 0, gen_random_uuid(), version, event_id, request_id, topic, schema_version,"
        " state, actor_ref, correlation_id, causation_id, recorded_at, leaf_hash FROM event WHERE position = 1"
    )
    assert town.check() == [found(BreachKind.INSERTED, 0)]


def test_a_truncated_log_is_named(town: Town) -> None:
    town.ask("DELETE FROM event WHERE log_id = %s AND position > 950", LOG)
    assert town.check() == [found(BreachKind.TRUNCATED, 951)]
    assert town.seal() == found(BreachKind.TRUNCATED, 951)


def test_a_log_cut_short_and_written_on_is_named(town: Town) -> None:
    town.ask("DELETE FROM event WHERE log_id = %s AND position > 950", LOG)
    town.write(200)
    assert town.check()[0] == found(BreachKind.CHANGED, 951)
    assert town.seal(swept=0) == found(BreachKind.CHANGED, 951)  # the last leaves are read again every time


def test_news_that_is_not_what_was_appended_is_not_signed(town: Town) -> None:
    town.write(10)
    town.ask("UPDATE event SET actor_ref = 'another' WHERE log_id = %s AND position = 1005", LOG)
    assert town.seal(swept=0) == found(BreachKind.CHANGED, 1005)
    assert town.check() == [found(BreachKind.CHANGED, 1005)]
    town.ask("DELETE FROM event WHERE log_id = %s AND position = 1005", LOG)
    assert town.seal(swept=0) == found(BreachKind.MISSING, 1005)
    assert town.check() == [found(BreachKind.MISSING, 1005)]
    assert town.sizes()[-1] == 1_000


# --- backups and forks -----------------------------------------------------------------------------

PROOF_TABLES = ("proof_tile", "checkpoint", "event")


def kept(town: Town) -> Callable[[], None]:
    """A backup of the log and its tree, to be restored later."""
    for name in PROOF_TABLES:
        town.ask(f"CREATE TABLE backup_{name} AS TABLE {name}")

    def restore() -> None:
        for name in PROOF_TABLES:
            town.ask(f"TRUNCATE {name}")
            town.ask(f"INSERT INTO {name} SELECT * FROM backup_{name}")  # noqa: S608

    return restore


def test_a_database_restored_from_an_old_backup_signs_nothing(town: Town) -> None:
    restore = kept(town)
    town.write(50)
    assert town.seal() is None
    restore()
    assert town.check() == [found(BreachKind.ROLLED_BACK, 1001)]
    assert town.seal() == found(BreachKind.ROLLED_BACK, 1001)
    town.write(100)  # and not when it has grown past what was published
    assert town.seal() == found(BreachKind.ROLLED_BACK, 1001)


def test_a_fork_that_somebody_sealed_with_our_key_elsewhere_is_named(town: Town) -> None:
    restore = kept(town)
    town.write(50)
    assert town.seal() is None
    restore()
    town.write(60)
    aside = town.path().rename(town.folder / "aside")
    assert town.seal() is None  # as far as this one can tell
    aside.replace(town.path())
    assert town.seal() == found(BreachKind.FORK, 1001)
    assert found(BreachKind.FORK, 1001) in town.check()


# --- the tree and its heads ------------------------------------------------------------------------


def test_an_edited_tile_of_leaves_is_named(town: Town) -> None:
    for number, byte, position in ((0, 6 * 32, EARLY), (3, 229 * 32, LATE)):
        edit = "UPDATE proof_tile SET hashes = set_byte(hashes, %s, get_byte(hashes, %s) # 1)"
        where = "WHERE log_id = %s AND level = 0 AND index = %s"
        town.ask(f"{edit} {where}", byte, byte, LOG, number)
        assert town.check() == [found(BreachKind.TILE, position)]
        assert town.seal(swept=ALL) == found(BreachKind.TILE, position)
        town.ask(f"{edit} {where}", byte, byte, LOG, number)
    assert town.seal(swept=ALL) is None
    assert town.check() == []


def test_an_edited_tile_above_is_named(town: Town) -> None:
    town.ask("UPDATE proof_tile SET hashes = set_byte(hashes, 40, 1) WHERE log_id = %s AND level = 1", LOG)
    assert town.check() == [found(BreachKind.TILE, 257)]
    refused(town, found(BreachKind.TILE, 257))


def test_a_missing_or_cut_tile_is_named(town: Town) -> None:
    town.ask("UPDATE proof_tile SET hashes = substr(hashes, 1, 320) WHERE log_id = %s AND level = 0 AND index = 0", LOG)
    assert town.check()[0] == found(BreachKind.TILE, 11)
    refused(town, found(BreachKind.TILE, 11))
    town.ask("DELETE FROM proof_tile WHERE log_id = %s AND level = 0 AND index = 3", LOG)
    assert town.seal() == found(BreachKind.TILE, 11)


@pytest.mark.parametrize("edit", ["root = set_byte(root, 0, 0)", "note = replace(note, '1000', '1001')", "note = ''"])
def test_an_edited_head_is_named(town: Town, edit: str) -> None:
    town.ask(f"UPDATE checkpoint SET {edit} WHERE log_id = %s AND size = 1000", LOG)  # noqa: S608
    assert town.check() == [found(BreachKind.HEAD, 1_000)]
    refused(town, found(BreachKind.HEAD, 1_000))


def test_a_head_of_another_size_than_it_says_is_named(town: Town) -> None:
    town.ask("UPDATE checkpoint SET size = 999 WHERE log_id = %s AND size = 1000", LOG)
    assert town.check()[0] == found(BreachKind.HEAD, 999)
    assert town.seal() == found(BreachKind.HEAD, 999)


def test_an_edited_old_head_is_named(town: Town) -> None:
    town.ask("UPDATE checkpoint SET root = set_byte(root, 0, 0) WHERE log_id = %s AND size = 600", LOG)
    assert town.check() == [found(BreachKind.HEAD, 600)]


def resigned(note: str) -> str:
    """The same text signed by a stranger in our name."""
    stranger = Ed25519PrivateKey.generate()
    key = VerifierKey(f"{ORIGIN}/{LOG}", ED25519, stranger.public_key().public_bytes_raw())
    text = Note.parse(note).text
    return str(Note(text, (Signature(key.name, key.id, stranger.sign(text.encode())),)))


def test_a_head_signed_with_another_key_is_named(town: Town) -> None:
    forged = resigned(town.stored()[-1])
    town.ask("UPDATE checkpoint SET note = %s WHERE log_id = %s AND size = 1000", forged, LOG)
    assert town.check() == [found(BreachKind.HEAD, 1_000)]
    refused(town, found(BreachKind.HEAD, 1_000))


# --- the published file ----------------------------------------------------------------------------


def rewrite(town: Town, notes: list[str]) -> None:
    town.path().write_text("".join(f"{note}\n" for note in notes), encoding="utf-8")


def test_a_file_signed_with_another_key_is_named(town: Town) -> None:
    notes = town.published()
    rewrite(town, [*notes[:3], resigned(notes[3])])
    assert town.check() == [found(BreachKind.FILE, 901)]
    refused(town, found(BreachKind.FILE, 901))


def test_an_edit_anywhere_in_the_file_is_named(town: Town) -> None:
    notes = town.published()
    for number, bad in ((0, 1), (2, 601), (3, 901)):
        size = Checkpoint.parse(Note.parse(notes[number]).text).size
        forged = notes[number].replace(f"\n{size}\n", f"\n{size + 1}\n")
        rewrite(town, [*notes[:number], forged, *notes[number + 1 :]])
        assert town.check()[0] == found(BreachKind.FILE, bad)
        assert town.seal() == found(BreachKind.FILE, bad)


def test_heads_out_of_order_or_double_are_named(town: Town) -> None:
    first, second, third, last = town.published()
    rewrite(town, [first, third, second, last])
    assert town.check() == [found(BreachKind.FILE, 901)]
    rewrite(town, [first, first, second, third, last])
    assert town.check() == [found(BreachKind.FILE, 301)]
    assert town.seal() == found(BreachKind.FILE, 301)


def test_what_is_no_note_at_the_end_of_the_file_is_named(town: Town) -> None:
    with town.path().open("a", encoding="utf-8") as file:
        file.write("nonsense")
    assert town.check() == [found(BreachKind.FILE, 1001)]
    refused(town, found(BreachKind.FILE, 1001))


def test_a_file_that_lost_its_last_heads_gets_the_same_ones_again(town: Town) -> None:
    before, notes = town.path().read_bytes(), town.published()
    rewrite(town, notes[:2])
    assert town.seal() is None
    assert town.path().read_bytes() == before


# --- and back to good ------------------------------------------------------------------------------


def test_what_is_put_right_is_signed_again(town: Town) -> None:
    town.ask("UPDATE event SET actor_ref = 'another' WHERE log_id = %s AND position = %s", LOG, EARLY)
    refused(town, found(BreachKind.CHANGED, EARLY))
    town.ask("UPDATE event SET actor_ref = 'worker' WHERE log_id = %s AND position = %s", LOG, EARLY)
    assert town.seal(swept=0) is None
    assert town.sizes()[-1] == 1_003
    assert town.ask("SELECT breach FROM sealing WHERE log_id = %s", LOG) == [(None,)]
    assert REGISTRY.get_sample_value("wangge_log_broken_position", {"log": LOG}) == 0
