"""The no of bulletins 通报."""

from domain.refusals import Refused


class PeriodNotOver(Refused):
    """时段尚未结束"""

    hint = "{period} 到 {end} 才结束，届时方可印发。"


class AlreadyIssued(Refused):
    """已印发过"""

    hint = "{scope} {period} 的{kind}已印发（{bulletin}），更正请重发并说明理由。"


class NoSuchIssuance(Refused):
    """没有这一次印发"""

    hint = "该通报印发过 {count} 次，没有第 {nth} 次。"
