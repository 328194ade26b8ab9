"""交接案件: issues and requests in other hands, one save each, so that an order that broke off may be given again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from application.issues import leading
from application.ports import Logs
from application.registry.open_work import WorkKind
from application.registry.taking_over import Handed
from domain.actor import Act
from domain.grid_issue import GridIssue
from domain.handing_over import IN_HAND, TO_ANSWER, hand_over_issue, hand_over_request
from domain.refusals import Stale
from domain.registry.staff import Staff
from domain.resident_request import ResidentRequest

_TRIES = 5


class CaseHanding:
    """Hands over what a board has shown; what has moved on meanwhile is left alone."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs

    async def hand_over(self, act: Act, giver: str, given: Iterable[Handed]) -> None:
        """Each case among `given` from `giver` to its taker. Refuses what `domain.handing_over` does, `Busy`."""
        # It happens now, whenever the leaving is said to have happened.
        act = replace(act, stated=False)
        for each in given:
            if each.item.kind is WorkKind.ISSUE:
                await self._issue(act, giver, UUID(each.item.code), each.taker)
            elif each.item.kind is WorkKind.REQUEST:
                await self._request(act, giver, UUID(each.item.code), each.taker)

    async def _issue(self, act: Act, giver: str, case: UUID, taker: Staff) -> None:
        log = self._logs.holding(case)
        for trying in range(1, _TRIES + 1):
            issue = await log.load(GridIssue, case)
            if issue.handler != giver or issue.stage not in IN_HAND:
                return
            hand_over_issue(act, issue=issue, giver=giver, taker=taker.code, taker_unit=taker.unit)
            if await self._saved(issue, trying):
                return

    async def _request(self, act: Act, giver: str, case: UUID, taker: Staff) -> None:
        log = self._logs.holding(case)
        for trying in range(1, _TRIES + 1):
            request = await log.load(ResidentRequest, case)
            if request.issue is None or request.stage not in TO_ANSWER:
                return
            lead = (await leading(log, request.issue)).lead
            hand_over_request(act, request=request, giver=giver, taker=taker.code, taker_unit=taker.unit, lead=lead)
            if await self._saved(request, trying):
                return

    async def _saved(self, case: GridIssue | ResidentRequest, trying: int) -> bool:
        """Whether it was saved; somebody else's step in between is looked at anew. Raises `Stale` at last."""
        try:
            await self._logs.holding(case.id).save(case)
        except Stale:
            if trying == _TRIES:
                raise
            return False
        return True
