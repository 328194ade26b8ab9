"""Cases in people's hands, in memory: what the boards would say of a city and a district."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from application.registry.open_work import CaseInHand
from application.views import Boards
from domain.grid_issue import GridIssue
from domain.handing_over import IN_HAND, TO_ANSWER
from domain.resident_request import ResidentRequest
from domain.stages import JUDGED
from tests.fakes import MemoryLog, MemoryLogs

DISTRICT = "150785"


class MemoryHands:
    """`CasesInHand`, told from the events themselves."""

    def __init__(self, logs: MemoryLogs[MemoryLog]) -> None:
        self._logs = logs

    async def of(self, staff: str, unit: str, limit: int) -> tuple[int, list[CaseInHand]]:
        cases: dict[UUID, Any] = {}
        contacted: dict[UUID, str] = {}
        for one in self._logs.named(DISTRICT).recorded:
            event = cast(Any, one.event)
            cases[event.originator_id] = event.mutate(cases.get(event.originator_id))
            if isinstance(event, ResidentRequest.RequesterContacted | ResidentRequest.HandedOver):
                contacted[event.originator_id] = getattr(event, "to_staff", event.by)
        found = [
            CaseInHand("issue", DISTRICT, case.id, number, case.grid, case.lead)
            for number, case in enumerate(cases.values(), 1)
            if isinstance(case, GridIssue) and case.handler == staff and case.stage in IN_HAND
        ]
        for number, case in enumerate(cases.values(), 1):
            if isinstance(case, ResidentRequest) and case.stage in TO_ANSWER:
                issue = cases[cast(UUID, case.issue)]
                answers = contacted.get(case.id, issue.handler if issue.stage in JUDGED else "")
                if answers == staff and issue.lead == unit:
                    found.append(CaseInHand("request", DISTRICT, case.id, number, case.place, issue.lead))
        return len(found), found[:limit]


def prompt_boards(logs: MemoryLogs[MemoryLog]) -> Boards:
    """Boards that show everything at once; nothing else is asked of them here."""

    class Prompt:
        async def position(self, log_id: str) -> int:
            return await logs.named(log_id).last_position()

    return cast(Boards, Prompt())
