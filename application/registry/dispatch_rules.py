"""Use cases of dispatch rules 派遣规则: draft an edition, lay and drop its rules, publish it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from application.ports import Receipt, RequestKey
from application.registry.desk import RegistryDesk
from application.registry.registry import Registry
from domain.actor import Act
from domain.place import GRID_DIGITS
from domain.refusals import Refused
from domain.registry.case_type import CaseType
from domain.registry.category_scope import condition_key, narrowness
from domain.registry.dispatch_rule import LOCAL, DispatchRule
from domain.registry.dispatch_rules import DispatchRules
from domain.registry.rule_edition import MOST_NAMED
from domain.registry.rule_refusals import RulesUnsound

KIND = 1
"""The narrowness of matters or assets as a whole: there may be none of a kind yet."""


class RuleEditions:
    """派遣规则登记, for the whole city."""

    def __init__(self, desk: RegistryDesk) -> None:
        self._desk = desk

    async def draft(
        self, act: Act, *, code: str, name: str, based_on: str = "", key: RequestKey | None = None
    ) -> Receipt:
        """拟订, empty or with the rules of the edition `based_on`. Refuses `NoSuchEntry`."""

        def make() -> DispatchRules:
            base = self._desk.registry.find(DispatchRules, based_on) if based_on else None
            return DispatchRules.draft(act, city=self._desk.city, code=code, name=name, based_on=base)

        return await self._desk.register(make, key)

    async def lay(
        self,
        act: Act,
        *,
        code: str,
        rules: Sequence[DispatchRule],
        version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """订立 or replace rules by number."""

        def command(edition: DispatchRules) -> None:
            edition.lay(act, city=self._desk.city, rules=rules)

        return await self._desk.change(DispatchRules, code, command, version=version, key=key)

    async def drop(
        self,
        act: Act,
        *,
        code: str,
        numbers: Sequence[str],
        version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """删去."""

        def command(edition: DispatchRules) -> None:
            edition.drop(act, city=self._desk.city, numbers=numbers)

        return await self._desk.change(DispatchRules, code, command, version=version, key=key)

    async def publish(
        self, act: Act, *, code: str, valid_from: date, version: int | None = None, key: RequestKey | None = None
    ) -> Receipt:
        """发布. Refuses `RulesUnsound` naming what its rules speak of that is not registered and valid by then."""

        def command(edition: DispatchRules) -> None:
            edition.publish(act, city=self._desk.city, valid_from=valid_from)
            self._require_sound(edition, valid_from)

        return await self._desk.change(DispatchRules, code, command, version=version, key=key)

    def _require_sound(self, edition: DispatchRules, day: date) -> None:
        wrong = [
            f"第 {rule.number} 条：{fault}"
            for rule in edition.rules.values()
            for fault in unregistered(rule, self._desk.registry, day)
        ]
        if wrong:
            raise RulesUnsound(edition=edition.code, count=len(wrong), day=day, problems=wrong[:MOST_NAMED])


def unregistered(rule: DispatchRule, registry: Registry, day: date | None) -> Iterator[str]:
    """What a rule speaks of that is not registered, or not valid when it begins to hold, on `day` or later.

    Without a day only whether it is registered; a rule that ends before that day is never asked.
    """
    ends, begins = rule.valid_until, day
    if day is not None:
        if ends is not None and ends < day.isoformat():
            return
        begins = max(day, date.fromisoformat(rule.valid_from)) if rule.valid_from else day
    if not has_case_types(rule.category, registry, begins):
        yield f"编目中没有{'' if begins is None else f' {begins} 有效的'} {rule.category}"
    look_up = registry.grid if len(rule.place) == GRID_DIGITS else registry.division
    asked = [(look_up, rule.place)] if rule.place else []
    for find, code in [*asked, *((registry.unit, unit) for unit in rule.units if unit not in LOCAL)]:
        try:
            find(code, valid_on=begins)
        except Refused as refused:
            yield refused.detail().removesuffix("。")


def has_case_types(scope: str, registry: Registry, day: date | None) -> bool:
    """Whether the catalogue lists something in a scope narrower than a kind, on a day or ever."""
    if narrowness(scope) <= KIND:
        return True
    wanted = condition_key(scope)

    def counts(case_type: CaseType) -> bool:
        return wanted in {None, case_type.code} and (day is None or case_type.in_force(day))

    return bool(registry.entries(CaseType, counts, begin=wanted or scope, limit=1))
