"""Number 指标: what a figure of the statistics counts, over what, by which instant, and what stands beside it.

One definition serves the question to the database, the list of cases behind a figure, the answer and the documents.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from domain.rates import RatePolicy

Weights = Mapping[str, Fraction]
"""What a fact with each answer adds to the numerator; an answer that is not named adds nothing."""
ONE = Fraction(1)


class Shape(StrEnum):
    """What a number is made of."""

    COUNT = "count"  #: 件数: facts of the period
    SHARE = "share"  #: 比率: weighted facts over facts
    SCORE = "score"  #: 得分: a share in points of 100, to one decimal
    SPREAD = "spread"  #: 用时: median, p90 and histogram of the seconds that facts state
    HELD = "held"  #: 占用时长: seconds of holding within the period
    BACKLOG = "backlog"  #: 在办: cases that somebody holds at the end of each period


class Told(StrEnum):
    """By what of a fact its answer is told."""

    KIND = "kind"  #: by its kind
    VALUE = "value"  #: by its value
    CHANNEL = "channel"  #: by the channel of its case
    CLOCK = "clock"  #: 'in_time', 'late', or 'open' while it is not met
    VOICE = "voice"  #: by the call-back: contacted, solved and satisfaction, see `voices`


class Window(StrEnum):
    """Which facts fall in the period [start, end)."""

    PERIOD = "period"  #: those whose instant lies in it
    FALLEN_DUE = "fallen_due"  #: those of them that have fallen due by the moment asked about
    AHEAD = "ahead"  #: those that fall due within some hours after the moment asked about


class Part(StrEnum):
    """Which of the cases behind a figure."""

    NUMERATOR = "numerator"  #: 分子
    DENOMINATOR = "denominator"  #: 分母
    EXCLUDED = "excluded"  #: 剔除


class Unit(StrEnum):
    """计量: 件, 比率 (0-1), 分, 秒."""

    CASES = "cases"  #: 件
    RATE = "rate"  #: 0-1
    POINTS = "points"  #: 0-100
    SECONDS = "seconds"  #: 秒


@dataclass(frozen=True)
class Wording:
    """What a number says to people: its 分子 and 分母, the instant that puts a case in the period, its source."""

    counted: str
    over: str
    instant: str
    source: str = "本系统定义"


@dataclass(frozen=True)
class Number:
    """One number by its stable `id`. `kinds` are of outcome facts; `values` narrows them, empty means any."""

    id: str
    name: str
    shape: Shape
    wording: Wording
    kinds: tuple[str, ...] = ()
    case_kind: str = ""
    values: tuple[str, ...] = ()
    told: Told = Told.KIND
    weigh: Callable[[RatePolicy], Weights] = lambda _policy: {}
    base: tuple[str, ...] | None = None
    """Answers that make the denominator; None is every answer."""
    window: Window = Window.PERIOD
    exempts: bool = False
    """Whether exempted cases are taken out and shown beside the figure."""

    @property
    def unit(self) -> Unit:
        """What its value is measured in."""
        match self.shape:
            case Shape.COUNT | Shape.BACKLOG:
                return Unit.CASES
            case Shape.SHARE:
                return Unit.RATE
            case Shape.SCORE:
                return Unit.POINTS
            case _:
                return Unit.SECONDS

    def answers(self, part: Part, policy: RatePolicy) -> list[str] | None:
        """The answers that facts of a part give; None is every answer."""
        counts_only = self.shape is Shape.COUNT
        if part is Part.NUMERATOR or (part is Part.EXCLUDED and counts_only):
            if self.shape is Shape.SPREAD:
                return None
            return sorted(answer for answer, weight in self.weigh(policy).items() if weight)
        if counts_only:
            return []
        return None if self.base is None else sorted(self.base)


def full(*answers: str) -> Callable[[RatePolicy], Weights]:
    """Each of `answers` counts as one."""
    weights = dict.fromkeys(answers, ONE)
    return lambda _policy: weights
