"""What a batch adds to the facts: new rows, and what it sets in rows that were there; in those not written yet, here.

A case is a plain row (`Case`), kept as JSON between batches: as much as the next event of it needs to be told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from infrastructure.projections.folding import Row

Case = Row
Cases = dict[str, Case]
CHANGED = "changed"
"""Marks a case whose row is to be written again. Not kept."""


DONE_AT, DONE_IN, EXEMPT_IN, _, SECONDS = range(9, 14)
"""Where these stand in the row of an outcome, which has the columns in the order they are copied in."""


class CallBack(NamedTuple):
    """What a requester said."""

    contacted: bool | None
    solved: str | None
    satisfaction: str | None


_NOTHING_SAID = CallBack(None, None, None)


class Key(NamedTuple):
    """An outcome by its case, kind and count."""

    case_id: str
    kind: str
    nth: int


class Sheet:
    """The facts of one batch. `position` and `at` are those of the event being told; all rules write through here."""

    def __init__(self, cases: Cases) -> None:
        self.cases, self.position, self.at = cases, 0, ""
        self.spans: dict[tuple[str, int], list[Any]] = {}
        self.ended: list[tuple[str, int, str, int]] = []
        self.outcomes: dict[Key, list[Any]] = {}
        self.done: list[tuple[str, str, int, str, int, int]] = []
        self.withdrawn: list[tuple[str, str, int, int]] = []
        self.exempted: dict[str, int] = {}

    def begin_span(self, case: Case, held: Sequence[Any], at: str) -> None:
        """Somebody holds `case` from `at` on."""
        nth = case["spans"] = case["spans"] + 1
        self.spans[case["id"], nth] = [
            case["id"], case["kind"], nth, *held, case["place"], self.unit_of(case), case["category"],
            case["channel"], at, self.position, None, None,
        ]  # fmt: skip
        case["span"] = [at, *held]

    def end_span(self, case: Case, at: str) -> None:
        """Whoever held it does so no longer."""
        nth = case["spans"]
        if row := self.spans.get((case["id"], nth)):
            row[-2:] = at, self.position
        else:
            self.ended.append((case["id"], nth, at, self.position))
        case["span"] = None

    def record(
        self, case: Case, kind: str, *, at: str | None = None, place: str | None = None, unit: str | None = None,
        value: str | None = None, seconds: int | None = None, said: CallBack | None = None,
    ) -> int:  # fmt: skip
        """One more outcome of its kind, now, here and of its lead unless said otherwise; its count.

        A call-back is done as it is recorded.
        """
        nth: int = case["counts"].get(kind, 0) + 1
        case["counts"][kind] = nth
        done = (self.at, self.position) if said else (None, None)
        self.outcomes[Key(case["id"], kind, nth)] = [
            case["id"], case["kind"], kind, nth, at or self.at, place or case["place"],
            self.unit_of(case) if unit is None else unit, case["category"], case["channel"], *done, case["exempt_in"],
            value, seconds, *(said or _NOTHING_SAID), self.position, None,
        ]  # fmt: skip
        return nth

    def finish(self, case: Case, kind: str, nth: int, at: str, seconds: int) -> None:
        """What was to be done was done, as this event says."""
        if row := self.outcomes.get(Key(case["id"], kind, nth)):
            row[DONE_AT], row[DONE_IN], row[SECONDS] = at, self.position, seconds
        else:
            self.done.append((case["id"], kind, nth, at, self.position, seconds))

    def withdraw(self, case: Case, kind: str, nth: int) -> None:
        """From this event on it counts no more."""
        if row := self.outcomes.get(Key(case["id"], kind, nth)):
            row[-1] = self.position
        else:
            self.withdrawn.append((case["id"], kind, nth, self.position))

    def exempt(self, case: Case) -> None:
        """All outcomes of it, those to come too, stand beside the figures."""
        self.record(case, "exempted")
        if case["exempt_in"] is None:
            case["exempt_in"] = self.exempted[case["id"]] = self.position

    def rows(self) -> Iterator[list[Any]]:
        """The new outcomes; a case may have been exempted after them in this batch."""
        for row in self.outcomes.values():
            if row[EXEMPT_IN] is None and self.exempted:
                row[EXEMPT_IN] = self.exempted.get(row[0])
            yield row

    def handling(self, case: Case) -> Case | None:
        """The issue that handles a request, at the end of the mergers; None when it has none."""
        found = self.cases.get(case["issue"] or "")
        passed = set[str]()
        # Where a part of the log waits as dead letters, what is known of mergers may go round.
        while found is not None and found["merged_into"] in self.cases and found["id"] not in passed:
            passed.add(found["id"])
            found = self.cases[found["merged_into"]]
        return found

    def unit_of(self, case: Case) -> str:
        """The unit that leads it now, "" when none does."""
        issue = self.handling(case) if case["kind"] == "request" else case
        return str(issue["lead"]) if issue else ""


def seconds_between(start: str, end: str) -> int:
    """Whole seconds of the wall clock."""
    return int((instant(end) - instant(start)).total_seconds())


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
