"""三率 and on-time close: formulas over counts, weights as data. Rates are 0-1; None is "no data", not 0."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from statistics import fmean


@dataclass(frozen=True)
class RatePolicy:
    """Weights and their version. 基本满意 counts for less than 满意; 部分解决 counts or not by policy."""

    version: str = "2026.1"
    basically_satisfied: Fraction = Fraction(9, 10)
    partly_solved: Fraction = Fraction(0)
    response_weight: Fraction = Fraction(1, 10)
    resolution_weight: Fraction = Fraction(1, 2)
    satisfaction_weight: Fraction = Fraction(2, 5)
    """What each rate adds to the composite score 综合得分; together 1."""
    excluded_channels: frozenset[str] = frozenset()
    """Channels whose call-backs are not valid for the three rates: out of the denominator, beside the figure."""


@dataclass(frozen=True)
class Counts:
    """What is counted for one group: call-backs of requests, and issues that fell due."""

    valid_call_backs: int = 0
    contacted: int = 0
    solved: int = 0
    partly_solved: int = 0
    satisfied: int = 0
    basically_satisfied: int = 0
    due: int = 0
    closed_on_time: int = 0
    exempt_requests: int = 0
    exempt_issues: int = 0

    def __add__(self, other: Counts) -> Counts:
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Counts(*(mine + theirs for mine, theirs in pairs))


@dataclass(frozen=True)
class Rates:
    """Response, resolution, satisfaction over valid call-backs; on-time close over issues that fell due."""

    response: float | None
    resolution: float | None
    satisfaction: float | None
    on_time_close: float | None


def rates(counts: Counts, policy: RatePolicy) -> Rates:
    """The four rates of one group."""
    base = counts.valid_call_backs
    return Rates(
        response=_share(counts.contacted, base),
        resolution=_share(counts.solved + policy.partly_solved * counts.partly_solved, base),
        satisfaction=_share(counts.satisfied + policy.basically_satisfied * counts.basically_satisfied, base),
        on_time_close=_share(counts.closed_on_time, counts.due),
    )


def mean_of(groups: Iterable[Rates]) -> Rates:
    """The mean of units beside the pooled figure: groups without data are left out, not taken as 0."""
    columns = zip(*(vars(group).values() for group in groups), strict=True)
    means = [_mean([value for value in column if value is not None]) for column in columns]
    return Rates(*(means or [None] * 4))


def _share(part: Fraction | int, base: int) -> float | None:
    return float(Fraction(part) / base) if base else None


def _mean(values: list[float]) -> float | None:
    return fmean(values) if values else None
