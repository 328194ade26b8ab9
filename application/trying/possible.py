"""Possible 可办: what somebody may do about a case now, by letting a copy of the case decide; nothing is recorded.

So no rule is told twice: whoever offers steps asks the domain which of them it would take, and why not the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import TypeVar

from eventsourcing.domain import Aggregate

from domain import clock_refusals as clock_no
from domain import refusals as no
from domain.actor import Act
from domain.refusals import Refused

CaseT = TypeVar("CaseT", bound=Aggregate)
AroundT = TypeVar("AroundT")
Trial = Callable[[CaseT, Act, AroundT], None]
"""One command on a copy of the case, with made-up words where some are wanted; `AroundT` is what it also needs."""

TOLD = (
    no.DutyConflict, no.ComplainedAbout, no.LimitStillRunning, clock_no.AlreadyOverdue, clock_no.ExtensionsUsedUp,
    clock_no.ExtensionNotEndorsed,
)  # fmt: skip
"""Why not, where that is news to whom the step would otherwise fall; other refusals say that it is none of theirs."""


@dataclass(frozen=True)
class Possible:
    """A command, by its name in the API, that would be taken now; or the refusal that tells why it would not."""

    command: str
    refused: Refused | None = None


def possible(
    case: CaseT, act: Act, around: AroundT, trials: Mapping[str, Trial[CaseT, AroundT]]
) -> Iterator[Possible]:  # fmt: skip
    """Those of `trials` that `case` would take of `act`, in their order, and those worth a word why not."""
    for command, attempt in trials.items():
        try:
            attempt(deepcopy(case), act, around)
        except TOLD as refused:
            yield Possible(command, refused)
        except Refused:
            continue
        else:
            yield Possible(command)
