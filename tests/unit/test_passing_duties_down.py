"""职责准入 at dispatch: lead and assists are asked for their lists that day; every attempt past them is on record."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

import pytest

from application.command import Command
from application.issues import Issues
from application.ports import Logs, Receipt, RequestKey
from application.requests import Requests
from domain.actor import Act, Actor, Role
from domain.duty_attempt import DutyAttempt
from domain.grid_issue import GridIssue
from domain.refusals import Busy, NotAdmitted, WrongRole, WrongStage
from domain.registry.admission_policy import AdmissionRule, OffList
from domain.stages import IssueStage
from domain.vocabulary import Channel, RequestKind
from tests.cases import CALENDAR
from tests.duty_office import APRIL, DAY, DUTY, HEDONG, HEDONG_COMMUNITY, HEXI, PARKS, approve, city, request
from tests.fakes import MemoryLog
from tests.registry_office import CITY, COMMUNITY, COUNTY, FIRST, GRID, NINE, Office, admin, run, square

DISPATCHER = Actor("dispatcher-1", frozenset({Role.DISPATCHER, Role.RECEIVER}), "centre", (COUNTY,))
RECEIVER = Actor("receiver-1", frozenset({Role.RECEIVER}), "centre", (COUNTY,))


class TwoLogs:
    """The city's log and its district's."""

    def __init__(self, city_log: MemoryLog, district: MemoryLog) -> None:
        self.city, self.district = city_log, district

    def holding(self, _case: UUID) -> MemoryLog:
        return self.district

    def at(self, _place: str) -> MemoryLog:
        return self.district


class Street:
    """A city, its cases, and words to pass them on."""

    def __init__(self, district: MemoryLog | None = None) -> None:
        self.office = city().with_grid(GRID, square(121.5, 50.7))
        self.log = district or MemoryLog(COUNTY)
        logs = cast(Logs, TwoLogs(self.office.log, self.log))
        self.issues = Issues(logs, self.office.view, CALENDAR, self.office.rules)
        self.requests = Requests(logs, self.office.view, self.issues)

    def filed(self) -> UUID:
        """An issue that waits for its dispatch."""
        asked = self.issues.report(_order(), text="绿地脏乱", grid=GRID, category=DUTY, channel=Channel.HOTLINE)
        issue = run(asked).id
        run(self.issues.file(issue, _order(), category=None))
        return issue

    def assign(
        self, issue: UUID, lead: str, *, key: str = "", days: int = 0, by: Actor = DISPATCHER, **others: Any
    ) -> Receipt:
        order = _order(days, by, RequestKey(f"{by.id} {key}", "hash") if key else None)
        return run(self.issues.assign(issue, order, lead=lead, **others))

    def attempts(self) -> list[Any]:
        """What is on record of refused attempts."""
        return [one.event for one in self.log.recorded if isinstance(one.event, DutyAttempt.Refused)]


def _order(days: int = 0, by: Actor = DISPATCHER, key: RequestKey | None = None) -> Command:
    return Command(Act(by, NINE + timedelta(days=days), "三单元居民来电反映"), key=key)


def flags(office: Office, community: OffList = OffList.FLAG) -> None:
    """From now on what is off a street's list is let through with a flag."""
    rule = AdmissionRule("2026.1", FIRST.isoformat(), OffList.FLAG, community)
    run(office.admission_policies.adopt(admin(), code=CITY, name="办法", rule=rule))


def admit(office: Office, unit: str, since: date = FIRST) -> None:
    run(office.units.admit_duty(admin(), code=unit, category=DUTY, since=since))


def test_a_department_leads_and_a_listed_street_assists() -> None:
    street = Street()
    admit(street.office, HEDONG)
    street.assign(street.filed(), PARKS, assists=[HEDONG], copies=[HEXI])
    assert street.attempts() == []


@pytest.mark.parametrize(
    ("units", "named"),
    [
        ({"lead": HEDONG}, [HEDONG]),
        ({"lead": PARKS, "assists": [HEDONG_COMMUNITY]}, [HEDONG_COMMUNITY]),
        ({"lead": HEDONG, "assists": [HEXI, HEDONG, HEXI]}, [HEDONG, HEXI]),
    ],
)
def test_neither_leading_nor_assisting_gets_around_the_list(units: dict[str, Any], named: list[str]) -> None:
    street = Street()
    issue = street.filed()
    with pytest.raises(NotAdmitted) as refusal:
        street.assign(issue, **units)
    assert refusal.value.facts["unit"] == named
    assert all(unit in refusal.value.detail() for unit in named)
    (attempt,) = street.attempts()
    assert (attempt.case, attempt.grid, attempt.category, attempt.units) == (issue, GRID, DUTY, named)
    assert (attempt.by, attempt.of_unit, attempt.role) == ("dispatcher-1", "centre", "dispatcher")
    assert run(street.log.load(GridIssue, issue)).stage is IssueStage.FILED


def test_a_copy_only_informs_and_is_not_asked_for_its_list() -> None:
    street = Street()
    street.assign(street.filed(), PARKS, copies=[HEDONG, HEDONG_COMMUNITY])
    assert street.attempts() == []


def test_the_list_of_the_day_of_the_assignment_counts() -> None:
    street = Street()
    request(street.office, units=[HEDONG])
    approve(street.office)
    first, second, third = street.filed(), street.filed(), street.filed()
    began = (APRIL - NINE.date()).days
    with pytest.raises(NotAdmitted):
        street.assign(first, HEDONG, days=began - 1)
    street.assign(second, HEDONG, days=began)
    run(street.office.units.revoke_duty(admin(), code=HEDONG, category=DUTY, last_day=APRIL + DAY))
    street.assign(first, HEDONG, days=began + 1)
    with pytest.raises(NotAdmitted):
        street.assign(third, HEDONG, days=began + 2)
    assert run(street.log.load(GridIssue, second)).lead == HEDONG


def test_where_policy_flags_the_assignment_goes_on_and_names_the_units() -> None:
    street = Street()
    flags(street.office)
    admit(street.office, HEDONG)
    issue = street.filed()
    street.assign(issue, HEDONG, assists=[HEXI, HEDONG_COMMUNITY])
    (assigned,) = (one.event for one in street.log.recorded if isinstance(one.event, GridIssue.Assigned))
    assert (assigned.off_list, assigned.off_list_units) == (True, [HEXI, HEDONG_COMMUNITY])
    assert street.attempts() == []


def test_one_refusing_policy_refuses_the_whole_and_cites_its_edition() -> None:
    street = Street()
    flags(street.office, community=OffList.REFUSE)
    with pytest.raises(NotAdmitted) as refusal:
        street.assign(street.filed(), HEDONG, assists=[HEDONG_COMMUNITY])
    assert refusal.value.facts["unit"] == [HEDONG_COMMUNITY]
    assert [attempt.edition for attempt in street.attempts()] == ["2026.1"]


def test_a_retry_under_its_key_is_no_second_attempt_and_never_a_success() -> None:
    street = Street()
    issue = street.filed()
    for _ in range(3):
        with pytest.raises(NotAdmitted):
            street.assign(issue, HEDONG, key="once")
    assert len(street.attempts()) == 1
    with pytest.raises(NotAdmitted):
        street.assign(issue, HEDONG, key="twice")
    assert len(street.attempts()) == 2
    admit(street.office, HEDONG)
    street.assign(issue, HEDONG, key="once")


def test_what_would_not_have_been_assigned_anyway_is_no_attempt() -> None:
    street = Street()
    issue = street.filed()
    with pytest.raises(WrongRole):
        street.assign(issue, HEDONG, by=RECEIVER)
    street.assign(issue, PARKS)
    with pytest.raises(WrongStage):
        street.assign(issue, HEDONG)
    assert street.attempts() == []


def test_a_request_dispatched_in_one_go_is_asked_the_same() -> None:
    street = Street()
    received = run(
        street.requests.receive(
            _order(), details={"text": "绿地脏乱"}, kind=RequestKind.HELP, channel=Channel.HOTLINE, place=GRID
        )
    ).id
    before = len(street.log.recorded)
    with pytest.raises(NotAdmitted):
        run(street.requests.dispatch(received, _order(), grid=None, category=DUTY, lead=PARKS, assists=[HEXI]))
    (attempt,) = street.attempts()
    assert (attempt.case, attempt.units, attempt.grid[:12]) == (received, [HEXI], COMMUNITY)
    assert len(street.log.recorded) == before + 1


def test_an_attempt_tells_posts_and_places_and_nobodys_words() -> None:
    street = Street()
    with pytest.raises(NotAdmitted):
        street.assign(street.filed(), HEDONG)
    (attempt,) = street.attempts()
    assert attempt.reason == ""
    assert "居民" not in str(vars(attempt))


class Full(MemoryLog):
    """Takes no attempts."""

    async def save(self, *aggregates: Any, **how: Any) -> Receipt:
        if isinstance(aggregates[0], DutyAttempt):
            raise Busy(seconds=1)
        return await super().save(*aggregates, **how)


def test_an_attempt_that_cannot_be_recorded_is_refused_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    street = Street(Full(COUNTY))
    with caplog.at_level(logging.WARNING), pytest.raises(NotAdmitted):
        street.assign(street.filed(), HEDONG)
    assert "duty_attempt_not_recorded" in caplog.text
