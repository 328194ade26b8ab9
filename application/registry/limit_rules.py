"""Use cases of limit rules 时限规则: draft an edition, lay and drop its rules, publish it, hold it against another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from application.ports import Receipt, RequestKey
from application.registry.desk import RegistryDesk
from application.registry.dispatch_rules import has_case_types
from domain.actor import Act
from domain.registry.limit_difference import LimitDifference, limit_difference
from domain.registry.limit_rule import LimitRule
from domain.registry.limit_rules import LimitRules
from domain.registry.rule_edition import MOST_NAMED
from domain.registry.rule_refusals import RulesUnsound


class LimitEditions:
    """时限规则登记, for the whole city."""

    def __init__(self, desk: RegistryDesk) -> None:
        self._desk = desk

    async def draft(
        self, act: Act, *, code: str, name: str, source: str = "", based_on: str = "", key: RequestKey | None = None
    ) -> Receipt:
        """拟订, empty or with the rules of the edition `based_on`. Refuses `NoSuchEntry`."""

        def make() -> LimitRules:
            base = self._desk.registry.find(LimitRules, based_on) if based_on else None
            return LimitRules.draft(act, city=self._desk.city, code=code, name=name, source=source, based_on=base)

        return await self._desk.register(make, key)

    async def lay(
        self, act: Act, *, code: str, rules: Sequence[LimitRule], version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:  # fmt: skip
        """订立 or replace rules by number."""

        def command(edition: LimitRules) -> None:
            edition.lay(act, city=self._desk.city, rules=rules)

        return await self._desk.change(LimitRules, code, command, version=version, key=key)

    async def drop(
        self, act: Act, *, code: str, numbers: Sequence[str], version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:  # fmt: skip
        """删去."""

        def command(edition: LimitRules) -> None:
            edition.drop(act, city=self._desk.city, numbers=numbers)

        return await self._desk.change(LimitRules, code, command, version=version, key=key)

    async def publish(
        self, act: Act, *, code: str, valid_from: date, version: int | None = None, key: RequestKey | None = None
    ) -> Receipt:
        """发布. Refuses `RulesUnsound` naming the categories the catalogue does not list by then."""

        def command(edition: LimitRules) -> None:
            edition.publish(act, city=self._desk.city, valid_from=valid_from)
            self._require_listed(edition, valid_from)

        return await self._desk.change(LimitRules, code, command, version=version, key=key)

    def difference(self, code: str, against: str = "") -> LimitDifference:
        """Against another edition, or the one it is based on; against nothing where there is none.

        Refuses `NoSuchEntry`.
        """
        edition = self._desk.registry.find(LimitRules, code)
        other = against or edition.based_on
        before = self._desk.registry.find(LimitRules, other).rules.values() if other else ()
        return limit_difference(before, edition.rules.values())

    def _require_listed(self, edition: LimitRules, day: date) -> None:
        wrong = [
            f"第 {rule.number} 条：编目中没有 {day} 有效的 {rule.category}"
            for rule in edition.rules.values()
            if not has_case_types(rule.category, self._desk.registry, day)
        ]
        if wrong:
            raise RulesUnsound(edition=edition.code, count=len(wrong), day=day, problems=wrong[:MOST_NAMED])
