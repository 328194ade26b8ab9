"""DispatchRules 派遣规则版本: one edition of the city's dispatch rules, drafted rule by rule, then published for ever.

From its first day on a published edition is in force until the next one's. Publishing refuses rules that tie, so
an edition in force gives every case at most one winner.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from eventsourcing.domain import Aggregate

from domain.actor import Act, Role, record, signature
from domain.registry.dispatch_rule import DispatchRule
from domain.registry.entry import administer, entry_id, local_code, wording
from domain.registry.rule_edition import known_among, news_among, require_publishable, still_draft
from domain.registry.rule_ties import ties
from domain.registry.rule_time import Hours, RuleTime
from domain.step import Step


class DispatchRules(Aggregate):
    """One edition as its events tell it: `rules` by number, and from which day it is in force once published."""

    TOPIC = "dispatch_rules"
    label = "派遣规则版本"

    class Event(Step):
        """Base of the events of `DispatchRules`."""

    class Created(Event, Aggregate.Created):
        """Never recorded; the library wants it named."""

        TOPIC = "dispatch_rules.created"

    class Drafted(Created):
        """拟订. `based_on` is the edition its first rules are taken from, "" for none."""

        TOPIC = "dispatch_rules.drafted"
        code: str
        name: str
        based_on: str

    class RuleLaid(Event):
        """订立 or replaced: the rule of this number, as it reads from now on. Open conditions are ""."""

        TOPIC = "dispatch_rules.rule_laid"
        number: str
        name: str
        category: str
        place: str
        channel: str
        hours: str
        weekdays: list[int]
        season_from: str
        season_until: str
        rank: int
        lead: str
        copies: list[str]
        assists: list[str]
        valid_from: str | None
        valid_until: str | None

        def apply(self, edition: DispatchRules) -> None:
            edition.rules[self.number] = DispatchRule(
                number=self.number, name=self.name, category=self.category, place=self.place, channel=self.channel,
                time=RuleTime(Hours(self.hours), tuple(self.weekdays), self.season_from, self.season_until),
                rank=self.rank, lead=self.lead, copies=tuple(self.copies), assists=tuple(self.assists),
                valid_from=self.valid_from, valid_until=self.valid_until,
            )  # fmt: skip

    class RuleDropped(Event):
        """删去."""

        TOPIC = "dispatch_rules.rule_dropped"
        number: str

        def apply(self, edition: DispatchRules) -> None:
            del edition.rules[self.number]

    class Published(Event):
        """发布, in force from `valid_from`."""

        TOPIC = "dispatch_rules.published"
        valid_from: str

        def apply(self, edition: DispatchRules) -> None:
            edition.valid_from, edition.published_at = self.valid_from, self.timestamp

    def __init__(self, *, code: str, name: str, based_on: str) -> None:
        self.code, self.name, self.based_on = code, name, based_on
        self.rules: dict[str, DispatchRule] = {}
        self.valid_from: str | None = None
        self.published_at: datetime | None = None

    @classmethod
    def draft(
        cls, act: Act, *, city: str, code: str, name: str, based_on: DispatchRules | None = None
    ) -> DispatchRules:
        """拟订 for the whole of `city`, empty or with the rules of another edition. Refuses `BadCode`, `BadText`."""
        role = administer(act, city)
        drafted = cls._create(
            cls.Drafted,
            id=entry_id(cls.TOPIC, local_code(code, "版本号")),
            timestamp=act.at,
            **signature(act, role),
            code=code,
            name=wording(name, "版本名称"),
            based_on="" if based_on is None else based_on.code,
        )
        for rule in [] if based_on is None else based_on.rules.values():
            drafted._lay(act, role, rule)
        return drafted

    def lay(self, act: Act, *, city: str, rules: Sequence[DispatchRule]) -> None:
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
        require_publishable(self, act, self.rules, valid_from, ties(self.rules.values(), valid_from))
        record(self, self.Published, act, role, valid_from=valid_from.isoformat())

    def _lay(self, act: Act, role: Role, rule: DispatchRule) -> None:
        record(
            self, self.RuleLaid, act, role, number=rule.number, name=rule.name, category=rule.category,
            place=rule.place, channel=rule.channel, hours=rule.time.hours.value, weekdays=list(rule.time.weekdays),
            season_from=rule.time.season_from, season_until=rule.time.season_until, rank=rule.rank, lead=rule.lead,
            copies=list(rule.copies), assists=list(rule.assists), valid_from=rule.valid_from,
            valid_until=rule.valid_until,
        )  # fmt: skip
