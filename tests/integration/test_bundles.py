"""Bundles 导出包: whole they verify alone; whatever is changed in one, before or after it was made, is named."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from application.privacy.erasing import Erasing
from domain.actor import Act
from domain.proof.note import ED25519, Note, Signature, VerifierKey
from domain.proof.refusals import NotYetSealed
from domain.refusals import NoSuchCase
from infrastructure.privacy.forgetting import PostgresForgetting
from infrastructure.proof.exporting import Exporter
from interfaces.cli import verifier
from tests.sealed import LOG, ORIGIN, REHASH, Town
from tests.sealed_cases import AUDITOR, NOON, Office, in_office

NAME = f"{ORIGIN}/{LOG}"
Lines = list[dict[str, Any]]
VERIFIER = Path(verifier.__file__)


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Town:
    """A log of 700 events, sealed at 300, 600 and 700."""
    town = Town(database_url, tmp_path)
    town.write(700)
    assert town.seal(most=300) is None
    return town


def exporter(town: Town) -> Exporter:
    def schema(topic: str, version: int) -> dict[str, Any]:
        return {"title": f"{topic} {version}", "required": ["n", "of"]}

    return Exporter(town.url, town.ring, town.files, ORIGIN, schema)


def exported(town: Town, name: str = "bundle", **which: Any) -> Path:
    folder = town.folder / name
    exporter(town).log(LOG, folder, **which)
    return folder


def key(town: Town) -> str:
    return str(town.ring.all_keys()[0].named(NAME))


def told(folder: Path, capsys: pytest.CaptureFixture[str], *more: str, trusted: str) -> dict[str, Any]:
    capsys.readouterr()
    code = verifier.main([str(folder), "--key", trusted, "--json", *more])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert code == (0 if found["ok"] else 1)
    return found


def sharpest(found: dict[str, Any]) -> tuple[str, int, int]:
    bad = found["first_bad"]
    return bad["kind"], bad["position"], bad["up_to"]


def forged(town: Town, position: int) -> None:
    """By somebody who owns the database and knows the format."""
    town.ask("ALTER TABLE event DISABLE TRIGGER USER")
    town.ask("UPDATE event SET actor_ref = 'another' WHERE log_id = %s AND position = %s", LOG, position)
    town.ask(f"{REHASH} WHERE log_id = %s AND position = %s", LOG, position)


def rewrite(file: Path, change: Callable[[Lines], None]) -> None:
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    change(lines)
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")


# --- whole ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", [{}, {"first": 300, "last": 400}, {"first": 700}, {"last": 1}, {"first": 257}])
def test_a_whole_bundle_is_proven_in_full_or_in_part(
    town: Town, capsys: pytest.CaptureFixture[str], which: dict[str, Any]
) -> None:
    folder = exported(town, **which)
    found = told(folder, capsys, trusted=key(town))
    count = which.get("last", 700) - which.get("first", 1) + 1
    assert (found["ok"], found["events"], found["checkpoints"], found["notes"]) == (True, count, 3, [])
    assert json.loads((folder / "manifest.json").read_bytes())["events"] == count


def test_the_verifier_runs_alone_without_the_program_database_or_network(town: Town, tmp_path: Path) -> None:
    folder, alone = exported(town), tmp_path / "elsewhere"
    alone.mkdir()
    shutil.copy(VERIFIER, alone / "verifier.py")
    command = [sys.executable, "-I", str(alone / "verifier.py"), str(folder), "--key", key(town)]
    done = subprocess.run(command, cwd=alone, capture_output=True, text=True, check=False, env={})
    assert (done.returncode, done.stderr) == (0, "")
    assert "全部成立" in done.stdout
    done = subprocess.run([*command[:3], str(tmp_path)], capture_output=True, text=True, check=False, env={})
    assert done.returncode == 2
    assert "不是导出包" in done.stderr


def test_without_a_key_of_ones_own_it_says_what_that_proves(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    folder = exported(town)
    assert verifier.main([str(folder)]) == 0
    assert "公钥取自包内" in capsys.readouterr().out
    other = VerifierKey(NAME, ED25519, Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    found = told(folder, capsys, trusted=str(other))
    assert {one["kind"] for one in found["problems"]} == {"checkpoint"}


def test_nothing_is_exported_past_the_last_checkpoint_nor_over_what_is_there(town: Town) -> None:
    town.write(5)
    with pytest.raises(NotYetSealed):
        exported(town, last=705)
    assert not list(town.folder.glob(".bundle*"))
    folder = exported(town)
    with pytest.raises(FileExistsError):
        exported(town)
    assert (folder / "manifest.json").is_file()


# --- one case ----------------------------------------------------------------------------------------


def test_a_case_proves_itself_without_the_data_of_others(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    ((stream,),) = town.ask("SELECT stream_id FROM event WHERE log_id = %s AND position = 411", LOG)
    folder = town.folder / "case"
    exporter(town).case(LOG, stream, folder)
    assert not (folder / "tiles").exists()
    others = town.ask("SELECT event_id::text FROM event WHERE log_id = %s AND position <> 411", LOG)
    texts = "".join(file.read_text("utf-8") for file in folder.rglob("*") if file.is_file())
    assert not [one for (one,) in others if one in texts]
    assert told(folder, capsys, trusted=key(town))["ok"]
    rewrite(folder / "events.ndjson", lambda lines: lines[0].update(actor_ref="another"))
    found = told(folder, capsys, trusted=key(town))
    assert sharpest(found) == ("changed", 411, 411)
    with pytest.raises(NoSuchCase):
        exporter(town).case(LOG, UUID(int=1), town.folder / "none")


PATHS: dict[str, Callable[[Lines], None]] = {
    "a step is another's": lambda lines: lines[0]["path"].__setitem__(0, lines[0]["path"][1]),
    "a step is missing": lambda lines: lines[0]["path"].pop(),
    "a step too many": lambda lines: lines[0]["path"].append(lines[0]["path"][0]),
    "it is of another event": lambda lines: lines[0].update(position=410),
    "there is none": lambda lines: lines.clear(),
}


@pytest.mark.parametrize("attack", PATHS)
def test_a_changed_path_in_the_bundle_of_a_case_is_named(
    town: Town, capsys: pytest.CaptureFixture[str], attack: str
) -> None:
    ((stream,),) = town.ask("SELECT stream_id FROM event WHERE log_id = %s AND position = 411", LOG)
    folder = town.folder / "case"
    exporter(town).case(LOG, stream, folder)
    rewrite(folder / "proofs.ndjson", PATHS[attack])
    assert told(folder, capsys, trusted=key(town))["first_bad"]["position"] == 411


def test_a_certificate_of_erasure_goes_with_the_log_and_with_the_case_it_is_of(
    database_url: str, kek_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases: list[UUID] = []

    async def story(house: Office) -> None:
        cases.extend([(await house.answer(await house.receive())).id, (await house.receive()).id])
        forgetting = PostgresForgetting(house.vault, tmp_path)
        await Erasing(house.logs, forgetting, timedelta(0)).erase(
            Act(AUDITOR, NOON + timedelta(days=1), "本人申请"), cases[0]
        )

    in_office(database_url, kek_file, story)
    town = Town(database_url, tmp_path)
    assert town.seal() is None
    out = Exporter(town.url, town.ring, town.files, ORIGIN, lambda *_: None)
    out.log(LOG, tmp_path / "whole")
    for nth, case in enumerate(cases):
        out.case(LOG, case, tmp_path / f"case{nth}")
    folders = [tmp_path / name for name in ("whole", "case0", "case1")]
    found = [told(folder, capsys, trusted=key(town)) for folder in folders]
    assert [(one["ok"], one["certificates"]) for one in found] == [(True, 1), (True, 1), (True, 0)]
    rewrite(folders[1] / "erasures.ndjson", lambda lines: lines[0].update(actor_ref="another"))
    assert told(folders[1], capsys, trusted=key(town))["first_bad"]["kind"] == "certificate"


# --- attacks on the bundle ---------------------------------------------------------------------------


def swap(lines: Lines) -> None:
    lines[99], lines[100] = lines[100], lines[99]


ATTACKS: dict[str, tuple[Callable[[Lines], None], int]] = {
    "a byte of a state": (lambda lines: lines[99].update(state=lines[99]["state"].replace("100", "101")), 100),
    "a topic": (lambda lines: lines[0].update(topic="issue.closed"), 1),
    "a time": (lambda lines: lines[699].update(recorded_at="2026-11-22T23:00:00.000000+00:00"), 700),
    "an actor": (lambda lines: lines[255].update(actor_ref="另一人"), 256),
    "the hash beside it": (lambda lines: lines[6].update(leaf_hash="00" * 32), 7),
    "one is deleted": (lambda lines: lines.__delitem__(99), 100),
    "one is inserted": (lambda lines: lines.insert(99, {**lines[99], "actor_ref": "x"}), 100),
    "two are swapped": (swap, 100),
    "the end is cut off": (lambda lines: lines.__delitem__(slice(650, None)), 651),
    "a field is missing": (lambda lines: lines[4].pop("actor_ref"), 5),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_changed_in_a_bundle_is_named(town: Town, capsys: pytest.CaptureFixture[str], attack: str) -> None:
    change, position = ATTACKS[attack]
    folder = exported(town)
    rewrite(folder / "events.ndjson", change)
    assert told(folder, capsys, trusted=key(town))["first_bad"]["position"] == position


def test_a_changed_tile_is_named_by_its_stretch_and_by_the_event_it_should_hold(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = exported(town)
    tile = folder / "tiles" / "0" / "1"
    octets = bytearray(tile.read_bytes())
    octets[32 * 10] ^= 1
    tile.write_bytes(bytes(octets))
    found = told(folder, capsys, trusted=key(town))
    assert ("tile", 257, 512) in [(one["kind"], one["position"], one["up_to"]) for one in found["problems"]]
    assert found["first_bad"]["position"] == 267


def test_a_checkpoint_that_is_edited_missing_or_signed_by_another_is_named(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = exported(town)
    file = folder / "checkpoints.txt"
    whole = file.read_text("utf-8")
    file.write_text(whole.replace("\n600\n", "\n601\n"), "utf-8")
    found = told(folder, capsys, trusted=key(town))
    assert sharpest(found) == ("checkpoint", 301, 601)
    file.write_text("", "utf-8")
    assert not told(folder, capsys, trusted=key(town))["ok"]
    note, stranger = Note.parse(town.published()[-1]), Ed25519PrivateKey.generate()
    foreign = VerifierKey(NAME, ED25519, stranger.public_key().public_bytes_raw())
    signed = Note(note.text, (Signature(NAME, foreign.id, stranger.sign(note.text.encode())),))
    file.write_text(f"{signed}\n", "utf-8")
    found = told(folder, capsys, trusted=key(town))
    assert "没有受信任的公钥" in found["problems"][0]["text"]


# --- attacks on the database ---------------------------------------------------------------------------


def test_a_forger_who_makes_every_hash_anew_is_found_by_the_checkpoints_and_named_by_a_receipt(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    ((held,),) = town.ask("SELECT encode(leaf_hash, 'hex') FROM event WHERE log_id = %s AND position = 450", LOG)
    forged(town, 450)
    town.ask("DELETE FROM proof_tile")
    _build_tiles_anew(town)
    folder = exported(town)
    found = told(folder, capsys, trusted=key(town))
    assert sharpest(found) == ("fork", 301, 600)
    found = told(folder, capsys, "--receipt", f"450:{held}", trusted=key(town))
    assert sharpest(found) == ("receipt", 450, 450)


def _build_tiles_anew(town: Town) -> None:
    hashes = [one for (one,) in town.ask("SELECT leaf_hash FROM event WHERE log_id = %s ORDER BY position", LOG)]
    put = "INSERT INTO proof_tile (log_id, level, index, hashes) VALUES (%s, %s, %s, %s)"
    level = 0
    while hashes:
        for number in range(0, len(hashes), verifier.WIDTH):
            town.ask(put, LOG, level, number // verifier.WIDTH, b"".join(hashes[number : number + verifier.WIDTH]))
        whole = len(hashes) // verifier.WIDTH
        hashes = [verifier.full(hashes[n * verifier.WIDTH : (n + 1) * verifier.WIDTH]) for n in range(whole)]
        level += 1


def test_who_holds_the_key_and_signs_another_history_is_found_by_a_checkpoint_kept_elsewhere(
    town: Town, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    kept = tmp_path / "kept.checkpoints"
    shutil.copy(town.path(), kept)
    for table in ("proof_tile", "checkpoint", "sealing"):
        town.ask(f"DELETE FROM {table}")  # noqa: S608
    town.path().unlink()
    forged(town, 450)
    assert town.seal(most=300) is None
    folder = exported(town)
    assert told(folder, capsys, trusted=key(town))["ok"], "in itself it is consistent"
    found = told(folder, capsys, "--checkpoints", str(kept), trusted=key(town))
    assert sharpest(found) == ("fork", 301, 600)


def test_a_backup_restored_over_the_log_ends_before_the_checkpoint_somebody_keeps(
    town: Town, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    kept = tmp_path / "kept.checkpoints"
    shutil.copy(town.path(), kept)
    folder = exported(town, last=600)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"size": 600}), "utf-8")
    found = told(folder, capsys, "--checkpoints", str(kept), trusted=key(town))
    assert ("truncated", 601, 700) in [(one["kind"], one["position"], one["up_to"]) for one in found["problems"]]
