"""Succession 承接: whose ground becomes whose, in how far; Doubt 存疑: what a list says that a person must decide."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class How(StrEnum):
    """承接方式."""

    MERGED = "merged"  #: 并入: all its ground becomes part of another's
    REPLACED = "replaced"  #: 改设: 撤县设市, 撤县设区 and the like; another body on the same ground
    SPLIT = "split"  #: 分设: its ground is shared out, it ends
    CARVED = "carved"  #: 析置: a part becomes a division of its own, it goes on

    @property
    def label(self) -> str:
        """The word people read."""
        return _LABEL[self]


_LABEL = {How.MERGED: "并入", How.REPLACED: "改设", How.SPLIT: "分设", How.CARVED: "析置"}


SAME_CODE = "同码异名"
"""The kind of doubt that two tables leave which give one code to two names: confirmed, they are one place."""


class Verdict(StrEnum):
    """存疑的了结."""

    CONFIRMED = "confirmed"  #: 属实: the supposed division is the successor, or the same place
    DISMISSED = "dismissed"  #: 不取: the line is wrong, or was settled by other means


@dataclass(frozen=True, slots=True)
class Succession:
    """Ids of the divisions that follow, how, and from which day."""

    successors: tuple[str, ...]
    how: str
    since: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A line kept as text. `supposed` is the id of the division it seems to point to, "" when none is known."""

    row: str
    year: int
    kind: str
    supposed: str
    other_code: str
    other_name: str
    note: str
    why: str
