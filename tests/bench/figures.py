"""A figure of the benchmark: what was measured against what, and whether the bar holds. Ratios within one run count."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """`value` in `unit`; `baseline` is measured in the same run, `ratio` is value to baseline.

    `bar` says in words what is asked, `holds` whether this run met it; None where nothing is asked.
    """

    name: str
    value: float
    unit: str
    baseline: float | None = None
    ratio: float | None = None
    bar: str = ""
    holds: bool | None = None


def against(name: str, value: float, unit: str, baseline: float, *, at_least: float) -> Figure:
    """A figure whose bar is a multiple of its baseline."""
    ratio = value / baseline
    return Figure(name, value, unit, baseline, ratio, f">= {at_least:g}x", ratio >= at_least)


def write(figures: Sequence[Figure], file: Path) -> None:
    """The figures as a table for people and as JSON for machines."""
    table = Table("what", "value", "unit", "baseline", "ratio", "bar", "holds")
    for one in figures:
        table.add_row(
            one.name, f"{one.value:,.1f}", one.unit, "" if one.baseline is None else f"{one.baseline:,.1f}",
            "" if one.ratio is None else f"{one.ratio:.2f}", one.bar, {True: "yes", False: "NO", None: ""}[one.holds],
        )  # fmt: skip
    Console(width=140).print(table)
    file.write_text(json.dumps([asdict(one) for one in figures], ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
