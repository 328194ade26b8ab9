"""时限规则 at the command line: a list is brought into a draft by the installed program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

WANGGE = Path(sys.executable).with_name("wangge")
LIST = """编号,名称,事项,渠道,紧急程度,优先级,派遣,签收,处置,全案
1,一般,,,一般,,24紧急工作时,,,
2,,matter,热线,,5,,2工作时,3工作日,15天
"""


@pytest.fixture
def environment(module_database_url: str, tmp_path: Path) -> dict[str, str]:
    wide = {"COLUMNS": "200", "NO_COLOR": "1"}
    return os.environ | wide | {"WANGGE_DATABASE_URL": module_database_url, "WANGGE_DATA_DIR": str(tmp_path / "var")}


def bring_in(environment: dict[str, str], folder: Path, text: str, *options: str) -> tuple[int, dict[str, Any]]:
    file = folder / "limits.csv"
    file.write_text(text, encoding="gb18030")
    command = [str(WANGGE), "import", "limit-rules", str(file), "--edition", "limits-1", "--json", *options]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout) if done.stdout else {"error": done.stderr}


def test_a_list_becomes_a_draft_and_the_same_list_again_changes_nothing(
    environment: dict[str, str], tmp_path: Path
) -> None:
    code, tried = bring_in(environment, tmp_path, LIST, "--dry-run")
    assert (code, tried["counts"]["added"], tried["taken"]) == (0, 2, False)
    code, taken = bring_in(environment, tmp_path, LIST, "--name", "时限规则")
    assert (code, taken["counts"]["added"], taken["taken"]) == (0, 2, True)
    code, again = bring_in(environment, tmp_path, LIST)
    assert (code, again["counts"]["unchanged"], again["position"]) == (0, 2, None)
    code, rejected = bring_in(environment, tmp_path, LIST + "3,,,,,,,大约两天,,\n")
    assert (code, rejected["counts"]["rejected"], rejected["taken"]) == (1, 1, False)
    assert bring_in(environment, tmp_path, "a,b\n")[0] == 2
