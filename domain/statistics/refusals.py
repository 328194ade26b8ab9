"""What a question to the statistics is refused for."""

from domain.refusals import Refused


class NoSuchNumber(Refused):
    """没有这个指标"""

    hint = "没有指标 {number}，请从指标目录中选择。"


class PeriodTooLong(Refused):
    """统计时段过长"""

    hint = "一次最多统计 {years} 年，请缩短时段。"


class TooManyGroups(Refused):
    """分组过多"""

    hint = "分组超过 {most} 个，请缩小范围、换较粗的分组，或按较长的周期统计。"


class BadGrouping(Refused):
    """不能这样分组"""

    hint = "“{number}”不能按“{by}”分组，可选：{choices}。"


class NoSuchPart(Refused):
    """这个指标没有这一部分"""

    hint = "“{number}”没有“{part}”，可选：{choices}。"


class BadMoment(Refused):
    """回看的时刻无效"""

    hint = "{moment} 不早于现在，或位置尚未写入；请给出过去的时刻，或已有的日志位置。"


class NotPublished(Refused):
    """该指标不对外公布"""

    hint = "“{number}”不对外公布，可查：{choices}。"


class MonthNotOver(Refused):
    """考核月尚未结束"""

    hint = "{month}尚未结束，结束后方可公布。"
