"""Tally 计数 of a what if: on-time rates before and after, by unit and street, and how the ranking would change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from application.statistics.supposing import Pair
from application.statistics.what_if import Weights
from domain.limit_stages import LimitStage
from domain.rates import Counts, RatePolicy, Rates, rates
from domain.statistics.clock_runs import ClockRun

NameOf = Callable[[str, str], str]
"""What a group is called, by what it is grouped by and its key."""
BY = ("unit", "street")
_THEN, _NOW = 0, 2
Figures = list[int]
"""Fallen due and met in time, as it went and as it would have."""


@dataclass
class Tally:
    """What was counted so far: `figures` by grouping, group and clock; "" groups all. Kept as JSON between batches."""

    cases: int = 0
    exempt: int = 0
    newly_late: int = 0
    no_longer_late: int = 0
    figures: dict[str, Figures] = field(default_factory=dict)

    def take(self, pairs: Iterable[Pair], now: datetime) -> None:
        """Count one case that is not exempt."""
        self.cases += 1
        for one, other in pairs:
            then, other_then = _met(one, now), _met(other, now)
            self.newly_late += then is not False and other_then is False
            self.no_longer_late += then is False and other_then is not False
            for offset, run, met in ((_THEN, one, then), (_NOW, other, other_then)):
                if run is not None and met is not None:
                    self._count(run, offset, met)

    def _count(self, run: ClockRun, offset: int, met: bool) -> None:
        for by, key in (("", ""), ("unit", run.unit), ("street", run.place[:9])):
            figures = self.figures.setdefault(f"{by}|{key}|{run.stage.value}", [0, 0, 0, 0])
            figures[offset] += 1
            figures[offset + 1] += met

    def told(self, name_of: NameOf) -> dict[str, Any]:
        """The answer: pooled by clock, and by group with its rank among those with data."""
        rows: dict[str, list[dict[str, Any]]] = {by: [] for by in ("", *BY)}
        for name in sorted(self.figures, key=_in_order):
            by, key, clock = name.split("|")
            rows[by].append({"key": key, "clock": clock, **_then_and_now(self.figures[name])})
        for by in BY:
            for row in rows[by]:
                row["name"] = name_of(by, row["key"])
            for clock in LimitStage:
                _rank([row for row in rows[by] if row["clock"] == clock.value], "rate")
        counts = {name: value for name, value in asdict(self).items() if name != "figures"}
        return {**counts, "clocks": rows[""], "groups": {by: rows[by] for by in BY}}


def rates_under(
    grouped: Mapping[str, Mapping[str, Counts]], policy: RatePolicy, weights: Weights, name_of: NameOf
) -> dict[str, Any]:  # fmt: skip
    """三率 by the policy of the period and under other weights, pooled and by group, with ranks by satisfaction.

    `grouped` are the counts of valid call-backs by grouping and group; "" groups all.
    """
    other = replace(
        policy, version="", basically_satisfied=Fraction(weights.basically_satisfied),
        partly_solved=Fraction(weights.partly_solved),
    )  # fmt: skip

    def both(counts: Counts) -> dict[str, Any]:
        return {"then": _three(rates(counts, policy)), "now": _three(rates(counts, other))}

    shares = {
        "basically_satisfied": str(policy.basically_satisfied), "partly_solved": str(policy.partly_solved)
    }  # fmt: skip
    told: dict[str, Any] = {
        "policy": policy.version, "weights_then": shares, "weights_now": asdict(weights),
        "pooled": both(sum(grouped[""].values(), Counts())),
    }  # fmt: skip
    for by in BY:
        rows = [{"key": key, "name": name_of(by, key), **both(counts)} for key, counts in sorted(grouped[by].items())]
        _rank(rows, "satisfaction")
        told[by] = rows
    return told


def _in_order(name: str) -> tuple[str, str, int]:
    by, key, clock = name.split("|")
    return by, key, list(LimitStage).index(LimitStage(clock))


def _met(run: ClockRun | None, now: datetime) -> bool | None:
    """Whether it was met in time; None where that is not decided, or it did not run."""
    late = run.late(now) if run else None
    return None if late is None else not late


def _then_and_now(figures: Sequence[int]) -> dict[str, Any]:
    return {
        said: {
            "due": figures[at], "on_time": figures[at + 1],
            "rate": figures[at + 1] / figures[at] if figures[at] else None,
        }
        for said, at in (("then", _THEN), ("now", _NOW))
    }  # fmt: skip


def _three(found: Rates) -> dict[str, float | None]:
    return {"response": found.response, "resolution": found.resolution, "satisfaction": found.satisfaction}


def _rank(rows: Sequence[dict[str, Any]], rate: str) -> None:
    """名次 by the rate then and now: equal rates share one, what has no data has none."""
    for said in ("then", "now"):
        known = [row[said][rate] for row in rows if row[said][rate] is not None]
        for row in rows:
            mine: float | None = row[said][rate]
            row[f"rank_{said}"] = None if mine is None else 1 + sum(other > mine for other in known)


def tally_of(kept: Mapping[str, Any]) -> Tally:
    """The tally a job left off with."""
    return Tally(**kept)
