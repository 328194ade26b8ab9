"""Filter 筛选: which facts a question is about; by what they are put into groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.statistics.periods import Bucket
from domain.statistics.refusals import PeriodTooLong

LONGEST_YEARS = 5


@dataclass(frozen=True)
class Filter:
    """The period [start, end), and what else facts must be of. None, and no logs, means whatever."""

    start: datetime
    end: datetime
    street: str | None = None
    community: str | None = None
    grid: str | None = None
    unit: str | None = None
    category: str | None = None
    channel: str | None = None
    logs: tuple[str, ...] = ()
    hours: float = 24
    """How far ahead `due_soon` looks."""

    def require_bounded(self) -> None:
        """Refuses `PeriodTooLong`."""
        if self.end - self.start > timedelta(days=366 * LONGEST_YEARS):
            raise PeriodTooLong(years=LONGEST_YEARS)


class Dimension(StrEnum):
    """分组: by what facts may be put together. The last three tell who holds a case: of time held and backlog alone."""

    LOG = "log"  #: 日志
    STREET = "street"  #: 街道
    COMMUNITY = "community"  #: 社区
    GRID = "grid"  #: 网格
    UNIT = "unit"  #: 单位
    CATEGORY = "category"  #: 类别
    CHANNEL = "channel"  #: 渠道
    PERIOD = "period"  #: 周期
    HOLDER_KIND = "holder_kind"  #: 占有方
    STAGE = "stage"  #: 环节
    LEVEL = "level"  #: 层级


OF_HOLDING = frozenset({Dimension.HOLDER_KIND, Dimension.STAGE, Dimension.LEVEL})


@dataclass(frozen=True)
class Grouping:
    """By one dimension, or two, or none. `buckets` cut the period, ascending: needed by `PERIOD` and by the backlog."""

    by: Dimension | None = None
    then: Dimension | None = None
    buckets: Sequence[Bucket] = ()

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """The dimensions there are."""
        return tuple(one for one in (self.by, self.then) if one is not None)


def mark(bucket: Bucket) -> str:
    """The key of the group of a bucket: the instant it begins at."""
    return bucket.start.isoformat()
