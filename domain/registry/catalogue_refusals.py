"""The catalogue's own no (立案标准): editions, limits not decided yet, local codes."""

from domain.refusals import Refused


class LimitUndecided(Refused):
    """时限待定"""

    hint = "{category} 在立案标准 {edition} 中的时限“{text}”还没有人决定；请管理员在待定时限中作出决定，再行派遣。"


class LimitSettled(Refused):
    """时限无须决定"""

    hint = "{category} 在立案标准 {edition} 中的时限已是{limit}；要改时限，请在新版次中修订。"


class NothingUndecided(Refused):
    """没有待定的时限"""

    hint = "立案标准 {edition} 中没有写作“{text}”的待定时限。"


class EditionSettled(Refused):
    """版次不在起草中"""

    hint = "立案标准 {edition} {standing}，不能再改；请另起草一个版次。"


class EditionEmpty(Refused):
    """版次没有立案条件"""

    hint = "立案标准 {edition} 还没有立案条件，请先导入或填写。"


class EditionTooEarly(Refused):
    """生效日过早"""

    hint = "立案标准 {edition} 的生效日 {day} 须晚于 {after}：{why}。"


class EditionTaken(Refused):
    """版次编号已使用"""

    hint = "“{edition}”已是立案标准的版次或现有条件的版本，请换一个编号。"


class EditionDated(Refused):
    """生效日不一致"""

    hint = "立案标准 {edition} 的生效日是 {effective}，与给出的 {asked} 不同；请先改期，或不给生效日。"


class ConditionNotDrafted(Refused):
    """草案中没有此立案条件"""

    hint = "立案标准 {edition} 的草案中没有 {category}。"


class TooManyToTry(Refused):
    """试算的案件过多"""

    hint = "时段内有 {cases} 件须逐件试算，超过 {most} 件；请缩短时段，或用命令 wangge catalogue try。"


class NoLocalCode(Refused):
    """自定义号段已满"""

    hint = "大类 {heading} 的自定义小类 999 至 080 均已使用。"
