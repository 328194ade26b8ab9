"""The no of work calendars (工作日历)."""

from domain.refusals import Refused


class NoWorkingCalendar(Refused):
    """工作日历不成立"""

    hint = "{code}：{problem}。"


class YearsApart(Refused):
    """年份不相接"""

    hint = "{code} 已公布 {first} 至 {last} 年，{year} 年与之不相接；请先公布其间的年份。"


class NotOfThatYear(Refused):
    """日期不属于该年的安排"""

    hint = "{day} 不在 {year} 年的放假安排所及的日期之内，请核对年份。"


class InUseBefore(Refused):
    """日历启用不溯及既往"""

    hint = "启用首日不得早于 {earliest}，所填为 {day}；已起算的时限仍用原来的日历。"
