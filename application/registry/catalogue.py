"""Use cases of the catalogue 编目 by hand, one condition at a time: publish, set limit and lead, decide, withdraw.

Each change by hand bears a version text of its own, never the code of an edition: `application.registry.editions`.
"""

from __future__ import annotations

from datetime import date

from application.ports import Receipt, RequestKey
from application.registry.desk import RegistryDesk
from domain.actor import Act
from domain.registry.case_type import CaseType
from domain.registry.catalogue_edition import CatalogueEdition
from domain.registry.catalogue_refusals import EditionTaken
from domain.registry.entry import civil_day, entry_id


class Catalogue:
    """编目登记, for the whole city."""

    def __init__(self, desk: RegistryDesk) -> None:
        self._desk = desk

    async def publish(
        self,
        act: Act,
        *,
        code: str,
        name: str,
        class_name: str,
        condition: str,
        closing_condition: str,
        limit_amount: int,
        limit_unit: str,
        edition: str,
        valid_from: date,
        valid_until: date | None = None,
        lead: str | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """发布 under the key `code` ("matter-06017"). Refuses `NoSuchEntry`, `NotValidThen` for the lead."""

        def make() -> CaseType:
            self._require_no_edition(edition)
            case_type = CaseType.publish(
                act,
                city=self._desk.city,
                code=code,
                name=name,
                class_name=class_name,
                condition=condition,
                closing_condition=closing_condition,
                limit_amount=limit_amount,
                limit_unit=limit_unit,
                lead=lead,
                edition=edition,
                valid_from=valid_from,
                valid_until=valid_until,
            )
            self._require_lead(act, lead)
            return case_type

        return await self._desk.register(make, key)

    async def set_limit(
        self,
        act: Act,
        *,
        code: str,
        limit_amount: int,
        limit_unit: str,
        edition: str,
        version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """时限调整. Cases already filed keep the limit they were filed under."""

        def command(case_type: CaseType) -> None:
            self._require_no_edition(edition)
            case_type.set_limit(
                act,
                city=self._desk.city,
                limit_amount=limit_amount,
                limit_unit=limit_unit,
                edition=edition,
            )

        return await self._desk.change(CaseType, code, command, version=version, key=key)

    async def set_lead(
        self,
        act: Act,
        *,
        code: str,
        lead: str | None,
        edition: str,
        version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """主办单位调整. Refuses `NoSuchEntry` for an unknown lead, `NotValidThen`."""

        def command(case_type: CaseType) -> None:
            self._require_no_edition(edition)
            case_type.set_lead(act, city=self._desk.city, lead=lead, edition=edition)
            self._require_lead(act, lead)

        return await self._desk.change(CaseType, code, command, version=version, key=key)

    async def withdraw(
        self,
        act: Act,
        *,
        code: str,
        last_day: date,
        version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """停用."""

        def command(case_type: CaseType) -> None:
            case_type.withdraw(act, city=self._desk.city, last_day=last_day)

        return await self._desk.change(CaseType, code, command, version=version, key=key)

    async def decide_limit(
        self,
        act: Act,
        *,
        code: str,
        edition: str,
        limit_amount: int,
        limit_unit: str,
        version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """时限决定 of one condition: what the limit kept as text means in a published edition."""

        def command(case_type: CaseType) -> None:
            case_type.decide_limit(
                act, city=self._desk.city, edition=edition, limit_amount=limit_amount, limit_unit=limit_unit
            )

        return await self._desk.change(CaseType, code, command, version=version, key=key)

    def _require_no_edition(self, edition: str) -> None:
        if self._desk.registry.holds(entry_id(CatalogueEdition.TOPIC, edition)):
            raise EditionTaken(edition=edition)

    def _require_lead(self, act: Act, lead: str | None) -> None:
        if lead is not None:
            self._desk.registry.unit(lead, valid_on=civil_day(act.at))
