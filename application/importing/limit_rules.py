"""Importing limit rules 时限规则导入: a list becomes rules of a draft edition, as often as it comes.

A rule that is not in the file stays in the draft. A published edition takes nothing new.
"""

from __future__ import annotations

from copy import deepcopy

from application.importing.limit_rule_rows import read_limit_rules
from application.importing.report import ImportPlan, ImportReport, carry_out
from application.importing.rule_lines import settle, with_ties
from application.registry.desk import RegistryDesk
from application.registry.dispatch_rules import has_case_types
from domain.actor import Act
from domain.registry.entry import administer, entry_id
from domain.registry.limit_rule import LimitRule, limit_ties
from domain.registry.limit_rules import LimitRules


class ImportingLimitRules:
    """时限规则导入."""

    def __init__(self, desk: RegistryDesk) -> None:
        self._desk = desk

    async def run(
        self, act: Act, content: bytes, *, edition: str, name: str = "", dry_run: bool = False,
        skip_rejected: bool = False,
    ) -> ImportReport:  # fmt: skip
        """Take a CSV file into the draft `edition`, which is drafted under `name` when there is none.

        Refuses `BadFile`, `WrongRole`, `OutsideArea`, `BadCode`, `TooManyRules`.
        """
        administer(act, self._desk.city)
        rows = list(read_limit_rules(content))
        await self._desk.registry.refresh()
        draft = self._draft(act, edition, name)
        plan = ImportPlan()
        taken = settle(plan, rows, draft, draft.rules, self._unlisted)
        news = [rule for rule in taken if draft.rules.get(rule.number) != rule]
        if news:
            draft.lay(act, city=self._desk.city, rules=news)
            plan.work.append(draft)
        plan.lines = with_ties(plan.lines, taken, limit_ties(draft.rules.values()))
        return await carry_out(plan, self._desk, dry_run=dry_run, skip_rejected=skip_rejected)

    def _draft(self, act: Act, edition: str, name: str) -> LimitRules:
        registry = self._desk.registry
        if registry.holds(entry_id(LimitRules.TOPIC, edition)):
            # The registry's own entry is for reading; the copy's version makes a change in between a conflict.
            return deepcopy(registry.find(LimitRules, edition))
        return LimitRules.draft(act, city=self._desk.city, code=edition, name=name or edition)

    def _unlisted(self, rule: LimitRule) -> str:
        listed = has_case_types(rule.category, self._desk.registry, None)
        return "" if listed else f"编目中没有 {rule.category}"
