"""What Open311 refuses beside what the use cases refuse: keys, rates, codes of services and jurisdictions."""

from domain.refusals import Refused


class BadApiKey(Refused):
    """接口密钥无效"""

    hint = "请以 api_key 给出有效的接口密钥，密钥由本系统的管理员发放。"


class TooManyCalls(Refused):
    """调用过于频繁"""

    hint = "每分钟至多 {most} 次，请在 {seconds} 秒后再试。"


class NoSuchService(Refused):
    """没有这个服务项"""

    hint = "没有服务项 {code}，可用的见 services。"


class NoSuchJurisdiction(Refused):
    """没有这个辖区"""

    hint = "本系统不服务辖区 {jurisdiction}。"
