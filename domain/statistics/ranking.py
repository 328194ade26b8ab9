"""排名: groups by one number, the best first, and how each moved against the period before. Pure reckoning.

A group without data has no rank and stands at the end: nobody is last for having had nothing to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.statistics.policy import Ties

FEWER_IS_BETTER = frozenset({
    "return_rate", "ping_pong", "rework_rate", "redo_rate", "repeat_rate", "returned", "overdue_open", "due_soon",
    "file_time", "dispatch_time", "accept_time", "handle_time", "close_time", "request_time",
})  # fmt: skip
"""Numbers by which the lowest value comes first."""


class Better(StrEnum):
    """Which end of a number is the good one."""

    HIGHEST = "highest"  #: 高者为先
    LOWEST = "lowest"  #: 低者为先


@dataclass(frozen=True)
class Entrant:
    """A group to be ranked. `value` None is no data; `volume` is what the value is over, in cases."""

    key: str
    name: str
    value: float | None
    volume: int
    excluded: int = 0


@dataclass(frozen=True)
class Ranked:
    """A group in its place. `rank` None: no data. `moved` counts places up; None where either period has no rank."""

    rank: int | None
    key: str
    name: str
    value: float | None
    volume: int
    excluded: int
    before: int | None
    moved: int | None


def better_end(number: str) -> Better:
    """How groups are ranked by a number."""
    return Better.LOWEST if number in FEWER_IS_BETTER else Better.HIGHEST


def rank(entrants: Iterable[Entrant], better: Better, ties: Ties, before: Iterable[Entrant] = ()) -> list[Ranked]:
    """All of them: ranked ones first, the best at the top, then those without data by code.

    Of equal values the one over more cases comes first, then the lower code; where `ties` are shared they have one
    rank, and the next is left out. `before` are the same groups in the period before.
    """
    was = {group.key: nth for nth, group in _numbered(before, better, ties)}
    known = list(entrants)
    return [
        *(_row(group, nth, was.get(group.key)) for nth, group in _numbered(known, better, ties)),
        *(_row(group, None, was.get(group.key)) for group in _by_code(known) if group.value is None),
    ]


def _numbered(entrants: Iterable[Entrant], better: Better, ties: Ties) -> Sequence[tuple[int, Entrant]]:
    sign = 1 if better is Better.LOWEST else -1
    with_data = [(sign * group.value, -group.volume, group.key, group) for group in entrants if group.value is not None]
    placed: list[tuple[int, Entrant]] = []
    shared: Mapping[float, int] = {}
    for nth, (value, _, _, group) in enumerate(sorted(with_data, key=lambda one: one[:3]), 1):
        if ties is Ties.SHARED:
            shared = {value: shared.get(value, nth)}
        placed.append((shared.get(value, nth), group))
    return placed


def _by_code(entrants: Iterable[Entrant]) -> list[Entrant]:
    return sorted(entrants, key=lambda group: group.key)


def _row(group: Entrant, nth: int | None, was: int | None) -> Ranked:
    moved = None if nth is None or was is None else was - nth
    return Ranked(nth, group.key, group.name, group.value, group.volume, group.excluded, was, moved)
