"""Grants 准予: what a lead has asked about its clock, what was granted, and what was ordered from above. No rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Ask:
    """An ask that others decide: who asked and when, and who endorsed it ("" for nobody yet).

    `go` is the assignment and round it was asked in: an ask about a clock lapses with them, undecided. `until` is the
    end asked for, None where there is none.
    """

    by: str
    at: datetime
    go: tuple[int, int]
    endorsed_by: str = ""
    until: datetime | None = None


@dataclass(frozen=True)
class Supervision:
    """督办: the `nth` order of the case, not closed yet; in which role it was given and by when to answer it."""

    nth: int
    role: str
    due: datetime
    answered: bool = False


@dataclass(frozen=True)
class Grants:
    """Of one issue: extensions 延期 and suspensions 挂账, asked and granted, the appeal 超时申诉, and its orders."""

    extension: Ask | None = None
    extensions: int = 0
    suspension: Ask | None = None
    suspensions: int = 0
    suspended_until: datetime | None = None
    appeal: Ask | None = None
    appealed: bool = False
    late: bool = False
    """Whether it was last resolved after its due instant: the fact an appeal is about."""
    supervised: int = 0
    supervisions: tuple[Supervision, ...] = ()

    def supervision(self, nth: int) -> Supervision | None:
        """The order of this number that is not closed."""
        return next((one for one in self.supervisions if one.nth == nth), None)

    def without_supervision(self, nth: int) -> tuple[Supervision, ...]:
        """The other orders."""
        return tuple(one for one in self.supervisions if one.nth != nth)
