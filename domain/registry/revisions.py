"""Revisions 修订: what a filing condition says from which day on, and from which day on it is not in force."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain.limit import Limit
from domain.registry.catalogue_refusals import LimitUndecided
from domain.registry.filing_condition import FilingCondition


@dataclass(frozen=True, slots=True)
class Revision:
    """The content of `edition`, in force from the day `since` (ISO) until the next mark.

    One that had `lapsed` was ended, later, from a day not after its own: it holds for cases filed under it only.
    """

    since: str
    edition: str
    content: FilingCondition
    lapsed: bool = False

    def settled_limit(self) -> Limit:
        """The limit an assignment runs under. Refuses `LimitUndecided`: nobody guesses what a text may mean."""
        if self.content.limit is None:
            said = {"edition": self.edition, "text": self.content.limit_text}
            raise LimitUndecided(category=self.content.code, **said)
        return self.content.limit


@dataclass(frozen=True, slots=True)
class Ending:
    """From the day `since` (ISO) on nothing is filed under the condition, until a later revision."""

    since: str


Mark = Revision | Ending
History = list[Mark]
"""Marks in the order of their days; of one day, the last said holds."""


def put(history: Iterable[Mark], revision: Revision) -> History:
    """The history with one more revision."""
    return _by_day([*history, revision])


def ended(history: Iterable[Mark], ending: Ending) -> History:
    """The history with an end to all that was said for later. It is kept: cases may have been filed under any of it."""
    return _by_day([*(_outlived(one, ending) for one in history), ending])


def _by_day(marks: list[Mark]) -> History:
    return sorted(marks, key=lambda one: one.since)


def _outlived(mark: Mark, ending: Ending) -> Mark:
    return replace(mark, lapsed=True) if isinstance(mark, Revision) and mark.since >= ending.since else mark


def day_after(last_day: str) -> str:
    """The first day that is not covered any more."""
    return (date.fromisoformat(last_day) + timedelta(days=1)).isoformat()


def decided(history: Iterable[Mark], edition: str, limit: Limit) -> History:
    """The history with the limit that `edition` had left open."""
    return [_decided(one, edition, limit) if isinstance(one, Revision) else one for one in history]


def _decided(revision: Revision, edition: str, limit: Limit) -> Revision:
    if revision.edition != edition or revision.content.limit is not None:
        return revision
    return replace(revision, content=revision.content.decided(limit))


def worded(history: Iterable[Mark]) -> list[Revision]:
    """The revisions without the endings."""
    return [one for one in history if isinstance(one, Revision)]


def on(history: Sequence[Mark], day: str) -> Revision:
    """The revision of a day; before the first day the first one, after an ending the one before it."""
    known = [one for one in worded(history) if not one.lapsed]
    return next((one for one in reversed(known) if one.since <= day), known[0])


def in_force(history: Sequence[Mark], day: str) -> bool:
    """Whether a revision holds that day."""
    last = next((one for one in reversed(history) if one.since <= day and not _has_lapsed(one)), None)
    return isinstance(last, Revision)


def last_day(history: Sequence[Mark]) -> str | None:
    """The last day in force that is known, None when none is."""
    end = next(one for one in reversed(history) if not _has_lapsed(one))
    if isinstance(end, Revision):
        return None
    return (date.fromisoformat(end.since) - timedelta(days=1)).isoformat()


def _has_lapsed(mark: Mark) -> bool:
    return isinstance(mark, Revision) and mark.lapsed
