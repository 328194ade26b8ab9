"""Figures of the board in words: a value in its measure, numerator over denominator, where their cases are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from application.statistics.answers import Group
from domain.statistics.number import Number, Part, Shape
from domain.statistics.numbers import NUMBERS
from interfaces.web import telling
from interfaces.web.board.address import Address

FIVE = ("response_rate", "resolution_rate", "satisfaction_rate", "on_time_close", "solved_in_grid")
SHORT = {"on_time_close": "按时办结", "solved_in_grid": "网格内解决率"}
"""What the board calls a number, where that is shorter or plainer than its name."""


def name_of(number: str) -> str:
    """What the board calls a number."""
    return SHORT.get(number, NUMBERS[number].name)


def about(number: Number) -> str:
    """What it counts, in one line."""
    over = f" ÷ {number.wording.over}" if number.wording.over else ""
    return f"{number.name}：{number.wording.counted}{over}（按{number.wording.instant}计入）"


SPANS = {Shape.SPREAD: "件", Shape.HELD: "段"}
"""What a number over lengths of time counts them by."""


@dataclass(frozen=True)
class Cell:
    """A figure as the board shows it. `value` None is no data; the addresses lead to its cases."""

    value: float | None
    words: str
    numerator: str
    denominator: str
    excluded: int
    cases: str
    denominator_cases: str
    excluded_cases: str

    @property
    def share(self) -> str:
        """n / d, or nothing where there is no denominator."""
        return " / ".join(one for one in (self.numerator, self.denominator) if one) if self.denominator else ""


def cell(number: str, group: Group, at: Address, *by: str) -> Cell:
    """The figure of a group, found again by the dimensions `by` and the group's keys."""
    known = NUMBERS[number]
    spread = known.shape in {Shape.SPREAD, Shape.HELD}
    denominator = "" if group.denominator is None else telling.amount(group.denominator)
    numerator = "" if spread else telling.amount(group.numerator)

    def to(part: Part) -> str:
        return cases(at, number, part, list(zip(by, (group.key, group.then_key or ""), strict=False)))

    whole = Part.NUMERATOR if known.shape in {Shape.COUNT, Shape.BACKLOG} or group.numerator else Part.DENOMINATOR
    return Cell(
        value=group.value, words=telling.figure(group.value, known.unit), numerator=numerator,
        denominator=f"{denominator} {SPANS[known.shape]}" if spread else denominator, excluded=group.excluded,
        cases=to(whole), denominator_cases=to(Part.DENOMINATOR), excluded_cases=to(Part.EXCLUDED),
    )  # fmt: skip


def cases(at: Address, number: str, part: Part, keys: Sequence[tuple[str, str]] = ()) -> str:
    """The address of the cases behind a figure. `keys` tell its group, by up to two dimensions."""
    named = zip((("in", "key"), ("then", "then_key")), keys, strict=False)
    more = {word: said for words, pair in named for word, said in zip(words, pair, strict=True)}
    return f"/board/cases?{at.with_(number=number, sort='', pick='', job=None).query(part=part.value, **more)}"


NOTHING = Group("", "", None, None, 0.0, None, 0, None, True)
"""A group that had nothing."""
