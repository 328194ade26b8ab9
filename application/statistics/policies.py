"""PoliciesInForce: by which edition of the statistics policy 考核办法 a period is counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from application.registry.registry import Registry
from application.registry.statistics_policies import DEFAULT
from domain.registry.rule_edition import in_force_at
from domain.registry.statistics_policy import StatisticsEdition
from domain.statistics.periods import Bucket, Cut
from domain.statistics.policy import StatisticsPolicy

_ALL = 1_000_000


@dataclass(frozen=True)
class PoliciesInForce:
    """The editions of the registry, and the default one before the first of them."""

    registry: Registry

    def at(self, instant: datetime) -> StatisticsPolicy:
        """The edition in force at an instant."""
        edition = in_force_at(self.registry.entries(StatisticsEdition, lambda _: True, limit=_ALL), instant)
        return DEFAULT if edition is None else edition.policy

    def over(self, end: datetime) -> StatisticsPolicy:
        """The edition that counts a period ending at `end` (excluded): the one in force at its last instant.

        A period that spans two editions is counted whole by the later one.
        """
        return self.at(end - datetime.resolution)

    def period(self, cut: Cut, day: date) -> tuple[Bucket, StatisticsPolicy]:
        """The period named after a day, and the edition that counts it.

        Where an edition that cuts time otherwise comes into force meanwhile, the later one cuts, as it counts.
        """
        policy = self.over(DEFAULT.periods(cut).named(day).end)
        found = policy.periods(cut).named(day)
        later = self.over(found.end)
        return later.periods(cut).named(day), later

    def named(self, edition: str) -> StatisticsPolicy:
        """An edition by its code, also a draft or a past one. Refuses `NoSuchEntry`."""
        if edition == DEFAULT.edition:
            return DEFAULT
        return self.registry.find(StatisticsEdition, edition).policy
