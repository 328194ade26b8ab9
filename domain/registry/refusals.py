"""The registry's own no (登记): wording, periods, duties, drawings, files. Shared: `domain.refusals`."""

from domain.refusals import Refused


class BadText(Refused):
    """文字不合要求"""

    hint = "{field}应为 1 至 {most} 个字，不含控制字符。"


class BadPhone(Refused):
    """电话号码不合要求"""

    hint = "电话应为 3 至 20 位数字，可夹用 + - ( ) 和空格。"


class BadChoice(Refused):
    """不在可选范围"""

    hint = "{field}“{value}”不在可选范围：{choices}。"


class BadAreas(Refused):
    """管辖范围不合要求"""

    hint = "管辖范围应列 1 至 {most} 个区划或网格。"


class BadAliases(Refused):
    """别名不合要求"""

    hint = "别名至多 {most} 个，不得重复，也不得与名称相同。"


class BadPeriod(Refused):
    """有效期起止颠倒"""

    hint = "自 {first} 起、至 {last} 止的有效期不成立，请核对日期。"


class BadLimit(Refused):
    """时限不合要求"""

    hint = "“{amount} {unit}”不是有效的时限，单位可用：{units}。"


class NoLongerKept(Refused):
    """登记已终止"""

    hint = "{kind} {code} 的有效期至 {day}，不能再变更。"


class NothingChanged(Refused):
    """与现有登记相同"""

    hint = "{kind} {code} 的登记本来如此，无须变更。"


class StillInUse(Refused):
    """下级登记仍有效"""

    hint = "{code} 之下尚有 {example} 等 {count} 项登记在 {day} 之后有效，请先处理。"


class SelfGrant(Refused):
    """不能变更本人的岗位、范围和单位"""

    hint = "{staff} 的岗位、范围和单位须由其他管理员变更。"


class NotAGridWorker(Refused):
    """不是该网格的在岗网格员"""

    hint = "{staff} 须在岗、有网格员岗位且管辖范围包含 {grid}。"


class NoDutyList(Refused):
    """没有职责准入清单"""

    hint = "只有街道（乡镇）和社区（村）有职责准入清单，{unit} 不适用。"


class DutyOnList(Refused):
    """职责已在准入清单内"""

    hint = "{unit} 的准入清单自 {since} 起已含 {category}。"


class DutyNotOnList(Refused):
    """职责不在准入清单内"""

    hint = "{unit} 的准入清单在 {day} 不含 {category}，无从取消。"


class GridsOverlap(Refused):
    """网格重叠"""

    hint = "{pairs}{more}；一处只归一个网格，请调整边界。"


class BadFile(Refused):
    """文件无法读取"""

    hint = "{problem}。"
