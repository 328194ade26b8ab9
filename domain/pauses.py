"""暂停: the stretches of time for which a limit's clock is stopped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.workdays import as_utc


@dataclass(frozen=True, slots=True)
class Pause:
    """From `start` up to `end`; None while it lasts.

    Raises ValueError for a naive instant and an end before the start.
    """

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        start, end = as_utc(self.start, "pause"), self.end and as_utc(self.end, "pause")
        if end is not None and end < start:
            raise ValueError(f"a pause from {start.isoformat()} ends before, at {end.isoformat()}")
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "end", end)

    def lasts_at(self, instant: datetime) -> bool:
        return self.start <= instant and (self.end is None or instant < self.end)


def merged(pauses: Iterable[Pause], since: datetime) -> tuple[Pause, ...]:
    """The same standstill after `since` in ascending pauses that do not touch; empty ones are left out.

    However it was cut up, overlapping, in whatever order: what counts is when the clock stood.
    """
    rests: list[Pause] = []
    for pause in sorted(pauses, key=lambda one: one.start):
        start = max(pause.start, since)
        if pause.end is not None and pause.end <= start:
            continue
        if rests and (rests[-1].end is None or start <= rests[-1].end):
            last = rests[-1]
            ends = [one.end for one in (last, pause) if one.end is not None]
            rests[-1] = Pause(last.start, max(ends) if len(ends) == 2 else None)
        else:
            rests.append(Pause(start, pause.end))
    return tuple(rests)
