"""Random walks over the charts of `allowed_steps`: lives of issues and requests that hang together, event by event.

They go further than people do: clocks are set anywhere, redone twice, stopped late, merged and parted.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, get_type_hints
from uuid import UUID

from domain.case_id import new_case_id
from domain.grid_issue import GridIssue
from domain.resident_request import ResidentRequest
from domain.stage_times import StageClock
from infrastructure.event_mapper import event_classes
from tests import case_log, town
from tests.allowed_steps import ISSUE_CHART, REQUEST_CHART

KINDS = event_classes((GridIssue, ResidentRequest))
GRIDS, UNITS = case_log.GRIDS, case_log.UNITS
STAGES_WITH_CLOCKS = ("dispatch", "accept", "contact", "handle", "feedback", "check", "call_back", "case")
OF_CLOCKS = {"issue.extended", "issue.deadline_recalculated"}
AT_WORK = ("assigned", "accepted", "suspended", "return_asked")
BESIDE = {
    "issue.escalated", "issue.sent_down", "issue.moved", "issue.stage_clocks_set", "issue.exempted",
    "issue.merged_into", "issue.appeal_granted", "request.exempted", "request.moved", "issue.extension_asked",
}  # fmt: skip
PLAIN: dict[Any, Any] = {str: "x", int: 1, bool: True, list[str]: ["x"], dict[str, str]: {}}
AGAIN = {"issue.rework_ordered", "issue.redo_ordered", "issue.reopened", "request.redo_ordered"}


class Walk:
    """One case on its way: where it stands by the chart, and which issue a request is attached to."""

    def __init__(self, kind: str, stream: UUID) -> None:
        self.kind, self.stream, self.round = kind, stream, 1
        self.stage = self.before = ""
        self.issue: Walk | None = None
        self.merged_into: UUID | None = None
        self.assigned = False


class Walking:
    """Cases of one log; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.telling, self.dice = case_log.Telling(seed), random.Random(seed)  # noqa: S311 - nothing secret
        self.now = case_log.BEGAN
        self.walks: list[Walk] = []

    def events(self, steps: int, begin_every: int = 9) -> Iterator[Any]:
        """About `steps` events in the order they happened."""
        for step in range(steps):
            self.now += timedelta(seconds=self.dice.choice((0, 1, 60, 3_600, 40_000)))
            if step % begin_every == 0:
                kind = "request" if len(self.walks) % 2 else "issue"
                self.walks.append(Walk(kind, new_case_id(town.DISTRICT, self.now, self.dice.randbytes(8))))
                yield self._begin(self.walks[-1])
            else:
                yield from self._step(self.dice.choice(self.walks[-12:]))

    def stands_at(self) -> dict[str, str]:
        """The stage of each case by the chart."""
        return {str(walk.stream): walk.stage for walk in self.walks}

    def _begin(self, walk: Walk) -> Any:
        walk.stage = "reported" if walk.kind == "issue" else "received"
        return self._event(walk, f"{walk.kind}.{walk.stage}")

    def _step(self, walk: Walk) -> Iterator[Any]:
        chart = ISSUE_CHART if walk.kind == "issue" else REQUEST_CHART
        lines = [line.split() for line in chart.split("\n") if line.startswith(f"{walk.stage} ")]
        ways = [(topic, after) for _, topic, after in lines if self._makes_sense(walk, topic)]
        more = BESIDE | (OF_CLOCKS if walk.stage in AT_WORK else set())
        beside = [(topic, walk.stage) for topic in sorted(more) if topic.startswith(walk.kind)]
        if ways and self.dice.random() < 0.8:
            yield from self._go(walk, *self.dice.choice(ways))
        elif walk.stage == "merged":
            walk.stage = walk.before
            yield self._event(walk, "issue.unmerged", back_to=walk.before)
            (other,) = [other for other in self.walks if other.stream == walk.merged_into]
            yield self._event(other, "issue.released", issue=walk.stream)
        elif walk.stage not in ("closed", "voided", "answered", "diverted"):
            yield from self._go(walk, *self.dice.choice(beside))

    def _makes_sense(self, walk: Walk, topic: str) -> bool:
        if topic in ("issue.rework_ordered", "issue.redo_ordered"):
            return walk.assigned
        return not (topic == "issue.reopened" and walk.assigned)

    def _go(self, walk: Walk, topic: str, after: str) -> Iterator[Any]:
        if topic in ("request.attached", "issue.merged_into"):
            yield from self._tie(walk, topic)
            return
        if topic == "request.detached" and walk.issue:
            yield self._event(walk.issue, "issue.request_detached", request=walk.stream)
        walk.stage = after
        walk.round += topic in AGAIN
        walk.assigned |= topic == "issue.assigned"
        facts: dict[str, Any] = {"reached": after == "contacted", "passed": after == "checked", "back_to": after}
        yield self._event(walk, topic, round=walk.round, **facts)
        if topic == "issue.assigned":
            yield self._event(walk, "issue.stage_clocks_set")

    def _tie(self, walk: Walk, topic: str) -> Iterator[Any]:
        others = [other for other in self.walks if other.kind == "issue" and other is not walk]
        open_ones = [other for other in others if other.stage not in ("closed", "voided", "merged")]
        if not open_ones:
            return
        other = self.dice.choice(open_ones)
        if topic == "request.attached":
            walk.stage, walk.issue = "attached", other
            yield self._event(walk, topic, issue=other.stream)
            yield self._event(other, "issue.request_attached", request=walk.stream)
        else:
            walk.before, walk.stage, walk.merged_into = walk.stage, "merged", other.stream
            yield self._event(walk, topic, into=other.stream)
            yield self._event(other, "issue.absorbed", issue=walk.stream)

    def _event(self, walk: Walk, topic: str, **facts: Any) -> Any:
        kind = KINDS[topic]
        given = {**self._drawn(walk), **facts}
        hints = get_type_hints(kind)
        named = [one.name for one in fields(kind) if not one.name.startswith("originator") and one.name != "timestamp"]
        own = {name: given.get(name, self._plain(hints[name])) for name in named}
        for signed in ("by", "role", "of_unit", "reason"):
            own.pop(signed)
        return self.telling.event(self.now, kind, {"id": walk.stream, **own})

    def _plain(self, hint: Any) -> Any:
        return PLAIN.get(hint, self.now if hint is datetime else None)

    def _drawn(self, walk: Walk) -> dict[str, Any]:
        """Facts that mean something here."""
        due = self.now + timedelta(seconds=self.dice.choice((-90, 60, 4_000, 90_000)))
        clocks = [
            StageClock(stage, "1", 2, "work_hour", "office", "2026", False, self.now, due)
            for stage in self.dice.sample(STAGES_WITH_CLOCKS, 4)
        ]
        return {
            "grid": self.dice.choice(GRIDS), "place": self.dice.choice(GRIDS), "category": town.LAMPS,
            "channel": self.dice.choice(("patrol", "hotline")), "kind": "help", "subject": walk.stream,
            "lead": self.dice.choice(UNITS), "due": due, "case_due": due + timedelta(hours=5), "clock_start": self.now,
            "clocks": clocks, "level": self.dice.choice(("community", "street")), "edition": "2026.1",
            "request": walk.stream if walk.kind == "issue" else None, "into": walk.merged_into, "back_to": walk.stage,
            "issue": walk.issue.stream if walk.issue else walk.stream,
            "valid": self.dice.random() < 0.8, "again": self.dice.random() < 0.2,
        }  # fmt: skip
