"""The no of signing in (登录)."""

from domain.refusals import Refused


class TooManyAttempts(Refused):
    """登录失败次数过多"""

    hint = "账号暂时锁定，请在 {seconds} 秒后重试；如忘记口令，请联系管理员重置。"


class BadCredentials(Refused):
    """账号或口令不正确"""

    hint = "请核对账号和口令；多次失败会暂时锁定。"


class NotSignedIn(Refused):
    """未登录或登录已过期"""

    hint = "请重新登录后再试。"


class WeakPassword(Refused):
    """口令过弱"""

    hint = "口令至少 {minimum} 个字符。"
