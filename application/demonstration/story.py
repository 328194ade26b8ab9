"""Story 故事: what happens to one problem or one caller, written beforehand step by step, without touching anything."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar
from uuid import UUID

from application.command import Command
from application.demonstration.catalogue import Matter
from application.demonstration.places import GridPlace
from application.demonstration.texts import CONTEXT
from application.ports import Receipt
from application.services import Services
from domain.limit import LimitUnit, deadline, resume
from domain.workdays import WorkCalendar

T = TypeVar("T")


@dataclass(frozen=True)
class Scene:
    """Where a deed is done: the use cases, the ids the story's cases got, and the case it is about."""

    services: Services
    ids: Mapping[str, UUID]
    case: str

    @property
    def id(self) -> UUID:
        return self.ids[self.case]


@dataclass(frozen=True)
class Deed:
    """One use case with its facts; `verb` names it."""

    verb: str
    do: Callable[[Scene, Command], Awaitable[Receipt]]


@dataclass(frozen=True)
class Step:
    """A deed by a member of staff at an instant, about one of the story's cases."""

    at: datetime
    by: str
    case: str
    deed: Deed
    reason: str


class Story:
    """One story being written: its steps, the instant it has come to, and its lead's clock.

    `nth` counts the stories of this kind, for what is to take turns.
    """

    def __init__(
        self, chance: Random, at: datetime, nth: int, calendar: WorkCalendar, place: GridPlace, matter: Matter
    ) -> None:
        self.chance, self.at, self.nth, self.calendar = chance, at, nth, calendar
        self.place, self.matter = place, matter
        self.steps: list[Step] = []
        self.lead = self.handler = ""
        self.voices: list[str] = []
        self.running_since = self.due = self.stopped_at = at

    def add(self, by: str, deed: Deed, *, case: str = "issue", reason: str = "") -> None:
        """Write the next step, at the second the story has come to."""
        self.at = self.at.replace(microsecond=0)
        self.steps.append(Step(self.at, by, case, deed, self._said(reason)))

    def one_of(self, choices: Sequence[T]) -> T:
        return self.chance.choice(choices)

    def happens(self, share: float) -> bool:
        """Whether something does that does in `share` (0 to 1) of all stories."""
        return self.chance.random() < share

    def wait(self, least_minutes: float, most_minutes: float) -> None:
        """Let time pass by the wall clock."""
        self.at += timedelta(minutes=self.chance.uniform(least_minutes, most_minutes))

    def work(self, least_hours: float, most_hours: float) -> None:
        """Let office hours pass."""
        self.at = self.calendar.add(self.at, timedelta(hours=self.chance.uniform(least_hours, most_hours)))

    def wait_until_due(self) -> None:
        self.at = max(self.at, self.due)

    # --- the lead's clock -----------------------------------------------------------------------

    def start_clock(self) -> None:
        self.running_since, self.due = self.at, deadline(self.matter.limit, self.at, self.calendar).due

    def stop_clock(self) -> None:
        self.stopped_at = self.at

    def resume_clock(self) -> None:
        self.running_since = self.at
        self.due = resume(self.matter.limit, self.due, self.stopped_at, self.at, self.calendar)

    def extend_clock(self) -> None:
        """By one original limit."""
        self.due = deadline(self.matter.limit, self.due, self.calendar).due

    def use(self, share: float) -> None:
        """Go on to where `share` of the time between the clock's start and its end is used; above 1 is late."""
        reached = self._used(share)
        self.at = max(reached, self.at + timedelta(minutes=2))

    def _used(self, share: float) -> datetime:
        if self.due <= self.running_since:
            return self.calendar.add(self.running_since, timedelta(hours=4 * share))
        if self.matter.limit.unit.on_workdays:
            whole = self.calendar.between(self.running_since, self.due)
            return self.calendar.add(self.running_since, whole * share)
        reached = self.running_since + (self.due - self.running_since) * share
        opening = self.calendar.next_opening(reached)
        day_work = self.matter.limit.unit is LimitUnit.NATURAL_DAY and (opening <= self.due or share > 1)
        return opening if day_work else reached

    def _said(self, about: str) -> str:
        return self.one_of(CONTEXT[about]) if about else ""
