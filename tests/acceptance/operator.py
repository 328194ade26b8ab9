"""What an operator does: type a command of `wangge` against a database."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def wangge(url: str, folder: Path, order: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; it must end well."""
    environment = os.environ | {"WANGGE_DATABASE_URL": url, "WANGGE_DATA_DIR": str(folder)}
    program = str(Path(sys.executable).parent / "wangge")
    done = subprocess.run([program, *order], env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    return done
