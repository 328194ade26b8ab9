"""示范区 at any moment of the year: no step is refused, and every fact and stage of the two charts is there."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest

from application.command import Cases
from application.demonstration.load import Loaded, load_demonstration
from application.issues import DutyPolicy, Issues
from application.registry.desk import RegistryDesk
from application.requests import Requests
from application.services import Services
from domain.case_id import log_of
from domain.grid_issue import GridIssue
from domain.resident_request import ResidentRequest
from domain.stages import IssueStage, RequestStage
from infrastructure.calendars import chinese_office_calendar
from infrastructure.event_mapper import event_classes
from infrastructure.registry.view import RegistryView
from tests.fakes import MemoryLog

FIRST = datetime(2026, 1, 15, tzinfo=UTC)
TOPICS = set(event_classes((GridIssue, ResidentRequest))) - {"issue.created", "request.created"}


class MemoryLogs:
    """The logs of the city and its one district."""

    def __init__(self) -> None:
        self.city, self.district = MemoryLog("1507"), MemoryLog("150785")

    def every(self) -> Sequence[MemoryLog]:
        return self.city, self.district

    def named(self, log_id: str) -> MemoryLog:
        return next(log for log in self.every() if log.log_id == log_id)

    def holding(self, case_id: UUID) -> MemoryLog:
        return self.named(log_of(case_id))

    def at(self, place: str) -> MemoryLog:
        return self.named(place[:6])


def house(logs: MemoryLogs) -> Services:
    """What a load needs of the services, in memory."""
    registry = RegistryView(logs.city)
    issues = Issues(logs, registry, chinese_office_calendar(), DutyPolicy(refuses=True))
    parts = SimpleNamespace(
        logs=logs, registry=registry, desk=RegistryDesk(logs.city, registry), issues=issues, cases=Cases(logs),
        requests=Requests(logs, registry, issues),
    )  # fmt: skip
    return cast(Services, parts)


def replayed(log: MemoryLog) -> list[Any]:
    cases: dict[UUID, Any] = {}
    for recorded in log.recorded:
        event: Any = recorded.event
        cases[event.originator_id] = event.mutate(cases.get(event.originator_id))
    return list(cases.values())


@pytest.mark.parametrize("nth", range(6))
def test_whenever_it_is_loaded_every_fact_and_every_stage_occurs(nth: int) -> None:
    logs, now = MemoryLogs(), FIRST + nth * timedelta(days=61, hours=5)
    loaded = asyncio.run(load_demonstration(house(logs), now))
    topics = {cast(Any, recorded.event).TOPIC for recorded in logs.district.recorded}
    assert topics == TOPICS
    cases = replayed(logs.district)
    assert {case.stage for case in cases if isinstance(case, GridIssue)} == set(IssueStage)
    assert {case.stage for case in cases if isinstance(case, ResidentRequest)} == set(RequestStage)
    assert loaded.issues + loaded.requests == len(cases)


def test_a_larger_district_is_told_without_a_refusal() -> None:
    loaded = asyncio.run(load_demonstration(house(MemoryLogs()), FIRST, scale=4))
    assert loaded.issues > 1_000


def test_what_broke_off_goes_on_where_it_was_and_not_again() -> None:
    logs = MemoryLogs()

    def break_off(done: int, total: int) -> None:
        if done == total // 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(load_demonstration(house(logs), FIRST, scale=0.2, progress=break_off))
    later = FIRST + timedelta(days=3)
    completed = asyncio.run(load_demonstration(house(logs), later, scale=0.2))
    assert completed.entries == 0
    whole = MemoryLogs()
    asyncio.run(load_demonstration(house(whole), FIRST, scale=0.2))
    assert len(logs.district.recorded) == len(whole.district.recorded)
    assert asyncio.run(load_demonstration(house(logs), later)) == Loaded()
