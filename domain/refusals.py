"""Every no of the field, one class each (拒绝).

The docstring is the Chinese title people read and `code` the stable public name. `hint` says what is
wrong here and what to do, filled from the facts. Facts are ids, stages, codes and times, never
personal data.
"""

from __future__ import annotations

import re
from typing import ClassVar


class Refused(Exception):
    """请求被拒绝"""

    hint: ClassVar[str] = ""

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code())
        self.facts = facts

    @classmethod
    def code(cls) -> str:
        """Stable public name in kebab case, e.g. `wrong-stage`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()

    @classmethod
    def title(cls) -> str:
        """What is wrong, in one Chinese phrase."""
        return (cls.__doc__ or "").strip().splitlines()[0]

    def detail(self) -> str:
        """What is wrong here and what to do."""
        return self.hint.format(**{name: _read(value) for name, value in self.facts.items()})


def _read(value: object) -> object:
    if isinstance(value, list | tuple | set | frozenset):
        return "、".join(str(item) for item in value)
    return value


# --- who may ---------------------------------------------------------------------------------


class WrongRole(Refused):
    """岗位无此权限"""

    hint = "此操作需要的岗位：{needed}。"


class OutsideArea(Refused):
    """不在本人管辖范围"""

    hint = "{place} 不在您的管辖范围内，请转交有权限的人员办理。"


class NotLead(Refused):
    """不是主办单位"""

    hint = "此事由 {lead} 主办，只有主办单位的承办人可以操作。"


class DutyConflict(Refused):
    """职责须分离"""

    hint = "您已参与本案的“{did}”，不能再做“{wants}”，请换人办理。"


class ComplainedAbout(Refused):
    """被投诉对象须回避"""

    hint = "{unit} 是被投诉对象，不得经手此事，请换单位或另行立案。"


# --- where the case stands ------------------------------------------------------------------


class WrongStage(Refused):
    """当前环节不能执行此操作"""

    hint = "应处于：{expected}；实际为：{actual}。"


class Stale(Refused):
    """内容已被他人更新"""

    hint = "您看到的是第 {expected} 版，现为第 {actual} 版，请刷新后再试。"


class OutOfOrder(Refused):
    """时间早于上一环节"""

    hint = "发生时间 {at} 早于上一环节 {last}，请核对。"


class ImplausibleTime(Refused):
    """时间不合情理"""

    hint = "{at} 不在可接受的范围 {earliest} 至 {latest} 内，请核对年份和时区。"


class LimitStillRunning(Refused):
    """时限未到不能回访"""

    hint = "办理时限于 {due} 届满，届满后方可回访。"


class AnswersIncomplete(Refused):
    """回访答案不完整"""

    hint = "有效回访须填写是否联系、是否解决和是否满意；无效回访不填。"


class RequesterContent(Refused):
    """反映人并无不满故无须重办"""

    hint = "只有回访为“未解决”或“不满意”的诉求可以重办。"


class NoCategory(Refused):
    """尚未确定事项类别"""

    hint = "立案和派遣须先确定编目中的类别。"


class AlreadyImported(Refused):
    """该外部诉求已导入"""

    hint = "来源 {source} 的 {external_id} 已导入为 {case}。"


class NotImported(Refused):
    """不是外部导入的诉求"""

    hint = "诉求 {request} 不是从其他系统导入的，答复须由承办单位反馈。"


class AlreadyExempt(Refused):
    """已经剔除"""

    hint = "本案已剔除，无须再次申请。"


class NoDeadline(Refused):
    """尚未派遣故无办理时限"""

    hint = "所属网格事件派遣后才有时限，届满后方可回访。"


class AlreadyAttached(Refused):
    """诉求已并入其他事件"""

    hint = "诉求已关联事件 {issue}，请先解除关联。"


class NotAttached(Refused):
    """诉求未关联该事件"""

    hint = "诉求 {request} 未关联事件 {issue}。"


class VoicesAttached(Refused):
    """仍有诉求或并案事件故不能作废"""

    hint = "还有 {count} 项诉求或并案事件关联于此，请先解除关联，以免漏掉反映人。"


class NotMerged(Refused):
    """事件未并入该案"""

    hint = "事件 {issue} 未并入 {into}。"


class MergeWithSelf(Refused):
    """不能与自身并案"""

    hint = "事件 {issue} 不能并入自身。"


class OtherLog(Refused):
    """不属于同一区县的日志"""

    hint = "{left} 与 {right} 分属不同区县，须按移交办理。"


class NotAdmitted(Refused):
    """不在职责准入清单内"""

    hint = "{unit} 的准入清单在当日不含 {category}，不能向其派单。"


class ReasonMissing(Refused):
    """必须说明理由"""

    hint = "此操作须填写理由。"


class ExemptionPending(Refused):
    """剔除申请待定"""

    hint = "已有一项剔除申请等待审批。"


class NoExemptionAsked(Refused):
    """没有待审批的剔除申请"""

    hint = "请先提出剔除申请。"


# --- what is unknown or malformed --------------------------------------------------------------


class NoSuchCase(Refused):
    """没有这个案件"""

    hint = "找不到 {case}，请核对编号。"


class NoSuchLog(Refused):
    """没有这个区县的日志"""

    hint = "编号 {log} 不属于本系统服务的区县。"


class KeyReused(Refused):
    """幂等键已用于另一内容"""

    hint = "键 {key} 已用于内容不同的请求，请换一个键。"


class BadCode(Refused):
    """编码不合规范"""

    hint = "“{code}” 不是有效的{kind}：{rule}。"


class AlreadyRegistered(Refused):
    """已登记"""

    hint = "{kind} {code} 已登记。"


class NoSuchEntry(Refused):
    """没有这项登记"""

    hint = "没有登记 {kind} {code}。"


class NotValidThen(Refused):
    """当日无效"""

    hint = "{kind} {code} 在 {day} 不在有效期内。"


class BadPolygon(Refused):
    """网格边界无效"""

    hint = "{problem}。"


class NothingToMove(Refused):
    """无须移格"""

    hint = "案件 {case} 已在网格 {grid}。"


class Nowhere(Refused):
    """坐标不在任何网格内"""

    hint = "经度 {longitude}、纬度 {latitude} 不在已登记的网格内{advice}。"


class BadCoordinates(Refused):
    """坐标无效"""

    hint = "{problem}。"


class Busy(Refused):
    """系统繁忙"""

    hint = "请在 {seconds} 秒后重试，原幂等键可继续使用。"


class NotYetVisible(Refused):
    """查询尚未追上该位置"""

    hint = "日志 {log} 的查询已到 {reached}，尚未到 {wanted}，请稍后再试。"
