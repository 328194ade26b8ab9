"""Coordination 统筹: at which level a case is coordinated. 小事不出网格, 难事街道协调."""

from __future__ import annotations

from dataclasses import dataclass

from domain.vocabulary import SolvedLevel

UPWARD = (
    SolvedLevel.GRID, SolvedLevel.COMMUNITY, SolvedLevel.STREET, SolvedLevel.DISTRICT, SolvedLevel.CITY,
)  # fmt: skip
"""The levels, from the grid up."""
GROUND_DIGITS = dict(zip(UPWARD, (15, 12, 9, 6, 4), strict=True))
"""Of a grid's code, those that name the level's ground."""


@dataclass(frozen=True)
class Coordination:
    """Who coordinates a case since it was passed up: the level's unit and the contact leader, "" for none.

    `below` and `below_unit` say from where it came, which is where it goes when it is sent down.
    """

    level: SolvedLevel
    unit: str
    leader: str
    below: SolvedLevel
    below_unit: str


def higher(one: SolvedLevel, other: SolvedLevel) -> SolvedLevel:
    """The higher of two levels."""
    return max(one, other, key=UPWARD.index)


def next_above(level: SolvedLevel) -> SolvedLevel | None:
    """The next level up, None above the city."""
    return next(iter(UPWARD[UPWARD.index(level) + 1 :]), None)
