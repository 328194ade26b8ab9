"""The no of duty rosters (值班表)."""

from domain.refusals import Refused


class BadShift(Refused):
    """班次不合要求"""

    hint = "{problem}。"


class ShiftsOverlap(Refused):
    """班次重叠"""

    hint = "{shift}（{member}）与第 {other} 班 {other_shift}（{other_member}）重叠，同一时刻只能有一人值班。"


class NoSuchShift(Refused):
    """没有这个班次"""

    hint = "{unit} 的值班表没有在 {day} 之后仍有效的第 {shift} 班。"


class ShiftPast(Refused):
    """已值过的班不能更改"""

    hint = "第 {shift} 班 {day} 及以前的已经过去，最早可自 {earliest} 起更改。"


class NotOfTheUnit(Refused):
    """值班人员不是本单位在岗承办人"""

    hint = "{member} 须在岗、在 {unit} 任承办人，才能排班。"


class RangeTooLong(Refused):
    """查询时段过长"""

    hint = "自 {start} 至 {end} 超过 {most} 天，请分段查询。"
