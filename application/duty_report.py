"""Report of attempts 清单外派遣: who tried to pass which class down to whom, refused or let through with a flag."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Protocol
from uuid import UUID

from domain.actor import Actor
from domain.refusals import Refused

Mark = tuple[datetime, str, int]
"""Where an attempt stands: when it happened, its log and its position there."""


class AttemptOutcome(StrEnum):
    """清单外派遣的结果."""

    REFUSED = "refused"  #: 已拒绝
    FLAGGED = "flagged"  #: 已标记, assigned all the same

    @property
    def label(self) -> str:
        """The word people read."""
        return {"refused": "已拒绝", "flagged": "已标记"}[self.value]


class Dimension(StrEnum):
    """What attempts are counted by."""

    ASKING_UNIT = "asking_unit"  #: 派出单位
    UNIT = "unit"  #: 承接单位
    CATEGORY = "category"  #: 小类
    MONTH = "month"  #: 月份


@dataclass(frozen=True)
class AttemptView:
    """One attempt. `case` is the issue, or the request it was to be dispatched from; `by` is a post.

    `edition` is the policy's that refused it, "" for the setting of the house and for what was flagged.
    """

    log_id: str
    position: int
    happened_at: datetime
    recorded_at: datetime
    outcome: Literal["refused", "flagged"]
    case: UUID
    grid: str
    category: str
    units: list[str]
    by: str
    asking_unit: str
    edition: str

    @property
    def mark(self) -> Mark:
        """For the page after."""
        return self.happened_at, self.log_id, self.position


@dataclass(frozen=True)
class AttemptGroup:
    """Attempts counted together; what was not told apart is "". `month` is "2026-03", in China."""

    asking_unit: str
    unit: str
    category: str
    month: str
    refused: int
    flagged: int
    last_at: datetime

    @property
    def mark(self) -> tuple[str, str, str, str]:
        """For the page after."""
        return self.asking_unit, self.unit, self.category, self.month


@dataclass(frozen=True)
class AttemptQuestion:
    """Which attempts: in [start, end), of an asking unit, to a unit, of a class, with an outcome. None: whatever."""

    start: datetime | None = None
    end: datetime | None = None
    asking_unit: str | None = None
    unit: str | None = None
    category: str | None = None
    outcome: AttemptOutcome | None = None


class AttemptReport(Protocol):
    """Answers within the asker's area; a mere handler is told of what their own unit asked for or was to take."""

    async def attempts(
        self, actor: Actor, question: AttemptQuestion, *, after: Mark | None, limit: int
    ) -> Sequence[AttemptView]:
        """The newest first."""

    async def groups(
        self, actor: Actor, question: AttemptQuestion, *, by: Sequence[Dimension],
        after: tuple[str, str, str, str] | None, limit: int,
    ) -> Sequence[AttemptGroup]:  # fmt: skip
        """By asking unit, unit, class and month, ascending, as far as they are told apart."""


def name_of(look_up: Callable[[str], Any], code: str) -> str:
    """The name registered now, or the code where there is none any more."""
    try:
        return str(look_up(code).name)
    except Refused:
        return code
