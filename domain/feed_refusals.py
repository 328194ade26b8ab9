"""Every no of the feed and its webhooks, one class each."""

from __future__ import annotations

from domain.refusals import Refused


class NoSuchTopic(Refused):
    """没有这种事件"""

    hint = "没有名为 {topics} 的事件；整类事件写作 issue.*、request.*、whistle.*。"


class PastTheEnd(Refused):
    """位置超出日志末尾"""

    hint = "日志 {log} 目前到位置 {newest}，所问的是 {asked} 之后。若数据库由备份恢复，请核对已收到的事件。"


class Closing(Refused):
    """服务正在停止"""

    hint = "请稍后重新连接。"
