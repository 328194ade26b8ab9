"""查询办理进度: whoever asked follows their request by number and code, without an account, and rates it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from application.attachments import Attachments, Content, Variant
from application.following.ports import FollowCodes, FollowedCases, FollowedRow, Guesses, Measure
from application.following.self_rating import Answers, SelfRating
from application.following.standing import Followed, followed
from application.following.tickets import FollowTickets
from application.ports import Clock, Receipt
from application.registry.registry import Registry
from domain.attachment_refusals import NoSuchAttachment
from domain.case_number import CaseNumber
from domain.follow_code import typed_code
from domain.follow_refusals import NotFollowed

PASS_LASTS = timedelta(hours=1)
"""Long enough to read and to answer; short, since telephones are lent."""


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
        self, cases: FollowedCases, codes: FollowCodes, guesses: Guesses, rating: SelfRating,
        attachments: Attachments, tickets: FollowTickets, registry: Registry, clock: Clock,
    ) -> None:  # fmt: skip
        self._cases, self._codes, self._guesses, self._rating = cases, codes, guesses, rating
        self._attachments, self.tickets, self._registry, self._clock = attachments, tickets, registry, clock

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

    async def picture(self, follower: Follower, digest: str) -> Content:
        """A picture of what was done, drawn anew without metadata. Refuses as `look`, and `NoSuchAttachment`."""
        return await self._picture(await self._proven(follower), digest, Variant.PUBLIC)

    async def picture_with(self, number: str, pass_: str, digest: str, variant: Variant) -> Content:
        """As `picture`, by a pass."""
        return await self._picture(await self._admitted(number, pass_), digest, variant)

    async def _shown(self, row: FollowedRow) -> Followed:
        return followed(row, await self._measures(row), self._registry, self._clock())

    async def _measures(self, row: FollowedRow) -> list[Measure]:
        """With those of their papers that are pictures."""
        if row.issue is None:
            return []
        measures = await self._cases.measures(row.log_id, row.issue)
        if not any(one.pictures for one in measures):
            return measures
        seen = {one.digest for one in await self._attachments.of_case(row.issue) if one.width is not None}
        return [replace(one, pictures=[digest for digest in one.pictures if digest in seen]) for one in measures]

    async def _picture(self, row: FollowedRow, digest: str, variant: Variant) -> Content:
        # Of what was done alone: what others brought when they reported it is not for this requester.
        if row.issue is None or not any(digest in one.pictures for one in await self._measures(row)):
            raise NoSuchAttachment(digests=[digest])
        return await self._attachments.picture_of(row.issue, digest, variant)

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
