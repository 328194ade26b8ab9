"""The no of statistics policy 考核办法."""

from domain.refusals import Refused


class BadWeights(Refused):
    """权重不合要求"""

    hint = "权重应在 0 至 1 之间、至多四位小数，响应、解决、满意三项之和应为 1；实际为 {weights}。"


class BadHour(Refused):
    """日报起始时刻不合要求"""

    hint = "日报起始的整点应为 0 至 23，实际为 {hour}。"


class BadMonthDay(Refused):
    """月报起始日不合要求"""

    hint = "月报起始日应为 1 至 28，实际为 {day}。"


class BadSmallCell(Refused):
    """公开门槛不合要求"""

    hint = "公开数字的最少件数应为 0 至 {most}，实际为 {threshold}。"
