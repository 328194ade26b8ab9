"""The no of rules that come in editions 规则版本: what an edition of any kind of rules may not become."""

from domain.refusals import Refused


class NoSuchRule(Refused):
    """没有这条规则"""

    hint = "版本 {edition} 中没有第 {number} 条。"


class TooManyRules(Refused):
    """规则过多"""

    hint = "一个版本至多 {most} 条规则，{edition} 已满。"


class EditionPublished(Refused):
    """已发布的版本不可更改"""

    hint = "{kind} {edition} 已发布，自 {day} 起施行；请另拟新的版本。"


class NoRules(Refused):
    """版本中没有规则"""

    hint = "{kind} {edition} 还没有规则，不能发布。"


class RulesTie(Refused):
    """规则并列"""

    hint = (
        "{edition} 中有 {count}规则同样优先、又有共同的案件：{pairs}。"
        "例如第一对都适用于{example}。请改其中一条，或用优先级分出先后。"
    )


class RulesUnsound(Refused):
    """规则所指未登记或届时无效"""

    hint = "{edition} 中有 {count} 处所指在 {day} 未登记或无效：{problems}。"


class NotRetroactive(Refused):
    """规则不得追溯施行"""

    hint = "施行首日 {day} 早于发布之日 {today}，已作出的决定不受新规则改变。"
