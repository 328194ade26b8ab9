"""What is refused when a limit is reckoned ahead. `number` says which of several it is, from 1."""

from __future__ import annotations

from domain.refusals import Refused


class LimitOutOfBounds(Refused):
    """时限超出范围"""

    hint = "第 {number} 项：{unit}连同延期须为 1 至 {longest}，现为 {amount}。"


class PauseBackwards(Refused):
    """暂停的止早于起"""

    hint = "第 {number} 项：暂停 {start} 起，止于 {end}，请核对。"


class CalendarExhausted(Refused):
    """日历所及年份内工作时间不足"""

    hint = "第 {number} 项：在日历 {calendar} 所及的年份内用不完这个时限，请核对起算时间、数量和暂停。"
