"""Events of `CaseType`: what was decided about one filing condition. Topics are for ever.

`apply` only assigns: it runs again on every replay.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from eventsourcing.domain import Aggregate

from domain.limit import Limit
from domain.registry import revisions
from domain.registry.entry import civil_day
from domain.registry.filing_condition import ConditionFacts, FilingCondition
from domain.registry.revisions import Revision
from domain.step import Step

if TYPE_CHECKING:
    from domain.registry.case_type import CaseType


class CaseTypeEvent(Step):
    """Base of the events of `CaseType`."""


class Created(CaseTypeEvent, Aggregate.Created):
    """Never recorded; the library wants it named."""

    TOPIC = "case_type.created"


class Listed(ConditionFacts, Created):
    """列入 the catalogue by an edition, from its day on."""

    TOPIC = "case_type.listed"
    edition: str
    valid_from: str

    def apply(self, case_type: CaseType) -> None:
        case_type.revise_from(Revision(self.valid_from, self.edition, self.content()))


class Revised(ConditionFacts, CaseTypeEvent):
    """修订: its whole content in an edition, from that edition's day on, changed or not."""

    TOPIC = "case_type.revised"
    edition: str
    valid_from: str

    def apply(self, case_type: CaseType) -> None:
        case_type.revise_from(Revision(self.valid_from, self.edition, self.content()))


class LimitDecided(CaseTypeEvent):
    """时限决定: what the limit kept as text means, in one edition."""

    TOPIC = "case_type.limit_decided"
    edition: str
    limit_amount: int
    limit_unit: str

    def apply(self, case_type: CaseType) -> None:
        limit = Limit.of(self.limit_amount, self.limit_unit)
        case_type.history = revisions.decided(case_type.history, self.edition, limit)


class Published(Created):
    """发布 of one condition by hand, beside the editions."""

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

    def apply(self, case_type: CaseType) -> None:
        limit = Limit.of(self.limit_amount, self.limit_unit)
        content = FilingCondition(
            self.code, self.name, self.class_name, self.condition, self.closing_condition, limit, lead=self.lead
        )
        case_type.revise_from(Revision(self.valid_from, self.edition, content))
        if self.valid_until is not None:
            case_type.end_after(self.valid_until)


class LimitSet(CaseTypeEvent):
    """时限调整 by hand, in a new edition, from the day of the deed."""

    TOPIC = "case_type.limit_set"
    limit_amount: int
    limit_unit: str
    edition: str

    def apply(self, case_type: CaseType) -> None:
        day = civil_day(self.timestamp)
        limit = Limit.of(self.limit_amount, self.limit_unit)
        content = replace(case_type.on(day).content, limit=limit, limit_text="")
        case_type.revise_from(Revision(case_type.not_before_first(day), self.edition, content))


class LeadSet(CaseTypeEvent):
    """主办单位调整 by hand, in a new edition, from the day of the deed; None leaves it to the dispatcher."""

    TOPIC = "case_type.lead_set"
    lead: str | None
    edition: str

    def apply(self, case_type: CaseType) -> None:
        day = civil_day(self.timestamp)
        content = replace(case_type.on(day).content, lead=self.lead)
        case_type.revise_from(Revision(case_type.not_before_first(day), self.edition, content))


class Withdrawn(CaseTypeEvent):
    """停用, by hand or because an edition no longer lists it."""

    TOPIC = "case_type.withdrawn"
    last_day: str

    def apply(self, case_type: CaseType) -> None:
        case_type.end_after(self.last_day)
