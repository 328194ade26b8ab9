"""`python -m tests.statistics_oracle --database URL`: number by number, whether program and count agree."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from tests.statistics_oracle.base import compare_base


def main(database: Annotated[str, typer.Option(help="URL of a database whose facts are projected.")]) -> None:
    """Count every number of the statistics from the events alone, and say where the program answers otherwise."""
    progress = Console(stderr=True)
    verdicts = compare_base(database, progress=lambda done, total: progress.print(f"{done}/{total}"))
    table = Table("number", "looked at", "apart", "")
    for one in verdicts:
        table.add_row(one.number, f"{one.looked_at:,}", f"{len(one.apart):,}", "disagree" if one.apart else "agree")
    Console().print(table)
    for line in (line for one in verdicts for line in one.apart[:3]):
        progress.print(line, markup=False)
    sys.exit(any(one.apart for one in verdicts))


typer.run(main)
