"""重编号 of one grid, and 移格: what is open there goes on under the new code, what was closed stays with the old."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from application.command import deed
from application.demonstration.calls import begin, finish, open_issue, receive
from application.demonstration.catalogue import MATTERS
from application.demonstration.dice import dice
from application.demonstration.handling import dispatch, file, handle, judge, report
from application.demonstration.patrol import passed_up, solved_on_spot
from application.demonstration.places import RENUMBERED, GridPlace
from application.demonstration.play import Tale
from application.demonstration.story import Step, Story
from application.demonstration.units_and_staff import ADMIN
from application.moving_cases import MovingCases
from application.moving_plan import CaseKind, OpenCase
from application.registry.grid_checks import EVERY
from application.services import Services
from domain.registry.address import Address
from domain.registry.entry import CIVIL_TIME, civil_day, entry_id
from domain.registry.grid import Grid
from domain.workdays import WorkCalendar

NEW = replace(RENUMBERED, code=f"{RENUMBERED.community}004")
"""The same ground under its new code."""
_DAYS_BEFORE_THE_END = timedelta(days=6)
_ORDERED_BEFORE = timedelta(days=10)
_REASON = "编码核对发现与历史档案重号，改编新号"


def first_day(end: datetime) -> date:
    """The first day of the new code."""
    return civil_day(end) - _DAYS_BEFORE_THE_END


def moved_at(end: datetime) -> datetime:
    """When the open cases are moved: in the morning of the first day."""
    return datetime.combine(first_day(end), time(8, 30), CIVIL_TIME)


async def renumber(services: Services, end: datetime) -> int:
    """Order the renumbering, once; its worker follows. How many entries that added."""
    if services.registry.holds(entry_id(Grid.TOPIC, NEW.code)):
        return 0
    act = deed(services.registry.actor(ADMIN), now=moved_at(end) - _ORDERED_BEFORE, reason=_REASON)
    await services.grid_work.changes.renumber(
        act, code=RENUMBERED.code, new_code=NEW.code, last_day=first_day(end) - timedelta(days=1)
    )
    return 1


async def move(services: Services, tales: Sequence[Tale], end: datetime) -> None:
    """移格, and the addresses located anew. To be done when all that happens before has happened; safe to repeat."""
    act = deed(services.registry.actor(ADMIN), now=moved_at(end), reason=_REASON)
    await MovingCases(services.logs, services.registry, _Begun(tales)).run(act, code=RENUMBERED.code)
    for address in services.registry.entries(Address, lambda one: one.grid == RENUMBERED.code, limit=EVERY):
        east, north = address.longitude, address.latitude
        await services.addresses.relocate(act, code=address.code, longitude=east, latitude=north)


def stories(end: datetime, calendar: WorkCalendar) -> list[list[Step]]:
    """The steps of each up to `end`: when all moves, two are long closed and four open, one overdue. One is later."""
    moved = moved_at(end)
    eve, two_days_before = moved - timedelta(hours=16), moved - timedelta(hours=50)
    long_before = moved - timedelta(days=13, hours=22)

    def called_on_the_eve(story: Story) -> None:
        receive(story, "request", exact=True)
        story.place, story.at = NEW, moved
        story.wait(30, 150)
        open_issue(story)
        _handled(story)

    tellings: list[tuple[Callable[[Story], None], datetime, GridPlace, str]] = [
        (solved_on_spot, long_before, RENUMBERED, "matter-06010"),
        (passed_up, long_before, RENUMBERED, "matter-06042"),
        (_overdue_when_it_moves, two_days_before, RENUMBERED, "asset-01037"),
        (passed_up, eve, RENUMBERED, "matter-06013-2"),
        (_called_before, eve, RENUMBERED, "asset-04002-2"),
        (called_on_the_eve, eve, RENUMBERED, "matter-10998"),
        (passed_up, moved + timedelta(hours=1), NEW, "matter-06012"),
    ]
    told = []
    for nth, (tell, at, place, code) in enumerate(tellings):
        (matter,) = (matter for matter in MATTERS if matter.code == code)
        story = Story(dice("renumbering", nth), at, 0, calendar, place, matter)
        tell(story)
        told.append([step for step in story.steps if step.at <= end])
    return told


def _overdue_when_it_moves(story: Story) -> None:
    """Its limit of a day ends before, so it counts in the old grid."""
    report(story)
    file(story)
    dispatch(story)
    handle(story, 2.4)
    judge(story)


def _called_before(story: Story) -> None:
    begin(story, exact=True)
    _handled(story)


def _handled(story: Story) -> None:
    file(story)
    dispatch(story)
    handle(story)
    finish(story)


class _Begun:
    """All cases begun so far in the grid, whatever the boards show yet. Their points tell no more: one grid follows."""

    def __init__(self, tales: Sequence[Tale]) -> None:
        self._ids = sorted((id, case) for tale in tales for case, id in tale.ids.items())

    async def issues(self, grid: str, *, but_edition: int | None, after: UUID | None, limit: int) -> Sequence[OpenCase]:
        return self._page("issue", after, limit)

    async def requests(self, grid: str, *, after: UUID | None, limit: int) -> Sequence[OpenCase]:
        return self._page("request", after, limit)

    def _page(self, kind: CaseKind, after: UUID | None, limit: int) -> list[OpenCase]:
        ids = [id for id, case in self._ids if case.startswith(kind) and (after is None or id > after)]
        return [OpenCase(kind, id, None, None) for id in ids[:limit]]
