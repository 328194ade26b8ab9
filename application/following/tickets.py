"""查询凭据: the number and code that a requester is told, at once or again."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from application.command import deed
from application.disclosure import INTAKE
from application.following.ports import FollowCodes
from application.ports import Clock, Receipt
from application.privacy.readings import Readings
from application.views import Boards
from domain.actor import Actor
from domain.case_number import CaseNumber
from domain.follow_code import shown
from domain.reading import ReadingWay


@dataclass(frozen=True)
class FollowTicket:
    """What a requester is told."""

    number: str
    code: str = field(repr=False)

    @property
    def path(self) -> str:
        """Where a link leads: the code stands behind the #, which no browser sends and nobody logs."""
        return f"/follow/{self.number}#{self.code}"


class FollowTickets:
    """Makes them."""

    def __init__(self, codes: FollowCodes, boards: Boards, readings: Readings, clock: Clock) -> None:
        self._codes, self._boards, self._readings, self._clock = codes, boards, readings, clock

    def first(self, received: Receipt) -> FollowTicket:
        """What the requester is told at once. Receiving is one event, so its position is the number."""
        return self._ticket(received.id, received.log, received.position)

    async def again(self, actor: Actor, request_id: UUID) -> FollowTicket:
        """For who asks again, to intake and on record: it opens what only the requester is to answer.

        Refuses `WrongRole`, `NoSuchCase`, and `Busy` when it cannot be put on record.
        """
        act = deed(actor, now=self._clock())
        act.as_one_of(*sorted(INTAKE))
        view = await self._boards.request(actor, request_id)
        await self._readings.of_cases(act, ReadingWay.DETAILS, [view.id], ["follow_code"])
        return self._ticket(view.id, view.log_id, view.number)

    def _ticket(self, request_id: UUID, log_id: str, number: int) -> FollowTicket:
        return FollowTicket(str(CaseNumber(log_id, number)), shown(self._codes.of(request_id)))
