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


class BadAddress(Refused):
    """回调地址无效"""

    hint = "{why}。"


class WebhookEnded(Refused):
    """回调已终止"""

    hint = "回调 {code} 已终止，不可再变更；需要时另开一个。"


class NoSuchDelivery(Refused):
    """没有这次投递"""

    hint = "回调 {code} 没有日志 {log} 位置 {position} 的投递记录；较早的已送达记录会清理。"
