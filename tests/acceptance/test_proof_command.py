"""`wangge proof` and `wangge key` as an operator and an auditor type them."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from tests.acceptance.operator import Typing, typing
from tests.sealed import EVENTS, HEADS, LOG


@pytest.fixture
def wangge(module_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typing:
    with psycopg.connect(module_database_url) as connection:
        for table in ("event", "checkpoint", "proof_tile", "sealed_head", "sealing"):
            connection.execute(SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(Identifier(table)))
            connection.execute(SQL("DELETE FROM {}").format(Identifier(table)))
        connection.execute(EVENTS.encode(), {"log": LOG, "first": 1, "last": 600})
    return typing(module_database_url, tmp_path, monkeypatch)


def test_a_log_is_sealed_checked_and_proven(wangge: Typing, tmp_path: Path) -> None:
    assert json.loads(wangge("proof", "seal", "--json").stdout) == {"1507": [], LOG: [], HEADS: []}
    assert f"{LOG} 无误" in wangge("proof", "check").stdout
    assert wangge("proof", "checkpoint", LOG).stdout.startswith(f"wangge/{LOG}\n600\n")
    [key] = [one["key"] for one in json.loads(wangge("key", "show", "--json").stdout) if one["log"] == LOG]
    assert key in wangge("key", "show").stdout
    file = tmp_path / "proof.json"
    file.write_text(wangge("proof", "show", LOG, "7").stdout, encoding="utf-8")
    assert f"成立：日志 {LOG} 位置 7 为 issue.assigned" in wangge("proof", "verify", file, "--key", key).stdout
    assert wangge("proof", "show", LOG, "7", "--tlog").stdout.startswith("c2sp.org/tlog-proof@v1\nindex 6\n")
    told = json.loads(wangge("proof", "consistency", LOG, "300").stdout)
    assert (told["old_size"], told["new_size"]) == (300, 600)
    assert told["path"]


def test_a_planted_forgery_is_named_by_its_position(wangge: Typing, module_database_url: str) -> None:
    wangge("proof", "seal")
    with psycopg.connect(module_database_url) as connection:
        connection.execute("UPDATE event SET actor_ref = 'another' WHERE position = 17")
    assert f"{LOG} 事件与封存时不同：位置 17" in wangge("proof", "check", "--log", LOG, code=1).stdout
    told = json.loads(wangge("proof", "check", "--json", code=1).stdout)
    assert told[LOG] == [{"position": 17, "kind": "changed"}]
    wangge("proof", "check", "--log", "999999", code=2)


def test_keys_are_rotated_and_both_are_told(wangge: Typing) -> None:
    (old,) = [one for one in json.loads(wangge("key", "show", "--json").stdout) if one["log"] == LOG]
    wangge("key", "rotate", "--days", "3")
    kept, new = [one for one in json.loads(wangge("key", "show", "--json").stdout) if one["log"] == LOG]
    assert (kept["key"], old["until"], new["until"]) == (old["key"], None, None)
    assert kept["until"] > new["since"] >= old["since"]
    wangge("proof", "seal")
    assert wangge("proof", "checkpoint", LOG).stdout.count("— ") == 2
