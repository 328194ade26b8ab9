"""LimitRule 时限规则: category, channel and urgency a case must have, and how long its stages may then take.

For each stage the rule of highest precedence that says something about it decides, so a rule that sets one limit
leaves the others to the next. Precedence is explicit: first the rank it was given, then the narrower category, then
a named urgency, then a named channel. Where a rule stands in its edition means nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, groupby

from domain.limit import Limit
from domain.limit_stages import LimitStage
from domain.registry.category_scope import LEVELS, category_scope, narrowness, scopes_of
from domain.registry.entry import chosen, local_code, wording
from domain.registry.limit_rule_refusals import BadLimitRule
from domain.vocabulary import LABELS, Channel, Urgency

CRITERIA = ("优先级", "事项", "紧急程度", "渠道")
"""What decides between two rules, in this order."""
MOST_RANK = 1_000

Precedence = tuple[int, int, int, int]
"""By `CRITERIA`; the higher wins."""
CATALOGUE: Precedence = (0, len(LEVELS) - 1, 0, 0)
"""What the catalogue counts as for handling: a rule of one filing condition, whatever urgency and channel."""


@dataclass(frozen=True, slots=True)
class LimitInputs:
    """What rules look at of a case: `category` is a case type's key, "" while nobody has named one."""

    category: str
    channel: str
    urgency: str


@dataclass(frozen=True, slots=True)
class LimitRule:
    """One rule; "" leaves category, channel or urgency open. `limits` are by stage, in the order of stages."""

    number: str
    name: str
    category: str
    channel: str
    urgency: str
    rank: int
    limits: tuple[tuple[LimitStage, Limit], ...]

    @classmethod
    def checked(
        cls,
        *,
        number: str,
        limits: Mapping[LimitStage, Limit],
        name: str = "",
        category: str = "",
        channel: str = "",
        urgency: str = "",
        rank: int = 0,
    ) -> LimitRule:
        """A rule as its keeper says it. Refuses `BadLimitRule`, `BadCode`, `BadText`, `BadChoice`."""
        number = local_code(number, "规则编号")
        if not -MOST_RANK <= rank <= MOST_RANK:
            raise BadLimitRule(number=number, problem=f"优先级应在 -{MOST_RANK} 至 {MOST_RANK} 之间")
        if not limits:
            raise BadLimitRule(number=number, problem="至少应有一个环节的时限")
        return cls(
            number=number,
            name=wording(name, "规则名称") if name else "",
            category=category_scope(category),
            channel=chosen(Channel, channel, "渠道").value if channel else "",
            urgency=chosen(Urgency, urgency, "紧急程度").value if urgency else "",
            rank=rank,
            limits=tuple((stage, limits[stage]) for stage in LimitStage if stage in limits),
        )

    @property
    def precedence(self) -> Precedence:
        """The higher wins; two equal ones that may both match a case are a tie."""
        return self.rank, narrowness(self.category), int(bool(self.urgency)), int(bool(self.channel))

    @property
    def matter(self) -> str:
        """The cases it is about, in Chinese."""
        level = f"（{LEVELS[narrowness(self.category)]}）" if self.category else ""
        channel = LABELS[Channel(self.channel)] if self.channel else "任一渠道"
        urgency = LABELS[Urgency(self.urgency)] if self.urgency else "任一紧急程度"
        return f"{self.category or '任一事项'}{level}、{urgency}、{channel}的案件"

    def limit(self, stage: LimitStage) -> Limit | None:
        """What it says about a stage; None when it says nothing."""
        return next((limit for named, limit in self.limits if named is stage), None)


@dataclass(frozen=True, slots=True)
class LimitTie:
    """Two rules nothing decides between, and the stages both speak of."""

    one: LimitRule
    other: LimitRule
    stages: tuple[LimitStage, ...]

    @property
    def example(self) -> str:
        """The common cases, in Chinese."""
        return f"{self.one.matter}的{'、'.join(stage.label for stage in self.stages)}时限"


def limit_ties(rules: Iterable[LimitRule]) -> Iterator[LimitTie]:
    """All ties, by the rules' numbers within what they share.

    Of equal precedence two rules name an urgency or a channel both or neither, and scopes of one narrowness, so they
    have a case in common only when all three are the same.
    """

    def shared(rule: LimitRule) -> tuple[int, str, str, str]:
        return rule.rank, rule.category, rule.urgency, rule.channel

    for _, alike in groupby(sorted(rules, key=lambda rule: (shared(rule), rule.number)), shared):
        for one, other in combinations(alike, 2):
            if stages := tuple(stage for stage in LimitStage if one.limit(stage) and other.limit(stage)):
                yield LimitTie(one, other, stages)


def lost_by(loser: Precedence, winner: Precedence) -> str:
    """The criterion that decided. Raises `StopIteration` for equal ones."""
    pairs = zip(CRITERIA, loser, winner, strict=True)
    return next(criterion for criterion, own, other in pairs if own != other)


class LimitBook:
    """The rules of an edition laid out by category, urgency and channel, so that a case reads a few of them."""

    def __init__(self, rules: Iterable[LimitRule]) -> None:
        self._pages: dict[tuple[str, str, str], list[LimitRule]] = {}
        for rule in rules:
            self._pages.setdefault((rule.category, rule.urgency, rule.channel), []).append(rule)

    def matching(self, inputs: LimitInputs) -> list[LimitRule]:
        """All rules that match, the highest precedence first. Refuses `BadCode` for a category that is no key."""
        scopes = scopes_of(inputs.category) if inputs.category else ("",)
        found = [
            rule
            for scope in scopes
            for urgency in dict.fromkeys((inputs.urgency, ""))
            for channel in dict.fromkeys((inputs.channel, ""))
            for rule in self._pages.get((scope, urgency, channel), ())
        ]
        found.sort(key=lambda rule: rule.precedence, reverse=True)
        return found
