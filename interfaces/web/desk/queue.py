"""Queue 待派件: what waits for intake and dispatch, what runs out first on top."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from application.services import Services
from application.views import WorkItem
from domain.actor import Actor, Role
from domain.stages import IssueStage as S
from domain.stages import RequestStage
from domain.waiting_stages import all_clocks

DESK = frozenset({Role.RECEIVER, Role.DISPATCHER})
MOST = 300
"""Cases the desk looks at; who has more waiting needs colleagues, not a longer list."""
_NEVER = datetime.max.replace(tzinfo=UTC)
_WAITS_FOR = {
    S.REPORTED: "立案", S.FILED: "派遣", S.CONSULTING: "会商结论", S.RETURN_ASKED: "审批退单", S.RETURNED: "重新派遣",
    S.FAILED: "返工", S.CHECKED: "结案", S.ACCEPTED: "审批延期或挂账", S.CLOSED: "审核申诉",
}  # fmt: skip
OF_REQUESTS, ELSE = "新诉求", "其他"


@dataclass(frozen=True)
class Waiting:
    """One case of the queue: what it waits for, and the first instant at which one of its clocks runs out."""

    item: WorkItem
    step: str
    due: datetime | None

    @property
    def path(self) -> str:
        return f"/desk/{self.item.case}s/{self.item.id}"


@dataclass(frozen=True)
class Queue:
    """All that waits, in order; `steps` with how many each."""

    waiting: Sequence[Waiting]
    step: str

    @property
    def steps(self) -> Counter[str]:
        return Counter(one.step for one in self.waiting)

    @property
    def shown(self) -> list[Waiting]:
        """Those that wait for `step`, all of them without one."""
        return [one for one in self.waiting if not self.step or one.step == self.step]

    def after(self, case_id: UUID) -> Waiting | None:
        """The next to be taken when this one is done: the one below, else the first."""
        shown = self.shown
        at = next((n for n, one in enumerate(shown) if one.item.id == case_id), -1)
        rest = shown[at + 1 :] + shown[: max(at, 0)]
        return rest[0] if rest else None

    def before(self, case_id: UUID) -> Waiting | None:
        """The one above."""
        shown = self.shown
        at = next((n for n, one in enumerate(shown) if one.item.id == case_id), 0)
        return shown[at - 1] if at else None


async def queue_of(services: Services, actor: Actor, step: str = "") -> Queue:
    """What waits for the actor as a receiver or dispatcher."""
    now = services.clock()
    at_desk = replace(actor, roles=actor.roles & DESK)
    items = [one for one in await services.boards.work(at_desk, None, MOST, now) if _of_the_desk(one)]
    issues = [one for one in items if one.case == "issue"]
    clocks = await services.case_clocks.of({one.log_id for one in issues}, [one.id for one in issues])
    running = {
        case_id: [clock.due for clock in all_clocks(found, services.timers.calendar_of) if clock.runs]
        for case_id, found in clocks.items()
    }
    waiting = [Waiting(one, _step(one), min(running.get(one.id, []), default=None)) for one in items]
    return Queue(sorted(waiting, key=lambda one: (one.due or _NEVER, one.item.since, str(one.item.id))), step)


def _of_the_desk(item: WorkItem) -> bool:
    """Not what waits to be called back: that has a desk of its own."""
    return item.case == "issue" or (item.case == "request" and item.stage == RequestStage.RECEIVED)


def _step(item: WorkItem) -> str:
    return OF_REQUESTS if item.case == "request" else _WAITS_FOR.get(S(item.stage), ELSE)
