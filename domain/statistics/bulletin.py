"""Bulletin 通报: the numbers of a place over a period as they were known when issued, frozen for ever.

What becomes known later does not change it: it shows as a difference. A corrected one is a further issuance with its
reason, and the first stays readable. Its stream lives in the log of its place: the city's or a district's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain.actor import Act, Role, record, signature
from domain.case_rules import require_reason
from domain.registry.refusals import NothingChanged
from domain.statistics.bulletin_figures import Figure, Heading, changed
from domain.statistics.bulletin_refusals import PeriodNotOver
from domain.statistics.periods import Bucket, Cut
from domain.step import Step


class BulletinKind(StrEnum):
    """通报种类."""

    DAILY = "daily"  #: 日报
    WEEKLY = "weekly"  #: 周报
    MONTHLY = "monthly"  #: 月报

    @property
    def cut(self) -> Cut:
        """The periods it is about."""
        return {BulletinKind.DAILY: Cut.DAY, BulletinKind.WEEKLY: Cut.WEEK, BulletinKind.MONTHLY: Cut.MONTH}[self]

    @property
    def label(self) -> str:
        """The word people read."""
        return {BulletinKind.DAILY: "日报", BulletinKind.WEEKLY: "周报", BulletinKind.MONTHLY: "月报"}[self]


@dataclass(frozen=True)
class Known:
    """What numbers were computed from: the events of each log up to its position, and the moment of computing."""

    at: datetime
    positions: dict[str, int]


@dataclass(frozen=True)
class Issuance:
    """The bulletin as it was issued, or issued again: when, by whom, why, from what, with which figures."""

    nth: int
    issued_at: datetime
    by: str
    reason: str
    known: Known
    figures: tuple[Figure, ...]


class Bulletin(Aggregate):
    """One bulletin as its events tell it: `issuances`, the first and then each correction."""

    TOPIC = "bulletin"
    label = "通报"

    class Event(Step):
        """Base of the events of `Bulletin`."""

    class Created(Event, Aggregate.Created):
        """Never recorded; the library wants it named."""

        TOPIC = "bulletin.created"

    class Issued(Created):
        """印发, about `scope` (a division code) over [start, end), called `period`, in groups of a kind.

        `policy` is the edition of the statistics policy, `numbers` what is told, in this order; `known_at` and
        `positions` are what the figures are from.
        """

        TOPIC = "bulletin.issued"
        kind: str
        scope: str
        period: str
        start: datetime
        end: datetime
        grouped_by: str
        policy: str
        numbers: list[Heading]
        known_at: datetime
        positions: dict[str, int]
        figures: list[Figure]

        def apply(self, bulletin: Bulletin) -> None:
            bulletin.issuances = (_issuance(1, self),)

    class Reissued(Event):
        """更正重发: the same numbers, from what is known by now; the reason says why."""

        TOPIC = "bulletin.reissued"
        known_at: datetime
        positions: dict[str, int]
        figures: list[Figure]

        def apply(self, bulletin: Bulletin) -> None:
            bulletin.issuances = (*bulletin.issuances, _issuance(len(bulletin.issuances) + 1, self))

    issuances: tuple[Issuance, ...]

    def __init__(
        self, *, kind: str, scope: str, period: str, start: datetime, end: datetime, grouped_by: str, policy: str,
        numbers: list[Heading],
    ) -> None:  # fmt: skip
        self.kind, self.scope, self.grouped_by, self.policy = BulletinKind(kind), scope, grouped_by, policy
        self.numbers = tuple(numbers)
        self.period = Bucket(start, end, period)

    @property
    def latest(self) -> Issuance:
        """As it was issued last."""
        return self.issuances[-1]

    @classmethod
    def issue(
        cls, act: Act, *, id: UUID, kind: BulletinKind, scope: str, period: Bucket, grouped_by: str, policy: str,
        numbers: Sequence[Heading], known: Known, figures: Sequence[Figure],
    ) -> Bulletin:  # fmt: skip
        """印发 by a supervisor of the place, once the period is over. Refuses `PeriodNotOver`."""
        role = _supervisor(act, scope)
        require_over(period, known.at)
        return cls._create(
            cls.Issued, id=id, timestamp=act.at, **signature(act, role), kind=kind.value, scope=scope,
            period=period.label, start=period.start, end=period.end, grouped_by=grouped_by, policy=policy,
            numbers=list(numbers), known_at=known.at, positions=dict(known.positions), figures=list(figures),
        )  # fmt: skip

    def reissue(self, act: Act, *, known: Known, figures: Sequence[Figure]) -> None:
        """更正重发, with its reason. Refuses `ReasonMissing`, and `NothingChanged` where every figure is the same."""
        role = _supervisor(act, self.scope)
        require_reason(act)
        if not changed(self.latest.figures, figures):
            raise NothingChanged(kind=self.label, code=self.period.label)
        record(
            self, self.Reissued, act, role, known_at=known.at, positions=dict(known.positions), figures=list(figures)
        )  # fmt: skip


def require_over(period: Bucket, at: datetime) -> None:
    """Refuses `PeriodNotOver`."""
    if at < period.end:
        raise PeriodNotOver(period=period.label, end=period.end)


def _supervisor(act: Act, scope: str) -> Role:
    role = act.as_one_of(Role.SUPERVISOR)
    act.within(scope)
    return role


def _issuance(nth: int, step: Bulletin.Issued | Bulletin.Reissued) -> Issuance:
    known = Known(step.known_at, step.positions)
    return Issuance(nth, step.timestamp, step.by, step.reason, known, tuple(step.figures))
