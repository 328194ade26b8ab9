"""ContactAssignment 包联: which leader holds a community, from a day to a day.

A community has one leader at a time; a leader may hold several communities. Escalation asks here.
"""

from __future__ import annotations

from datetime import date, timedelta

from eventsourcing.domain import Aggregate

from domain.actor import Act, record, signature
from domain.place import Level, division_code, level_of
from domain.refusals import BadCode
from domain.registry.entry import administer, entry_id, in_force, period, wording
from domain.registry.refusals import BadPeriod
from domain.registry.staff import Staff
from domain.registry.staff_refusals import ContactTaken, NoContact, NotInHand
from domain.step import Step

Held = tuple[str, str, str | None]
"""A leader, the first and the last day, None while no end is known."""


class ContactAssignment(Aggregate):
    """Who has held one community, by period. `code` is the community's, `name` its name when first assigned."""

    TOPIC = "contact_assignment"
    label = "包联"

    class Event(Step):
        """Base of the events of `ContactAssignment`."""

    class Created(Event, Aggregate.Created):
        """Never recorded; the library wants it named."""

        TOPIC = "contact_assignment.created"

    class Assigned(Created):
        """确定包联, the community's first."""

        TOPIC = "contact_assignment.assigned"
        code: str
        name: str
        leader: str
        since: str
        until: str | None

    class PassedOn(Event):
        """包联调整: `leader` from `since` on; who held it before does so up to the day before."""

        TOPIC = "contact_assignment.passed_on"
        leader: str
        since: str
        until: str | None

        def apply(self, contact: ContactAssignment) -> None:
            eve = (date.fromisoformat(self.since) - timedelta(days=1)).isoformat()
            before = [
                (leader, first, eve if last is None else min(last, eve))
                for leader, first, last in contact.held
                if first < self.since
            ]
            contact.held = (*before, (self.leader, self.since, self.until))

    class Ended(Event):
        """包联终止 after `last_day`."""

        TOPIC = "contact_assignment.ended"
        last_day: str

        def apply(self, contact: ContactAssignment) -> None:
            *before, (leader, first, _) = contact.held
            contact.held = (*before, (leader, first, self.last_day))

    def __init__(self, *, code: str, name: str, leader: str, since: str, until: str | None) -> None:
        self.code, self.name = code, name
        self.held: tuple[Held, ...] = ((leader, since, until),)

    @property
    def community(self) -> str:
        """The code of the community."""
        return self.code

    def leader(self, on: date) -> str | None:
        """Who holds the community on a day."""
        return next((leader for leader, first, last in self.held if in_force(on, first, last)), None)

    def ends_with(self, staff: str, since: date) -> bool:
        """Whether the member is the last who is known to hold it, on some day from `since` on."""
        leader, _, last = self.held[-1]
        return leader == staff and (last is None or since.isoformat() <= last)

    @classmethod
    def assign(
        cls, act: Act, *, community: str, name: str, leader: Staff, since: date, until: date | None = None
    ) -> ContactAssignment:
        """确定包联. Refuses `BadCode` for what is no community, `NotInHand`, `BadPeriod`, `OutsideArea`."""
        role = administer(act, division_code(community))
        if level_of(community) is not Level.COMMUNITY:
            raise BadCode(code=community, kind="社区代码", rule="应为 12 位数字，是社区（村）的区划代码")
        _require_fit(leader, community)
        first, last = period(since, until)
        return cls._create(
            cls.Assigned,
            id=entry_id(cls.TOPIC, community),
            timestamp=act.at,
            **signature(act, role),
            code=community,
            name=wording(name, "社区名称"),
            leader=leader.code,
            since=first,
            until=last,
        )

    def pass_on(self, act: Act, *, leader: Staff, since: date, until: date | None = None) -> None:
        """包联调整 from `since` on. Refuses `NotInHand`, `BadPeriod`, and `ContactTaken` before the last one began.

        Also refused to whom holds it already without an end.
        """
        role = administer(act, self.code)
        _require_fit(leader, self.code)
        first, last = period(since, until)
        known, begun, ends = self.held[-1]
        if first < begun or (known == leader.code and ends is None):
            raise ContactTaken(community=self.code, first=begun, leader=known)
        record(self, self.PassedOn, act, role, leader=leader.code, since=first, until=last)

    def end(self, act: Act, *, last_day: date) -> None:
        """包联终止 after `last_day`. Refuses `NoContact`, `BadPeriod`."""
        role = administer(act, self.code)
        _, first, last = self.held[-1]
        if last is not None and last <= last_day.isoformat():
            raise NoContact(community=self.code, day=last_day)
        if last_day.isoformat() < first:
            raise BadPeriod(first=first, last=last_day)
        record(self, self.Ended, act, role, last_day=last_day.isoformat())


def _require_fit(leader: Staff, community: str) -> None:
    """Who escalates to a leader must find somebody who is there and may look."""
    lacking = f"已于 {leader.left_on} 离岗" if leader.left_on is not None else "管辖范围不含该社区"
    if leader.left_on is not None or not leader.covers(community):
        raise NotInHand(staff=leader.code, community=community, lacking=lacking)
