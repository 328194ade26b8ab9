"""The figures of a bulletin 通报: computed at a bound, and compared with those of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from application.statistics.answers import Answer, Group
from application.statistics.bound import Bound
from application.statistics.bulletin_changes import FactChanges
from application.statistics.computing import Computing, all_of, within
from application.statistics.filter import Dimension, Grouping
from application.statistics.reading import Asked
from domain.actor import Actor
from domain.rates import RatePolicy
from domain.statistics.bulletin import Bulletin, Issuance
from domain.statistics.bulletin_figures import NUMBERS, POOLED, ChangedFigure, Figure, Heading, changed
from domain.statistics.numbers import NUMBERS as KNOWN
from domain.statistics.periods import Bucket

MOST_CASES = 5_000
"""Whose counting is compared one by one, of one number; of more only the figures are told."""


@dataclass(frozen=True)
class About:
    """What a bulletin is about, and by which weights."""

    scope: str
    period: Bucket
    grouped_by: Dimension
    rates: RatePolicy
    numbers: tuple[str, ...] = NUMBERS


class CountedAs(NamedTuple):
    """By which answer a case counts at one fact; `excluded`: beside the figure."""

    answer: str
    excluded: bool


@dataclass(frozen=True)
class CaseChange:
    """A case that counts otherwise now: as what, then and now; nothing on a side: it did not count."""

    case_id: UUID
    case_kind: str
    then: tuple[CountedAs, ...]
    now: tuple[CountedAs, ...]


@dataclass(frozen=True)
class FigureChange:
    """A figure that is another now, and by which cases.

    `cases` None: those of all groups together are told with their groups, or there are too many to compare.
    """

    figure: ChangedFigure
    cases: Sequence[CaseChange] | None


Counted = Mapping[str, Mapping[tuple[UUID, str], tuple[CountedAs, ...]]]
"""By group, how each case counts that was touched since."""


class BulletinFigures:
    """Asks the numbers, as one who sees all of the place."""

    def __init__(self, computing: Computing, fact_changes: FactChanges) -> None:
        self._computing, self._fact_changes = computing, fact_changes

    async def at(self, actor: Actor, about: About, bound: Bound) -> list[Figure]:
        """Every number of a bulletin, of every group and of all together, as known at `bound`."""
        found: list[Figure] = []
        for number in about.numbers:
            answer = await self._computing.number(
                all_of(about.scope, actor), number, within(about.scope, about.period),
                grouping=Grouping(about.grouped_by), bound=bound, policy=about.rates,
            )  # fmt: skip
            found += _figures(answer)
        return found

    async def changes(
        self, actor: Actor, about: About, issued: Issuance, now: Bound, figures: Sequence[Figure]
    ) -> list[FigureChange]:
        """What of an issuance is otherwise in `figures`, which are as known `now`, and by which cases."""
        then, since = Bound(issued.known.at, issued.known.positions, past=True), issued.known.positions
        pairs = [pair for pair in changed(issued.figures, figures) if pair.number in about.numbers]
        changes: list[FigureChange] = []
        for number in dict.fromkeys(pair.number for pair in pairs):
            before = await self._counted(actor, about, number, then, since)
            after = await self._counted(actor, about, number, now, since)
            for pair in pairs:
                if pair.number == number:
                    few = before is not None and after is not None and pair.group != POOLED
                    cases = _case_changes(before or {}, after or {}, pair.group) if few else None
                    changes.append(FigureChange(pair, cases))
        return changes

    async def _counted(
        self, actor: Actor, about: About, number: str, bound: Bound, since: Mapping[str, int]
    ) -> Counted | None:
        """How cases touched since count as known at a bound; None when there are too many."""
        asked = Asked(
            KNOWN[number], all_of(about.scope, actor), within(about.scope, about.period), bound,
            Grouping(about.grouped_by), about.rates.excluded_channels,
        )  # fmt: skip
        facts = await self._fact_changes.touched(asked, since, MOST_CASES + 1)
        if len(facts) > MOST_CASES:
            return None
        found: dict[str, dict[tuple[UUID, str], tuple[CountedAs, ...]]] = {}
        for fact in sorted(facts):
            of_group, case = found.setdefault(fact.key, {}), (fact.case_id, fact.case_kind)
            of_group[case] = (*of_group.get(case, ()), CountedAs(fact.answer, fact.excluded))
        return found


def about(bulletin: Bulletin, rates: RatePolicy) -> About:
    """What it is about; `rates` are those of the edition it names. What is no number any more is not asked again."""
    still = tuple(one.number for one in bulletin.numbers if one.number in KNOWN)
    return About(bulletin.scope, bulletin.period, Dimension(bulletin.grouped_by), rates, still)


def headings(about: About) -> list[Heading]:
    """What its numbers are called today."""
    return [Heading(id, KNOWN[id].name, KNOWN[id].unit.value) for id in about.numbers]


def _figures(answer: Answer) -> list[Figure]:
    return [
        _figure(answer.number, POOLED, answer.pooled), *(_figure(answer.number, one.key, one) for one in answer.groups)
    ]  # fmt: skip


def _figure(number: str, key: str, group: Group) -> Figure:
    return Figure(number, key, group.name, group.numerator, group.denominator, group.excluded, group.value)


def _case_changes(before: Counted, after: Counted, group: str) -> list[CaseChange]:
    was, is_now = before.get(group, {}), after.get(group, {})
    return [
        CaseChange(*case, was.get(case, ()), is_now.get(case, ()))
        for case in sorted({*was, *is_now})
        if was.get(case) != is_now.get(case)
    ]
