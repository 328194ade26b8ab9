"""Grid 网格: the smallest piece of ground somebody answers for, inside one community.

Its drawing may change; `edition` counts the drawings, and a case keeps code and edition at intake.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from eventsourcing.domain import Aggregate

from domain.actor import Act, record, signature
from domain.place import grid_code, parent_of
from domain.registry.entry import (
    administer,
    chosen,
    ending,
    entry_id,
    in_force,
    period,
    phone_number,
    still_kept,
    wording,
)
from domain.registry.outline import Flaw, Outline, outline
from domain.registry.refusals import NothingChanged
from domain.step import Step


class GridKind(StrEnum):
    """网格类型: who lives or works there."""

    GENERAL = "综合"  #: residential
    DEDICATED = "专属"  #: an office, park, hospital, school, mall or enterprise


class Grid(Aggregate):
    """One grid as its events tell it. Days are ISO; `valid_until` is the last day, None while open."""

    TOPIC = "grid"
    label = "网格"

    class Event(Step):
        """Base of the events of `Grid`."""

    class Created(Event, Aggregate.Created):
        """Never recorded; the library wants it named."""

        TOPIC = "grid.created"

    class Defined(Created):
        """划定."""

        TOPIC = "grid.defined"
        code: str
        name: str
        kind: str
        polygon: Outline
        supervision_phone: str
        valid_from: str
        valid_until: str | None

    class Redrawn(Event):
        """边界调整."""

        TOPIC = "grid.redrawn"
        polygon: Outline

        def apply(self, grid: Grid) -> None:
            grid.polygon = self.polygon
            grid.edition += 1

    class WorkerAssigned(Event):
        """配备网格员; None leaves the grid without one."""

        TOPIC = "grid.worker_assigned"
        worker: str | None

        def apply(self, grid: Grid) -> None:
            grid.worker = self.worker

    class Retired(Event):
        """撤销."""

        TOPIC = "grid.retired"
        last_day: str

        def apply(self, grid: Grid) -> None:
            grid.valid_until = self.last_day

    def __init__(
        self,
        *,
        code: str,
        name: str,
        kind: str,
        polygon: Outline,
        supervision_phone: str,
        valid_from: str,
        valid_until: str | None,
    ) -> None:
        self.code, self.name, self.kind = code, name, GridKind(kind)
        self.polygon, self.edition = polygon, 1
        self.supervision_phone = supervision_phone
        self.worker: str | None = None
        self.valid_from, self.valid_until = valid_from, valid_until

    @property
    def community(self) -> str:
        """The code of the community it lies in."""
        return parent_of(self.code)

    def in_force(self, on: date) -> bool:
        """Whether the grid is valid on a day."""
        return in_force(on, self.valid_from, self.valid_until)

    @classmethod
    def define(
        cls,
        act: Act,
        *,
        code: str,
        name: str,
        kind: str,
        polygon: Sequence[Sequence[Sequence[float]]],
        supervision_phone: str,
        valid_from: date,
        valid_until: date | None = None,
        flaw: Flaw,
    ) -> Grid:
        """划定. `flaw` judges the drawing.

        Refuses `BadCode`, `BadPolygon`, `BadChoice`, `BadText`, `BadPhone`, `BadPeriod`.
        """
        role = administer(act, grid_code(code))
        first, last = period(valid_from, valid_until)
        return cls._create(
            cls.Defined,
            id=entry_id(cls.TOPIC, code),
            timestamp=act.at,
            **signature(act, role),
            code=code,
            name=wording(name, "网格名称"),
            kind=chosen(GridKind, kind, "网格类型").value,
            polygon=outline(polygon, flaw),
            supervision_phone=phone_number(supervision_phone),
            valid_from=first,
            valid_until=last,
        )

    def redraw(self, act: Act, *, polygon: Sequence[Sequence[Sequence[float]]], flaw: Flaw) -> None:
        """边界调整: the next edition. Refuses `NoLongerKept`, `BadPolygon`, `NothingChanged`."""
        role = administer(act, self.code)
        still_kept(self.label, self.code, self.valid_until, act.at)
        drawn = outline(polygon, flaw)
        if drawn == self.polygon:
            raise NothingChanged(kind=self.label, code=self.code)
        record(self, self.Redrawn, act, role, polygon=drawn)

    def assign_worker(self, act: Act, *, worker: str | None) -> None:
        """配备网格员, or None for nobody. Refuses `NoLongerKept`, `NothingChanged`."""
        role = administer(act, self.code)
        still_kept(self.label, self.code, self.valid_until, act.at)
        if worker == self.worker:
            raise NothingChanged(kind=self.label, code=self.code)
        record(self, self.WorkerAssigned, act, role, worker=worker)

    def retire(self, act: Act, *, last_day: date) -> None:
        """撤销: valid up to and including `last_day`. Refuses `NoLongerKept`, `BadPeriod`."""
        role = administer(act, self.code)
        ends = ending(self.label, self.code, self.valid_from, self.valid_until, last_day)
        record(self, self.Retired, act, role, last_day=ends)
