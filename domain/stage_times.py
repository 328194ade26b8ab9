"""环节时限: what the limit rules set for the stages of a case, each with its own clock beside the lead's.

A stage's clock never shortens another's. The lead's duties (签收, 联系, 反馈) do as the lead's own clock does: they
stand while that stands, go on for the same unit and begin anew for another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.limit import Limit, deadline, is_provisional, resume
from domain.limit_stages import LimitStage
from domain.workdays import WorkCalendar, as_utc


@dataclass(frozen=True)
class StageClock:
    """One stage's limit as its event keeps it: `rule` of the event's edition, the calendar version, start and due.

    Raises ValueError for a naive instant.
    """

    stage: str
    rule: str
    limit_amount: int
    limit_unit: str
    calendar: str
    calendar_version: str
    provisional: bool
    clock_start: datetime
    due: datetime

    def __post_init__(self) -> None:
        for name in ("clock_start", "due"):
            as_utc(getattr(self, name), name)

    @classmethod
    def started(cls, stage: LimitStage, limit: Limit, rule: str, start: datetime, calendar: WorkCalendar) -> StageClock:
        """A clock that runs from `start`. Raises ValueError when the calendar has too little working time left."""
        clock = deadline(limit, start, calendar)
        return cls(
            stage.value, rule, limit.amount, limit.unit.value, clock.calendar, clock.calendar_version,
            clock.provisional, start, clock.due,
        )  # fmt: skip

    @property
    def limit(self) -> Limit:
        """What it counts down."""
        return Limit.of(self.limit_amount, self.limit_unit)

    def resumed(self, stopped: datetime, at: datetime, calendar: WorkCalendar) -> StageClock:
        """The clock going on at `at` after it stood from `stopped`; what was left then is left now."""
        since = max(stopped, self.clock_start)
        due = resume(self.limit, self.due, since, max(at, since), calendar)
        return replace(
            self, due=due, calendar=calendar.name, calendar_version=calendar.version,
            provisional=is_provisional(self.limit, due, calendar),
        )  # fmt: skip


@dataclass(frozen=True)
class StageTimes:
    """What an issue remembers for its stages' limits: how urgent it is, when it was filed, the clocks last set.

    The edition of the limit rules is the one in force when it was filed: a later one leaves it alone.
    """

    urgency: str
    filed_on: datetime | None = None
    clocks: dict[str, StageClock] = field(default_factory=dict)
    ends: dict[str, datetime] = field(default_factory=dict)
    """When a stage was last over, those that had no clock too."""
    rules: str = ""
    """The edition of the rules that the clocks last set are of."""

    @property
    def case_limit(self) -> Limit | None:
        """The limit a rule set for the case as a whole."""
        whole = self.clocks.get(LimitStage.CASE.value)
        return whole.limit if whole else None

    def ended(self, clock: StageClock) -> datetime | None:
        """When what `clock` waited for happened, None while it has not since the clock began."""
        end = self.ends.get(clock.stage)
        return end if end is not None and end >= clock.clock_start else None

    def with_end(self, stage: LimitStage, at: datetime) -> StageTimes:
        """For events: `stage` was over at `at`."""
        return replace(self, ends=self.ends | {stage.value: at})

    def with_clocks(self, clocks: Iterable[StageClock], rules: str) -> StageTimes:
        """For events: these clocks are set by `rules`, the others stay."""
        return replace(self, clocks=self.clocks | {clock.stage: clock for clock in clocks}, rules=rules)
