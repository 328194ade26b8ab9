"""The statistics on PostgreSQL: `application.statistics.reading.Facts` over the facts that are served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, LiteralString, TypeVar

from psycopg.rows import AsyncRowFactory, args_row, class_row, tuple_row
from psycopg_pool import AsyncConnectionPool

from application.statistics.answers import CountedCase
from application.statistics.filter import Dimension
from application.statistics.reading import Asked, Cell, Chosen, HeldCell, Mark, SpreadCell, StandingCell
from domain.statistics.refusals import TooManyGroups
from infrastructure import sql
from infrastructure.borrowing import borrowed
from infrastructure.statistics.asked import of_holdings, of_outcomes

QUERY = sql.load("statistics.sql")
# What a figure counts and what a list shows is read by the same text, put before each question.
TALLY, SPREAD, COUNTED, SOONEST = (
    QUERY["outcomes"] + "\n" + QUERY[name] for name in ("tally", "spread", "counted", "soonest")
)
HELD, HOLDING, STANDING, OPEN_AT = (
    QUERY["holdings"] + "\n" + QUERY[name] for name in ("held", "holding", "standing", "open_at")
)
MOST_GROUPS = 5_000
MOST_CELLS = 100_000
Row = TypeVar("Row")


class PostgresFacts:
    """Questions to the facts of the given logs. Each refuses `Busy` when too many ask."""

    def __init__(self, pool: AsyncConnectionPool[Any], log_ids: Sequence[str]) -> None:
        self._pool, self._log_ids = pool, list(log_ids)

    async def tally(self, asked: Asked) -> list[Cell]:
        return await self._cells(args_row(Cell), TALLY, of_outcomes(asked))

    async def spread(self, asked: Asked, edges: Sequence[int]) -> list[SpreadCell]:
        return await self._cells(args_row(_spread), SPREAD, of_outcomes(asked) | {"edges": list(edges)})

    async def held(self, asked: Asked) -> list[HeldCell]:
        windows = [(asked.filter.start, asked.filter.end)]
        if Dimension.PERIOD in asked.grouping.dimensions:
            windows = [(one.start, one.end) for one in asked.grouping.buckets]
        return await self._cells(args_row(HeldCell), HELD, of_holdings(asked, windows))

    async def standing(self, asked: Asked, instants: Sequence[datetime]) -> list[StandingCell]:
        facts = of_holdings(asked, [(at, at) for at in instants])
        return await self._cells(args_row(StandingCell), STANDING, facts)

    async def counted(self, asked: Asked, chosen: Chosen, after: Mark | None, limit: int) -> list[CountedCase]:
        facts = of_outcomes(asked) | _page(chosen, after, limit)
        return await self._asked(class_row(CountedCase), COUNTED, facts)

    async def soonest(self, asked: Asked, chosen: Chosen, limit: int) -> list[CountedCase]:
        facts = of_outcomes(asked) | _page(chosen, None, limit)
        return await self._asked(class_row(CountedCase), SOONEST, facts)

    async def holding(self, asked: Asked, chosen: Chosen, after: Mark | None, limit: int) -> list[CountedCase]:
        facts = of_holdings(asked, [(asked.filter.start, asked.filter.end)]) | _page(chosen, after, limit)
        return await self._asked(class_row(CountedCase), HOLDING, facts)

    async def open_at(
        self, asked: Asked, at: datetime, chosen: Chosen, after: Mark | None, limit: int
    ) -> list[CountedCase]:
        facts = of_holdings(asked, [(at, at)]) | _page(chosen, after, limit)
        return await self._asked(class_row(CountedCase), OPEN_AT, facts)

    async def reached(self) -> Mapping[str, int]:
        return dict(await self._rows(tuple_row, QUERY["reached"], {"logs": self._log_ids}))

    async def positions_at(self, moment: datetime) -> Mapping[str, int]:
        return dict(await self._rows(tuple_row, QUERY["positions_at"], {"logs": self._log_ids, "moment": moment}))

    async def recorded_at(self, log_id: str, position: int) -> datetime | None:
        rows = await self._rows(tuple_row, QUERY["recorded_at"], {"log_id": log_id, "position": position})
        return rows[0][0] if rows else None

    async def _cells(self, rows: AsyncRowFactory[Row], query: LiteralString, facts: dict[str, Any]) -> list[Row]:
        found = await self._asked(rows, query, facts | {"most": MOST_CELLS + 1})
        if len(found) > MOST_CELLS:
            raise TooManyGroups(most=MOST_GROUPS)
        return found

    async def _asked(self, rows: AsyncRowFactory[Row], query: LiteralString, facts: dict[str, Any]) -> list[Row]:
        """Rows of the generations that are served, told as values: the planner then knows what to expect."""
        serving: dict[str, int] = dict(await self._rows(tuple_row, QUERY["serving"], facts))
        facts["generations"] = [serving.get(log_id, 0) for log_id in facts["logs"]]
        return await self._rows(rows, query, facts)

    async def _rows(self, rows: AsyncRowFactory[Row], query: LiteralString, facts: dict[str, Any]) -> list[Row]:
        async with borrowed(self._pool) as connection, connection.cursor(row_factory=rows) as cursor:
            # Never prepared: which index serves a question depends on what is asked.
            await cursor.execute(query, facts, prepare=False)
            found: list[Row] = await cursor.fetchall()
            return found


def _page(chosen: Chosen, after: Mark | None, limit: int) -> dict[str, object]:
    return {
        "key": chosen.key, "then_key": chosen.then_key, "exempt": chosen.exempt,
        "answers": None if chosen.answers is None else list(chosen.answers),
        "after_at": after and after.at, "after_id": after and after.case_id,
        "after_kind": after and after.kind, "after_nth": after and after.nth, "limit": limit,
    }  # fmt: skip


def _spread(
    key: str, then_key: str, whole: bool, n: int, seconds: int, quantiles: list[int], histogram: list[int]
) -> SpreadCell:
    return SpreadCell(key, then_key, whole, n, seconds, quantiles[0], quantiles[1], histogram)
