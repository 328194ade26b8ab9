"""What is refused for the sake of those whom the records are about."""

from __future__ import annotations

from domain.refusals import Refused


class Forgotten(Refused):
    """个人信息已删除或限制处理"""

    hint = "此案件反映人的个人信息已删除或已限制处理，不再接受新的内容。"


class AlreadyErased(Refused):
    """个人信息已经删除"""

    hint = "此案件反映人的个人信息已销毁密钥，不可恢复。"


class HeldAlready(Refused):
    """已在保全中"""

    hint = "此案件已依法保全，无须再次保全。"


class NotHeld(Refused):
    """未在保全中"""

    hint = "此案件没有保全，无从解除。"


class NothingToErase(Refused):
    """没有可删除的个人信息"""

    hint = "此案件未申请过删除，也没有保全。"


class KeysStillWrapped(Refused):
    """旧主密钥仍在使用"""

    hint = "还有 {count} 把密钥由旧主密钥封装，请先执行 wangge vault rotate --continue。"
