"""The no of dispatch rules 派遣规则: what a rule may not say, whom nobody names. Editions: `rule_refusals`."""

from domain.refusals import Refused


class BadRule(Refused):
    """派遣规则不合要求"""

    hint = "第 {number} 条：{problem}。"


class NoLead(Refused):
    """没有规则定出主办单位"""

    hint = "{reason}，请由派遣员指定主办单位。"
