"""Lines of a list of rules against the draft they go into: what is taken, what becomes of each line, what ties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Protocol, TypeVar

from application.importing.report import ImportPlan, Line, Outcome
from domain.registry.rule_edition import Numbered, RuleEdition, Tied

_MOST_TIES = 1_000
RuleT = TypeVar("RuleT", bound=Numbered)
RuleT_co = TypeVar("RuleT_co", bound=Numbered, covariant=True)


class Row(Protocol[RuleT_co]):
    """One line that is a rule by itself."""

    @property
    def line(self) -> int: ...

    @property
    def rule(self) -> RuleT_co: ...


def settle(
    plan: ImportPlan, rows: Iterable[Row[RuleT] | Line], draft: RuleEdition, known: Mapping[str, RuleT],
    fault: Callable[[RuleT], str],
) -> list[RuleT]:  # fmt: skip
    """The rules to be taken into `draft`, whose rules are `known`; every line is noted in the plan.

    `fault` tells what a rule speaks of that is not registered, "" for nothing.
    """
    taken: dict[str, Row[RuleT]] = {}
    for row in rows:
        if isinstance(row, Line):
            plan.lines.append(row)
            continue
        number = row.rule.number
        if (before := taken.get(number)) is not None:
            wrong = f"与第 {before.line} 行的编号重复"
        elif draft.valid_from is not None and known.get(number) != row.rule:
            wrong = f"{draft.code} 已发布，自 {draft.valid_from} 起施行，不可更改"
        else:
            wrong = fault(row.rule)
        if wrong:
            plan.note(row.line, number, Outcome.REJECTED, wrong)
        else:
            taken[number] = row
            plan.note(row.line, number, _outcome(row.rule, known.get(number)))
    return [row.rule for row in taken.values()]


def with_ties(lines: Sequence[Line], taken: Iterable[Numbered], ties: Iterable[Tied]) -> list[Line]:
    """The lines, those of taken rules that tie with a word on it: another line may yet decide between them."""
    numbers = {rule.number for rule in taken}
    told: dict[str, list[str]] = defaultdict(list)
    for tie in islice(ties, _MOST_TIES):
        for one, other in ((tie.one, tie.other), (tie.other, tie.one)):
            told[one.number].append(other.number)
    return [
        Line(line.number, line.code, line.outcome, f"与第 {'、'.join(told[line.code])} 条并列，发布前须分出先后")
        if line.outcome is not Outcome.REJECTED and line.code in numbers and line.code in told
        else line
        for line in lines
    ]


def _outcome(rule: RuleT, known: RuleT | None) -> Outcome:
    if known == rule:
        return Outcome.UNCHANGED
    return Outcome.ADDED if known is None else Outcome.CHANGED
