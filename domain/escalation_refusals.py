"""The no of escalation 上报上级 and sending down 回落."""

from domain.refusals import Refused


class NotCoordinating(Refused):
    """不在本人统筹"""

    hint = "此事现由{level} {unit} 统筹，只有该单位、其包联领导或管辖整个{level}的派遣员可以上报或回落。"


class AtTheTop(Refused):
    """已到最高一级"""

    hint = "事件 {issue} 已由市级统筹，不能再上报。"


class NoUnitAbove(Refused):
    """上一级没有登记的单位"""

    hint = "上报须逐级进行，而 {place}（{level}）在 {day} 没有登记的单位，请先由管理员登记。"


class NotEscalated(Refused):
    """没有上报过故无从回落"""

    hint = "事件 {issue} 未曾上报上级，或已全部回落。"
