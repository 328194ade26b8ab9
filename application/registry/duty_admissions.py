"""Use cases of duty admissions 职责下沉准入, 社区工作准入: request, approve, reject, revoke; look up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from application.ports import Receipt, RequestKey
from application.registry.admission_rules import AdmissionRules
from application.registry.desk import RegistryDesk
from application.registry.registry import PAGE
from domain.actor import Act
from domain.registry.case_type_key import class_key
from domain.registry.duty_admission import AdmissionStage, DutyAdmission
from domain.registry.duty_refusals import AdmissionPending
from domain.registry.entry import civil_day
from domain.registry.unit import Unit


class DutyAdmissions:
    """准入申请. `rules` say who reviews."""

    def __init__(self, desk: RegistryDesk, rules: AdmissionRules) -> None:
        self._desk, self._rules = desk, rules

    async def request(
        self,
        act: Act,
        *,
        code: str,
        name: str,
        category: str,
        units: Sequence[str],
        since: date,
        until: date | None = None,
        basis: str,
        powers: str,
        funding: str,
        key: RequestKey | None = None,
    ) -> Receipt:
        """申请. Refuses `NoSuchEntry`, `NotValidThen` for a class or a unit, `AdmissionPending`."""

        def make() -> DutyAdmission:
            registry = self._desk.registry
            named = [registry.unit(unit, valid_on=civil_day(act.at)) for unit in units]
            admission = DutyAdmission.request(
                act, code=code, name=name, category=category, units=named, since=since, until=until, basis=basis,
                powers=powers, funding=funding,
            )  # fmt: skip
            registry.case_type(admission.category, valid_on=since)
            self._require_none_pending(admission)
            return admission

        return await self._desk.register(make, key)

    async def approve(
        self,
        act: Act,
        *,
        code: str,
        document: str,
        since: date | None = None,
        version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """准入 by `document`, from `since` or the day asked for on; the lists take it on in the same save."""

        def command(admission: DutyAdmission, units: Sequence[Unit]) -> None:
            # The lists tell by which document, as those that were brought in do.
            decided = replace(act, reason="；".join(filter(None, (document.strip(), act.reason.strip()))))
            admission.approve(decided, document=document, over=self._over(act, units), since=since, units=units)

        return await self._decide(code, command, version, key)

    async def reject(
        self, act: Act, *, code: str, version: int | None = None, key: RequestKey | None = None
    ) -> Receipt:
        """不予准入, with the reason of the act."""

        def command(admission: DutyAdmission, units: Sequence[Unit]) -> None:
            admission.reject(act, over=self._over(act, units))

        return await self._decide(code, command, version, key)

    async def revoke(
        self, act: Act, *, code: str, last_day: date, version: int | None = None, key: RequestKey | None = None
    ) -> Receipt:
        """取消 after `last_day`; the lists end in the same save, what was assigned before stays."""

        def command(admission: DutyAdmission, units: Sequence[Unit]) -> None:
            admission.revoke(act, over=self._over(act, units), last_day=last_day, units=units)

        return await self._decide(code, command, version, key)

    def find(
        self,
        *,
        stage: AdmissionStage | None = None,
        category: str | None = None,
        unit: str | None = None,
        asking_unit: str | None = None,
        name: str = "",
        after: str = "",
        limit: int = PAGE,
    ) -> Sequence[DutyAdmission]:
        """By ascending code after `after`: at a stage, of a class, for the list of a unit, asked by a unit."""

        def keep(admission: DutyAdmission) -> bool:
            placed = unit is None or unit in admission.units
            asked = asking_unit in {None, admission.asking_unit} and stage in {None, admission.stage}
            return placed and asked and (category is None or class_key(category) == admission.category)

        return self._desk.registry.entries(DutyAdmission, keep, name=name, after=after, limit=limit)

    def one(self, code: str) -> DutyAdmission:
        """Refuses `NoSuchEntry`."""
        return self._desk.registry.find(DutyAdmission, code)

    async def _decide(
        self, code: str, command: Callable[[DutyAdmission, Sequence[Unit]], None], version: int | None,
        key: RequestKey | None,
    ) -> Receipt:  # fmt: skip
        return await self._desk.change_with(
            DutyAdmission, code, Unit, lambda admission: admission.units, command, version=version, key=key
        )

    def _over(self, act: Act, units: Sequence[Unit]) -> set[str]:
        day = civil_day(act.at)
        return {self._rules.reviewing_place(unit, day) for unit in units}

    def _require_none_pending(self, admission: DutyAdmission) -> None:
        for unit in admission.units:
            found = self.find(stage=AdmissionStage.REQUESTED, category=admission.category, unit=unit, limit=1)
            if found:
                raise AdmissionPending(unit=unit, category=admission.category, code=found[0].code)
