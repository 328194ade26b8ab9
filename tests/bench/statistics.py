"""The statistics over a synthetic base, as `wangge bench` measures them; checked against the count from the events."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.figures import Figure
from tests.statistics_oracle.base import compare_base

CASES, SMOKE_CASES = 20_000, 120
"""The bar is for 1 M cases: `wangge bench --cases 1000000` measures those, and takes its time."""
BAR_MS, GROWTH_BAR = 100.0, 1.3
WANGGE = Path(sys.executable).with_name("wangge")


def statistics(url: str, *, smoke: bool, check: bool) -> Iterator[Figure]:
    """Made, projected and asked by the installed program, in a database of its own."""
    cases = SMOKE_CASES if smoke else CASES
    told = _measured(url, cases, 1 if smoke else 20)
    if told["made_seconds"]:
        yield Figure("synthetic base, made", told["events"] / told["made_seconds"], "events/s")
    p50, p95 = told["all"]["p50"], told["all"]["p95"]
    yield Figure(f"statistics over {cases:,} cases, p50", p50, "ms")
    yield Figure("  p95", p95, "ms", bar=f"<= {BAR_MS:g} ms (at 1 M cases)", holds=p95 <= BAR_MS)
    if (growth := told["growth"]) is not None:
        name = "  a quarter asked about once the year is there"
        bar = f"<= {GROWTH_BAR:g}x the quarter alone"
        yield Figure(name, told["quarter_in_all"]["p50"], "ms", told["quarter"]["p50"], growth, bar,
                     growth <= GROWTH_BAR)  # fmt: skip
    if check:
        yield from _checked(url)


def _checked(url: str) -> Iterator[Figure]:
    verdicts = compare_base(url)
    apart = sum(len(one.apart) for one in verdicts)
    yield Figure("  figures counted from the events too", sum(one.looked_at for one in verdicts), "figures")
    yield Figure("  of them answered otherwise", apart, "figures", bar="0", holds=apart == 0)


def _measured(url: str, cases: int, each: int) -> dict[str, Any]:
    order = [str(WANGGE), "bench", "--cases", str(cases), "--each", str(each), "--database", url, "--json"]
    told: dict[str, Any] = json.loads(subprocess.run(order, capture_output=True, text=True, check=True).stdout)
    return told
