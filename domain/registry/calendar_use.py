"""CalendarUse 日历适用: by which calendar the cases of a unit, or of all units in a place, are measured, from a day on.

What is not said for a unit is asked of its street, its district and the city. A clock that runs keeps its calendar.
"""

from __future__ import annotations

from datetime import date, timedelta

from eventsourcing.domain import Aggregate

from domain.actor import Act, record, signature
from domain.registry.calendar_refusals import InUseBefore
from domain.registry.entry import administer, civil_day, entry_id
from domain.registry.refusals import NothingChanged
from domain.step import Step

UNIT, PLACE = "unit", "place"


def use_code(kind: str, code: str) -> str:
    """Under what the use of a unit ("unit:U150785-CG") or a place ("place:150785") is filed."""
    return f"{kind}:{code}"


class CalendarUse(Aggregate):
    """For one unit or place: `uses`, ascending by the first day; "" hands the question on to the place above."""

    TOPIC = "calendar_use"
    label = "日历适用"

    class Event(Step):
        """Base of the events of `CalendarUse`."""

    class Created(Event, Aggregate.Created):
        """Never recorded; the library wants it named."""

        TOPIC = "calendar_use.created"

    class Begun(Created):
        """适用: the first time something is said for this unit or place."""

        TOPIC = "calendar_use.begun"
        code: str
        place: str
        calendar: str
        since: str

    class Changed(Event):
        """改用 from a later day on; "" gives up what was its own."""

        TOPIC = "calendar_use.changed"
        calendar: str
        since: str

        def apply(self, use: CalendarUse) -> None:
            use.uses = (*use.uses, (self.since, self.calendar))

    uses: tuple[tuple[str, str], ...]

    def __init__(self, *, code: str, place: str, calendar: str, since: str) -> None:
        self.code = self.name = code
        self.place = place
        self.uses = ((since, calendar),)

    def on(self, day: date) -> str:
        """The calendar in use on a day, "" when nothing is said for it."""
        begun = [calendar for since, calendar in self.uses if since <= day.isoformat()]
        return begun[-1] if begun else ""

    @classmethod
    def begin(cls, act: Act, *, code: str, place: str, calendar: str, since: date) -> CalendarUse:
        """适用, from today on at the earliest. Refuses `InUseBefore`: what was decided was decided on another."""
        role = administer(act, place)
        _require_to_come(since, civil_day(act.at))
        return cls._create(
            cls.Begun, id=entry_id(cls.TOPIC, code), timestamp=act.at, **signature(act, role), code=code, place=place,
            calendar=calendar, since=since.isoformat(),
        )  # fmt: skip

    def change(self, act: Act, *, calendar: str, since: date) -> None:
        """改用, after the last change. Refuses `InUseBefore`, `NothingChanged`."""
        role = administer(act, self.place)
        last, known = self.uses[-1]
        if calendar == known:
            raise NothingChanged(kind=self.label, code=self.code)
        _require_to_come(since, max(civil_day(act.at), date.fromisoformat(last) + timedelta(days=1)))
        record(self, self.Changed, act, role, calendar=calendar, since=since.isoformat())


def _require_to_come(since: date, earliest: date) -> None:
    if since < earliest:
        raise InUseBefore(earliest=earliest, day=since)
