"""Grid 网格: the smallest piece of ground somebody answers for, inside one community.

Its drawing may change; `edition` counts the drawings, and a case keeps code and edition at intake. Splitting,
merging and renumbering end grids and form new ones (`domain.registry.grid_succession`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from eventsourcing.domain import Aggregate

from domain.actor import Act, Role, record, signature
from domain.place import grid_code, parent_of
from domain.registry import grid_events
from domain.registry.entry import (
    administer,
    chosen,
    civil_day,
    ending,
    entry_id,
    in_force,
    period,
    phone_number,
    still_kept,
    wording,
)
from domain.registry.grid_refusals import AliasTaken, NoSuchAlias
from domain.registry.outline import Flaw, Outline, Rings, canonical, outline
from domain.registry.refusals import BadPeriod, NothingChanged
from domain.vocabulary import GridMove


class GridKind(StrEnum):
    """网格类型: who lives or works there."""

    GENERAL = "综合"  #: residential
    DEDICATED = "专属"  #: an office, park, hospital, school, mall or enterprise


@dataclass(frozen=True, slots=True)
class Drawing:
    """版次: how a grid is drawn from `first_day` on."""

    edition: int
    first_day: str
    polygon: Outline


@dataclass(frozen=True, slots=True)
class Alias:
    """外部编号: what another network calls the grid; `last_day` is None while it does."""

    network: str
    number: str
    since: str
    last_day: str | None = None


class Grid(Aggregate):
    """One grid as its events tell it. Days are ISO; `valid_until` is the last day, None while open."""

    TOPIC = "grid"
    label = "网格"

    Event = grid_events.GridEvent
    Created = grid_events.Created
    Defined = grid_events.Defined
    Formed = grid_events.Formed
    Redrawn = grid_events.Redrawn
    Renamed = grid_events.Renamed
    Reclassified = grid_events.Reclassified
    SupervisionPhoneSet = grid_events.SupervisionPhoneSet
    WorkerAssigned = grid_events.WorkerAssigned
    AliasGiven = grid_events.AliasGiven
    AliasEnded = grid_events.AliasEnded
    Retired = grid_events.Retired
    SplitInto = grid_events.SplitInto
    MergedInto = grid_events.MergedInto
    Renumbered = grid_events.Renumbered

    def __init__(
        self, *, code: str, name: str, kind: str, polygon: Outline, supervision_phone: str, valid_from: str,
        valid_until: str | None, predecessors: list[str] | None = None, formed_by: str = "",
    ) -> None:  # fmt: skip
        self.code, self.name, self.kind = code, name, GridKind(kind)
        self.drawings: tuple[Drawing, ...] = (Drawing(1, valid_from, polygon),)
        self.supervision_phone = supervision_phone
        self.worker: str | None = None
        self.aliases: tuple[Alias, ...] = ()
        self.valid_from, self.valid_until = valid_from, valid_until
        self.predecessors: tuple[str, ...] = tuple(predecessors or ())
        self.successors: tuple[str, ...] = ()
        self.formed_by, self.ended_by = formed_by, ""

    # --- what it is ---------------------------------------------------------------------------

    @property
    def community(self) -> str:
        """The code of the community it lies in."""
        return parent_of(self.code)

    @property
    def edition(self) -> int:
        """Of the newest drawing, which may be for a day to come."""
        return self.drawings[-1].edition

    @property
    def polygon(self) -> Outline:
        """The newest drawing."""
        return self.drawings[-1].polygon

    def drawn_on(self, on: date) -> Drawing:
        """The drawing of a day; before the first one, the first."""
        day = on.isoformat()
        return next((one for one in reversed(self.drawings) if one.first_day <= day), self.drawings[0])

    def in_force(self, on: date) -> bool:
        """Whether the grid is valid on a day."""
        return in_force(on, self.valid_from, self.valid_until)

    def aliases_on(self, on: date) -> list[Alias]:
        """What other networks call it on a day; nothing when it is not valid then."""
        return [alias for alias in self.aliases if self.in_force(on) and in_force(on, alias.since, alias.last_day)]

    # --- for events ---------------------------------------------------------------------------

    def draw(self, polygon: Outline, first_day: str) -> None:
        """For events: one drawing more."""
        self.drawings = (*self.drawings, Drawing(self.edition + 1, first_day, polygon))

    def classify(self, kind: str) -> None:
        """For events: of this kind from now on."""
        self.kind = GridKind(kind)

    def alias(self, network: str, number: str, since: str) -> None:
        """For events: one name more in another network."""
        self.aliases = (*self.aliases, Alias(network, number, since))

    def end_alias_on(self, network: str, number: str, last_day: str) -> None:
        """For events: the open alias of that network and number ends."""
        self.aliases = tuple(
            replace(one, last_day=last_day)
            if (one.network, one.number, one.last_day) == (network, number, None)
            else one
            for one in self.aliases
        )

    def pass_on(self, successors: Sequence[str], ended_by: str, last_day: str) -> None:
        """For events: its ground is theirs from the day after."""
        self.successors, self.ended_by, self.valid_until = tuple(successors), ended_by, last_day

    # --- commands -----------------------------------------------------------------------------

    @classmethod
    def define(
        cls, act: Act, *, code: str, name: str, kind: str, polygon: Rings, supervision_phone: str, flaw: Flaw,
        valid_from: date, valid_until: date | None = None, predecessors: Sequence[str] = (),
        formed_by: GridMove | None = None,
    ) -> Grid:  # fmt: skip
        """划定, or 形成 out of `predecessors`. `flaw` judges the drawing.

        Refuses `BadCode`, `BadPolygon`, `BadChoice`, `BadText`, `BadPhone`, `BadPeriod`.
        """
        role = administer(act, grid_code(code))
        first, last = period(valid_from, valid_until)
        out_of = {"predecessors": list(predecessors), "formed_by": formed_by.value} if formed_by else {}
        return cls._create(
            cls.Formed if formed_by else cls.Defined,
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
            **out_of,
        )

    def redraw(self, act: Act, *, polygon: Rings, flaw: Flaw, first_day: date | None = None) -> None:
        """边界调整: the next edition, from today or a later day on.

        Refuses `NoLongerKept`, `BadPolygon`, `NothingChanged`, and `BadPeriod` for a day that is past, before
        the drawing before or after the grid's last.
        """
        role = self._kept_by(act)
        today = civil_day(act.at)
        day = (first_day or today).isoformat()
        earliest = max(today.isoformat(), self.drawings[-1].first_day)
        if first_day is not None and not earliest <= day <= (self.valid_until or day):
            raise BadPeriod(first=earliest, last=day)
        drawn = outline(polygon, flaw)
        self._must_differ(canonical(drawn), canonical(self.polygon))
        record(self, self.Redrawn, act, role, polygon=drawn, first_day=max(day, self.drawings[-1].first_day))

    def rename(self, act: Act, *, name: str) -> None:
        """更名. Refuses `NoLongerKept`, `NothingChanged`, `BadText`."""
        role, name = self._kept_by(act), wording(name, "网格名称")
        self._must_differ(name, self.name)
        record(self, self.Renamed, act, role, name=name)

    def reclassify(self, act: Act, *, kind: str) -> None:
        """类型调整. Refuses `NoLongerKept`, `NothingChanged`, `BadChoice`."""
        role, chosen_kind = self._kept_by(act), chosen(GridKind, kind, "网格类型")
        self._must_differ(chosen_kind, self.kind)
        record(self, self.Reclassified, act, role, kind=chosen_kind.value)

    def set_supervision_phone(self, act: Act, *, phone: str) -> None:
        """监督电话变更. Refuses `NoLongerKept`, `NothingChanged`, `BadPhone`."""
        role, phone = self._kept_by(act), phone_number(phone)
        self._must_differ(phone, self.supervision_phone)
        record(self, self.SupervisionPhoneSet, act, role, phone=phone)

    def assign_worker(self, act: Act, *, worker: str | None) -> None:
        """配备网格员, or None for nobody. Refuses `NoLongerKept`, `NothingChanged`."""
        role = self._kept_by(act)
        self._must_differ(worker, self.worker)
        record(self, self.WorkerAssigned, act, role, worker=worker)

    def give_alias(self, act: Act, *, network: str, number: str, since: date) -> None:
        """外部编号, once at a time. Refuses `NoLongerKept`, `BadText`, `AliasTaken`."""
        role = self._kept_by(act)
        network, number = wording(network, "外部网络名称", 50), wording(number, "外部编号", 64)
        for alias in self.aliases:
            if (alias.network, alias.number) == (network, number) and since.isoformat() <= (alias.last_day or "9"):
                raise AliasTaken(network=network, number=number, since=alias.since, other=self.code)
        record(self, self.AliasGiven, act, role, network=network, number=number, since=since.isoformat())

    def end_alias(self, act: Act, *, network: str, number: str, last_day: date) -> None:
        """外部编号停用. Refuses `NoLongerKept`, `NoSuchAlias`, `BadPeriod`."""
        role = self._kept_by(act)
        for alias in self.aliases:
            if (alias.network, alias.number, alias.last_day) == (network, number, None):
                if last_day.isoformat() < alias.since:
                    raise BadPeriod(first=alias.since, last=last_day)
                record(self, self.AliasEnded, act, role, network=network, number=number, last_day=last_day.isoformat())
                return
        raise NoSuchAlias(network=network, number=number, day=last_day)

    def retire(self, act: Act, *, last_day: date) -> None:
        """撤销: valid up to and including `last_day`. Refuses `NoLongerKept`, `BadPeriod`."""
        role = administer(act, self.code)
        ends = ending(self.label, self.code, self.valid_from, self.valid_until, last_day)
        record(self, self.Retired, act, role, last_day=ends)

    def _kept_by(self, act: Act) -> Role:
        role = administer(act, self.code)
        still_kept(self.label, self.code, self.valid_until, act.at)
        return role

    def _must_differ(self, wanted: object, known: object) -> None:
        if wanted == known:
            raise NothingChanged(kind=self.label, code=self.code)
