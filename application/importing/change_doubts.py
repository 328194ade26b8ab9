"""Doubts 存疑: which lines of a change list are guesses, and why. "" means that a line can be taken as it stands.

The lists that are to be had compare yearly editions of GB/T 2260 by name and fill in what became of a place by
looking for its name anywhere in the country; the editions before 1984 mix codes up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from application.importing.change_rows import ChangeRow
from application.importing.division_names import kin, stem
from domain.place import Level, level_of

RENAMED, RECODED, REASSIGNED, FOUNDED, ABOLISHED, MOVED_SEAT = (
    "更名",
    "同名改码",
    "码位改派",
    "新设",
    "撤销",
    "驻地迁移",
)
_REARRANGED = "区划调整"
_MIXED_UP_BEFORE = 1984
_GUESSED, _MISTAKEN = "补全去向", ("误判", "噪声")


def replaces(row: ChangeRow) -> bool:
    """撤县设市 and the like: one body ends and another begins on its ground."""
    return row.kind == _REARRANGED or (row.kind.startswith("撤") and "设" in row.kind)


def moves(row: ChangeRow) -> bool:
    """The same place under another code."""
    return row.kind in {RECODED, RENAMED} and row.old.code != row.new.code


def untold(row: ChangeRow) -> str:
    """Why a line speaks of no place that could be known; nothing is recorded of it."""
    if row.kind == MOVED_SEAT:
        return "驻地迁移不改变代码、名称和隶属"
    if row.old.code or (row.new.code and row.kind == FOUNDED):
        return ""
    if row.new.code:
        return f"“{row.kind}”缺变更前的代码，未记，请人工核对"
    return f"行内没有代码，认不出“{row.old.name or row.new.name}”是哪个区划，未记，请人工核对"


def mistaken(row: ChangeRow) -> str:
    """Why nothing of a line happened."""
    wrong = [word for word in _MISTAKEN if word in row.note]
    return f"备注称系{wrong[0]}，未照办" if wrong and row.kind == ABOLISHED else ""


def guessed_target(row: ChangeRow) -> str:
    """Why what became of an abolished place is a guess."""
    if row.kind != ABOLISHED or not (row.new.code or row.new.name):
        return ""
    return "去向靠重名补全，撤销照记、去向未取" if _GUESSED in row.note else "去向出自备注，撤销照记、去向未取"


class YearDoubts:
    """What can be doubted about the moves and replacements of one year, which all happen at once."""

    def __init__(self, year: int, rows: Sequence[ChangeRow]) -> None:
        self._year = year
        self._provinces = {
            row.new.code
            for row in rows
            if row.kind == FOUNDED and row.new.code and level_of(row.new.code) is Level.PROVINCE
        }
        self._namesakes = Counter((row.old.province, row.old.name) for row in rows if row.kind == RECODED)

    def of(self, row: ChangeRow) -> str:
        """Why a move or replacement may be of another place than the line says."""
        if moves(row):
            return self._of_move(row)
        if replaces(row):
            return _of_replacement(row)
        return ""

    def _of_move(self, row: ChangeRow) -> str:
        old, new = row.old, row.new
        if row.kind == RENAMED and not kin(old.name, new.name):
            return "名称与代码同时改变，是更名还是另设分不清"
        if old.province != new.province and new.province not in self._provinces:
            return "两省的同名区划，未必是一地"
        if stem(old.parent_name) == stem(new.parent_name) or not (old.parent_name and new.parent_name):
            return ""
        if self._namesakes[old.province, old.name] > 1:
            return "同年同省不止一处同名改码，对应靠重名"
        if self._year < _MIXED_UP_BEFORE and old.name.endswith("区"):
            return f"{_MIXED_UP_BEFORE} 年前市辖区跨地区改码，疑为代码串扰"
        return ""


def _of_replacement(row: ChangeRow) -> str:
    if not kin(row.old.name, row.new.name):
        return "前后名称不相干，承接关系存疑"
    if row.old.name.endswith("市") and row.new.name.endswith("县"):
        return "市改为县不合常例，疑为重名，承接关系存疑"
    return ""
