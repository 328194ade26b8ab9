"""Events of `Whistle`: who was called to the spot, who came when, and what both sides say of it. Topics are for ever.

`apply` only assigns: it runs again on every replay.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from eventsourcing.domain import Aggregate

from domain.stages import WhistleStage
from domain.step import Step

if TYPE_CHECKING:
    from domain.whistle import Whistle


class WhistleEvent(Step):
    """Base of the events of `Whistle`."""


class Created(WhistleEvent, Aggregate.Created):
    """Never recorded; the library wants it named."""

    TOPIC = "whistle.created"


class Blown(Created):
    """吹哨: the street `caller` calls units to the spot of an issue; the time to arrive by is event data.

    `occasion` is a `WhistleOccasion`; what it is about is the reason.
    """

    TOPIC = "whistle.blown"
    issue: UUID
    grid: str
    caller: str
    occasion: str
    called: list[str]
    limit_amount: int
    limit_unit: str
    calendar: str
    calendar_version: str
    provisional: bool
    clock_start: datetime
    due: datetime


class Arrived(WhistleEvent):
    """报到 of one called unit at `arrived_at`, whenever it was entered. Late is strictly after due, and a fact."""

    TOPIC = "whistle.arrived"
    unit: str
    arrived_at: datetime
    late: bool

    def apply(self, whistle: Whistle) -> None:
        whistle.arrived[self.unit] = self.arrived_at
        whistle.came.add(self.by)


class Ended(WhistleEvent):
    """销哨 with the measure taken. `absent` did not come in time; `spared` had time left and were not needed."""

    TOPIC = "whistle.ended"
    measure: str
    absent: list[str]
    spared: list[str]

    def apply(self, whistle: Whistle) -> None:
        whistle.stage = WhistleStage.ENDED
        whistle.called_by.add(self.by)


class Withdrawn(WhistleEvent):
    """撤哨: blown by mistake; kept, rated by nobody."""

    TOPIC = "whistle.withdrawn"

    def apply(self, whistle: Whistle) -> None:
        whistle.stage = WhistleStage.WITHDRAWN


class UnitRated(WhistleEvent):
    """街道评部门: one called unit, 1 to 5 stars and remarks, each a `WhistleRemark`."""

    TOPIC = "whistle.unit_rated"
    unit: str
    stars: int
    remarks: list[str]

    def apply(self, whistle: Whistle) -> None:
        whistle.units_rated.add(self.unit)


class Rated(WhistleEvent):
    """部门评哨: `unit`, which was called, says whether the whistle was justified."""

    TOPIC = "whistle.rated"
    unit: str
    justified: bool

    def apply(self, whistle: Whistle) -> None:
        whistle.rated_by.add(self.unit)
