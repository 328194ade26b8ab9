"""The no of limit rules 时限规则: what a rule may not say. Editions of rules: `rule_refusals`."""

from domain.refusals import Refused


class BadLimitRule(Refused):
    """时限规则不合要求"""

    hint = "第 {number} 条：{problem}。"
