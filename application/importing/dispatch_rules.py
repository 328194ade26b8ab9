"""Importing dispatch rules 派遣规则导入: a list becomes rules of a draft edition, as often as it comes.

A rule that is not in the file stays in the draft. A published edition takes nothing new; the list it was made of
changes nothing. Rules that tie are taken into a draft and told, since another line may yet decide between them.
"""

from __future__ import annotations

from collections import defaultdict
from copy import deepcopy
from itertools import islice

from application.importing.dispatch_rule_rows import RuleRow, read_rules
from application.importing.report import ImportPlan, ImportReport, Line, Outcome, carry_out
from application.registry.desk import RegistryDesk
from application.registry.dispatch_rules import unregistered
from domain.actor import Act
from domain.registry.dispatch_rule import DispatchRule
from domain.registry.dispatch_rules import DispatchRules
from domain.registry.entry import administer, civil_day, entry_id
from domain.registry.rule_ties import ties

_MOST_TIES = 1_000


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
        taken = self._settle(plan, rows, draft)
        news = [rule for rule in taken if draft.rules.get(rule.number) != rule]
        if news:
            draft.lay(act, city=self._desk.city, rules=news)
            plan.work.append(draft)
        plan.lines = _with_ties(plan.lines, taken, draft, act)
        return await carry_out(plan, self._desk, dry_run=dry_run, skip_rejected=skip_rejected)

    def _draft(self, act: Act, edition: str, name: str) -> DispatchRules:
        registry = self._desk.registry
        if registry.holds(entry_id(DispatchRules.TOPIC, edition)):
            # The registry's own entry is for reading; the copy's version makes a change in between a conflict.
            return deepcopy(registry.find(DispatchRules, edition))
        return DispatchRules.draft(act, city=self._desk.city, code=edition, name=name or edition)

    def _settle(self, plan: ImportPlan, rows: list[RuleRow | Line], draft: DispatchRules) -> list[DispatchRule]:
        """The rules to be taken; every line is noted in the plan."""
        taken: dict[str, RuleRow] = {}
        for row in rows:
            if isinstance(row, Line):
                plan.lines.append(row)
            elif wrong := self._wrong(row, taken, draft):
                plan.note(row.line, row.rule.number, Outcome.REJECTED, wrong)
            else:
                taken[row.rule.number] = row
                plan.note(row.line, row.rule.number, _outcome(row.rule, draft))
        return [row.rule for row in taken.values()]

    def _wrong(self, row: RuleRow, taken: dict[str, RuleRow], draft: DispatchRules) -> str:
        if (before := taken.get(row.rule.number)) is not None:
            return f"与第 {before.line} 行的编号重复"
        if draft.valid_from is not None and draft.rules.get(row.rule.number) != row.rule:
            return f"{draft.code} 已发布，自 {draft.valid_from} 起施行，不可更改"
        return "；".join(unregistered(row.rule, self._desk.registry, None))


def _outcome(rule: DispatchRule, draft: DispatchRules) -> Outcome:
    known = draft.rules.get(rule.number)
    if known == rule:
        return Outcome.UNCHANGED
    return Outcome.ADDED if known is None else Outcome.CHANGED


def _with_ties(lines: list[Line], taken: list[DispatchRule], draft: DispatchRules, act: Act) -> list[Line]:
    """The lines, those of rules that tie with a word on it."""
    numbers = {rule.number for rule in taken}
    told: dict[str, list[str]] = defaultdict(list)
    for tie in islice(ties(draft.rules.values(), civil_day(act.at)), _MOST_TIES):
        for one, other in ((tie.one, tie.other), (tie.other, tie.one)):
            told[one.number].append(other.number)
    return [
        Line(line.number, line.code, line.outcome, f"与第 {'、'.join(told[line.code])} 条并列，发布前须分出先后")
        if line.outcome is not Outcome.REJECTED and line.code in numbers and line.code in told
        else line
        for line in lines
    ]
