"""Every no about extensions 延期, suspension 挂账, appeals 超时申诉 and supervision 督办."""

from domain.refusals import Refused, WrongStage


class Suspended(WrongStage):
    """挂账期间不能办理"""

    hint = "本案挂账，{until} 自动恢复；恢复前不能办理。应处于：{expected}。"


class AlreadyOverdue(Refused):
    """已超时不能延期"""

    hint = "办理时限已于 {due} 届满，延期须在届满前申请。"


class ExtensionPending(Refused):
    """延期申请待定"""

    hint = "已有一项延期申请等待审批。"


class NoExtensionAsked(Refused):
    """没有待审批的延期申请"""

    hint = "请先由主办单位提出延期申请。"


class ExtensionNotEndorsed(Refused):
    """延期申请尚未经单位审核"""

    hint = "请先由主办单位 {lead} 审核，再由派遣员批准。"


class ExtensionAlreadyEndorsed(Refused):
    """延期申请已经单位审核"""

    hint = "单位审核已通过，等待派遣员批准。"


class ExtensionsUsedUp(Refused):
    """延期次数已用完"""

    hint = "一案最多延期 {most} 次，本案已延期 {granted} 次。"


class SuspensionPending(Refused):
    """挂账申请待定"""

    hint = "已有一项挂账申请等待审批。"


class NoSuspensionAsked(Refused):
    """没有待审批的挂账申请"""

    hint = "请先由主办单位提出挂账申请。"


class AlreadySuspended(Refused):
    """已经挂账一次"""

    hint = "一案只能挂账一次。"


class BadSuspensionEnd(Refused):
    """挂账期限无效"""

    hint = "挂账截止 {until} 须晚于 {earliest}，且不晚于 {latest}（一年以内）。"


class NotYetOver(Refused):
    """挂账尚未到期"""

    hint = "挂账至 {until}；提前恢复须由派遣员或督查员决定。"


class NotLate(Refused):
    """本案没有超时"""

    hint = "时限为 {due}，没有超时。"


class AlreadyAppealed(Refused):
    """已经申诉一次"""

    hint = "超时申诉一案只能提出一次。"


class NoAppealMade(Refused):
    """没有待审的超时申诉"""

    hint = "请先由主办单位提出超时申诉。"


class AppealNotEndorsed(Refused):
    """超时申诉尚未初审"""

    hint = "请先由派遣员初审，再由受理员复审。"


class AppealAlreadyEndorsed(Refused):
    """超时申诉已经初审"""

    hint = "初审已通过，等待受理员复审。"


class NoSuchSupervision(Refused):
    """没有这项督办"""

    hint = "本案没有第 {nth} 号未办结的督办。"


class AlreadyAnswered(Refused):
    """督办已经答复"""

    hint = "第 {nth} 号督办已经答复，等待办结。"
