"""How every use case treats an order: load, first answer for a known key, version seen, decide, save."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from eventsourcing.domain import Aggregate

from application.naming import Naming, NothingKept
from application.ports import AggregateT, Log, Logs, Receipt, RequestKey
from domain.actor import Act, Actor
from domain.attachment import named_by
from domain.refusals import ImplausibleTime, Stale
from domain.timers import Timers

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
CLOCK_SKEW = timedelta(minutes=5)
NO_TIMERS = Timers()


@dataclass(frozen=True)
class Command:
    """An order as it came: the deed, the version its giver saw (None: a new case), the key that guards a retry."""

    act: Act
    version: int | None = None
    key: RequestKey | None = None

    def check_version(self, aggregate: Aggregate) -> None:
        """Refuses `Stale` when the giver saw another version. What the clock did by itself since is no news to them."""
        timers: Timers = getattr(aggregate, "timers", NO_TIMERS)
        known = range(timers.last_act(aggregate.version), aggregate.version + 1)
        if self.version is not None and self.version not in known:
            raise Stale(expected=self.version, actual=aggregate.version)


def deed(actor: Actor, *, now: datetime, happened_at: datetime | None = None, reason: str = "") -> Act:
    """An act at `happened_at`, or now. Refuses `ImplausibleTime` before 2000 and after now (5 minutes of skew)."""
    at = happened_at or now
    if not EARLIEST <= at <= now + CLOCK_SKEW:
        raise ImplausibleTime(at=at, earliest=EARLIEST, latest=now)
    # Only now: at either end of the calendar an instant has no UTC form.
    return Act(actor=actor, at=at.astimezone(UTC), reason=reason, stated=happened_at is not None)


async def answered_before(log: Log, command: Command, case: Aggregate) -> Receipt | None:
    """The first answer to a retried order, or None. Refuses `KeyReused`, and `Stale` for a `case` seen otherwise.

    To be asked when all is loaded: who then finds a case as the order's first go left it, finds that go's key too.
    """
    answer = await log.first_answer(command.key)
    if answer is None:
        command.check_version(case)
    return answer


class Cases:
    """Commands that ask one aggregate only: load, let it decide, save.

    `beside` is told of what was decided before it is saved, and may record what follows from it.
    """

    def __init__(
        self, logs: Logs, beside: Callable[[Aggregate, Act], None] | None = None, naming: Naming | None = None
    ) -> None:
        self.logs, self._beside, self._naming = logs, beside, naming or NothingKept()

    async def change(
        self, kind: type[AggregateT], case_id: UUID, command: Command, decide: Callable[[AggregateT], None]
    ) -> Receipt:
        """Let the case `decide` and record what it decided, once per key."""
        log = self.logs.holding(case_id)
        case = await log.load(kind, case_id)
        if answer := await answered_before(log, command, case):
            return answer
        decide(case)
        if self._beside is not None:
            self._beside(case, command.act)
        await self._naming.require(command.act.actor, named_by(case.pending_events))
        return await log.save(case, key=command.key)
