"""Use cases of admission policies 准入办法: adopt, revise."""

from __future__ import annotations

from application.ports import Receipt, RequestKey
from application.registry.desk import RegistryDesk
from domain.actor import Act
from domain.registry.admission_policy import AdmissionPolicy, AdmissionRule
from domain.registry.entry import civil_day


class AdmissionPolicies:
    """准入办法, of the city or of a district that has one of its own."""

    def __init__(self, desk: RegistryDesk) -> None:
        self._desk = desk

    async def adopt(
        self, act: Act, *, code: str, name: str, rule: AdmissionRule, key: RequestKey | None = None
    ) -> Receipt:
        """制定 for a registered division. Refuses `NoSuchEntry`, `NotValidThen`."""

        def make() -> AdmissionPolicy:
            policy = AdmissionPolicy.adopt(act, code=code, name=name, rule=rule)
            self._desk.registry.division(code, valid_on=civil_day(act.at))
            return policy

        return await self._desk.register(make, key)

    async def revise(
        self, act: Act, *, code: str, rule: AdmissionRule, version: int | None = None, key: RequestKey | None = None
    ) -> Receipt:
        """修订."""

        def command(policy: AdmissionPolicy) -> None:
            policy.revise(act, rule=rule)

        return await self._desk.change(AdmissionPolicy, code, command, version=version, key=key)
