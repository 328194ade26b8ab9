"""Events of `Grid`: how it came to be, changed and ended. Topics are for ever.

`apply` only assigns: it runs again on every replay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsourcing.domain import Aggregate

from domain.registry.outline import Outline
from domain.step import Step

if TYPE_CHECKING:
    from domain.registry.grid import Grid


class GridEvent(Step):
    """Base of the events of `Grid`."""


class Created(GridEvent, Aggregate.Created):
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


class Formed(Created):
    """形成 out of the grids `predecessors`, which end the day before: by "split", "merge" or "renumber"."""

    TOPIC = "grid.formed"
    code: str
    name: str
    kind: str
    polygon: Outline
    supervision_phone: str
    valid_from: str
    valid_until: str | None
    predecessors: list[str]
    formed_by: str


class Redrawn(GridEvent):
    """边界调整: the next edition, drawn so from `first_day` on."""

    TOPIC = "grid.redrawn"
    VERSION = 2
    polygon: Outline
    first_day: str

    def apply(self, grid: Grid) -> None:
        grid.draw(self.polygon, self.first_day)


class Renamed(GridEvent):
    """更名."""

    TOPIC = "grid.renamed"
    name: str

    def apply(self, grid: Grid) -> None:
        grid.name = self.name


class Reclassified(GridEvent):
    """类型调整."""

    TOPIC = "grid.reclassified"
    kind: str

    def apply(self, grid: Grid) -> None:
        grid.classify(self.kind)


class SupervisionPhoneSet(GridEvent):
    """监督电话变更: posted in the grid and kept current."""

    TOPIC = "grid.supervision_phone_set"
    phone: str

    def apply(self, grid: Grid) -> None:
        grid.supervision_phone = self.phone


class WorkerAssigned(GridEvent):
    """配备网格员; None leaves the grid without one."""

    TOPIC = "grid.worker_assigned"
    worker: str | None

    def apply(self, grid: Grid) -> None:
        grid.worker = self.worker


class AliasGiven(GridEvent):
    """外部编号: the number another network has for this ground, from `since` on."""

    TOPIC = "grid.alias_given"
    network: str
    number: str
    since: str

    def apply(self, grid: Grid) -> None:
        grid.alias(self.network, self.number, self.since)


class AliasEnded(GridEvent):
    """外部编号停用, after `last_day`."""

    TOPIC = "grid.alias_ended"
    network: str
    number: str
    last_day: str

    def apply(self, grid: Grid) -> None:
        grid.end_alias_on(self.network, self.number, self.last_day)


class Retired(GridEvent):
    """撤销."""

    TOPIC = "grid.retired"
    last_day: str

    def apply(self, grid: Grid) -> None:
        grid.valid_until = self.last_day


class SplitInto(GridEvent):
    """拆分 into `successors`, which begin the day after `last_day`."""

    TOPIC = "grid.split_into"
    successors: list[str]
    last_day: str

    def apply(self, grid: Grid) -> None:
        grid.pass_on(self.successors, "split", self.last_day)


class MergedInto(GridEvent):
    """合并, with others, into `into`, which begins the day after `last_day`."""

    TOPIC = "grid.merged_into"
    into: str
    last_day: str

    def apply(self, grid: Grid) -> None:
        grid.pass_on([self.into], "merge", self.last_day)


class Renumbered(GridEvent):
    """重编号: the same ground is `into` from the day after `last_day`."""

    TOPIC = "grid.renumbered"
    into: str
    last_day: str

    def apply(self, grid: Grid) -> None:
        grid.pass_on([self.into], "renumber", self.last_day)
