"""CaseType 编目: one filing condition of one class of matter or asset, as each edition words it.

A condition has a wording, a limit and a lead from a day on: what was announced for a later day does not act
before it, and what was in force on a day in the past can always be read. A case keeps the edition it was filed
under, also when the condition has been withdrawn since.
"""

from __future__ import annotations

from datetime import date

from eventsourcing.domain import Aggregate

from domain.actor import Act, Role, record, signature
from domain.limit import Limit, LimitUnit
from domain.registry import case_type_events, revisions
from domain.registry.case_type_key import CaseTypeKey
from domain.registry.catalogue_refusals import LimitSettled, NothingUndecided
from domain.registry.entry import administer, civil_day, ending, entry_id, period, still_kept, wording
from domain.registry.filing_condition import MOST_WORDS, FilingCondition
from domain.registry.refusals import BadLimit, NothingChanged
from domain.registry.revisions import Ending, History, Revision


class CaseType(Aggregate):
    """One filing condition as its events tell it. `history` is what it says from which day on."""

    TOPIC = "case_type"
    label = "编目"

    Event = case_type_events.CaseTypeEvent
    Created = case_type_events.Created
    Listed = case_type_events.Listed
    Revised = case_type_events.Revised
    LimitDecided = case_type_events.LimitDecided
    Published = case_type_events.Published
    LimitSet = case_type_events.LimitSet
    LeadSet = case_type_events.LeadSet
    Withdrawn = case_type_events.Withdrawn

    def __init__(self, *, code: str) -> None:
        key = CaseTypeKey.parse(code)
        self.code, self.kind, self.class_code = code, key.kind, key.class_code
        self.history: History = []

    # --- for events -----------------------------------------------------------------------------

    def revise_from(self, revision: Revision) -> None:
        """For events: what holds from the revision's day on."""
        self.history = revisions.put(self.history, revision)

    def end_after(self, last_day: str) -> None:
        """For events: nothing is filed under it from the day after on."""
        self.history = revisions.ended(self.history, Ending(revisions.day_after(last_day)))

    def not_before_first(self, day: date) -> str:
        """For events: a change made before the first day of the condition acts from that day."""
        return max(day.isoformat(), self.valid_from)

    # --- what holds when ------------------------------------------------------------------------

    def in_force(self, on: date) -> bool:
        """Whether cases may be filed under it on a day."""
        return revisions.in_force(self.history, on.isoformat())

    def on(self, day: date) -> Revision:
        """What it says on a day; after it was withdrawn what it said last, before its first day what it will say."""
        return revisions.on(self.history, day.isoformat())

    def said(self, day: date | None) -> Revision:
        """What it says on a day, or what was announced last."""
        return self.revisions[-1] if day is None else self.on(day)

    def under(self, edition: str, day: date) -> Revision:
        """What it says in the edition a case was filed under; where that edition is not known, on `day`."""
        known = [one for one in self.revisions if one.edition == edition]
        return known[-1] if known else self.on(day)

    @property
    def revisions(self) -> list[Revision]:
        """All it ever said and will say, in the order of days."""
        return revisions.worded(self.history)

    @property
    def undecided(self) -> list[Revision]:
        """Those whose limit waits for a decision."""
        return [one for one in self.revisions if one.content.limit is None]

    @property
    def valid_from(self) -> str:
        """Its first day."""
        return self.history[0].since

    @property
    def valid_until(self) -> str | None:
        """Its last day, None when none is known."""
        return revisions.last_day(self.history)

    @property
    def name(self) -> str:
        """小类名称 as worded for the latest day."""
        return self.revisions[-1].content.name

    @property
    def class_name(self) -> str:
        """大类名称 as worded for the latest day."""
        return self.revisions[-1].content.class_name

    @property
    def condition(self) -> str:
        """立案条件 as worded for the latest day."""
        return self.revisions[-1].content.condition

    # --- by editions ----------------------------------------------------------------------------

    @classmethod
    def list_(cls, act: Act, role: Role, content: FilingCondition, *, edition: str, since: date) -> CaseType:
        """列入, by an edition that is being published."""
        return cls._create(
            cls.Listed, id=entry_id(cls.TOPIC, content.code), timestamp=act.at, **signature(act, role),
            **content.facts(), edition=edition, valid_from=since.isoformat(),
        )  # fmt: skip

    def revise(self, act: Act, role: Role, content: FilingCondition, *, edition: str, since: date) -> None:
        """修订, by an edition that is being published."""
        record(self, self.Revised, act, role, **content.facts(), edition=edition, valid_from=since.isoformat())

    def drop(self, act: Act, role: Role, *, last_day: date) -> None:
        """停用, by an edition that is being published without it."""
        record(self, self.Withdrawn, act, role, last_day=last_day.isoformat())

    def decide_limit(self, act: Act, *, city: str, edition: str, limit_amount: int, limit_unit: str) -> None:
        """时限决定. Refuses `BadLimit`, `NothingUndecided`, and `LimitSettled` when that edition has a limit."""
        role = administer(act, city)
        limit = limit_of(limit_amount, limit_unit)
        known = [one for one in self.revisions if one.edition == edition]
        if not known:
            raise NothingUndecided(edition=edition, text=self.code)
        if (settled := known[-1].content.limit) is not None:
            raise LimitSettled(category=self.code, edition=edition, limit=settled)
        facts = {"limit_amount": limit.amount, "limit_unit": limit.unit.value, "edition": edition}
        record(self, self.LimitDecided, act, role, **facts)

    # --- by hand --------------------------------------------------------------------------------

    @classmethod
    def publish(
        cls, act: Act, *, city: str, code: str, name: str, class_name: str, condition: str, closing_condition: str,
        limit_amount: int, limit_unit: str, lead: str | None, edition: str, valid_from: date,
        valid_until: date | None = None,
    ) -> CaseType:  # fmt: skip
        """发布, for the whole of `city`. Refuses `BadCode`, `BadLimit`, `BadText`, `BadPeriod`."""
        role = administer(act, city)
        limit = limit_of(limit_amount, limit_unit)
        first, last = period(valid_from, valid_until)
        return cls._create(
            cls.Published, id=entry_id(cls.TOPIC, str(CaseTypeKey.parse(code))), timestamp=act.at,
            **signature(act, role), code=code, name=wording(name, "小类名称"),
            class_name=wording(class_name, "大类名称"),
            condition=wording(condition, "立案条件", MOST_WORDS, several_lines=True),
            closing_condition=wording(closing_condition, "结案条件", MOST_WORDS, several_lines=True),
            limit_amount=limit.amount, limit_unit=limit.unit.value, lead=lead, edition=wording(edition, "版本"),
            valid_from=first, valid_until=last,
        )  # fmt: skip

    def set_limit(self, act: Act, *, city: str, limit_amount: int, limit_unit: str, edition: str) -> None:
        """时限调整. Refuses `NoLongerKept`, `BadLimit`, `NothingChanged`, also for an edition not new."""
        role, edition = self._next(act, city, edition)
        limit = limit_of(limit_amount, limit_unit)
        if limit == self.on(civil_day(act.at)).content.limit:
            raise NothingChanged(kind=self.label, code=self.code)
        facts = {"limit_amount": limit.amount, "limit_unit": limit.unit.value, "edition": edition}
        record(self, self.LimitSet, act, role, **facts)

    def set_lead(self, act: Act, *, city: str, lead: str | None, edition: str) -> None:
        """主办单位调整. Refuses `NoLongerKept`, `NothingChanged`, also for an edition that is not new."""
        role, edition = self._next(act, city, edition)
        if lead == self.on(civil_day(act.at)).content.lead:
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
        if any(edition == one.edition for one in self.revisions):
            raise NothingChanged(kind="版本", code=edition)
        return role, edition


def limit_of(amount: int, unit: str) -> Limit:
    """A limit as people gave it. Refuses `BadLimit`."""
    try:
        return Limit.of(amount, unit)
    except ValueError as wrong:
        raise BadLimit(amount=amount, unit=unit, units=[each.label for each in LimitUnit]) from wrong
