"""Every no of proofs, one class each."""

from __future__ import annotations

from domain.refusals import Refused


class NoSuchPosition(Refused):
    """日志中没有这个位置"""

    hint = "日志 {log} 中没有位置 {position}。"


class NotYetSealed(Refused):
    """尚未封存"""

    hint = "日志 {log} 已封存到 {sealed}，所问的是 {asked}，请稍后再取。"


class SizesBackwards(Refused):
    """树的大小次序颠倒"""

    hint = "起始大小 {start} 不得大于截止大小 {end}。"


class TreeDamaged(Refused):
    """存储的哈希树已损坏"""

    hint = "日志 {log} 自位置 {position} 起存储的哈希树不完整，请运行 wangge proof check。"
