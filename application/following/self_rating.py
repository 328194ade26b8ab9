"""自评: the requester's own answers to the three questions of the call-back, kept as a call-back is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from application.issues import leading
from application.ports import Logs, PersonalDetails, Receipt, RequestKey
from application.requests import limit_of
from domain.follow_refusals import AlreadyHeard
from domain.refusals import KeyReused, NoDeadline
from domain.resident_request import ResidentRequest
from domain.vocabulary import Satisfaction, Solved


@dataclass(frozen=True)
class Answers:
    """联系过您吗、解决了吗、满意吗, and a sentence of their own, "" for none."""

    contacted: bool
    solved: Solved
    satisfaction: Satisfaction
    comment: str = field(default="", repr=False)

    @property
    def digest(self) -> str:
        """What tells the same answers from others."""
        said = f"{self.contacted} {self.solved.value} {self.satisfaction.value}\n{self.comment}"
        return sha256(said.encode()).hexdigest()


class SelfRating:
    """Takes the answers in."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs

    async def rate(self, request_id: UUID, answers: Answers, at: datetime) -> Receipt:
        """Keep the answers; the comment is sealed with what else the requester told.

        Refuses `LimitStillRunning`, `NoDeadline`, `Suspended`, `WrongStage`, `AlreadyHeard` for other answers in the
        same round, and `Forgotten` for a comment when the requester's words have been erased.
        """
        log = self._logs.holding(request_id)
        request = await log.load(ResidentRequest, request_id)
        issue = await leading(log, request.issue) if request.issue else None
        # Who presses twice, or has no answer back and tries again, is heard once: the round is the key.
        key = RequestKey(f"self-rating {request_id} {request.round}", answers.digest)
        try:
            if answer := await log.first_answer(key):
                return answer
            if issue is None:
                raise NoDeadline()
            words = [await log.seal(_comment_on(request, answers.comment))] if answers.comment else []
            request.rate_oneself(
                at=at, due=limit_of(issue), contacted=answers.contacted, solved=answers.solved,
                satisfaction=answers.satisfaction, sealed=words[0].commitment if words else {},
            )  # fmt: skip
            return await log.save(request, key=key, details=words)
        except KeyReused:
            raise AlreadyHeard() from None


def _comment_on(request: ResidentRequest, comment: str) -> PersonalDetails:
    """A comment is kept under the version of the event that will give it."""
    return PersonalDetails(request.subject, {f"comment_{request.version + 1}": comment})
