"""The read side on PostgreSQL: `application.views.Boards`, every answer within the asker's area and level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, LiteralString, TypeVar
from uuid import UUID

from psycopg.rows import AsyncRowFactory, class_row, tuple_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from application.disclosure import hidden_fields, reads_words, sees_whole_area
from application.next_steps import (
    CALL_BACK_ROLES,
    UNFINISHED,
    waiting_asks,
    waiting_stages,
)
from application.views import Details, IssueView, Question, RequestView, TimelineStep, WorkItem
from application.whistle_views import WhistleQuestion, WhistleView
from domain.actor import Actor, Role
from domain.case_id import log_of
from domain.refusals import NoSuchCase
from infrastructure import sql
from infrastructure.borrowing import borrowed
from infrastructure.privacy.opened_rows import KeptDetail, opened, opened_details
from infrastructure.privacy.vault import Vault
from infrastructure.projections.projection import PROJECTIONS
from infrastructure.projections.whistle_row import whistle_row

QUERY = sql.load("boards.sql")
TIMELINE = sql.load("timeline.sql")
Row = TypeVar("Row")


class PostgresBoards:
    """Questions to the boards and timelines of the given logs. Each refuses `Busy` when too many ask."""

    def __init__(self, pool: AsyncConnectionPool[Any], log_ids: Sequence[str], vault: Vault) -> None:
        self.pool, self.log_ids, self.vault = pool, list(log_ids), vault
        self.issue_row = opened(vault, IssueView, ("text",))
        self.request_row = opened(vault, RequestView, ("title", "text"))

    async def issues(self, actor: Actor, question: Question, now: datetime) -> list[IssueView]:
        return await self._rows(self.issue_row, QUERY["issues"], self.asked(actor, question, now))

    async def requests(self, actor: Actor, question: Question, now: datetime) -> list[RequestView]:
        return await self._rows(self.request_row, QUERY["requests"], self.asked(actor, question, now))

    async def issue(self, actor: Actor, case_id: UUID) -> IssueView:
        return await self._one(self.issue_row, QUERY["issues"], actor, case_id)

    async def request(self, actor: Actor, case_id: UUID) -> RequestView:
        return await self._one(self.request_row, QUERY["requests"], actor, case_id)

    async def details(self, actor: Actor, request: RequestView) -> Details:
        hidden = hidden_fields(actor, lead=request.lead, confidential=request.confidential)
        facts = {"log_id": request.log_id, "id": request.id, "hidden": list(hidden), "words": reads_words(actor)}
        return opened_details(self.vault, await self._rows(class_row(KeptDetail), QUERY["details"], facts))

    async def timeline(self, case_id: UUID, after: int, limit: int) -> list[TimelineStep]:
        facts = {"log_id": log_of(case_id), "id": case_id, "after": after, "limit": limit}
        return await self._rows(class_row(TimelineStep), TIMELINE["of_case"], facts)

    async def whistles(self, actor: Actor, question: WhistleQuestion, now: datetime) -> list[WhistleView]:
        return await self._rows(whistle_row, QUERY["whistles"], self._asked_of_whistles(actor, question, now))

    async def whistle(self, actor: Actor, whistle: UUID) -> WhistleView:
        facts = self._asked_of_whistles(actor, WhistleQuestion(limit=1), None)
        rows = await self._rows(whistle_row, QUERY["whistles"], facts | {"id": whistle, "logs": [log_of(whistle)]})
        if not rows:
            raise NoSuchCase(case=whistle)
        return rows[0]

    async def work(self, actor: Actor, unit: str | None, limit: int, now: datetime) -> list[WorkItem]:
        if unit not in {None, *actor.units} and not sees_whole_area(actor):
            return []
        handler = replace(actor, roles=frozenset({Role.HANDLER}), unit=unit or actor.unit, acts_for=frozenset())
        waited_for = actor if unit is None else handler
        facts = {
            **self._within(actor),
            **waiting_stages(waited_for),
            "calls_back": bool(waited_for.roles & CALL_BACK_ROLES),
            "exemptions": Role.SUPERVISOR in waited_for.roles,
            "contact": actor.id if unit is None else None,
            "unfinished": UNFINISHED,
            **waiting_asks(waited_for),
            "units": sorted(waited_for.units),
            "now": now,
            "limit": limit,
        }
        return await self._rows(class_row(WorkItem), QUERY["work"], facts)

    async def position(self, log_id: str) -> int:
        facts = {"log_id": log_id, "projections": len(PROJECTIONS)}
        return int((await self._rows(tuple_row, QUERY["position"], facts))[0][0])

    async def _one(self, view: AsyncRowFactory[Row], query: LiteralString, actor: Actor, case_id: UUID) -> Row:
        facts = self.asked(actor, Question(limit=1), None) | {"id": case_id, "logs": [log_of(case_id)]}
        rows = await self._rows(view, query, facts)
        if not rows:
            raise NoSuchCase(case=case_id)
        return rows[0]

    def asked(self, actor: Actor, question: Question, now: datetime | None) -> dict[str, object]:
        """What the queries `issues` and `requests` take."""
        places = [f"{place}%" for place in (question.street, question.community, question.grid) if place]
        after_at, after_id = question.after or (None, None)
        return {
            **self.seen_by(actor),
            "id": None,
            "ids": None if question.ids is None else list(question.ids),
            "stages": list(question.stages) or None,
            "places": places or None,
            "unit": question.unit,
            "category": question.category,
            "channel": question.channel,
            "issue": question.issue,
            "external_id": question.external_id,
            "tags": question.phone and self._tags_of(question.phone),
            "since": question.since,
            "until": question.until,
            "due_before": question.due_before,
            "due_from": question.due_from,
            "undecided": question.undecided,
            "overdue": question.overdue,
            "now": now,
            "limit": question.limit,
            "after_at": after_at,
            "after_id": after_id,
        }

    def seen_by(self, actor: Actor) -> dict[str, object]:
        """What a query needs to keep to the actor's area, units and level."""
        own_units = None if sees_whole_area(actor) else sorted(actor.units)
        return {**self._within(actor), "own_units": own_units, "words": reads_words(actor)}

    def _asked_of_whistles(self, actor: Actor, question: WhistleQuestion, now: datetime | None) -> dict[str, object]:
        after_at, after_id = question.after or (None, None)
        return {
            **self._within(actor),
            "own_units": None if sees_whole_area(actor) else sorted(actor.units),
            "id": None,
            "issue": question.issue,
            "called": [question.called] if question.called else None,
            "caller": question.caller,
            "stages": list(question.stages) or None,
            "late": question.late,
            "now": now,
            "limit": question.limit,
            "after_at": after_at,
            "after_id": after_id,
        }

    def _tags_of(self, phone: str) -> Jsonb:
        return Jsonb({log_id: self.vault.tag_of(log_id, phone) for log_id in self.log_ids})

    def _within(self, actor: Actor) -> dict[str, object]:
        # The lead answers a requester of whom intake knew no finer place than one around the lead's people's area.
        wider = {area[:digits] for area in actor.areas for digits in range(2, len(area))}
        return {
            "logs": self.log_ids,
            "areas": [f"{area}%" for area in actor.areas],
            "wider": sorted(wider) if Role.HANDLER in actor.roles else [],
            "actor": actor.id,
            "actor_unit": actor.unit,
            "actor_units": sorted(actor.units),
        }

    async def _rows(self, rows: AsyncRowFactory[Row], query: LiteralString, facts: dict[str, object]) -> list[Row]:
        async with borrowed(self.pool) as connection, connection.cursor(row_factory=rows) as cursor:
            await cursor.execute(query, facts)
            found: list[Row] = await cursor.fetchall()
            return found
