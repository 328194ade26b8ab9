"""What `make bench` runs: every figure against its baseline in the same run, as a table and in `bench.json`.

`--smoke` runs each for a moment: for correctness only, its figures mean nothing. `--check` counts the statistics from
the events too.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import psycopg

from infrastructure import embedded
from infrastructure.migrate import migrate
from tests.bench.figures import Figure, write
from tests.bench.http_command import http_command
from tests.bench.lag import lag
from tests.bench.limits import limits
from tests.bench.rebuild import rebuild
from tests.bench.saves import saves
from tests.bench.sealing import sealing
from tests.bench.search import search
from tests.bench.statistics import statistics


def run(file: Path, *, smoke: bool, check: bool = False) -> list[Figure]:
    """All figures, on a server of its own with default settings, fsync on."""
    folder = Path(tempfile.mkdtemp(prefix="wangge-bench-"))
    folder.chmod(0o711)
    server = embedded.start(folder / "postgres")
    try:
        names = "saves stock_saves http crud rebuild stock_rebuild lag search sealing statistics"
        for name in names.split():
            with psycopg.connect(server.url(), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}".encode())
        for name in ("saves", "rebuild", "stock_rebuild", "lag", "sealing"):
            migrate(server.url(name))
        figures = [
            *limits(smoke=smoke),
            *saves(server.url("saves"), server.url("stock_saves"), 0.5 if smoke else 10.0),
            *rebuild(server.url("rebuild"), server.url("stock_rebuild"), 50 if smoke else 40_000),
            *lag(server.url("lag"), 0.5 if smoke else 5.0),
            *sealing(server.url("sealing"), folder / "proof", smoke=smoke),
            *statistics(server.url("statistics"), smoke=smoke, check=smoke or check),
            *search(server.url("search"), folder / "search", smoke=smoke),
            *http_command(server.url("http"), server.url("crud"), folder / "data", 0.5 if smoke else 8.0),
        ]
    finally:
        server.stop()
        shutil.rmtree(folder)
    write(figures, file)
    return figures


if __name__ == "__main__":
    run(Path("bench.json"), smoke="--smoke" in sys.argv, check="--check" in sys.argv)
