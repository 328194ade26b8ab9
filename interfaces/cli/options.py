"""Options that many commands share: a day, JSON, the reason on record."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
Reason = Annotated[str, typer.Option(help="理由，记录在案")]


def a_day(help: str) -> Any:
    """The option of a day, written as 2026-04-01."""
    return typer.Option(parser=_day, metavar="年-月-日", help=help)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"“{text}”不是有效的日期，应如 2026-04-01") from None
