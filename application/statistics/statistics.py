"""Statistics 统计: every number by its id, in groups, as known now or then; and the cases behind each figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from application.registry.registry import Registry
from application.statistics import figures
from application.statistics.answers import Answer, CountedCase, Figures, Group, Known
from application.statistics.bound import AsOf, Bound
from application.statistics.figures import Figure, Keys, Made
from application.statistics.filter import OF_HOLDING, Dimension, Filter, Grouping, mark
from application.statistics.naming import namer
from application.statistics.rate_counts import counts
from application.statistics.reading import Asked, Chosen, Facts, Mark
from domain.actor import Actor
from domain.rates import Counts, RatePolicy
from domain.statistics.clock_numbers import ON_TIME_CLOSE
from domain.statistics.number import Number, Part, Shape, Window
from domain.statistics.numbers import number_named
from domain.statistics.refusals import BadGrouping, BadMoment, NoSuchPart, TooManyGroups
from domain.statistics.voice_numbers import RESPONSE

MOST_GROUPS = 5_000
_BY_SPAN = frozenset({Shape.HELD, Shape.BACKLOG})


class Statistics:
    """Numbers over the facts that are served. Everything is asked by an actor and answered within area and role."""

    def __init__(self, facts: Facts, registry: Registry) -> None:
        self._facts, self._registry = facts, registry

    async def bound(self, as_of: AsOf, now: datetime) -> Bound:
        """Up to where facts are known: then, or as far as they have been told by now. Refuses `BadMoment`."""
        if as_of is None:
            return Bound(now, await self._facts.reached())
        given: Mapping[str, int] = {}
        moment = as_of if isinstance(as_of, datetime) else None
        if not isinstance(as_of, datetime):
            given = as_of
            recorded = [await self._facts.recorded_at(log, position) for log, position in given.items()]
            moment = max((at for at in recorded if at is not None), default=None)
            if moment is None or None in recorded:
                raise BadMoment(moment="、".join(f"{log}:{position}" for log, position in given.items()))
        if moment is None or moment > now:
            raise BadMoment(moment=moment)
        return Bound(moment, {**await self._facts.positions_at(moment), **given}, past=True)

    async def number(
        self, actor: Actor, number: str, of: Filter, *, grouping: Grouping, bound: Bound, policy: RatePolicy,
        compare: Bound | None = None,
    ) -> Answer:  # fmt: skip
        """A number in groups, as known at `bound`, and beside it as known at `compare`.

        Refuses `NoSuchNumber`, `BadGrouping`, `PeriodTooLong`, `TooManyGroups`.
        """
        asked = self._asked(actor, number, of, grouping, bound, policy)
        then = await self._figures(asked, policy)
        now = None if compare is None else await self._figures(replace(asked, bound=compare), policy)
        return Answer(
            number=asked.number.id, name=asked.number.name, unit=asked.number.unit, start=of.start, end=of.end,
            by=grouping.by, then=grouping.then, policy=policy.version, as_known_then=bound.past, as_of=then.as_of,
            groups=then.groups, pooled=then.pooled, mean_of_groups=then.mean_of_groups, as_known_now=now,
        )  # fmt: skip

    async def cases(
        self, actor: Actor, number: str, of: Filter, *, grouping: Grouping, bound: Bound, policy: RatePolicy,
        part: Part, key: str | None = None, then_key: str | None = None, after: Mark | None = None, limit: int = 50,
    ) -> Sequence[CountedCase]:  # fmt: skip
        """The cases of a part of a figure, of one group when its keys are given, the newest first.

        Refuses as `number` does, and `NoSuchPart` for a part that the number has not.
        """
        asked = self._asked(actor, number, of, grouping, bound, policy)
        self._has_part(asked.number, part)
        if asked.number.shape in _BY_SPAN:
            return await self._spans(asked, key, then_key, after, limit)
        answers = asked.number.answers(part, policy)
        exempt = (part is Part.EXCLUDED) if asked.number.exempts else None
        return await self._facts.counted(asked, Chosen(key, then_key, answers, exempt), after, limit)

    async def soonest(
        self, actor: Actor, number: str, of: Filter, *, bound: Bound, policy: RatePolicy, limit: int = 50
    ) -> Sequence[CountedCase]:
        """The cases a number counts, by the earliest instant first, as it counts them: of what is due, the next.

        Refuses as `number` does, and `NoSuchPart` for a number over spans.
        """
        asked = self._asked(actor, number, of, Grouping(), bound, policy)
        if asked.number.shape in _BY_SPAN:
            raise NoSuchPart(number=asked.number.name, part=Part.NUMERATOR.value, choices=[])
        chosen = Chosen(
            None, None, asked.number.answers(Part.NUMERATOR, policy), False if asked.number.exempts else None
        )  # fmt: skip
        return await self._facts.soonest(asked, chosen, limit)

    async def rates(
        self, actor: Actor, of: Filter, *, grouping: Grouping, bound: Bound, policy: RatePolicy
    ) -> Mapping[str, Counts]:
        """What the three rates and on-time close are reckoned from, by group. Refuses as `number` does."""
        call_backs, fallen_due = [
            await self._facts.tally(self._asked(actor, one.id, of, grouping, bound, policy))
            for one in (RESPONSE, ON_TIME_CLOSE)
        ]
        return counts(call_backs, fallen_due)

    def _asked(
        self, actor: Actor, number: str, of: Filter, grouping: Grouping, bound: Bound, policy: RatePolicy
    ) -> Asked:
        found = number_named(number)
        of.require_bounded()
        # What lies ahead lies in no period.
        never = Dimension.PERIOD if found.window is Window.AHEAD else None
        fits = [one for one in Dimension if (found.shape in _BY_SPAN or one not in OF_HOLDING) and one is not never]
        for one in grouping.dimensions:
            if one not in fits or grouping.by is grouping.then:
                raise BadGrouping(number=found.name, by=one.value, choices=[fit.value for fit in fits])
        return Asked(found, actor, of, bound, grouping, policy.excluded_channels)

    def _has_part(self, number: Number, part: Part) -> None:
        parts = [Part.NUMERATOR]
        if number.shape not in {Shape.COUNT, Shape.BACKLOG}:
            parts.append(Part.DENOMINATOR)
        if number.exempts:
            parts.append(Part.EXCLUDED)
        if part not in parts:
            raise NoSuchPart(number=number.name, part=part.value, choices=[one.value for one in parts])

    async def _figures(self, asked: Asked, policy: RatePolicy) -> Figures:
        made = await self._made(asked, policy)
        if len(made.groups) > MOST_GROUPS:
            raise TooManyGroups(most=MOST_GROUPS)
        by, then = (namer(self._registry, asked.grouping, one) for one in (asked.grouping.by, asked.grouping.then))
        groups = [
            _group(keys, by(keys[0]), then(keys[1]) if asked.grouping.then else None, figure)
            for keys, figure in sorted(made.groups.items(), key=lambda one: one[0])
        ]
        return Figures(
            as_of=Known(asked.bound.moment, asked.bound.positions),
            groups=groups if asked.grouping.by else [],
            pooled=_group(("", ""), "合计", None, made.pooled),
            mean_of_groups=made.mean() if asked.grouping.by else None,
        )

    async def _made(self, asked: Asked, policy: RatePolicy) -> Made:
        match asked.number.shape:
            case Shape.SPREAD:
                return figures.of_spread(await self._facts.spread(asked, figures.EDGES))
            case Shape.HELD:
                return figures.of_held(await self._facts.held(asked))
            case Shape.BACKLOG:
                marks, instants = _ends(asked)
                by_period = (asked.grouping.by is Dimension.PERIOD, asked.grouping.then is Dimension.PERIOD)
                return figures.of_standing(await self._facts.standing(asked, instants), marks, by_period)
            case _:
                return figures.of_cells(asked.number, await self._facts.tally(asked), policy)

    async def _spans(
        self, asked: Asked, key: str | None, then_key: str | None, after: Mark | None, limit: int
    ) -> Sequence[CountedCase]:
        """Spans are cut where periods are, so a period's are asked for as those of a shorter question."""
        keys = {asked.grouping.by: key, asked.grouping.then: then_key}
        period = keys.get(Dimension.PERIOD)
        key, then_key = (
            None if one is Dimension.PERIOD else keys[one] for one in (asked.grouping.by, asked.grouping.then)
        )
        if period is not None:
            bucket = next((one for one in asked.grouping.buckets if mark(one) == period), None)
            if bucket is None:
                return []
            asked = replace(asked, filter=replace(asked.filter, start=bucket.start, end=bucket.end))
        chosen = Chosen(key, then_key, None, None)
        if asked.number.shape is Shape.HELD:
            return await self._facts.holding(asked, chosen, after, limit)
        if asked.filter.start >= asked.bound.moment:
            return []
        at = min(asked.filter.end, asked.bound.moment)
        return await self._facts.open_at(asked, at, chosen, after, limit)


def _ends(asked: Asked) -> tuple[list[str], list[datetime]]:
    """The groups of a backlog by period, and the instants it is taken at: none that has not been reached."""
    moment = asked.bound.moment
    if Dimension.PERIOD not in asked.grouping.dimensions:
        return [""], [min(asked.filter.end, moment)] if asked.filter.start < moment else []
    begun = [one for one in asked.grouping.buckets if one.start < moment]
    return [mark(one) for one in begun], [min(one.end, moment) for one in begun]


def _group(keys: Keys, name: str, then_name: str | None, one: Figure) -> Group:
    return Group(
        key=keys[0], name=name, then_key=None if then_name is None else keys[1], then_name=then_name,
        numerator=one.numerator, denominator=one.denominator, excluded=one.excluded, value=one.value,
        no_data=one.value is None, spread=one.spread,
    )  # fmt: skip
