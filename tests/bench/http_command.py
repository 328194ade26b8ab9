"""HTTP command, full stack, against a plain CRUD route."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import uvloop

from tests.bench.figures import Figure, against
from tests.bench.load import Load, post_for
from tests.bench.servers import crud_serving, wangge_serving
from tests.town import GRID, LAMPS

CONNECTIONS = 64
REPORT: dict[str, object] = {"grid": GRID, "category": LAMPS, "text": "路灯不亮, 三天"}


def http_command(url: str, crud_url: str, folder: Path, seconds: float) -> Iterator[Figure]:
    """Reports a second through the whole service and through the CRUD route, both with 64 connections."""
    with wangge_serving(url, folder) as (port, token):
        ours = _load(port, "/api/v1/issues", seconds, token)
    with crud_serving(crud_url) as crud_port:
        crud = _load(crud_port, "/issues", seconds)
    yield against(
        f"HTTP command, full stack, {CONNECTIONS} connections",
        ours.per_second,
        "commands/s",
        crud.per_second,
        at_least=1.5,
    )
    bad = sum(count for status, count in ours.statuses.items() if status >= 400)
    yield Figure("  p95 of a command", ours.percentile(0.95) * 1000, "ms")
    yield Figure("  refused or failed", bad, "answers", bar="0", holds=bad == 0)


def _load(port: int, path: str, seconds: float, token: str = "") -> Load:
    return uvloop.run(post_for(port, path, lambda _: REPORT, connections=CONNECTIONS, seconds=seconds, token=token))
