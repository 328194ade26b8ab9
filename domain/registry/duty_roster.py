"""DutyRoster 值班表: who of a unit is on duty outside office hours, shift by shift.

Two shifts of one sort are never on at one time; a shift for one day goes before those that come every week, as
long as it lasts. So an instant has one shift or none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, timedelta

from eventsourcing.domain import Aggregate

from domain.actor import Act, Role, record, signature
from domain.registry.entry import administer, chosen, civil_day, entry_id, in_force, local_code, period, wording
from domain.registry.roster_refusals import BadShift, NoSuchShift, ShiftPast, ShiftsOverlap
from domain.registry.shift import DayKind, IsWorkday, Shift, When, wall_time, week_days
from domain.step import Step

MOST_WEEKLY = 1_000
_DAY = timedelta(days=1)


class DutyRoster(Aggregate):
    """The roster of one unit, whose code it has. `shifts` are by number; ended ones stay."""

    TOPIC = "duty_roster"
    label = "值班表"

    class Event(Step):
        """Base of the events of `DutyRoster`."""

    class Created(Event, Aggregate.Created):
        """Never recorded; the library wants it named."""

        TOPIC = "duty_roster.created"

    class Opened(Created):
        """建立 for the unit `code` in `place`."""

        TOPIC = "duty_roster.opened"
        code: str
        name: str
        place: str

    class ShiftSet(Event):
        """排班: on one day, when first and last day are the same and no weekday is named, or week by week."""

        TOPIC = "duty_roster.shift_set"
        shift: int
        member: str
        begins: str
        ends: str
        weekdays: list[int]
        days: str
        first_day: str
        last_day: str | None

        def apply(self, roster: DutyRoster) -> None:
            shift = Shift(
                self.shift, self.member, self.begins, self.ends, tuple(self.weekdays), DayKind(self.days),
                self.first_day, self.last_day,
            )  # fmt: skip
            roster.shifts[self.shift] = shift
            if shift.dated:
                roster.dated[self.first_day] = (*roster.dated.get(self.first_day, ()), self.shift)
            else:
                roster.weekly = (*roster.weekly, self.shift)

    class ShiftWithdrawn(Event):
        """撤班: no more after `last_day`; the day before its first when it is not to be at all."""

        TOPIC = "duty_roster.shift_withdrawn"
        shift: int
        last_day: str

        def apply(self, roster: DutyRoster) -> None:
            roster.shifts[self.shift] = replace(roster.shifts[self.shift], last_day=self.last_day)

    def __init__(self, *, code: str, name: str, place: str) -> None:
        self.code, self.name, self.place = code, name, place
        self.shifts: dict[int, Shift] = {}
        self.dated: dict[str, tuple[int, ...]] = {}
        self.weekly: tuple[int, ...] = ()

    @property
    def unit(self) -> str:
        """The code of the unit whose roster it is."""
        return self.code

    @classmethod
    def open(cls, act: Act, *, unit: str, name: str, place: str) -> DutyRoster:
        """建立. Refuses `BadCode`, `BadText`, `WrongRole`, `OutsideArea`."""
        role = administer(act, place)
        return cls._create(
            cls.Opened,
            id=entry_id(cls.TOPIC, local_code(unit, "单位代码")),
            timestamp=act.at,
            **signature(act, role),
            code=unit,
            name=wording(name, "值班表名称"),
            place=place,
        )

    def on_shift(self, day: date, clock: str, is_workday: IsWorkday) -> Shift | None:
        """The shift in which the wall time "HH:MM" of a day lies."""
        candidates = (*self._of_day(day), *self._of_day(day - _DAY), *(self.shifts[n] for n in self.weekly))
        return next((shift for shift in candidates if shift.covers(day, clock, is_workday)), None)

    def beginning(self, day: date, is_workday: IsWorkday) -> list[Shift]:
        """The shifts that begin on a day, also those that another goes before."""
        weekly = (self.shifts[number] for number in self.weekly)
        return [*self._of_day(day), *(shift for shift in weekly if shift.falls_on(day, is_workday))]

    def standing(self, since: date) -> list[Shift]:
        """The shifts that are still to be on some day from `since` on, by number."""
        return [shift for shift in self.shifts.values() if _reaches(shift, since)]

    def found(self, when: When, on: date) -> Shift | None:
        """The shift of this pattern that is in force on a day, None when there is none."""
        candidates = (self.shifts[number] for number in self.weekly) if when.weekdays else self._of_day(on)
        return next((shift for shift in candidates if shift.when == when and _covers(shift, on)), None)

    def set_shift(
        self, act: Act, *, member: str, begins: str, ends: str, day: date | None = None, weekdays: Collection[int] = (),
        days: str = DayKind.ALL, first_day: date | None = None, last_day: date | None = None,
    ) -> Shift:  # fmt: skip
        """排班: for `day`, or for `weekdays` of a kind from `first_day`, today if none, to `last_day`.

        Refuses `BadShift`, `BadPeriod`, `BadChoice`, and `ShiftsOverlap` with one of the same sort.
        """
        role = administer(act, self.place)
        if (day is None) == (not weekdays) or (day is not None and (first_day or last_day or days != DayKind.ALL)):
            raise BadShift(problem="班次要么给出一个日期，要么给出星期和起止日期")
        first, last = period(day or first_day or civil_day(act.at), day or last_day)
        shift = Shift(
            len(self.shifts) + 1, member, wall_time(begins, "起"), wall_time(ends, "止"),
            week_days(weekdays) if weekdays else (), chosen(DayKind, days, "日子的种类"), first, last,
        )  # fmt: skip
        if not shift.dated and len(self.weekly) >= MOST_WEEKLY:
            raise BadShift(problem=f"每周的班（含已终止的）不得超过 {MOST_WEEKLY} 个，请改用某一天的班")
        for other in self._rivals(shift):
            if shift.may_meet(other):
                raise ShiftsOverlap(
                    shift=shift.told(), member=member, other=other.number, other_shift=other.told(),
                    other_member=other.member,
                )  # fmt: skip
        self._record_set(act, role, shift)
        return shift

    def withdraw_shift(self, act: Act, *, shift: int, last_day: date | None = None) -> None:
        """撤班 after `last_day`, or from today on. Refuses `NoSuchShift`, and `ShiftPast` for days gone by."""
        self._withdraw(act, shift, last_day)

    def pass_shift(self, act: Act, *, shift: int, to: str, since: date | None = None) -> Shift:
        """换班: `to` has the shift from `since`, today if none. Refuses as withdrawing does."""
        known, ended = self._withdraw(act, shift, None if since is None else since - _DAY)
        passed = replace(known, number=len(self.shifts) + 1, member=to, first_day=(ended + _DAY).isoformat())
        self._record_set(act, administer(act, self.place), passed)
        return passed

    def _withdraw(self, act: Act, shift: int, last_day: date | None) -> tuple[Shift, date]:
        role, today = administer(act, self.place), civil_day(act.at)
        known = self.shifts.get(shift)
        if known is None:
            raise NoSuchShift(unit=self.code, shift=shift, day=last_day or today)
        first = date.fromisoformat(known.first_day)
        last = max(first - _DAY, last_day or max(first, today) - _DAY)
        if not _reaches(known, last + _DAY):
            raise NoSuchShift(unit=self.code, shift=shift, day=last)
        if last < today - _DAY:
            raise ShiftPast(shift=shift, day=today - _DAY, earliest=today)
        record(self, self.ShiftWithdrawn, act, role, shift=shift, last_day=last.isoformat())
        return known, last

    def _record_set(self, act: Act, role: Role, shift: Shift) -> None:
        record(
            self, self.ShiftSet, act, role, shift=shift.number, member=shift.member, begins=shift.begins,
            ends=shift.ends, weekdays=list(shift.weekdays), days=shift.days.value, first_day=shift.first_day,
            last_day=shift.last_day,
        )  # fmt: skip

    def _of_day(self, day: date) -> Iterator[Shift]:
        return (self.shifts[number] for number in self.dated.get(day.isoformat(), ()))

    def _rivals(self, shift: Shift) -> Iterator[Shift]:
        """The shifts of the same sort that could be on together with it."""
        if not shift.dated:
            yield from (self.shifts[number] for number in self.weekly if _happens(self.shifts[number]))
            return
        day = date.fromisoformat(shift.first_day)
        for near in (day - _DAY, day, day + _DAY):
            yield from (other for other in self._of_day(near) if _happens(other))


def _happens(shift: Shift) -> bool:
    """Whether it was not called off before its first day."""
    return shift.last_day is None or shift.first_day <= shift.last_day


def _covers(shift: Shift, day: date) -> bool:
    return in_force(day, shift.first_day, shift.last_day)


def _reaches(shift: Shift, day: date) -> bool:
    return _happens(shift) and (shift.last_day is None or day.isoformat() <= shift.last_day)
