"""时限重算 of all open cases: some at a time, from where it broke off, and what others are at is looked at anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from application.ports import Logs, Receipt
from application.recalculating import Recalculating
from application.registry.calendars_in_force import CalendarsInForce
from application.registry.registry import Registry
from domain.actor import Act, Role, signature
from domain.assignment import Terms
from domain.case_id import new_case_id
from domain.grid_issue import GridIssue
from domain.limit import Limit
from domain.limit_stages import LimitStage
from domain.refusals import NoSuchEntry, OutsideArea, Stale
from domain.registry.calendar import Calendar
from domain.registry.published_year import PublishedYear
from domain.stage_clocks import StageClocksSet
from domain.stage_times import StageClock
from infrastructure.calendar_watch import DAYS_LEFT, RUNNING_OUT, CalendarWatch
from infrastructure.calendars import OFFICE_PERIODS, chinese_office_calendar
from tests.cases import CALENDAR, CATEGORY
from tests.fakes import MemoryLog, MemoryLogs
from tests.hands import DISTRICT
from tests.registry_office import CITY, COUNTY, Office, admin, run
from tests.spec import DISPATCHER, GRID, HANDLER, RECEIVER, ROADS, WORKER, act

BEGUN = datetime(2026, 12, 30, 1, 0, tzinfo=UTC)
NEWS = datetime(2026, 12, 31, 1, 0, tzinfo=UTC)
DUE, DUE_ANEW = datetime(2027, 1, 1, 1, 0, tzinfo=UTC), datetime(2027, 1, 4, 1, 0, tzinfo=UTC)
TERMS = Terms(limit=Limit.of(2, "workday"), edition="2026.1", calendar=CALENDAR)


@dataclass
class Behind:
    """A board that tells all cases of the district, whatever version they are at."""

    cases: list[UUID] = field(default_factory=list)

    async def behind(
        self, log_id: str, calendar: str, version: str, *, after: UUID | None, limit: int
    ) -> Sequence[UUID]:
        known = sorted(self.cases) if log_id == DISTRICT else []
        return [case for case in known if after is None or case > after][:limit]


class Town:
    """Open cases on the calendar "office", of which the registry has 2027 too."""

    def __init__(self, cases: int = 5) -> None:
        self.office = Office()
        self.logs = MemoryLogs(self.office.log, MemoryLog(DISTRICT))
        self.board = Behind()
        in_force = CalendarsInForce(self.office.view, CALENDAR)
        registry = cast(Registry, self.office.view)
        self.recalculating = Recalculating(cast(Logs, self.logs), registry, in_force, self.board)
        calendar = Calendar.open(
            admin(), city=CITY, code="office", name="机关", zone="Asia/Shanghai", periods=OFFICE_PERIODS, weekend=[5, 6]
        )
        for notice in (published(2026), published(2027, date(2027, 1, 1))):
            calendar.publish(admin(), city=CITY, notice=notice)
        run(self.office.desk.register_many([calendar]))
        for nth in range(1, cases + 1):
            self.put(nth)

    @property
    def log(self) -> MemoryLog:
        return self.logs.named(DISTRICT)

    def put(self, nth: int) -> None:
        case = new_case_id(DISTRICT, BEGUN, nth.to_bytes(8, "big"))
        issue = GridIssue.report(act(WORKER, BEGUN), id=case, subject=UUID(int=nth), grid=GRID, grid_edition=1)
        issue.file(act(RECEIVER, BEGUN), category=CATEGORY, edition="2026.1")
        issue.assign(act(DISPATCHER, BEGUN), lead=ROADS, terms=TERMS)
        run(self.log.save(issue))
        self.board.cases.append(case)

    def recalculate(self, by: Act | None = None, calendar: str = "office", **how: Any) -> Any:
        order = by or Act(admin().actor, NEWS, "公布", stated=False)
        return run(self.recalculating.run(order, calendar=calendar, **how))

    def dues(self) -> list[datetime]:
        issues = [run(self.log.load(GridIssue, case)) for case in self.board.cases]
        return [issue.assignment.due for issue in issues if issue.assignment]


def published(year: int, *off: date) -> PublishedYear:
    return PublishedYear.of(year, holidays=off, workdays=[], source="通知")


def test_all_that_is_open_is_due_by_the_new_version_and_again_changes_nothing() -> None:
    town = Town()
    assert town.dues() == [DUE] * 5
    done = town.recalculate()
    assert (done.changed, done.left, done.busy, done.after) == (5, 0, [], None)
    assert town.dues() == [DUE_ANEW] * 5
    again = town.recalculate()
    assert (again.changed, again.left) == (0, 5)


def test_it_goes_on_where_it_broke_off() -> None:
    town = Town()
    done: list[int] = []
    after = None
    for _ in range(10):
        part = town.recalculate(after=after, limit=2)
        done, after = [*done, part.changed], part.after
        if after is None:
            break
    assert done == [2, 2, 1]
    assert town.dues() == [DUE_ANEW] * 5


def test_all_in_one_go_tells_how_far_it_is() -> None:
    town = Town()
    told: list[int] = []
    order = Act(admin().actor, NEWS, "公布", stated=False)
    whole = run(town.recalculating.run_all(order, calendar="office", progress=told.append))
    assert (whole.changed, told) == (5, [5])


def test_what_has_been_resolved_meanwhile_is_left_alone() -> None:
    town = Town(1)
    issue = run(town.log.load(GridIssue, town.board.cases[0]))
    handler = act(HANDLER, BEGUN)
    issue.accept(handler)
    issue.resolve(handler, measure="修复")
    run(town.log.save(issue))
    done = town.recalculate()
    assert (done.changed, done.left) == (0, 1)
    assert town.dues() == [DUE]


def test_a_case_somebody_changes_meanwhile_is_looked_at_anew_and_given_up_in_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    town, tries = Town(1), []
    save = town.log.save

    async def contested(*aggregates: Any, **how: Any) -> Receipt:
        tries.append(1)
        if len(tries) < contested_until:
            raise Stale(expected=3, actual=4)
        return await save(*aggregates, **how)

    contested_until = 2
    monkeypatch.setattr(town.log, "save", contested)
    assert town.recalculate().changed == 1
    monkeypatch.undo()

    town, tries, contested_until = Town(1), [], 99
    monkeypatch.setattr(town.log, "save", contested)
    assert town.recalculate().busy == town.board.cases


def test_only_who_keeps_the_city_recalculates_and_only_a_known_calendar() -> None:
    town = Town(1)
    with pytest.raises(OutsideArea):
        town.recalculate(admin(COUNTY))
    with pytest.raises(NoSuchEntry):
        town.recalculate(calendar="nobody-knows")


def test_a_calendar_that_runs_out_is_warned_of_once_a_day_and_shown_as_a_figure() -> None:
    now = [datetime(2026, 11, 22, 1, tzinfo=UTC)]
    office = Office()
    watch = CalendarWatch(CalendarsInForce(office.view, chinese_office_calendar()), lambda: now[0])
    with capture_logs() as lines:
        for hour in (1, 2, 23):
            now[0] = datetime(2026, 11, 22, hour, tzinfo=UTC)
            run(watch.look())
    known_until = chinese_office_calendar().known_until
    left = (known_until - date(2026, 11, 23)).days
    assert DAYS_LEFT.labels(calendar="cn-office")._value.get() == left
    assert RUNNING_OUT.labels(calendar="cn-office")._value.get() == (left <= 60)
    warned = [line["days_left"] for line in lines if line["event"] == "calendar_running_out"]
    assert warned == ([left + 1, left] if left < 60 else [])


# --- stages with limits of their own -------------------------------------------------------------


def waiting_to_be_accepted() -> tuple[Town, UUID]:
    """A case whose lead has two workdays to accept it too, and a workday to be dispatched that is long over."""
    town = Town(1)
    (case,) = town.board.cases
    issue = run(town.log.load(GridIssue, case))
    clocks = [
        StageClock.started(LimitStage.ACCEPT, Limit.of(2, "workday"), "1", BEGUN, CALENDAR),
        StageClock.started(LimitStage.DISPATCH, Limit.of(2, "workday"), "1", BEGUN - timedelta(days=1), CALENDAR),
    ]
    issue.trigger_event(
        StageClocksSet,
        **signature(act(DISPATCHER, BEGUN), Role.DISPATCHER),
        lead=ROADS,
        rules="limits-1",
        clocks=clocks,
    )
    run(town.log.save(issue))
    return town, case


def clocks_of(town: Town, case: UUID) -> dict[str, StageClock]:
    issue: GridIssue = run(town.log.load(GridIssue, case))
    return issue.stage_times.clocks


def test_a_stage_that_waits_is_due_by_the_new_version_and_one_that_is_over_as_it_was() -> None:
    town, case = waiting_to_be_accepted()
    before = clocks_of(town, case)
    assert town.recalculate().changed == 1
    after = clocks_of(town, case)
    assert (before["accept"].due, after["accept"].due) == (DUE, DUE_ANEW)
    assert after["accept"].calendar_version != before["accept"].calendar_version
    assert after["dispatch"] == before["dispatch"], "it was dispatched"
    assert (town.recalculate().changed, clocks_of(town, case)) == (0, after)


def test_once_accepted_its_time_to_be_accepted_stays_as_it_was() -> None:
    town, case = waiting_to_be_accepted()
    issue = run(town.log.load(GridIssue, case))
    issue.accept(act(HANDLER, BEGUN))
    run(town.log.save(issue))
    assert town.recalculate().changed == 1
    assert clocks_of(town, case)["accept"].due == DUE
