"""The limits of one issue: when each falls due, what met it, and what sets it aside or sets it anew.

A limit that fell due while its clock ran, and was not met by then, is a miss for ever; every other may still move.
"""

from __future__ import annotations

from datetime import datetime

from tests.statistics_oracle.life import Life, Outcome
from tests.statistics_oracle.told import Told

OF_THE_LEAD = ("clock:accept", "clock:contact", "clock:feedback", "clock:handle")
"""They stand while the lead's clock stands, and are the lead's no more once it gave the case back."""
OF_VOICES = ("clock:contact", "clock:feedback", "clock:call_back")
OF_JUDGING = ("clock:check", "clock:call_back")
EVERY = (*OF_THE_LEAD, "clock:close", "clock:case", "clock:dispatch", *OF_JUDGING)


def last(life: Life, kind: str) -> Outcome | None:
    found = list(life.standing(kind))
    return found[-1] if found else None


def is_missed(one: Outcome, by: datetime) -> bool:
    """Whether the limit was over before it was met, or before `by` where nothing met it."""
    return one.at < (one.done_at or by)


def begin(life: Life, kind: str, due: datetime, since: datetime, event: Told, unit: str) -> None:
    """A limit of `kind` is due at `due` from now on, on a clock that began at `since`."""
    life.came(kind, event, unit=unit, at=due).since = since


def go_on(life: Life, kind: str, due: datetime, since: datetime, event: Told, unit: str) -> None:
    """The lead's own limit is set: a miss stays a miss, what was met in time no longer counts as met.

    One that goes on under the very instant it was missed at is the same one.
    """
    before = last(life, kind)
    if before is not None and is_missed(before, event.at):
        if before.at == due:
            return
    elif before is not None:
        before.withdrawn = True
    begin(life, kind, due, since, event, unit)


def set_case(life: Life, due: datetime, since: datetime, event: Told, unit: str, resolved_at: datetime | None) -> None:
    """The limit of the case is set. A case misses it once and for ever; one resolved in time has not missed it."""
    before = last(life, "clock:close")
    if before is not None:
        same = before.at == due and before.done_at is None and before.unit == unit
        if same or is_missed(before, resolved_at or event.at):
            return
        before.withdrawn = True
    begin(life, "clock:close", due, since, event, unit)


def set_stage(life: Life, kind: str, due: datetime, since: datetime, event: Told, unit: str) -> None:
    """The limit of a stage is set: one that begins anew, or the one before going on."""
    before = last(life, kind)
    same = before is not None and before.since == since
    if before is not None and same and (before.done_at is not None or before.at == due):
        return
    if before is not None and before.done_at is None and before.at >= event.at:
        before.withdrawn = True
    begin(life, kind, due, since, event, unit)


def move(life: Life, kind: str, due: datetime, event: Told, unit: str) -> None:
    """More time was given, or the calendar changed: what is not met yet is due at `due` instead."""
    before = last(life, kind)
    if before is None or before.done_at is not None or before.at == due:
        return
    before.withdrawn = True
    begin(life, kind, due, before.since or before.at, event, unit)


def meet(life: Life, kind: str, at: datetime) -> None:
    """What the limit was for has happened; once is enough. While no clock of its kind runs it meets none."""
    before = next((one for one in reversed(life.outcomes) if one.kind == kind), None)
    if before is not None and not before.withdrawn and before.done_at is None:
        before.done_at = at
        before.seconds = None if before.since is None else int((at - before.since).total_seconds() // 1)


def stand_still(life: Life, at: datetime, *kinds: str) -> None:
    """Nothing falls due from `at` on; what was over by then stays over."""
    for one in life.standing(*kinds):
        if one.done_at is None and one.at >= at:
            one.withdrawn = True
