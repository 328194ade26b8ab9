"""What divisions refuse beside what all entries do: codes, successions, doubts."""

from domain.refusals import Refused


class CodesOverlap(Refused):
    """同一码表同期已有代码"""

    hint = "{division} 在码表 {table} 中自 {first} 起已有代码 {code}；改码请用 recode。"


class CodeTaken(Refused):
    """代码已属别的区划"""

    hint = "代码 {code} 在 {day} 属{name}，请先终止或改码。"


class StillCoded(Refused):
    """尚有登记沿用旧代码"""

    hint = "{code} 之下尚有 {example} 等 {count} 项登记沿用旧代码，请先重新编号或变更。"


class BadSuccessor(Refused):
    """承接关系不成立"""

    hint = "{problem}。"


class NoSuchDoubt(Refused):
    """没有这项存疑"""

    hint = "{division} 没有待定的存疑“{row}”。"


class NothingSupposed(Refused):
    """存疑没有可确认的去向"""

    hint = "“{row}”没有指出现有的区划，请用改码、合并或拆分办理，再以 dismissed 了结。"
