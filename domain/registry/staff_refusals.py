"""The no of standing in (代班), of leaving with open work (离岗交接) and of contact assignments (包联)."""

from domain.refusals import Refused


class StoodInFor(Refused):
    """代班期间重叠"""

    hint = "{staff} 自 {first} 至 {last} 已由 {stand_in} 代班，期间不能重叠。"


class NotFitToStandIn(Refused):
    """不具备代班条件"""

    hint = "{stand_in} 不能代 {staff} 的班：{lacking}。"


class StandInChain(Refused):
    """代班不得转代或互代"""

    hint = "自 {first} 至 {last} 的代班将成链：{chain}；代班人须自己在岗。"


class NoSuchStandIn(Refused):
    """没有这段代班"""

    hint = "{staff} 没有自 {first} 起、在 {day} 尚未结束的代班。"


class OpenWorkLeft(Refused):
    """尚有未交接的工作"""

    hint = "{staff} 尚有 {total} 项工作无人接手：{work}{more}。请指明接手人，或先行交接。"


class NotFitToTakeOver(Refused):
    """不具备接手条件"""

    hint = "{staff} 不能接手 {work}：{lacking}。"


class NotTheHandler(Refused):
    """不是本案的经办人"""

    hint = "{case} 的经办人是 {handler}，不是 {staff}，请刷新后再试。"


class NotInHand(Refused):
    """包联领导不在岗或范围不含该社区"""

    hint = "{staff} 不能包联 {community}：{lacking}。"


class ContactTaken(Refused):
    """社区已有包联领导"""

    hint = "{community} 自 {first} 起由 {leader} 包联，同一时间只有一名包联领导。"


class NoContact(Refused):
    """没有可终止的包联"""

    hint = "{community} 在 {day} 之后没有包联领导，无从终止。"
