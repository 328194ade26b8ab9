"""回访答复: what a requester said at a call-back, as one answer, and what it adds to each of the three rates."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product

from domain.rates import RatePolicy
from domain.statistics.number import ONE, Weights
from domain.vocabulary import Satisfaction, Solved

NONE = Fraction(0)
ANSWERS = tuple(
    "/".join(said)
    for said in product(
        ("yes", "no", ""), (*(one.value for one in Solved), ""), (*(one.value for one in Satisfaction), "")
    )
)
"""contacted/solved/satisfaction, each empty where it was not told."""


def contacted(answer: str, _policy: RatePolicy) -> Fraction:
    """响应: contacted, as the requester says."""
    return ONE if answer.split("/")[0] == "yes" else NONE


def solved(answer: str, policy: RatePolicy) -> Fraction:
    """解决: solved, and partly solved as far as the policy says."""
    match answer.split("/")[1]:
        case Solved.SOLVED:
            return ONE
        case Solved.PARTLY:
            return policy.partly_solved
        case _:
            return NONE


def satisfied(answer: str, policy: RatePolicy) -> Fraction:
    """满意: 满意, and 基本满意 as far as the policy says."""
    match answer.split("/")[2]:
        case Satisfaction.SATISFIED:
            return ONE
        case Satisfaction.BASICALLY:
            return policy.basically_satisfied
        case _:
            return NONE


def scored(answer: str, policy: RatePolicy) -> Fraction:
    """综合: all three by their weights."""
    return (
        policy.response_weight * contacted(answer, policy)
        + policy.resolution_weight * solved(answer, policy)
        + policy.satisfaction_weight * satisfied(answer, policy)
    )


def each(worth: Callable[[str, RatePolicy], Fraction]) -> Callable[[RatePolicy], Weights]:
    """The weights of all answers by `worth`."""
    return lambda policy: {answer: worth(answer, policy) for answer in ANSWERS}
