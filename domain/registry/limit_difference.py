"""时限规则差异: which limits an edition adds, changes and no longer sets, whatever its rules are numbered.

Limits are held against each other by what they are for: rank, category, urgency, channel and stage.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from domain.limit import Limit
from domain.limit_stages import LimitStage
from domain.registry.edition_difference import ChangeKind
from domain.registry.limit_rule import LimitRule

Key = tuple[str, str, str, int, LimitStage]


@dataclass(frozen=True)
class LimitChange:
    """One limit that is added, changed or withdrawn. `before` and `after` are as people read them, "" for none."""

    category: str
    urgency: str
    channel: str
    rank: int
    stage: LimitStage
    change: ChangeKind
    rule: str
    before: str
    after: str


@dataclass(frozen=True)
class LimitDifference:
    """All changes by category, urgency, channel, rank and stage, and how many limits stay as they are."""

    changes: list[LimitChange]
    unchanged: int


def limit_difference(before: Iterable[LimitRule], after: Iterable[LimitRule]) -> LimitDifference:
    """Of the rules of one edition against another's. `rule` is the number in the later one where it has it."""
    old, new = _laid_out(before), _laid_out(after)
    changes = [
        _change(key, old.get(key), new.get(key))
        for key in sorted(old.keys() | new.keys(), key=lambda key: (*key[:4], list(LimitStage).index(key[4])))
        if _limit(old.get(key)) != _limit(new.get(key))
    ]
    return LimitDifference(changes, len(old.keys() | new.keys()) - len(changes))


def _laid_out(rules: Iterable[LimitRule]) -> dict[Key, tuple[Limit, str]]:
    # Two of a draft may tie; of a published edition never.
    return {
        (rule.category, rule.urgency, rule.channel, rule.rank, stage): (limit, rule.number)
        for rule in sorted(rules, key=lambda rule: rule.number)
        for stage, limit in rule.limits
    }


def _limit(entry: tuple[Limit, str] | None) -> Limit | None:
    return None if entry is None else entry[0]


def _change(key: Key, old: tuple[Limit, str] | None, new: tuple[Limit, str] | None) -> LimitChange:
    category, urgency, channel, rank, stage = key
    kind = ChangeKind.ADDED if old is None else ChangeKind.WITHDRAWN if new is None else ChangeKind.CHANGED
    rule = (new or old or (None, ""))[1]
    return LimitChange(
        category, urgency, channel, rank, stage, kind, rule, str(_limit(old) or ""), str(_limit(new) or "")
    )
