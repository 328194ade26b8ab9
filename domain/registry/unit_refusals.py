"""The no of how units stand to one another (单位关系)."""

from domain.refusals import Refused


class SupervisionCycle(Refused):
    """主管关系成环"""

    hint = "自 {day} 起将成环：{circle}；单位不能层层主管到自己，请核对。"


class SupervisedSince(Refused):
    """早于现有主管关系"""

    hint = "{unit} 自 {since} 起归 {above} 主管，新的主管关系不能早于这一天。"


class NotSupervised(Refused):
    """没有可终止的主管关系"""

    hint = "{unit} 在 {day} 之后没有主管单位，无从终止。"


class CopyOnRecord(Refused):
    """抄送关系已有"""

    hint = "{unit} 主办的事项自 {since} 起已抄送 {to}。"


class NoCopyRelation(Refused):
    """没有可终止的抄送关系"""

    hint = "{unit} 主办的事项在 {day} 之后不抄送 {to}，无从终止。"


class CopyToItself(Refused):
    """不能抄送本单位"""

    hint = "{unit} 主办的事项本单位自然知悉，不必抄送自己。"
