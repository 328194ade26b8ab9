"""考核办法: what a city decides about its statistics: weights, periods, exclusions, ties, and the small-cell threshold.

What no policy decides: a denominator of nothing is "no data", never 0 %, and an exempted case stands beside the figure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo

from domain.rates import RatePolicy
from domain.registry.entry import chosen
from domain.registry.refusals import BadChoice
from domain.statistics.periods import Cut, Periods
from domain.statistics.policy_refusals import BadHour, BadMonthDay, BadSmallCell, BadWeights
from domain.vocabulary import Channel

_PLACES = 10_000
"""Weights have four decimal places at most."""
MOST_SMALL = 100


class Ties(StrEnum):
    """同分 of a ranking."""

    VOLUME = "volume"  #: 以件数多者为先, then by code
    SHARED = "shared"  #: 并列, the next rank is left out


@dataclass(frozen=True)
class StatisticsPolicy:
    """One edition of it, "2026.1" where a city has published none: what the house ships.

    `day_hour` is when the day of daily figures begins, `month_day` the month of monthly ones; `small_cell` is the
    least denominator a public figure is shown with.
    """

    rates: RatePolicy = field(default_factory=RatePolicy)
    zone: str = "Asia/Shanghai"
    day_hour: int = 12
    month_day: int = 19
    ties: Ties = Ties.VOLUME
    small_cell: int = 5

    @property
    def edition(self) -> str:
        """Its code, named by every statistic."""
        return self.rates.version

    def periods(self, cut: Cut) -> Periods:
        """How it cuts time into days, weeks or months."""
        return Periods(cut, self.zone, hour=self.day_hour, first_day=self.month_day)

    def require_sound(self) -> None:
        """Refuses `BadWeights`, `BadHour`, `BadMonthDay`, `BadSmallCell`, and `BadChoice` for a zone or channel."""
        rates = self.rates
        shares = (rates.response_weight, rates.resolution_weight, rates.satisfaction_weight)
        if sum(shares) != 1 or not all(map(_is_weight, (*shares, rates.basically_satisfied, rates.partly_solved))):
            raise BadWeights(weights=[str(float(share)) for share in shares])
        for channel in sorted(rates.excluded_channels):
            chosen(Channel, channel, "不计的渠道")
        if not 0 <= self.day_hour <= 23:
            raise BadHour(hour=self.day_hour)
        if not 1 <= self.month_day <= 28:
            raise BadMonthDay(day=self.month_day)
        if not 0 <= self.small_cell <= MOST_SMALL:
            raise BadSmallCell(threshold=self.small_cell, most=MOST_SMALL)
        _require_zone(self.zone)


@dataclass(frozen=True)
class Terms:
    """What an edition says as its events hold it: weights as decimals in text, `ties` by its value."""

    basically_satisfied: str
    partly_solved: str
    response: str
    resolution: str
    satisfaction: str
    excluded_channels: list[str]
    zone: str
    day_hour: int
    month_day: int
    ties: str
    small_cell: int

    @classmethod
    def of(cls, policy: StatisticsPolicy) -> Terms:
        """The policy written down."""
        rates = policy.rates
        return cls(
            basically_satisfied=_written(rates.basically_satisfied),
            partly_solved=_written(rates.partly_solved),
            response=_written(rates.response_weight),
            resolution=_written(rates.resolution_weight),
            satisfaction=_written(rates.satisfaction_weight),
            excluded_channels=sorted(rates.excluded_channels),
            zone=policy.zone,
            day_hour=policy.day_hour,
            month_day=policy.month_day,
            ties=policy.ties.value,
            small_cell=policy.small_cell,
        )

    def policy(self, edition: str) -> StatisticsPolicy:
        """As it is applied, called `edition`."""
        rates = RatePolicy(
            edition, Fraction(self.basically_satisfied), Fraction(self.partly_solved), Fraction(self.response),
            Fraction(self.resolution), Fraction(self.satisfaction), frozenset(self.excluded_channels),
        )  # fmt: skip
        return StatisticsPolicy(rates, self.zone, self.day_hour, self.month_day, Ties(self.ties), self.small_cell)


def _written(weight: Fraction) -> str:
    return str(float(weight))


def _is_weight(weight: Fraction) -> bool:
    return 0 <= weight <= 1 and (weight * _PLACES).denominator == 1


def _require_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (LookupError, ValueError, OSError):  # No such name, or one that leads out of the list of zones.
        raise BadChoice(field="时区", value=zone, choices=["IANA 时区名，如 Asia/Shanghai"]) from None
