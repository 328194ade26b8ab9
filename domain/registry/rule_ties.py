"""Ties 并列: pairs of rules of one precedence that some case could match both of. Found exactly, not by trying cases.

Rules of one precedence have scopes of one narrowness and places of one length, so they share a category and a
place only when these are the same; what is left to intersect is hours, weekdays, seasons and days of validity.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from domain.registry.category_scope import LEVELS, narrowness
from domain.registry.dispatch_rule import DispatchRule, Precedence
from domain.registry.rule_time import Hours
from domain.vocabulary import LABELS, Channel

_DAYS = "一二三四五六日"
_NO_LAST_DAY = "9999-12-31"


@dataclass(frozen=True, slots=True)
class Tie:
    """Two rules nothing decides between, and a day and hours on which a case would match both."""

    one: DispatchRule
    other: DispatchRule
    day: date
    hours: Hours

    @property
    def example(self) -> str:
        """The common case, in Chinese."""
        category, place = self.one.category, self.one.place
        level = f"（{LEVELS[narrowness(category)]}）" if category else ""
        channel = LABELS[Channel(self.one.channel)] if self.one.channel else "任一渠道"
        hours = "" if self.hours is Hours.ANY else f"{self.hours.label}"
        return (
            f"{category or '任一事项'}{level}、{place or '任一地点'}、{channel}、"
            f"{self.day} 周{_DAYS[self.day.weekday()]}{hours}的案件"
        )


def ties(rules: Iterable[DispatchRule], since: date) -> Iterator[Tie]:
    """All ties from the day `since` on, in order of the rules' numbers within what they share."""

    def shared(rule: DispatchRule) -> tuple[Precedence, str, str, str]:
        return rule.precedence, rule.category, rule.place, rule.channel

    for _, alike in groupby(sorted(rules, key=lambda rule: (shared(rule), rule.number)), shared):
        yield from _among(list(alike), since)


def _among(alike: list[DispatchRule], since: date) -> Iterator[Tie]:
    """Swept by first day: only rules whose days overlap are held against each other."""
    still_valid: list[DispatchRule] = []
    for rule in sorted(alike, key=lambda rule: rule.valid_from or ""):
        first = rule.valid_from or ""
        still_valid = [other for other in still_valid if (other.valid_until or _NO_LAST_DAY) >= first]
        for other in still_valid:
            if (tie := _tie(other, rule, since)) is not None:
                yield tie
        still_valid.append(rule)


def _tie(one: DispatchRule, other: DispatchRule, since: date) -> Tie | None:
    if (hours := one.time.hours_with(other.time)) is None:
        return None
    first = max(since.isoformat(), one.valid_from or "", other.valid_from or "")
    last = min(one.valid_until or _NO_LAST_DAY, other.valid_until or _NO_LAST_DAY)
    ends = None if last == _NO_LAST_DAY else date.fromisoformat(last)
    day = one.time.day_with(other.time, date.fromisoformat(first), ends)
    return None if day is None else Tie(one, other, day, hours)
