"""CaseType 编目: one filing condition of one class of matter or asset, with its limit and closing condition.

A class may have several filing conditions, each with a limit of its own; edition and limit of the day are
what a case is filed under.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from eventsourcing.domain import Aggregate

from domain.actor import Act, Role, record, signature
from domain.limit import Limit, LimitUnit
from domain.refusals import BadCode
from domain.registry.entry import administer, ending, entry_id, in_force, period, still_kept, wording
from domain.registry.refusals import BadLimit, NothingChanged
from domain.step import Step

MOST_WORDS = 2_000


class CaseKind(StrEnum):
    """案件类别. The numbers of the two overlap, so the kind is part of the key."""

    MATTER = "matter"  #: 事项
    ASSET = "asset"  #: 部件


@dataclass(frozen=True, slots=True)
class CaseTypeKey:
    """Kind, five digits (two of the 大类, three of the 小类) and the number of the filing condition.

    Printed "matter-06017" for the first condition, "matter-06017-2" for the second.
    """

    kind: CaseKind
    class_code: str
    condition_no: int = 1

    @classmethod
    def parse(cls, text: str) -> CaseTypeKey:
        """From its printed form. Refuses `BadCode`."""
        match = re.fullmatch(r"(matter|asset)-([0-9]{5})(?:-([2-9]|[1-9][0-9]))?", text)
        if match is None:
            rule = "应为 matter（事项）或 asset（部件）加 5 位数字，第二个立案条件起加序号，如 matter-06017-2"
            raise BadCode(code=text, kind="编目编码", rule=rule)
        return cls(CaseKind(match[1]), match[2], int(match[3] or 1))

    def __str__(self) -> str:
        number = "" if self.condition_no == 1 else f"-{self.condition_no}"
        return f"{self.kind.value}-{self.class_code}{number}"


def class_key(key: str) -> str:
    """The printed key without the number of its filing condition: duties are admitted by class."""
    return "-".join(key.split("-")[:2])


class CaseType(Aggregate):
    """One filing condition as its events tell it. Days are ISO; `valid_until` is the last or None."""

    TOPIC = "case_type"
    label = "编目"

    class Event(Step):
        """Base of the events of `CaseType`."""

    class Created(Event, Aggregate.Created):
        """Never recorded; the library wants it named."""

        TOPIC = "case_type.created"

    class Published(Created):
        """发布."""

        TOPIC = "case_type.published"
        code: str
        name: str
        class_name: str
        condition: str
        closing_condition: str
        limit_amount: int
        limit_unit: str
        lead: str | None
        edition: str
        valid_from: str
        valid_until: str | None

    class LimitSet(Event):
        """时限调整, in a new edition."""

        TOPIC = "case_type.limit_set"
        limit_amount: int
        limit_unit: str
        edition: str

        def apply(self, case_type: CaseType) -> None:
            case_type.limit = Limit.of(self.limit_amount, self.limit_unit)
            case_type.edition = self.edition

    class LeadSet(Event):
        """主办单位调整, in a new edition; None leaves it to the dispatcher."""

        TOPIC = "case_type.lead_set"
        lead: str | None
        edition: str

        def apply(self, case_type: CaseType) -> None:
            case_type.lead, case_type.edition = self.lead, self.edition

    class Withdrawn(Event):
        """停用."""

        TOPIC = "case_type.withdrawn"
        last_day: str

        def apply(self, case_type: CaseType) -> None:
            case_type.valid_until = self.last_day

    def __init__(
        self,
        *,
        code: str,
        name: str,
        class_name: str,
        condition: str,
        closing_condition: str,
        limit_amount: int,
        limit_unit: str,
        lead: str | None,
        edition: str,
        valid_from: str,
        valid_until: str | None,
    ) -> None:
        key = CaseTypeKey.parse(code)
        self.code, self.kind, self.class_code = code, key.kind, key.class_code
        self.name, self.class_name = name, class_name
        self.condition, self.closing_condition = condition, closing_condition
        self.limit = Limit.of(limit_amount, limit_unit)
        self.lead, self.edition = lead, edition
        self.valid_from, self.valid_until = valid_from, valid_until

    def in_force(self, on: date) -> bool:
        """Whether cases may be filed under it on a day."""
        return in_force(on, self.valid_from, self.valid_until)

    @classmethod
    def publish(
        cls,
        act: Act,
        *,
        city: str,
        code: str,
        name: str,
        class_name: str,
        condition: str,
        closing_condition: str,
        limit_amount: int,
        limit_unit: str,
        lead: str | None,
        edition: str,
        valid_from: date,
        valid_until: date | None = None,
    ) -> CaseType:
        """发布, for the whole of `city`. Refuses `BadCode`, `BadLimit`, `BadText`, `BadPeriod`."""
        role = administer(act, city)
        limit = _limit(limit_amount, limit_unit)
        first, last = period(valid_from, valid_until)
        return cls._create(
            cls.Published,
            id=entry_id(cls.TOPIC, str(CaseTypeKey.parse(code))),
            timestamp=act.at,
            **signature(act, role),
            code=code,
            name=wording(name, "小类名称"),
            class_name=wording(class_name, "大类名称"),
            condition=wording(condition, "立案条件", MOST_WORDS, several_lines=True),
            closing_condition=wording(closing_condition, "结案条件", MOST_WORDS, several_lines=True),
            limit_amount=limit.amount,
            limit_unit=limit.unit.value,
            lead=lead,
            edition=wording(edition, "版本"),
            valid_from=first,
            valid_until=last,
        )

    def set_limit(self, act: Act, *, city: str, limit_amount: int, limit_unit: str, edition: str) -> None:
        """时限调整. Refuses `NoLongerKept`, `BadLimit`, `NothingChanged`, also for an edition not new."""
        role, edition = self._next(act, city, edition)
        limit = _limit(limit_amount, limit_unit)
        if limit == self.limit:
            raise NothingChanged(kind=self.label, code=self.code)
        facts = {"limit_amount": limit.amount, "limit_unit": limit.unit.value, "edition": edition}
        record(self, self.LimitSet, act, role, **facts)

    def set_lead(self, act: Act, *, city: str, lead: str | None, edition: str) -> None:
        """主办单位调整. Refuses `NoLongerKept`, `NothingChanged`, also for an edition that is not new."""
        role, edition = self._next(act, city, edition)
        if lead == self.lead:
            raise NothingChanged(kind=self.label, code=self.code)
        record(self, self.LeadSet, act, role, lead=lead, edition=edition)

    def withdraw(self, act: Act, *, city: str, last_day: date) -> None:
        """停用: cases are filed under it up to `last_day` included. Refuses `NoLongerKept`, `BadPeriod`."""
        role = administer(act, city)
        ends = ending(self.label, self.code, self.valid_from, self.valid_until, last_day)
        record(self, self.Withdrawn, act, role, last_day=ends)

    def _next(self, act: Act, city: str, edition: str) -> tuple[Role, str]:
        role = administer(act, city)
        still_kept(self.label, self.code, self.valid_until, act.at)
        edition = wording(edition, "版本")
        if edition == self.edition:
            raise NothingChanged(kind="版本", code=edition)
        return role, edition


def _limit(amount: int, unit: str) -> Limit:
    try:
        return Limit.of(amount, unit)
    except ValueError as wrong:
        raise BadLimit(amount=amount, unit=unit, units=[each.label for each in LimitUnit]) from wrong
