"""规则版本: what editions of rules share, whatever the rules are about: drafted, published for ever, then in force.

From its first day on a published edition is in force until the next one's. Of two with the same first day the one
published last is, so that a bad one can be followed by another of the same day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Protocol, TypeVar

from domain.actor import Act, Role
from domain.registry.entry import administer, civil_day
from domain.registry.refusals import NothingChanged
from domain.registry.rule_refusals import (
    EditionPublished,
    NoRules,
    NoSuchRule,
    NotRetroactive,
    RulesTie,
    TooManyRules,
)

MOST_RULES = 10_000
MOST_NAMED, MOST_COUNTED = 20, 1_000


class Numbered(Protocol):
    """A rule, known by its number in an edition."""

    @property
    def number(self) -> str: ...


class Tied(Protocol):
    """Two rules nothing decides between, and a common case in Chinese."""

    @property
    def one(self) -> Numbered: ...

    @property
    def other(self) -> Numbered: ...

    @property
    def example(self) -> str: ...


class RuleEdition(Protocol):
    """What these functions ask of an edition."""

    code: str
    label: str
    valid_from: str | None
    published_at: datetime | None


EditionT = TypeVar("EditionT", bound=RuleEdition)
RuleT = TypeVar("RuleT", bound=Numbered)


def begun(edition: RuleEdition, at: datetime) -> bool:
    """Whether it was published by then and its first day has come; a later edition may have followed it."""
    return (
        edition.published_at is not None
        and edition.published_at <= at
        and (edition.valid_from or "") <= civil_day(at).isoformat()
    )


def in_force_at(editions: Iterable[EditionT], at: datetime) -> EditionT | None:
    """Of those begun by then the one with the latest first day, then published last; None when none has begun."""
    begun_ones = [edition for edition in editions if begun(edition, at)]
    return max(begun_ones, key=lambda edition: (edition.valid_from, edition.published_at), default=None)


def still_draft(edition: RuleEdition, act: Act, city: str) -> Role:
    """The role in which `act` may change it. Refuses `WrongRole`, `OutsideArea`, `EditionPublished`."""
    role = administer(act, city)
    if edition.valid_from is not None:
        raise EditionPublished(kind=edition.label, edition=edition.code, day=edition.valid_from)
    return role


def news_among(edition: RuleEdition, known: Mapping[str, RuleT], rules: Sequence[RuleT]) -> list[RuleT]:
    """Those that read otherwise than what is known. Refuses `NothingChanged` without any, `TooManyRules`."""
    news = [rule for rule in rules if known.get(rule.number) != rule]
    if not news:
        raise NothingChanged(kind=edition.label, code=edition.code)
    if len(known.keys() | {rule.number for rule in news}) > MOST_RULES:
        raise TooManyRules(edition=edition.code, most=MOST_RULES)
    return news


def known_among(edition: RuleEdition, known: Mapping[str, object], numbers: Sequence[str]) -> list[str]:
    """The numbers, each once. Refuses `NoSuchRule`."""
    for number in numbers:
        if number not in known:
            raise NoSuchRule(edition=edition.code, number=number)
    return list(dict.fromkeys(numbers))


def require_publishable(
    edition: RuleEdition, act: Act, rules: Mapping[str, object], valid_from: date, ties: Iterable[Tied]
) -> None:
    """Refuses `NoRules`, `NotRetroactive` before today, and `RulesTie` with the pairs that tie."""
    if not rules:
        raise NoRules(kind=edition.label, edition=edition.code)
    if valid_from < civil_day(act.at):
        raise NotRetroactive(day=valid_from, today=civil_day(act.at))
    if found := list(islice(ties, MOST_COUNTED)):
        pairs = [f"第 {tie.one.number} 条与第 {tie.other.number} 条" for tie in found[:MOST_NAMED]]
        count = f"{MOST_COUNTED} 对以上" if len(found) == MOST_COUNTED else f"{len(found)} 对"
        raise RulesTie(edition=edition.code, count=count, pairs=pairs, example=found[0].example)
