"""Breach 破绽: where a log is not what was signed, and how one can tell."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class BreachKind(StrEnum):
    """破绽的种类."""

    CHANGED = "changed"  #: the event is not the one that was sealed
    MISSING = "missing"  #: no event stands at the position, and later ones do
    INSERTED = "inserted"  #: an event stands where none can
    TRUNCATED = "truncated"  #: the log ends before what was sealed
    TILE = "tile"  #: the stored tree is not the one that was signed
    HEAD = "head"  #: the stored checkpoint is not one that we signed
    FILE = "file"  #: the published file holds what we did not sign, or in another order
    FORK = "fork"  #: checkpoints are signed, and no log has them both
    ROLLED_BACK = "rolled_back"  #: a larger log was published than the database knows

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    BreachKind.CHANGED: "事件与封存时不同",
    BreachKind.MISSING: "事件缺失",
    BreachKind.INSERTED: "多出的事件",
    BreachKind.TRUNCATED: "日志短于已封存的长度",
    BreachKind.TILE: "存储的哈希树被改动",
    BreachKind.HEAD: "存储的检查点被改动或签名无效",
    BreachKind.FILE: "公布文件被改动或签名无效",
    BreachKind.FORK: "检查点互相矛盾",
    BreachKind.ROLLED_BACK: "数据库落后于已公布的检查点",
}


@dataclass(frozen=True, order=True)
class Breach:
    """What is wrong from `position` on, the first that is bad."""

    position: int
    kind: BreachKind

    def __str__(self) -> str:
        return f"{self.kind.label}：位置 {self.position}"


class Broken(Exception):
    """A log is not what was signed: nothing more of it is signed."""

    def __init__(self, kind: BreachKind, position: int) -> None:
        super().__init__(f"{kind} at {position}")
        self.breach = Breach(position, kind)
