"""How commands answer on standard output: one JSON document for programs, a table for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from enum import Enum

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from application.ports import Receipt


def say_json(told: object) -> None:
    """Days and instants in ISO 8601, members of closed lists by their values."""
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2, default=plain))


def say_table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Cells as they are: nothing in them is taken for markup."""
    table = Table(*heads)
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    Console(highlight=False, markup=False).print(table)


def say_receipt(done: str, receipt: Receipt, as_json: bool) -> None:
    """What was `done`, and where it is on record."""
    if as_json:
        say_json(asdict(receipt))
    else:
        typer.echo(f"{done}，记入 {receipt.log} 第 {receipt.position} 位")


def plain(value: object) -> object:
    """How JSON tells what it has no form for."""
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else str(value)
