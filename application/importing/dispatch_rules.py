"""Importing dispatch rules 派遣规则导入: a list becomes rules of a draft edition, as often as it comes.

A rule that is not in the file stays in the draft. A published edition takes nothing new; the list it was made of
changes nothing. Rules that tie are taken into a draft and told, since another line may yet decide between them.
"""

from __future__ import annotations

from copy import deepcopy

from application.importing.dispatch_rule_rows import read_rules
from application.importing.report import ImportPlan, ImportReport, carry_out
from application.importing.rule_lines import settle, with_ties
from application.registry.desk import RegistryDesk
from application.registry.dispatch_rules import unregistered
from domain.actor import Act
from domain.registry.dispatch_rule import DispatchRule
from domain.registry.dispatch_rules import DispatchRules
from domain.registry.entry import administer, civil_day, entry_id
from domain.registry.rule_ties import ties


class ImportingDispatchRules:
    """派遣规则导入."""

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
        rows = list(read_rules(content))
        await self._desk.registry.refresh()
        draft = self._draft(act, edition, name)
        plan = ImportPlan()
        taken = settle(plan, rows, draft, draft.rules, self._unregistered)
        news = [rule for rule in taken if draft.rules.get(rule.number) != rule]
        if news:
            draft.lay(act, city=self._desk.city, rules=news)
            plan.work.append(draft)
        plan.lines = with_ties(plan.lines, taken, ties(draft.rules.values(), civil_day(act.at)))
        return await carry_out(plan, self._desk, dry_run=dry_run, skip_rejected=skip_rejected)

    def _draft(self, act: Act, edition: str, name: str) -> DispatchRules:
        registry = self._desk.registry
        if registry.holds(entry_id(DispatchRules.TOPIC, edition)):
            # The registry's own entry is for reading; the copy's version makes a change in between a conflict.
            return deepcopy(registry.find(DispatchRules, edition))
        return DispatchRules.draft(act, city=self._desk.city, code=edition, name=name or edition)

    def _unregistered(self, rule: DispatchRule) -> str:
        return "；".join(unregistered(rule, self._desk.registry, None))
