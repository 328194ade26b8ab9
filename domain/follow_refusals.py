"""The no of following a case by number and code (查询)."""

from domain.refusals import Refused


class NotFollowed(Refused):
    """编号或查询码不正确"""

    hint = "请对照受理回执或短信核对编号和查询码；仍不能查询的，请拨打受理热线。"


class TooManyGuesses(Refused):
    """查询失败次数过多"""

    hint = "请在 {seconds} 秒后重试，或拨打受理热线查询。"


class AlreadyHeard(Refused):
    """已收到您的评价"""

    hint = "每轮办理评价一次，先前的评价有效；如仍有意见，请拨打受理热线。"
