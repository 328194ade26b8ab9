"""LimitRules 时限规则版本: one edition of the city's limit rules, drafted rule by rule, then published for ever.

Publishing refuses rules that tie, so for every case and stage an edition in force names one limit at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from eventsourcing.domain import Aggregate

from domain.actor import Act, Role, record, signature
from domain.limit import Limit
from domain.limit_stages import LimitStage
from domain.registry.entry import administer, entry_id, local_code, wording
from domain.registry.limit_rule import LimitRule, limit_ties
from domain.registry.rule_edition import known_among, news_among, require_publishable, still_draft
from domain.step import Step


class LimitRules(Aggregate):
    """One edition as its events tell it: `rules` by number, and from which day it is in force once published."""

    TOPIC = "limit_rules"
    label = "时限规则版本"

    class Event(Step):
        """Base of the events of `LimitRules`."""

    class Created(Event, Aggregate.Created):
        """Never recorded; the library wants it named."""

        TOPIC = "limit_rules.created"

    class Drafted(Created):
        """拟订. `based_on` is the edition its first rules are taken from, "" for none; `source` what it rests on."""

        TOPIC = "limit_rules.drafted"
        code: str
        name: str
        source: str
        based_on: str

    class RuleLaid(Event):
        """订立 or replaced: the rule of this number, as it reads from now on. Open conditions are "".

        `limits` are (stage, amount, unit) in the order of stages.
        """

        TOPIC = "limit_rules.rule_laid"
        number: str
        name: str
        category: str
        channel: str
        urgency: str
        rank: int
        limits: list[tuple[str, int, str]]

        def apply(self, edition: LimitRules) -> None:
            limits = tuple((LimitStage(stage), Limit.of(amount, unit)) for stage, amount, unit in self.limits)
            edition.rules[self.number] = LimitRule(
                self.number, self.name, self.category, self.channel, self.urgency, self.rank, limits
            )

    class RuleDropped(Event):
        """删去."""

        TOPIC = "limit_rules.rule_dropped"
        number: str

        def apply(self, edition: LimitRules) -> None:
            del edition.rules[self.number]

    class Published(Event):
        """发布, in force from `valid_from`."""

        TOPIC = "limit_rules.published"
        valid_from: str

        def apply(self, edition: LimitRules) -> None:
            edition.valid_from, edition.published_at = self.valid_from, self.timestamp

    def __init__(self, *, code: str, name: str, source: str, based_on: str) -> None:
        self.code, self.name, self.source, self.based_on = code, name, source, based_on
        self.rules: dict[str, LimitRule] = {}
        self.valid_from: str | None = None
        self.published_at: datetime | None = None

    @classmethod
    def draft(
        cls, act: Act, *, city: str, code: str, name: str, source: str = "", based_on: LimitRules | None = None
    ) -> LimitRules:
        """拟订 for the whole of `city`, empty or with the rules of another edition. Refuses `BadCode`, `BadText`."""
        role = administer(act, city)
        drafted = cls._create(
            cls.Drafted,
            id=entry_id(cls.TOPIC, local_code(code, "版本号")),
            timestamp=act.at,
            **signature(act, role),
            code=code,
            name=wording(name, "版本名称"),
            source=wording(source, "依据", 1_000) if source else "",
            based_on="" if based_on is None else based_on.code,
        )
        for rule in [] if based_on is None else based_on.rules.values():
            drafted._lay(act, role, rule)
        return drafted

    def lay(self, act: Act, *, city: str, rules: Sequence[LimitRule]) -> None:
        """订立 or replace rules by number; those that read the same stay. Refuses `EditionPublished`, `TooManyRules`.

        Refuses `NothingChanged` when all of them do.
        """
        role = still_draft(self, act, city)
        for rule in news_among(self, self.rules, rules):
            self._lay(act, role, rule)

    def drop(self, act: Act, *, city: str, numbers: Sequence[str]) -> None:
        """删去. Refuses `EditionPublished`, `NoSuchRule`."""
        role = still_draft(self, act, city)
        for number in known_among(self, self.rules, numbers):
            record(self, self.RuleDropped, act, role, number=number)

    def publish(self, act: Act, *, city: str, valid_from: date) -> None:
        """发布: in force from `valid_from`, not before today, and never changed again.

        Refuses `EditionPublished`, `NoRules`, `NotRetroactive`, and `RulesTie` with the pairs that tie.
        """
        role = still_draft(self, act, city)
        require_publishable(self, act, self.rules, valid_from, limit_ties(self.rules.values()))
        record(self, self.Published, act, role, valid_from=valid_from.isoformat())

    def _lay(self, act: Act, role: Role, rule: LimitRule) -> None:
        limits = [(stage.value, limit.amount, limit.unit.value) for stage, limit in rule.limits]
        record(
            self, self.RuleLaid, act, role, number=rule.number, name=rule.name, category=rule.category,
            channel=rule.channel, urgency=rule.urgency, rank=rule.rank, limits=limits,
        )  # fmt: skip
