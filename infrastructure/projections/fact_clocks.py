"""Clocks as facts: each limit that falls due is one outcome, met or not, superseded when it is set anew.

A limit that fell due while its clock ran is missed: that stays, whatever comes after, but for a grant or a calendar.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from infrastructure.projections.fact_sheet import Case, Sheet, instant, seconds_between

NTH, AT, START, DONE, UNIT = range(5)
LEADS = ("handle", "accept", "contact", "feedback")
"""The lead's duties stand with the lead's clock."""
OF_VOICES = ("contact", "feedback", "call_back")
"""What waits because somebody asks."""
OF_JUDGING = ("check", "call_back")
Entry = list[Any]
"""Of one clock of a case: count of its row, due instant, start, when it was met, unit. Text, as JSON has it."""


def begin(sheet: Sheet, case: Case, clock: str, due: str, start: str, unit: str | None = None) -> None:
    """A limit of `unit`, the lead unless said otherwise, that falls due at `due`, on a clock that ran from `start`."""
    unit = case["lead"] if unit is None else unit
    nth = sheet.record(case, _kind(clock), at=due, unit=unit)
    case["clocks"][clock] = [nth, due, start, None, unit]


def set_lead(sheet: Sheet, case: Case, clock: str, due: str, start: str) -> None:
    """A clock of the lead is set: what it was before is superseded, but for a miss."""
    before = case["clocks"].get(clock)
    if before is not None:
        late = _is_late(sheet, before)
        if _same(before[AT], due) and (late or before[DONE] is None):
            return
        if not late:
            sheet.withdraw(case, _kind(clock), before[NTH])
    begin(sheet, case, clock, due, start)


def set_case(sheet: Sheet, case: Case, due: str, start: str) -> None:
    """The case clock is set. A case misses its limit once: that stays. One resolved in time did not, closed or not."""
    before = case["clocks"].get("close")
    if before is not None:
        judged = before[DONE] or case["resolved_at"] or sheet.at
        unchanged = before[DONE] is None and before[UNIT] == case["lead"] and _same(before[AT], due)
        if unchanged or instant(judged) > instant(before[AT]):
            return
        sheet.withdraw(case, "clock:close", before[NTH])
    begin(sheet, case, "close", due, start)


def move(sheet: Sheet, case: Case, clock: str, due: str) -> None:
    """What is not done yet is due at another instant: granted, or measured by a newer calendar. Nothing was missed."""
    before = case["clocks"].get(clock)
    if before is None or before[DONE] is not None or _same(before[AT], due):
        return
    sheet.withdraw(case, _kind(clock), before[NTH])
    begin(sheet, case, clock, due, before[START])


def set_stage(sheet: Sheet, case: Case, clock: str, due: str, start: str) -> None:
    """A stage's clock begins, or goes on from the start it had. What was met stays so, as does a miss."""
    before = case["clocks"].get(clock)
    if before is not None:
        if _same(before[START], start) and (before[DONE] is not None or _same(before[AT], due)):
            return
        if before[DONE] is None and not _is_late(sheet, before):
            sheet.withdraw(case, _kind(clock), before[NTH])
    begin(sheet, case, clock, due, start)


def meet(sheet: Sheet, case: Case, clock: str, at: str) -> None:
    """What the limit is for was done at `at`."""
    entry = case["clocks"].get(clock)
    if entry is not None and entry[DONE] is None:
        entry[DONE] = at
        sheet.finish(case, _kind(clock), entry[NTH], at, seconds_between(entry[START], at))


def stop(sheet: Sheet, case: Case, clocks: Iterable[str]) -> list[str]:
    """These stand, or are owed no more: those of them that waited and had not fallen due count no more."""
    stopped = []
    for clock in clocks:
        entry = case["clocks"].get(clock)
        if entry is not None and entry[DONE] is None and not _is_late(sheet, entry):
            sheet.withdraw(case, _kind(clock), entry[NTH])
            stopped.append(clock)
            del case["clocks"][clock]
    return stopped


def set_aside(sheet: Sheet, case: Case) -> None:
    """并案: none of its clocks runs."""
    before = dict(case["clocks"])
    case["aside"] = [[clock, before[clock][AT], before[clock][START]] for clock in stop(sheet, case, before)]


def take_up(sheet: Sheet, case: Case) -> None:
    """撤销并案: they go on with the due instants they had."""
    for clock, due, start in case.pop("aside", ()):
        begin(sheet, case, clock, due, start)


def move_ground(sheet: Sheet, case: Case) -> None:
    """移格: what is still to fall due does so where the case lies now."""
    for clock, (nth, due, start, done, unit) in [*case["clocks"].items()]:
        if done is None and instant(due) > instant(sheet.at):
            sheet.withdraw(case, _kind(clock), nth)
            begin(sheet, case, clock, due, start, unit)


def _kind(clock: str) -> str:
    return f"clock:{clock}"


def _is_late(sheet: Sheet, entry: Entry) -> bool:
    """Strictly after the due instant, as the domain has it."""
    return instant(entry[DONE] or sheet.at) > instant(entry[AT])


def _same(one: str, other: str) -> bool:
    return one == other or instant(one) == instant(other)
