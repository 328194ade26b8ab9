"""证明 over HTTP: a write's receipt becomes a proof that needs no server, and a log's heads go together."""

from __future__ import annotations

import os
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any

import anyio.to_thread
import httpx
import pytest
from typer.testing import CliRunner

from application.proof.proof_file import BadProof, verified
from domain.proof.checkpoint import Checkpoint
from domain.proof.note import Note, VerifierKey
from domain.proof.verifying import extends, includes
from infrastructure.proof.ring import signed_with
from interfaces.cli.program import app
from interfaces.wiring import key_ring
from tests import town
from tests.case_calls import REPORTED, at, done, report
from tests.projecting import ask
from tests.served import Served

LOG = town.DISTRICT
ORIGIN = f"wangge/{LOG}"


def seal(served: Served) -> None:
    """The service seals by itself every few seconds; whichever of the two comes first."""

    async def sealed(services: Any) -> None:
        while any(one.sealed < one.newest or one.breach for one in await services.proving.standing()):
            assert await anyio.to_thread.run_sync(served.house.sealer.seal) == {}

    served.run(sealed)


def get(served: Served, path: str, staff: str = "auditor", status: int = 200, **asked: object) -> Any:
    answer = served.client(staff).get(
        f"/audit{path}", params={name.rstrip("_"): str(value) for name, value in asked.items()}
    )
    assert answer.status_code == status, answer.text
    return answer if answer.headers["content-type"].startswith("text/plain") else answer.json()


def keys(served: Served) -> list[VerifierKey]:
    return [key.named(ORIGIN) for key in key_ring(served.house.settings).all_keys()]


def newest(served: Served) -> Checkpoint:
    return Checkpoint.parse(Note.parse(get(served, f"/logs/{LOG}/checkpoint").text).text)


def path_of(answer: dict[str, Any]) -> list[bytes]:
    return [b64decode(one) for one in answer["path"]]


@pytest.fixture
def written(served: Served) -> dict[str, Any]:
    """The receipt of a write, completed with its leaf hash, the log sealed after it."""
    done(served.client("worker"), "/issues", **REPORTED, happened_at=at(0))  # so that there is one before it
    written = done(served.client("worker"), "/issues", **REPORTED, happened_at=at(0))
    receipt = get(served, f"/receipts/{LOG}/{written['position']}", "worker")
    assert receipt["leaf_hash"] == written["leaf_hash"]
    seal(served)
    assert isinstance(receipt, dict)
    return receipt


def test_a_receipt_becomes_a_proof_that_is_verified_without_the_server(served: Served, written: dict[str, Any]) -> None:
    file = get(served, f"/proofs/{LOG}/{written['position']}")
    held = bytes.fromhex(written["leaf_hash"])
    leaf = verified(file, ORIGIN, keys(served), signed_with, receipt=held)
    assert (leaf.log_id, leaf.position, leaf.topic) == (LOG, written["position"], "issue.reported")
    elsewhere = leaf.position + 1
    for name, value in (("actor_ref", "another"), ("topic", "issue.closed"), ("position", elsewhere), ("version", 2)):
        forged = file | {"leaf": file["leaf"] | {name: value}}
        with pytest.raises(BadProof):
            verified(forged, ORIGIN, keys(served), signed_with, receipt=held)
    other = get(served, f"/proofs/{LOG}/{written['position'] - 1}")
    assert verified(other, ORIGIN, keys(served), signed_with)
    with pytest.raises(BadProof, match="与回执不符"):
        verified(other, ORIGIN, keys(served), signed_with, receipt=held)


def test_the_program_verifies_a_proof_file_without_a_database(
    served: Served, written: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "proof.json"
    file.write_text(served.client("auditor").get(f"/audit/proofs/{LOG}/{written['position']}").text, encoding="utf-8")
    nowhere = {"WANGGE_DATABASE_URL": "postgresql://127.0.0.1:1/none", "WANGGE_DATA_DIR": str(tmp_path / "none")}

    def verify(*words: str) -> tuple[int, str]:
        program = str(Path(sys.executable).with_name("wangge"))
        order = [program, "proof", "verify", str(file), "--key", str(keys(served)[0]), *words]
        done = subprocess.run(order, env=os.environ | nowhere, capture_output=True, text=True, timeout=120, check=False)
        return done.returncode, done.stdout + done.stderr

    code, told = verify("--receipt", written["leaf_hash"])
    assert (code, told.startswith("成立")) == (0, True), told
    file.write_text("{}", encoding="utf-8")
    refused = CliRunner().invoke(app, ["proof", "verify", str(file), "--key", str(keys(served)[0])])
    assert refused.exit_code == 2
    assert not (tmp_path / "none").exists()


def test_inclusion_and_consistency_hold_for_heads_of_any_size(served: Served, written: dict[str, Any]) -> None:
    old = newest(served)
    report(served)
    assert not get(served, f"/receipts/{LOG}/{old.size + 1}")["sealed"]
    seal(served)
    new = newest(served)
    assert new.size > old.size == written["position"]
    told = get(served, f"/logs/{LOG}/consistency", from_=old.size)
    assert extends(old.size, old.root, new.size, new.root, path_of(told))
    assert (told["old_root"], told["new_root"]) == (old.root.hex(), new.root.hex())
    for head in (old, new):
        told = get(served, f"/logs/{LOG}/inclusion", position=written["position"], size=head.size)
        leaf = bytes.fromhex(written["leaf_hash"])
        assert told["leaf_hash"] == written["leaf_hash"]
        assert includes(head.root, head.size, written["position"] - 1, leaf, path_of(told))
    assert Note.parse(get(served, f"/logs/{LOG}/checkpoint", size=old.size).text).text == old.text


def test_the_city_has_the_heads_of_its_districts_in_a_tree_of_its_own(served: Served, written: dict[str, Any]) -> None:
    heads = f"{town.CITY}-heads"
    city = Checkpoint.parse(Note.parse(get(served, f"/logs/{heads}/checkpoint").text).text)
    assert city.origin == f"wangge/{heads}"
    told = get(served, f"/logs/{heads}/inclusion", position=city.size)
    assert includes(city.root, city.size, city.size - 1, bytes.fromhex(told["leaf_hash"]), path_of(told))
    standing = {one["log"]: one for one in get(served, "/logs")}
    assert set(standing) == {town.CITY, LOG, heads}
    assert standing[LOG]["sealed"] == standing[LOG]["newest"] == written["position"]
    assert {one["breach"] for one in standing.values()} == {None}


def test_what_is_not_there_or_not_sealed_yet_is_told_apart(served: Served, written: dict[str, Any]) -> None:
    beyond = written["position"] + 1_000
    assert get(served, f"/receipts/{LOG}/{beyond}", status=404)["type"].endswith("no-such-position")
    assert get(served, f"/logs/{LOG}/inclusion", status=409, position=beyond)["type"].endswith("not-yet-sealed")
    assert get(served, f"/logs/{LOG}/checkpoint", status=409, size=beyond)["type"].endswith("not-yet-sealed")
    assert get(served, f"/logs/{LOG}/consistency", status=409, from_=beyond)["type"].endswith("not-yet-sealed")
    backwards = get(served, f"/logs/{LOG}/consistency", status=422, from_=2, to=1)
    assert backwards["type"].endswith("sizes-backwards")
    assert get(served, f"/logs/{LOG}/inclusion", status=422, position=2, size=1)["type"].endswith("sizes-backwards")
    assert get(served, "/logs/999999/checkpoint", status=404)["type"].endswith("no-such-log")
    assert get(served, f"/receipts/{town.CITY}-heads/1", status=404)["type"].endswith("no-such-log")


def test_whoever_signs_in_may_ask_for_hashes_and_few_for_leaves(served: Served, written: dict[str, Any]) -> None:
    for staff in ("worker", "roads"):
        get(served, f"/logs/{LOG}/checkpoint", staff)
        get(served, f"/logs/{LOG}/inclusion", staff, position=written["position"])
        refused = get(served, f"/proofs/{LOG}/{written['position']}", staff, 403)
        assert refused["type"].endswith("wrong-role")
    get(served, f"/proofs/{LOG}/{written['position']}", "supervisor")
    assert get(served, f"/proofs/{town.CITY}/1", "supervisor", 403)["type"].endswith("outside-area")
    assert httpx.get(f"{served.url}/api/v1/audit/logs/{LOG}/checkpoint").status_code == 401


def test_an_alarm_is_on_the_board_in_the_figures_and_in_readiness(served: Served, written: dict[str, Any]) -> None:
    # Held by another, so that the service's own sealer does not find the log whole meanwhile.
    breach = """UPDATE sealing SET breach = 'changed', breach_position = 3, breach_since = now(),
                       lease_owner = gen_random_uuid(), lease_until = now() + interval '1 minute'
                 WHERE log_id = %s RETURNING 1"""
    free = "UPDATE sealing SET lease_owner = NULL, lease_until = NULL WHERE log_id = %s RETURNING 1"
    url = served.house.settings.database_url or ""
    ask(url, breach, LOG)
    standing = {one["log"]: one for one in get(served, "/logs")}
    assert (standing[LOG]["breach"], standing[LOG]["breach_position"]) == ("changed", 3)
    assert standing[LOG]["breach_label"] == "事件与封存时不同"
    ready = httpx.get(f"{served.url}/readyz")
    assert (ready.status_code, ready.json()["broken"]) == (200, {LOG: 3})
    ask(url, free, LOG)
    seal(served)
    assert "broken" not in httpx.get(f"{served.url}/readyz").json()
    assert f'wangge_log_broken_position{{log="{LOG}"}} 0.0' in httpx.get(f"{served.url}/metrics").text
