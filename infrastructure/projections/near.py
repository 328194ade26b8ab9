"""Near cases on PostgreSQL: `application.near.views.NearBoards`."""

from __future__ import annotations

from dataclasses import asdict
from typing import LiteralString

from application.near.views import Candidate, NearQuestion
from domain.actor import Actor
from domain.distance import Box, box_around
from domain.registry.case_type_key import class_key
from domain.stages import OPEN_ISSUE, IssueStage
from infrastructure import sql
from infrastructure.borrowing import borrowed
from infrastructure.privacy.opened_rows import opened
from infrastructure.projections.boards import PostgresBoards

QUERY = sql.load("near.sql")
UNSETTLED = sorted(OPEN_ISSUE - {IssueStage.SOLVED, IssueStage.CHECKED})
"""Not yet done with: one more voice changes something."""


class PostgresNear:
    """Asks as the boards do, of the same rows, with the same rights."""

    def __init__(self, boards: PostgresBoards) -> None:
        self._boards, self._row = boards, opened(boards.vault, Candidate, ("text",))

    async def around(self, actor: Actor, question: NearQuestion, *, most: int) -> list[Candidate]:
        east, north = question.longitude or 0.0, question.latitude or 0.0
        box: Box = box_around(east, north, question.metres)
        facts = {**asdict(box), "longitude": east, "latitude": north}
        return await self._rows(QUERY["around"], actor, question, facts | {"most": most})

    async def in_place(self, actor: Actor, question: NearQuestion, *, pointless: bool, most: int) -> list[Candidate]:
        facts = {"place": f"{question.place}%", "pointless": pointless, "most": most}
        return await self._rows(QUERY["in_place"], actor, question, facts)

    async def _rows(
        self, query: LiteralString, actor: Actor, question: NearQuestion, facts: dict[str, object]
    ) -> list[Candidate]:
        asked = {
            **self._boards.seen_by(actor), **facts, "since": question.since, "until": question.until,
            "class": f"{class_key(question.category)}%" if question.category else "", "unsettled": UNSETTLED,
            "apart_from": question.apart_from,
        }  # fmt: skip
        async with borrowed(self._boards.pool) as connection, connection.cursor(row_factory=self._row) as cursor:
            await cursor.execute(query, asked)
            return await cursor.fetchall()
