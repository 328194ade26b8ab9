"""Answers of the statistics, ready for a chart: figures by group, all together, and the mean of the groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.statistics.number import Unit


@dataclass(frozen=True)
class Spread:
    """用时分布, 自然秒. histogram 为各 [下界, 上界) 内的件数, 末一段无上界."""

    median: float | None
    p90: float | None
    mean: float | None
    histogram: Sequence[tuple[int, int | None, int]]


@dataclass(frozen=True)
class Group:
    """一组的数. value 为 null 且 no_data 为真是没有数据, 不是 0; excluded 为不计入的剔除件数."""

    key: str
    name: str
    then_key: str | None
    then_name: str | None
    numerator: float
    denominator: int | None
    excluded: int
    value: float | None
    no_data: bool
    spread: Spread | None = None


@dataclass(frozen=True)
class Known:
    """所知范围: 何时, 各日志到哪一位置."""

    moment: datetime
    positions: Mapping[str, int]


@dataclass(frozen=True)
class Figures:
    """各组, 合计, 各组均值; 均值只取有数据的组."""

    as_of: Known
    groups: Sequence[Group]
    pooled: Group
    mean_of_groups: float | None


@dataclass(frozen=True)
class Answer:
    """一个指标在时段 [start, end) 的数.

    as_known_then 为真是按 as_of 时所知计算; as_known_now 是同一时段按现在所知的数.
    """

    number: str
    name: str
    unit: Unit
    start: datetime
    end: datetime
    by: str | None
    then: str | None
    policy: str
    as_known_then: bool
    as_of: Known
    groups: Sequence[Group]
    pooled: Group
    mean_of_groups: float | None
    as_known_now: Figures | None = None


@dataclass(frozen=True)
class CountedCase:
    """数背后的一案. answer 为何以计入, seconds 为用时或占用的秒数."""

    log_id: str
    case_id: UUID
    case_kind: str
    kind: str
    nth: int
    at: datetime
    place: str
    unit: str
    category: str
    channel: str
    answer: str
    exempt: bool
    done_at: datetime | None
    seconds: float | None
