"""Division 区划: a place of the administrative tree, from province to community, with its days of validity.

Codes are merged and reassigned every year, so a code belongs to a division and is not its identity.
"""

from __future__ import annotations

from datetime import date

from eventsourcing.domain import Aggregate

from domain.actor import Act, record, signature
from domain.place import Level, division_code, level_of, parent_of
from domain.refusals import BadCode
from domain.registry.entry import administer, ending, entry_id, in_force, period, still_kept, wording
from domain.registry.refusals import NothingChanged
from domain.step import Step


class Division(Aggregate):
    """One division as its events tell it. Days are ISO; `valid_until` is the last day, None while open."""

    TOPIC = "division"
    label = "区划"

    class Event(Step):
        """Base of the events of `Division`."""

    class Created(Event, Aggregate.Created):
        """Never recorded; the library wants it named."""

        TOPIC = "division.created"

    class Registered(Created):
        """登记. `parent` is "" for a province; `source` names the list it was taken from."""

        TOPIC = "division.registered"
        code: str
        name: str
        parent: str
        valid_from: str
        valid_until: str | None
        source: str

    class Renamed(Event):
        """更名."""

        TOPIC = "division.renamed"
        name: str
        source: str

        def apply(self, division: Division) -> None:
            division.name, division.source = self.name, self.source

    class Abolished(Event):
        """撤销."""

        TOPIC = "division.abolished"
        last_day: str

        def apply(self, division: Division) -> None:
            division.valid_until = self.last_day

    def __init__(
        self, *, code: str, name: str, parent: str, valid_from: str, valid_until: str | None, source: str
    ) -> None:
        self.code, self.name, self.parent, self.source = code, name, parent, source
        self.valid_from, self.valid_until = valid_from, valid_until

    @property
    def level(self) -> Level:
        """Follows from the length of the code."""
        return level_of(self.code)

    def in_force(self, on: date) -> bool:
        """Whether the division is valid on a day."""
        return in_force(on, self.valid_from, self.valid_until)

    @classmethod
    def register(
        cls,
        act: Act,
        *,
        code: str,
        name: str,
        parent: str,
        source: str,
        valid_from: date,
        valid_until: date | None = None,
    ) -> Division:
        """登记. Refuses `BadCode`, also when `parent` is not one level up, `BadText`, `BadPeriod`."""
        role = administer(act, division_code(code))
        if parent != parent_of(code):
            raise BadCode(code=parent, kind="上级区划代码", rule=f"{code} 的上级应为“{parent_of(code)}”")
        first, last = period(valid_from, valid_until)
        return cls._create(
            cls.Registered,
            id=entry_id(cls.TOPIC, code),
            timestamp=act.at,
            **signature(act, role),
            code=code,
            name=wording(name, "区划名称"),
            parent=parent,
            valid_from=first,
            valid_until=last,
            source=wording(source, "来源"),
        )

    def rename(self, act: Act, *, name: str, source: str) -> None:
        """更名. Refuses `NoLongerKept`, `NothingChanged`, `BadText`."""
        role = administer(act, self.code)
        still_kept(self.label, self.code, self.valid_until, act.at)
        name, source = wording(name, "区划名称"), wording(source, "来源")
        if name == self.name:
            raise NothingChanged(kind=self.label, code=self.code)
        record(self, self.Renamed, act, role, name=name, source=source)

    def abolish(self, act: Act, *, last_day: date) -> None:
        """撤销: valid up to and including `last_day`. Refuses `NoLongerKept`, `BadPeriod`."""
        role = administer(act, self.code)
        ends = ending(self.label, self.code, self.valid_from, self.valid_until, last_day)
        record(self, self.Abolished, act, role, last_day=ends)
