"""The no of signing in (登录). `BadCredentials`, `NotSignedIn`, `WeakPassword` are in `domain.refusals`."""

from domain.refusals import Refused


class TooManyAttempts(Refused):
    """登录失败次数过多"""

    hint = "账号暂时锁定，请在 {seconds} 秒后重试；如忘记口令，请联系管理员重置。"
