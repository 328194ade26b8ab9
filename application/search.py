"""Search 检索: find categories, units, grids, divisions, addresses and staff by what one happens to type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from domain.actor import Actor

MOST_LETTERS = 50
MOST_HITS = 50


class SearchKind(StrEnum):
    """检索对象."""

    CATEGORY = "category"  #: 编目: a filing condition
    UNIT = "unit"  #: 承办单位
    GRID = "grid"  #: 网格
    DIVISION = "division"  #: 区划
    ADDRESS = "address"  #: 地址
    STAFF = "staff"  #: 人员, by post


class Part(StrEnum):
    """命中部分."""

    NAME = "name"  #: 名称
    ALIAS = "alias"  #: 别名
    CLASS = "class"  #: 大类名称
    CODE = "code"  #: 代码


@dataclass(frozen=True)
class Wanted:
    """What somebody types and among what. `within` narrows what lies somewhere; `on` is the day it is valid on."""

    text: str
    on: date
    at: datetime
    kinds: frozenset[SearchKind] = frozenset(SearchKind)
    within: str = ""
    limit: int = 20


@dataclass(frozen=True)
class Match:
    """One word found: in `text`, from the character `start` on, `length` characters long."""

    part: Part
    text: str
    start: int
    length: int


@dataclass(frozen=True)
class Hit:
    """命中. `detail` tells entries of one name apart; `place` is a code, "" for what holds everywhere.

    A word that was only found in the name of a division around the entry has no match.
    """

    kind: SearchKind
    code: str
    name: str
    detail: str
    place: str
    matches: tuple[Match, ...]


class Search(Protocol):
    """检索 over everything that is registered."""

    async def refresh(self) -> None:
        """Take in what was used since this was last called."""

    def find(self, actor: Actor, wanted: Wanted) -> Sequence[Hit]:
        """The best hits first: by how well they match, then by recent use.

        Every word of the text must be found. No text asks for what was used lately: by `actor`, by their unit, by
        everybody. Grids, divisions and addresses that share no ground with the actor's areas are left out.
        """
