"""Rebuilding read models from a long log, against the event library's own runner in the same run."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter

import psycopg

from infrastructure.projections.projection import PROJECTIONS
from infrastructure.projections.read_model import ReadModel
from tests import case_log
from tests.bench.figures import Figure, against
from tests.projecting import projector

BOARD_BAR, ALL_BAR, MEMORY_BAR_MIB, STOCK_TIMES = 40_000, 10_000, 300, 50.0


def rebuild(url: str, stock_url: str, cases: int) -> Iterator[Figure]:
    """The board alone and all read models over a log of `cases` lives; memory as the process that rebuilt saw it."""
    events = case_log.write(url, case_log.Telling().events(cases))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE event")
    board, memory = _apart(url, "board")
    stock, small = (_apart(stock_url, f"stock {view}")[0] for view in ("board", "small"))
    yield against(
        f"rebuild of the board, {events} events, against the stock runner filling it",
        board,
        "events/s",
        stock,
        at_least=STOCK_TIMES,
    )
    yield Figure("  for scale: against its least view, one upsert", board, "events/s", small, board / small)
    yield Figure("  the board alone", board, "events/s", bar=f">= {BOARD_BAR}", holds=board >= BOARD_BAR)
    everything, memory_of_all = _apart(url, "all")
    yield Figure("  all projections together", everything, "events/s", bar=f">= {ALL_BAR}", holds=everything >= ALL_BAR)
    most = max(memory, memory_of_all)
    bar = f"<= {MEMORY_BAR_MIB} (at 10 M events)"
    yield Figure("  resident memory", most, "MiB", bar=bar, holds=most <= MEMORY_BAR_MIB)


def _apart(url: str, what: str) -> tuple[float, float]:
    """Events a second and MiB of a process of its own."""
    order = [sys.executable, "-m", "tests.bench.rebuild", url, what]
    told = subprocess.run(order, capture_output=True, text=True, check=True).stdout.split()
    return float(told[-2]), float(told[-1])


async def _rebuilt(url: str, models: Sequence[ReadModel]) -> float:
    async with projector(url, models) as one:
        await one.generations.begin_first(models)
        started = perf_counter()
        done = await one.rebuild()
        return max(each.events for each in done) / (perf_counter() - started)


def _main(url: str, what: str) -> None:
    if what.startswith("stock"):
        from tests.bench.stock_runner import events_per_second

        speed = events_per_second(url, what.split()[1])
    else:
        models = [model for model in PROJECTIONS if what in ("all", model.name)]
        speed = asyncio.run(_rebuilt(url, models))
    sys.stdout.write(f"{speed} {_most_resident_mib()}\n")


def _most_resident_mib() -> float:
    # Not `getrusage`: that begins at what the process had that started this one.
    (line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2])
