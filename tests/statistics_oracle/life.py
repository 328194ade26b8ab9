"""The life of one case as the design tells it: who held it when, what came of it, which limits it was under.

Kept as plain lists that later events change in place. What was known at a position is had by stopping there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from tests.statistics_oracle.told import Told


@dataclass(slots=True)
class Span:
    """The case was held so from `started_at` to `ended_at`; None while it is. `place` to `channel` are as it began."""

    held: tuple[str, str, str, str, int, str, str]
    """holder_kind, holder, stage, level, round, clock, rules."""
    place: str
    unit: str
    category: str
    channel: str
    started_at: datetime
    ended_at: datetime | None = None

    @property
    def seconds(self) -> float:
        return (self.ended_at - self.started_at).total_seconds() if self.ended_at else 0.0


@dataclass(slots=True)
class Outcome:
    """Something that came of the case; of a limit (`clock:...`) `at` is when it falls due."""

    kind: str
    nth: int
    at: datetime
    place: str
    unit: str
    category: str
    channel: str
    done_at: datetime | None = None
    value: str | None = None
    seconds: int | None = None
    contacted: bool | None = None
    solved: str | None = None
    satisfaction: str | None = None
    withdrawn: bool = False
    since: datetime | None = None
    """Of a limit, when its clock began."""


@dataclass(slots=True)
class Life:
    """What an issue and a request have in common."""

    id: str
    log: str
    case_kind: str
    place: str
    category: str
    channel: str
    began_at: datetime
    stage: str
    round: int = 1
    exempt: bool = False
    spans: list[Span] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    _counted: Counter[str] = field(default_factory=Counter)

    def came(
        self, kind: str, event: Told, *, unit: str = "", value: str | None = None, since: datetime | None = None,
        at: datetime | None = None, place: str | None = None,
    ) -> Outcome:  # fmt: skip
        """Note an outcome of `event`, in the place and category the case has now unless told otherwise."""
        self._counted[kind] += 1
        seconds = None if since is None else int((event.at - since).total_seconds() // 1)
        one = Outcome(
            kind, self._counted[kind], at or event.at, place or self.place, unit, self.category, self.channel,
            value=value, seconds=seconds,
        )  # fmt: skip
        self.outcomes.append(one)
        return one

    def standing(self, *kinds: str) -> Iterator[Outcome]:
        """Those of some kinds that nothing has withdrawn, the oldest first."""
        return (one for one in self.outcomes if one.kind in kinds and not one.withdrawn)

    def withdraw(self, *kinds: str) -> None:
        for one in self.standing(*kinds):
            one.withdrawn = True

    def is_held(self, held: tuple[str, str, str, str, int, str, str] | None, unit: str, at: datetime) -> None:
        """From `at` the case is held so, by nobody where `held` is None; nothing changes where it was already."""
        last = self.spans[-1] if self.spans and self.spans[-1].ended_at is None else None
        if last and last.held == held:
            return
        if last:
            last.ended_at = at
        if held is not None:
            self.spans.append(Span(held, self.place, unit, self.category, self.channel, at))
