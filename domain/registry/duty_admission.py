"""DutyAdmission 职责下沉准入, 社区工作准入: one request to put a class of matter on lists of streets or communities.

Departments may not push duties down: a new one is asked for with its legal basis, the powers (权随责走) and the
funding (费随事转) that come with it, and reviewed by somebody else of another unit. Who reviews is graded by
`AdmissionRule`. The lists themselves are kept by `Unit`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from enum import StrEnum

from eventsourcing.domain import Aggregate

from domain.actor import Act, Role, record, signature
from domain.case_rules import not_the_asker, require_reason
from domain.refusals import WrongStage
from domain.registry.case_type_key import CaseTypeKey, class_key
from domain.registry.duty_refusals import DatedBack, MixedLevels, OwnUnitReviews, TooManyUnits
from domain.registry.entry import civil_day, entry_id, local_code, period, wording
from domain.registry.refusals import BadPeriod
from domain.registry.unit import Unit, UnitLevel
from domain.step import Step

MOST_UNITS = 200
MOST_WORDS = 1_000
ASKING = (Role.HANDLER, Role.DISPATCHER, Role.ADMIN)
REVIEWING = (Role.SUPERVISOR, Role.ADMIN)


class AdmissionStage(StrEnum):
    """准入申请的环节."""

    REQUESTED = "requested"  #: 待审
    APPROVED = "approved"  #: 已准入
    REJECTED = "rejected"  #: 未准入
    REVOKED = "revoked"  #: 已取消

    @property
    def label(self) -> str:
        """The word people read."""
        return _LABELS[self]


_LABELS = {
    AdmissionStage.REQUESTED: "待审",
    AdmissionStage.APPROVED: "已准入",
    AdmissionStage.REJECTED: "未准入",
    AdmissionStage.REVOKED: "已取消",
}


class DutyAdmission(Aggregate):
    """One request as its events tell it. Days are ISO; `since` is the day asked for until another is approved."""

    TOPIC = "duty_admission"
    label = "准入申请"

    class Event(Step):
        """Base of the events of `DutyAdmission`."""

    class Created(Event, Aggregate.Created):
        """Never recorded; the library wants it named."""

        TOPIC = "duty_admission.created"

    class Requested(Created):
        """申请, of the unit whose member signs it."""

        TOPIC = "duty_admission.requested"
        code: str
        name: str
        category: str
        level: str
        units: list[str]
        since: str
        until: str | None
        basis: str
        powers: str
        funding: str

    class Approved(Event):
        """准入, by a document, from `since` on."""

        TOPIC = "duty_admission.approved"
        document: str
        since: str

        def apply(self, admission: DutyAdmission) -> None:
            admission.stage, admission.decided_by = AdmissionStage.APPROVED, self.by
            admission.document, admission.since = self.document, self.since

    class Rejected(Event):
        """不予准入, with the reason."""

        TOPIC = "duty_admission.rejected"

        def apply(self, admission: DutyAdmission) -> None:
            admission.stage, admission.decided_by = AdmissionStage.REJECTED, self.by
            admission.decision = self.reason

    class Revoked(Event):
        """取消: admitted up to and including `last_day`."""

        TOPIC = "duty_admission.revoked"
        last_day: str

        def apply(self, admission: DutyAdmission) -> None:
            admission.stage, admission.until = AdmissionStage.REVOKED, self.last_day
            admission.decision = self.reason

    def __init__(
        self, *, code: str, name: str, category: str, level: str, units: list[str], since: str, until: str | None,
        basis: str, powers: str, funding: str, by: str, of_unit: str,
    ) -> None:  # fmt: skip
        self.code, self.name, self.category, self.level = code, name, category, UnitLevel(level)
        self.units, self.since, self.until = tuple(units), since, until
        self.basis, self.powers, self.funding = basis, powers, funding
        self.asked_by, self.asking_unit = by, of_unit
        self.stage = AdmissionStage.REQUESTED
        self.document = self.decided_by = self.decision = ""

    @classmethod
    def request(
        cls, act: Act, *, code: str, name: str, category: str, units: Sequence[Unit], since: date, until: date | None,
        basis: str, powers: str, funding: str,
    ) -> DutyAdmission:  # fmt: skip
        """申请 for units of one level. Refuses `TooManyUnits`, `NoDutyList`, `MixedLevels`, `DutyOnList`, `BadPeriod`.

        By who covers all the units: a department for itself, an administrator for a request on paper.
        """
        role = act.as_one_of(*ASKING)
        codes = [unit.code for unit in units]
        if not 1 <= len(set(codes)) == len(codes) <= MOST_UNITS:
            raise TooManyUnits(most=MOST_UNITS, count=len(codes))
        key = class_key(str(CaseTypeKey.parse(category)))
        for unit in units:
            act.within(unit.place)
            unit.require_off_list(key, since)
        if len({unit.level for unit in units}) > 1:
            raise MixedLevels(units=codes)
        first, last = period(since, until)
        return cls._create(
            cls.Requested, id=entry_id(cls.TOPIC, local_code(code, "申请编号")), timestamp=act.at,
            **signature(act, role), code=code, name=wording(name, "事项名称"), category=key,
            level=units[0].level.value, units=codes, since=first, until=last, basis=_note(basis, "依据"),
            powers=_note(powers, "随之下放的权限"), funding=_note(funding, "随之划转的经费"),
        )  # fmt: skip

    def approve(
        self, act: Act, *, document: str, over: Collection[str], since: date | None, units: Sequence[Unit]
    ) -> None:
        """准入: the lists of `units` take the class on, not before the day of the decision.

        `over` are the places a reviewer has to cover. Refuses `DutyConflict`, `OwnUnitReviews`, `OutsideArea`,
        `WrongStage`, `DatedBack`, `BadPeriod`, `DutyOnList`.
        """
        role = self._review(act, over, AdmissionStage.REQUESTED)
        today = civil_day(act.at)
        begins = since or max(today, date.fromisoformat(self.since))
        if begins < today:
            raise DatedBack(what="准入首日", earliest=today, day=begins)
        until = None if self.until is None else date.fromisoformat(self.until)
        if until is not None and until < begins:
            raise BadPeriod(first=begins, last=until)
        document = wording(document, "批准文号")
        for unit in units:
            unit.require_off_list(self.category, begins)
        record(self, self.Approved, act, role, document=document, since=begins.isoformat())
        for unit in units:
            unit.take_on(act, role, category=self.category, since=begins, until=until)

    def reject(self, act: Act, *, over: Collection[str]) -> None:
        """不予准入. Refuses `ReasonMissing` and as `approve` does."""
        role = self._review(act, over, AdmissionStage.REQUESTED)
        require_reason(act)
        record(self, self.Rejected, act, role)

    def revoke(self, act: Act, *, over: Collection[str], last_day: date, units: Sequence[Unit]) -> None:
        """取消: the lists end with `last_day`; what was assigned until then stays.

        Refuses `DatedBack`, `BadPeriod` for a day not before the end known, `ReasonMissing`, `AdmittedAnew`.
        By who may review, the asker included: giving a duty back needs no second person.
        """
        role = self._reviewer(act, over, AdmissionStage.APPROVED)
        require_reason(act)
        earliest = max(civil_day(act.at), date.fromisoformat(self.since))
        if last_day < earliest:
            raise DatedBack(what="末日", earliest=earliest, day=last_day)
        if self.until is not None and self.until <= last_day.isoformat():
            raise BadPeriod(first=last_day, last=self.until)
        since = date.fromisoformat(self.since)
        for unit in units:
            unit.hand_back(act, role, category=self.category, since=since, last_day=last_day)
        record(self, self.Revoked, act, role, last_day=last_day.isoformat())

    def _review(self, act: Act, over: Collection[str], stage: AdmissionStage) -> Role:
        role = self._reviewer(act, over, stage)
        not_the_asker(act, self.asked_by, did="申请准入", wants="审核准入")
        if self.asking_unit in act.actor.units - {""}:
            raise OwnUnitReviews(unit=self.asking_unit)
        return role

    def _reviewer(self, act: Act, over: Collection[str], stage: AdmissionStage) -> Role:
        role = act.as_one_of(*REVIEWING)
        for place in over:
            act.within(place)
        if self.stage is not stage:
            raise WrongStage(expected=[stage.label], actual=self.stage.label)
        return role


def _note(text: str, field: str) -> str:
    return wording(text, field, MOST_WORDS, several_lines=True)
