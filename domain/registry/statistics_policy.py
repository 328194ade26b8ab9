"""StatisticsEdition 考核办法版本: one edition of the city's statistics policy, drafted, then published for ever.

From its first day on a published edition is in force until the next one's. What was counted under an earlier one stays.
"""

from __future__ import annotations

from datetime import date, datetime

from eventsourcing.domain import Aggregate

from domain.actor import Act, record, signature
from domain.registry.entry import administer, civil_day, entry_id, local_code, wording
from domain.registry.refusals import NothingChanged
from domain.registry.rule_edition import still_draft
from domain.registry.rule_refusals import NotRetroactive
from domain.statistics.policy import StatisticsPolicy, Terms
from domain.step import Step


class StatisticsEdition(Aggregate):
    """One edition as its events tell it: what it says, and from which day it is in force once published."""

    TOPIC = "statistics_policy"
    label = "考核办法版本"

    class Event(Step):
        """Base of the events of `StatisticsEdition`."""

    class Created(Event, Aggregate.Created):
        """Never recorded; the library wants it named."""

        TOPIC = "statistics_policy.created"

    class Drafted(Created):
        """拟订. `source` is what it rests on."""

        TOPIC = "statistics_policy.drafted"
        code: str
        name: str
        source: str
        terms: Terms

    class Revised(Event):
        """修改 of a draft: all of what it says, as it reads from now on."""

        TOPIC = "statistics_policy.revised"
        terms: Terms

        def apply(self, edition: StatisticsEdition) -> None:
            edition.policy = self.terms.policy(edition.code)

    class Published(Event):
        """发布, in force from `valid_from`."""

        TOPIC = "statistics_policy.published"
        valid_from: str

        def apply(self, edition: StatisticsEdition) -> None:
            edition.valid_from, edition.published_at = self.valid_from, self.timestamp

    def __init__(self, *, code: str, name: str, source: str, terms: Terms) -> None:
        self.code, self.name, self.source = code, name, source
        self.policy = terms.policy(code)
        self.valid_from: str | None = None
        self.published_at: datetime | None = None

    @classmethod
    def draft(
        cls, act: Act, *, city: str, code: str, name: str, policy: StatisticsPolicy, source: str = ""
    ) -> StatisticsEdition:
        """拟订 for the whole of `city`; the edition is called `code`, whatever `policy` is called.

        Refuses `BadCode`, `BadText`, and what `StatisticsPolicy.require_sound` does.
        """
        role = administer(act, city)
        policy.require_sound()
        return cls._create(
            cls.Drafted,
            id=entry_id(cls.TOPIC, local_code(code, "版本号")),
            timestamp=act.at,
            **signature(act, role),
            code=code,
            name=wording(name, "版本名称"),
            source=wording(source, "依据", 1_000) if source else "",
            terms=Terms.of(policy),
        )

    def revise(self, act: Act, *, city: str, policy: StatisticsPolicy) -> None:
        """修改 a draft. Refuses `EditionPublished`, `NothingChanged`, and what `require_sound` does."""
        role = still_draft(self, act, city)
        policy.require_sound()
        if (terms := Terms.of(policy)) == Terms.of(self.policy):
            raise NothingChanged(kind=self.label, code=self.code)
        record(self, self.Revised, act, role, terms=terms)

    def publish(self, act: Act, *, city: str, valid_from: date) -> None:
        """发布: in force from `valid_from`, not before today, and never changed again.

        Refuses `EditionPublished`, `NotRetroactive`.
        """
        role = still_draft(self, act, city)
        if valid_from < civil_day(act.at):
            raise NotRetroactive(day=valid_from, today=civil_day(act.at))
        record(self, self.Published, act, role, valid_from=valid_from.isoformat())
