"""What an operator does: type commands of `wangge` against a database, in a process of their own or in this one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from interfaces.cli import house
from interfaces.cli.program import app

Typing = Callable[..., Result]


def wangge(url: str, folder: Path, order: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; it must end well."""
    environment = os.environ | {"WANGGE_DATABASE_URL": url, "WANGGE_DATA_DIR": str(folder)}
    program = str(Path(sys.executable).parent / "wangge")
    done = subprocess.run([program, *order], env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    return done


def typing(url: str, folder: Path, patch: pytest.MonkeyPatch) -> Typing:
    """Runs commands in this process, which is quicker; each must end with `code`."""
    for name, value in {"WANGGE_DATABASE_URL": url, "WANGGE_DATA_DIR": str(folder / "var"), "COLUMNS": "200"}.items():
        patch.setenv(name, value)
    # It would log to the stream that the runner of commands takes away again.
    patch.setattr(house, "configure", lambda level: None)

    def run(*words: str | Path, code: int = 0) -> Result:
        done = CliRunner().invoke(app, [str(word) for word in words])
        assert done.exit_code == code, (done.output, done.exception)
        return done

    return run
