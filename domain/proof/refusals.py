"""Every no of proofs, one class each."""

from __future__ import annotations

from domain.refusals import Refused


class NoSuchPosition(Refused):
    """日志中没有这个位置"""

    hint = "日志 {log} 中没有位置 {position}。"


class EventUnreadable(Refused):
    """事件读不出来"""

    hint = "日志 {log} 到位置 {position} 为止有不合格式的事件，案件不能由此还原，请看各步的证明。"


class NotYetSealed(Refused):
    """尚未封存"""

    hint = "日志 {log} 已封存到 {sealed}，所问的是 {asked}，请稍后再取。"


class SizesBackwards(Refused):
    """树的大小次序颠倒"""

    hint = "起始大小 {start} 不得大于截止大小 {end}。"


class TreeDamaged(Refused):
    """存储的哈希树已损坏"""

    hint = "日志 {log} 自位置 {position} 起存储的哈希树不完整，请运行 wangge proof check。"


class ExportUnderWay(Refused):
    """正在导出"""

    hint = "同时只导出一份，请等 {asked_by} 所要的那份完成后再来。"


class ShelfFull(Refused):
    """导出架已满"""

    hint = "架上已有 {kept} 份、{bytes} 字节，至多 {most} 份、{most_bytes} 字节，请先移除不用的。"


class NoSuchExport(Refused):
    """没有这份导出"""

    hint = "架上没有导出 {export}，可能已被移除。"


class ExportUnfinished(Refused):
    """导出尚未完成"""

    hint = "导出 {export} 尚未完成，完成后方可取走、移除。"
