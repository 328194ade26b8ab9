"""查询办理进度: whoever asked follows their request by number and code, without an account, and rates it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from application.command import deed
from application.disclosure import INTAKE
from application.following.ports import FollowCodes, FollowedCases, FollowedRow, Guesses
from application.following.self_rating import Answers, SelfRating
from application.following.standing import Followed, followed
from application.ports import Clock, Receipt
from application.privacy.readings import Readings
from application.registry.registry import Registry
from application.views import Boards
from domain.actor import Actor
from domain.case_number import CaseNumber
from domain.follow_code import shown, typed_code
from domain.follow_refusals import NotFollowed
from domain.reading import ReadingWay

PASS_LASTS = timedelta(hours=1)
"""Long enough to read and to answer; short, since telephones are lent."""


@dataclass(frozen=True)
class FollowTicket:
    """查询凭据: what a requester is told when their request is received."""

    number: str
    code: str = field(repr=False)

    @property
    def path(self) -> str:
        """Where a link leads: the code stands behind the #, which no browser sends and nobody logs."""
        return f"/follow/{self.number}#{self.code}"


@dataclass(frozen=True)
class Follower:
    """Who asks to follow: what they typed, and the network address they ask from."""

    number: str
    code: str = field(repr=False)
    address: str = field(repr=False)


@dataclass(frozen=True)
class FollowPass:
    """What a browser carries once number and code have been given."""

    number: str
    value: str = field(repr=False)
    until: datetime


class Following:
    """What a number and its code open."""

    def __init__(
        self, cases: FollowedCases, codes: FollowCodes, guesses: Guesses, rating: SelfRating, boards: Boards,
        readings: Readings, registry: Registry, clock: Clock,
    ) -> None:  # fmt: skip
        self._cases, self._codes, self._guesses, self._rating = cases, codes, guesses, rating
        self._boards, self._readings, self._registry, self._clock = boards, readings, registry, clock

    def first_ticket(self, received: Receipt) -> FollowTicket:
        """What the requester is told at once. Receiving is one event, so its position is the number."""
        return self._ticket(received.id, received.log, received.position)

    async def ticket(self, actor: Actor, request_id: UUID) -> FollowTicket:
        """The same for who asks again, to intake and on record: it opens what only the requester is to answer.

        Refuses `WrongRole`, `NoSuchCase`, and `Busy` when it cannot be put on record.
        """
        act = deed(actor, now=self._clock())
        act.as_one_of(*sorted(INTAKE))
        view = await self._boards.request(actor, request_id)
        await self._readings.of_cases(act, ReadingWay.DETAILS, [view.id], ["follow_code"])
        return self._ticket(view.id, view.log_id, view.number)

    def _ticket(self, request_id: UUID, log_id: str, number: int) -> FollowTicket:
        return FollowTicket(str(CaseNumber(log_id, number)), shown(self._codes.of(request_id)))

    async def look(self, follower: Follower) -> Followed:
        """Where the request stands, in plain words. Refuses `NotFollowed`, `TooManyGuesses`, `Busy`."""
        return await self._shown(await self._proven(follower))

    async def rate(self, follower: Follower, answers: Answers) -> Receipt:
        """自评, once a round; the same answers again get the first receipt. Refuses as `look` and `SelfRating.rate`."""
        row = await self._proven(follower)
        return await self._rating.rate(row.id, answers, self._clock())

    async def enter(self, follower: Follower) -> FollowPass:
        """A pass to look and rate with for an hour, so that the code is given once. Refuses as `look`."""
        row = await self._proven(follower)
        number = CaseNumber(row.log_id, row.number)
        until = self._clock() + PASS_LASTS
        return FollowPass(str(number), self._codes.pass_for(number, until), until)

    async def look_with(self, number: str, pass_: str) -> Followed:
        """As `look`, by a pass. Refuses `NotFollowed` when it is of another case, or over."""
        return await self._shown(await self._admitted(number, pass_))

    async def rate_with(self, number: str, pass_: str, answers: Answers) -> Receipt:
        """As `rate`, by a pass."""
        row = await self._admitted(number, pass_)
        return await self._rating.rate(row.id, answers, self._clock())

    async def _shown(self, row: FollowedRow) -> Followed:
        measures = await self._cases.measures(row.log_id, row.issue) if row.issue else []
        return followed(row, measures, self._registry, self._clock())

    async def _admitted(self, typed: str, pass_: str) -> FollowedRow:
        number = CaseNumber.typed(typed)
        if number is None or not self._codes.admits(pass_, number, self._clock()):
            raise NotFollowed()
        row = await self._cases.find(number)
        if row is None:
            raise NotFollowed()
        return row

    async def _proven(self, follower: Follower) -> FollowedRow:
        """The request. Wrong number and wrong code are told alike, and take alike."""
        number, code = CaseNumber.typed(follower.number), typed_code(follower.code)
        if number is None or code is None:  # a slip: nothing was learnt, so nothing is counted
            raise NotFollowed()
        at = self._clock()
        await self._guesses.require_few(str(number), follower.address, at)
        row = await self._cases.find(number)
        if not self._codes.proves(code, row.id if row else None) or row is None:
            await self._guesses.count(str(number), follower.address, at)
            raise NotFollowed()
        return row
