"""删除个人信息: a process that may be stopped at any moment and goes on where it stopped, to the same end.

Each step does what may be done twice, then records it. The words are needed once more, to look for them everywhere
when they should be nowhere: until then they wait under a key of the erasure's own, which goes with the last step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from application.ports import Log, Logs
from domain.actor import Act
from domain.case_id import erasure_id, log_of
from domain.erasure import KEEPERS, UNDER_WAY, Erasure, ErasureStage
from domain.grid_issue import GridIssue
from domain.privacy_refusals import NothingToErase
from domain.refusals import NoSuchCase
from domain.resident_request import ResidentRequest
from domain.stages import OPEN_ISSUE, IssueStage, RequestStage

S = ErasureStage
DONE = frozenset({RequestStage.CLOSED, RequestStage.ANSWERED, RequestStage.DIVERTED, *IssueStage}) - OPEN_ISSUE
"""Stages in which nothing is left to do for those who told us."""


@dataclass(frozen=True)
class Sweep:
    """What was looked at for the words, by place, what still held them, and fields too short to look for."""

    looked_at: Mapping[str, int]
    remains: Mapping[str, int]
    too_short: Sequence[str]


class Forgetting(Protocol):
    """What destroys, cleans and looks. Everything may be done twice."""

    async def restrict(self, log_id: str, subject: UUID) -> None:
        """From now on the words are shown to nobody and nothing is added to them."""

    async def destroy_key(self, log_id: str, subject: UUID) -> str:
        """Put the words aside for the sweep and destroy the subject's key; gives the digest of the wrapped key."""

    async def clean(self, log_id: str, subject: UUID, case: UUID) -> Mapping[str, int]: ...

    async def sweep(self, log_id: str, subject: UUID) -> Sweep: ...

    async def drop_words(self, log_id: str, subject: UUID) -> None:
        """Destroy what was put aside."""

    async def begun(self, log_id: str) -> Sequence[UUID]:
        """The streams of erasures of a log."""


class Erasing:
    """Use cases of erasure and holds. `retention`: how long words are kept after a case's last event (policy)."""

    def __init__(self, logs: Logs, forgetting: Forgetting, retention: timedelta) -> None:
        self._logs, self._forgetting, self._retention = logs, forgetting, retention

    async def find(self, act: Act, case_id: UUID) -> Erasure:
        """Refuses `NothingToErase`, `NoSuchCase`, `OutsideArea`, `WrongRole`."""
        act.as_one_of(*KEEPERS)
        act.within(log_of(case_id))
        try:
            return await self._logs.holding(case_id).load(Erasure, erasure_id(case_id))
        except NoSuchCase:
            raise NothingToErase() from None

    async def hold(self, act: Act, case_id: UUID, *, lift: bool = False) -> Erasure:
        """保全 or its end. Refuses `HeldAlready`, `NotHeld`, `AlreadyErased`, `NoSuchCase`, `WrongRole`."""
        log, _, erasure = await self._of(act, case_id)
        erasure.lift(act) if lift else erasure.hold(act)
        await log.save(erasure)
        return erasure

    async def erase(self, act: Act, case_id: UUID) -> Erasure:
        """申请, and what follows from it at once; one that was stopped on the way goes on.

        Refuses `NoSuchCase`, `OutsideArea`, `WrongRole`, `AlreadyErased`.
        """
        log, case, erasure = await self._of(act, case_id)
        if erasure.stage not in UNDER_WAY | {S.REMAINS}:
            finished = case.stage in DONE
            erasure.ask(act, finished=finished, kept_until=case.modified_on + self._retention)
            await log.save(erasure)
        return await self.proceed(act, erasure)

    async def proceed(self, act: Act, erasure: Erasure) -> Erasure:
        """Take every step that is left."""
        log, forgetting = self._logs.holding(erasure.case), self._forgetting
        name = (log.log_id, erasure.subject)
        if erasure.stage is S.RESTRICTED:
            await forgetting.restrict(*name)
        if erasure.stage is S.ASKED:
            erasure.destroy_key(act, key_digest=await forgetting.destroy_key(*name))
            await log.save(erasure)
        if erasure.stage is S.KEY_DESTROYED:
            erasure.clean(act, places=await forgetting.clean(*name, erasure.case))
            await log.save(erasure)
        if erasure.stage in {S.CLEANED, S.REMAINS}:
            swept = await forgetting.sweep(*name)
            erasure.verify(act, looked_at=swept.looked_at, remains=swept.remains, too_short=swept.too_short)
            await log.save(erasure)
        if erasure.stage is S.VERIFIED:
            await forgetting.drop_words(*name)
            evidence = {"places": len(erasure.looked_at), "rows": sum(erasure.looked_at.values())}
            erasure.certify(act, key_digest=erasure.key_digest, evidence=evidence)
            await log.save(erasure)
        return erasure

    async def resume(self, act: Act) -> int:
        """Go on with every erasure that was stopped on the way; how many there were."""
        count = 0
        for log in self._logs.every():
            for stream in await self._forgetting.begun(log.log_id):
                erasure = await log.load(Erasure, stream)
                if erasure.stage in UNDER_WAY | {S.RESTRICTED}:
                    before = erasure.version
                    count += (await self.proceed(act, erasure)).version > before
        return count

    async def _of(self, act: Act, case_id: UUID) -> tuple[Log, ResidentRequest | GridIssue, Erasure]:
        log = self._logs.holding(case_id)
        act.within(log_of(case_id))
        case: ResidentRequest | GridIssue
        try:
            case = await log.load(ResidentRequest, case_id)
        except NoSuchCase:
            case = await log.load(GridIssue, case_id)
        try:
            return log, case, await log.load(Erasure, erasure_id(case_id))
        except NoSuchCase:
            return log, case, Erasure.open(act, id=erasure_id(case_id), case=case_id, subject=case.subject)
