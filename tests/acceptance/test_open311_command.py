"""`wangge open311-key`: a key is told once, listed without itself, and ended."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest

from tests.acceptance.operator import typing
from tests.open311_desk import Sender
from tests.served import Served


def test_keys_are_added_listed_and_ended(
    served: Served, module_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = module_database_url
    run = typing(url, tmp_path, monkeypatch)
    add = ("open311-key", "add", "portal", "--name", "市民门户", "--area", "150785")
    given = json.loads(run(*add, "--per-minute", "30", "--json").stdout)
    assert Sender(served, given["key"]).post(description="灯不亮").status_code == 200
    run(*add, code=1)
    run("open311-key", "add", "other", "--name", "某处", "--area", "999999", code=1)
    (listed,) = json.loads(run("open311-key", "list", "--json").stdout)
    assert (listed["code"], listed["per_minute"], listed["ended_at"]) == ("portal", 30, None)
    assert "市民门户" in run("open311-key", "list").stdout
    run("open311-key", "end", "portal")
    run("open311-key", "end", "nobody", code=1)
    assert Sender(served, given["key"]).post(description="灯不亮").status_code == 403
    assert given["key"] not in run("open311-key", "list", "--json").stdout
    with psycopg.connect(url) as connection:
        dumped = str(connection.execute("SELECT to_json(k) FROM open311_key k").fetchall())
    assert given["key"] not in dumped
