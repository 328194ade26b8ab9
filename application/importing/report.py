"""ImportReport 导入报告: what became of every line of a file, and whether it was taken.

One contract for all files of reference data: a dry run asks every rule and writes nothing; a file is taken
as a whole or not at all; the same file again changes nothing. A file with rejected lines is not taken, unless
its bringer says to skip them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from application.registry.desk import RegistryDesk
from application.registry.registry import Entry

Progress = Callable[[int, int], None]
"""Told how many lines of how many are settled."""


class Outcome(StrEnum):
    """行结果."""

    ADDED = "added"  #: 新增
    CHANGED = "changed"  #: 变更
    UNCHANGED = "unchanged"  #: 未变
    LEFT_OUT = "left_out"  #: 略过: not asked for
    PENDING = "pending"  #: 待定: taken as text, waits for a person's decision
    REJECTED = "rejected"  #: 拒收

    @property
    def label(self) -> str:
        return _LABEL[self]


_LABEL = {
    Outcome.ADDED: "新增",
    Outcome.CHANGED: "变更",
    Outcome.UNCHANGED: "未变",
    Outcome.LEFT_OUT: "略过",
    Outcome.PENDING: "待定",
    Outcome.REJECTED: "拒收",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file: its number there, the code it speaks of, what became of it and why, in Chinese."""

    number: int
    code: str
    outcome: Outcome
    note: str = ""


@dataclass(frozen=True)
class ImportReport:
    """导入报告. `position` is where the city's log stood after the save, None when nothing was written."""

    lines: tuple[Line, ...]
    dry_run: bool
    taken: bool
    position: int | None = None

    @property
    def counts(self) -> dict[str, int]:
        """Lines by outcome; every line is counted once."""
        found = Counter(line.outcome for line in self.lines)
        return {outcome.value: found[outcome] for outcome in Outcome}

    def of(self, *outcomes: Outcome) -> list[Line]:
        """The lines with one of `outcomes`, in the order of the file."""
        return sorted((line for line in self.lines if line.outcome in outcomes), key=lambda line: line.number)


@dataclass
class ImportPlan:
    """What a file asks for, held against what is registered: its lines, and the entries to record in order."""

    lines: list[Line] = field(default_factory=list)
    work: list[Entry] = field(default_factory=list)

    def note(self, number: int, code: str, outcome: Outcome, note: str = "") -> None:
        """One more line settled."""
        self.lines.append(Line(number, code, outcome, note))


async def carry_out(
    plan: ImportPlan, desk: RegistryDesk, *, dry_run: bool = False, skip_rejected: bool = False
) -> ImportReport:
    """Record all the plan's work in one save, or nothing. Raises what saving does; nothing is half written."""
    rejected = any(line.outcome is Outcome.REJECTED for line in plan.lines)
    if dry_run or (rejected and not skip_rejected):
        return ImportReport(_in_order(plan.lines), dry_run, taken=False)
    position = None
    if plan.work:
        position = (await desk.record(plan.work)).position
        await desk.registry.refresh()
    return ImportReport(_in_order(plan.lines), dry_run, taken=True, position=position)


def _in_order(lines: Sequence[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: line.number))
