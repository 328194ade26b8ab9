"""UnitAlias 单位称谓: which registered unit a name in the standards means, as an administrator said, never guessed."""

from __future__ import annotations

from eventsourcing.domain import Aggregate

from domain.actor import Act, record, signature
from domain.registry.entry import administer, entry_id, wording
from domain.registry.refusals import NothingChanged
from domain.step import Step


class UnitAlias(Aggregate):
    """One name. `unit` is the code of the unit it means, None when it is taken back."""

    TOPIC = "unit_alias"
    label = "单位称谓"

    class Event(Step):
        """Base of the events of `UnitAlias`."""

    class Created(Event, Aggregate.Created):
        """Never recorded; the library wants it named."""

        TOPIC = "unit_alias.created"

    class Given(Created):
        """对应: first said what the name means."""

        TOPIC = "unit_alias.given"
        code: str
        unit: str

    class Pointed(Event):
        """改对应: it means another unit from now on, or None: nobody knows."""

        TOPIC = "unit_alias.pointed"
        unit: str | None

        def apply(self, alias: UnitAlias) -> None:
            alias.unit = self.unit

    def __init__(self, *, code: str, unit: str) -> None:
        self.code = self.name = code
        self.unit: str | None = unit

    @classmethod
    def give(cls, act: Act, *, city: str, name: str, unit: str) -> UnitAlias:
        """对应. Refuses `BadText`."""
        role = administer(act, city)
        code = alias_code(name)
        return cls._create(
            cls.Given, id=entry_id(cls.TOPIC, code), timestamp=act.at, **signature(act, role), code=code, unit=unit
        )

    def point(self, act: Act, *, city: str, unit: str | None) -> None:
        """改对应 or take it back. Refuses `NothingChanged`."""
        role = administer(act, city)
        if unit == self.unit:
            raise NothingChanged(kind=self.label, code=self.code)
        record(self, self.Pointed, act, role, unit=unit)


def alias_code(name: str) -> str:
    """The name as it is filed. Refuses `BadText`."""
    return wording(name, "单位称谓")
