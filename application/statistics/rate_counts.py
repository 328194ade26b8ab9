"""三率 and on-time close as the counts `domain.rates` reckons with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields

from application.statistics.reading import Cell
from domain.rates import Counts
from domain.vocabulary import Satisfaction, Solved


def counts(call_backs: Iterable[Cell], fallen_due: Iterable[Cell]) -> Mapping[str, Counts]:
    """Counts by group, from the cells of the three rates and those of on-time close."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys((one.name for one in fields(Counts)), 0))
    _count(found, call_backs, _said, "exempt_requests")
    _count(found, fallen_due, _in_time, "exempt_issues")
    return {key: Counts(**counted) for key, counted in sorted(found.items())}


def _count(
    found: Mapping[str, dict[str, int]], cells: Iterable[Cell], told: Callable[[str], Iterable[str]], exempt: str
) -> None:
    for cell in cells:
        for name in [exempt] if cell.exempt else told(cell.answer):
            found[cell.key][name] += cell.n


def _said(answer: str) -> Iterable[str]:
    contacted, solved, satisfaction = answer.split("/")
    yield "valid_call_backs"
    if contacted == "yes":
        yield "contacted"
    yield from {Solved.SOLVED.value: ["solved"], Solved.PARTLY.value: ["partly_solved"]}.get(solved, [])
    said = {Satisfaction.SATISFIED.value: ["satisfied"], Satisfaction.BASICALLY.value: ["basically_satisfied"]}
    yield from said.get(satisfaction, [])


def _in_time(answer: str) -> Iterable[str]:
    return ["due", "closed_on_time"] if answer == "in_time" else ["due"]
