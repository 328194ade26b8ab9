"""A row of the whistles as the view of it: what is kept by unit comes as JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from psycopg import AsyncCursor
from psycopg.rows import dict_row

from application.whistle_views import Arrival, UnitRating, WhistleVerdict, WhistleView


def whistle_row(cursor: AsyncCursor[Any]) -> Callable[[Sequence[Any]], WhistleView]:
    """A row factory."""
    named = dict_row(cursor)

    def made(values: Sequence[Any]) -> WhistleView:
        row = named(values)
        row["arrivals"] = {
            unit: Arrival(datetime.fromisoformat(one["at"]), one["late"]) for unit, one in row["arrivals"].items()
        }
        row["ratings"] = {unit: UnitRating(**one) for unit, one in row["ratings"].items()}
        row["verdicts"] = {unit: WhistleVerdict(**one) for unit, one in row["verdicts"].items()}
        return WhistleView(**row)

    return made
