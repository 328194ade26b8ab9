"""One limit rule in bodies and answers: the same fields in and out, a limit for each stage it speaks of."""

from __future__ import annotations

from bisect import bisect_right
from typing import Annotated

from pydantic import BaseModel, Field

from domain.limit import Limit, LimitUnit
from domain.limit_stages import LimitStage
from domain.registry.limit_rule import MOST_RANK, LimitRule
from domain.registry.limit_rule_refusals import BadLimitRule
from domain.registry.limit_rules import LimitRules
from domain.vocabulary import Channel, Urgency
from interfaces.http.fields import Body, Line
from interfaces.http.registry.dispatch_rule_fields import MOST_LAID, Scope
from interfaces.http.registry.entries import LocalCode

__all__ = ["MOST_LAID", "LayingLimitRule", "LimitRuleView", "LimitSaid", "LimitView", "limit_rules_after"]

_STAGES = "、".join(f"{stage.value} {stage.label}" for stage in LimitStage)
_UNITS = "，".join(f"{unit.value} {unit.label}" for unit in LimitUnit)
MOST_AMOUNT = max(unit.longest for unit in LimitUnit)


class LimitSaid(Body):
    """时限: 数量和单位, 如 2 workday."""

    amount: Annotated[int, Field(ge=1, le=MOST_AMOUNT)]
    unit: Annotated[LimitUnit, Field(description=_UNITS)]


class LimitView(BaseModel):
    """时限. text 为中文."""

    amount: int
    unit: LimitUnit
    text: str

    @classmethod
    def of(cls, limit: Limit) -> LimitView:
        """A limit as people and programs read it."""
        return cls(amount=limit.amount, unit=limit.unit, text=str(limit))


class LayingLimitRule(Body):
    """一条时限规则. 依次比较优先级、事项、紧急程度、渠道, 更具体的优先, 与所在位置无关.

    没有说到的环节由下一条规则定.
    """

    number: Annotated[LocalCode, Field(description="规则编号", examples=["12"])]
    name: Annotated[Line, Field(description="规则名称")] = ""
    category: Scope = ""
    channel: Annotated[Channel | None, Field(description="受理渠道，缺省为不限")] = None
    urgency: Annotated[Urgency | None, Field(description="紧急程度，缺省为不限")] = None
    rank: Annotated[int, Field(ge=-MOST_RANK, le=MOST_RANK, description="优先级，大者优先，先于一切比较")] = 0
    limits: Annotated[dict[LimitStage, LimitSaid], Field(min_length=1, description=f"各环节的时限，键为 {_STAGES}")]

    def checked(self) -> LimitRule:
        """As the domain holds it. Refuses what `LimitRule.checked` does, and a limit of more than about ten years."""
        said = self.model_dump(include={"number", "name", "category", "rank"})
        return LimitRule.checked(
            **said, channel=self.channel.value if self.channel else "",
            urgency=self.urgency.value if self.urgency else "",
            limits={stage: self._limit(stage, limit) for stage, limit in self.limits.items()},
        )  # fmt: skip

    def _limit(self, stage: LimitStage, said: LimitSaid) -> Limit:
        if said.amount > said.unit.longest:
            problem = f"{stage.label}时限至多 {said.unit.longest} 个{said.unit.label}"
            raise BadLimitRule(number=self.number, problem=problem)
        return Limit(said.amount, said.unit)


class LimitRuleView(BaseModel):
    """一条时限规则. channel、urgency 为 null 即不限; limits 只有所定的环节."""

    number: str
    name: str
    category: str
    channel: Channel | None
    urgency: Urgency | None
    rank: int
    limits: dict[LimitStage, LimitView]

    @classmethod
    def of(cls, rule: LimitRule) -> LimitRuleView:
        """What people see of a rule."""
        return cls(
            number=rule.number, name=rule.name, category=rule.category, rank=rule.rank,
            channel=Channel(rule.channel) if rule.channel else None,
            urgency=Urgency(rule.urgency) if rule.urgency else None,
            limits={stage: LimitView.of(limit) for stage, limit in rule.limits},
        )  # fmt: skip


def limit_rules_after(edition: LimitRules, after: str, limit: int) -> tuple[list[LimitRuleView], str | None]:
    """The rules by number above `after`, and the last of them when there are more."""
    numbers = sorted(edition.rules)
    first = bisect_right(numbers, after)
    shown = numbers[first : first + limit]
    last = shown[-1] if first + limit < len(numbers) else None
    return [LimitRuleView.of(edition.rules[number]) for number in shown], last
