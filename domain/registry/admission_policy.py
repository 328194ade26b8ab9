"""AdmissionPolicy 准入办法: what becomes of a matter off the duty list, and who reviews a request to put it there.

The law leaves both to the place: a prefecture's streets are reviewed by the city, those of a city without
districts by that city itself, whose code has six digits. So it is data, by place and from a day on.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from eventsourcing.domain import Aggregate

from domain.actor import Act, record, signature
from domain.place import division_code
from domain.refusals import BadCode
from domain.registry.duty_refusals import DatedBack
from domain.registry.entry import administer, civil_day, entry_id, wording
from domain.registry.refusals import BadChoice, NothingChanged
from domain.registry.unit import UnitLevel
from domain.step import Step

_PLACE_DIGITS = (4, 6)


class OffList(StrEnum):
    """清单之外的派遣."""

    REFUSE = "refuse"  #: 拒绝
    FLAG = "flag"  #: 标记


class Reviewer(StrEnum):
    """由哪一级审核: who covers all of it may review."""

    CITY = "city"  #: 市
    DISTRICT = "district"  #: 区县, and a city without districts
    STREET = "street"  #: 街道, 乡镇


_REVIEWER_DIGITS = {Reviewer.CITY: 4, Reviewer.DISTRICT: 6, Reviewer.STREET: 9}


@dataclass(frozen=True)
class AdmissionRule:
    """One edition, in force from `since` on: for lists of streets, and for those of communities."""

    edition: str
    since: str
    street: OffList
    community: OffList
    street_review: Reviewer = Reviewer.CITY
    community_review: Reviewer = Reviewer.DISTRICT

    def facts(self) -> dict[str, str]:
        """As events hold it. Refuses `BadText`, and `BadChoice`: a street does not review its own list."""
        if self.street_review is Reviewer.STREET:
            choices = [Reviewer.CITY.value, Reviewer.DISTRICT.value]
            raise BadChoice(field="街道清单的审核层级", value=self.street_review.value, choices=choices)
        return {
            "edition": wording(self.edition, "版本"),
            "since": self.since,
            "street": self.street.value,
            "community": self.community.value,
            "street_review": self.street_review.value,
            "community_review": self.community_review.value,
        }

    def off_list(self, level: UnitLevel) -> OffList:
        """What becomes of an assignment to a unit of this level whose list does not hold the class."""
        return self.street if level is UnitLevel.STREET else self.community

    def reviewing_place(self, level: UnitLevel, place: str) -> str:
        """What a reviewer has to cover for the list of a unit of this level in `place`."""
        by = self.street_review if level is UnitLevel.STREET else self.community_review
        return place[: _REVIEWER_DIGITS[by]]


class AdmissionPolicy(Aggregate):
    """The policy of a city or a district as its events tell it: `rules`, ascending by the day they begin."""

    TOPIC = "admission_policy"
    label = "准入办法"

    class Event(Step):
        """Base of the events of `AdmissionPolicy`."""

    class Created(Event, Aggregate.Created):
        """Never recorded; the library wants it named."""

        TOPIC = "admission_policy.created"

    class Adopted(Created):
        """制定, for the division `code`."""

        TOPIC = "admission_policy.adopted"
        code: str
        name: str
        edition: str
        since: str
        street: str
        community: str
        street_review: str
        community_review: str

    class Revised(Event):
        """修订: another edition from a later day on."""

        TOPIC = "admission_policy.revised"
        edition: str
        since: str
        street: str
        community: str
        street_review: str
        community_review: str

        def apply(self, policy: AdmissionPolicy) -> None:
            policy.rules = (
                *policy.rules,
                _rule(self.edition, self.since, self.street, self.community, self.street_review, self.community_review),
            )

    rules: tuple[AdmissionRule, ...]

    def __init__(
        self, *, code: str, name: str, edition: str, since: str, street: str, community: str, street_review: str,
        community_review: str,
    ) -> None:  # fmt: skip
        self.code, self.name = code, name
        self.rules = (_rule(edition, since, street, community, street_review, community_review),)

    def on(self, day: date) -> AdmissionRule | None:
        """The rule in force on a day, None before the first."""
        nth = bisect_right(self.rules, day.isoformat(), key=lambda rule: rule.since)
        return self.rules[nth - 1] if nth else None

    @classmethod
    def adopt(cls, act: Act, *, code: str, name: str, rule: AdmissionRule) -> AdmissionPolicy:
        """制定 for a city or a district. Refuses `BadCode`, `BadText`, `BadChoice`."""
        role = administer(act, division_code(code))
        if len(code) not in _PLACE_DIGITS:
            raise BadCode(code=code, kind="准入办法的区划", rule="应为 4 位（市）或 6 位（区县）区划代码")
        return cls._create(
            cls.Adopted, id=entry_id(cls.TOPIC, code), timestamp=act.at, **signature(act, role), code=code,
            name=wording(name, "办法名称"), **rule.facts(),
        )  # fmt: skip

    def revise(self, act: Act, *, rule: AdmissionRule) -> None:
        """修订, from today on at the earliest and after the last edition's first day. Refuses `DatedBack`.

        What was decided under an earlier edition stays.
        """
        role = administer(act, self.code)
        facts, earliest = rule.facts(), civil_day(act.at)
        if rule.edition in {known.edition for known in self.rules}:
            raise NothingChanged(kind=self.label, code=f"{self.code} {rule.edition}")
        earliest = max(earliest, date.fromisoformat(self.rules[-1].since) + timedelta(days=1))
        if rule.since < earliest.isoformat():
            raise DatedBack(what="施行首日", earliest=earliest, day=rule.since)
        record(self, self.Revised, act, role, **facts)


def _rule(
    edition: str, since: str, street: str, community: str, street_review: str, community_review: str
) -> AdmissionRule:
    """A rule off the facts of its event."""
    return AdmissionRule(
        edition, since, OffList(street), OffList(community), Reviewer(street_review), Reviewer(community_review)
    )
