"""示范区 at any moment of the year: no step is refused, and every fact and stage of the two charts is there."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest

from application.demonstration.load import Loaded, load_demonstration
from application.escalations import Escalations
from application.issues import Issues
from application.ports import Receipt
from application.registry.addresses import Addresses
from application.registry.admission_rules import AdmissionRules
from application.registry.desk import RegistryDesk
from application.registry.grid_changes import GridChanges
from application.registry.grid_checks import GroundRules
from application.requests import Requests
from application.services import Services
from application.timers import DueCases, FiringTimers, IssueTimers
from application.whistles import Whistles
from domain.duty_attempt import DutyAttempt
from domain.grid_issue import GridIssue
from domain.registry.admission_policy import OffList
from domain.resident_request import ResidentRequest
from domain.stages import IssueStage, RequestStage
from domain.whistle import Whistle
from infrastructure.calendars import chinese_office_calendar
from infrastructure.event_mapper import event_classes
from infrastructure.registry.surveying import ShapelySurveyor
from infrastructure.registry.view import RegistryView
from tests.fakes import MemoryLog, MemoryLogs

CITY, DISTRICT = "1507", "150785"
FIRST = datetime(2026, 1, 15, tzinfo=UTC)
KINDS = (GridIssue, ResidentRequest, Whistle, DutyAttempt)
TOPICS = {topic for topic in event_classes(KINDS) if not topic.endswith(".created")}


class BrokenOff(Exception):
    """Ends a load."""


Town = MemoryLogs[MemoryLog]


def town() -> Town:
    """The logs of the city and its one district, empty."""
    return MemoryLogs(MemoryLog(CITY), MemoryLog(DISTRICT))


def house(logs: Town) -> Services:
    """What a load needs of the services, in memory."""
    registry = RegistryView(logs.city)
    issues = Issues(logs, registry, chinese_office_calendar(), AdmissionRules(registry, OffList.REFUSE))
    desk = RegistryDesk(logs.city, registry)
    changes = GridChanges(desk, GroundRules(registry, ShapelySurveyor()))
    parts = SimpleNamespace(
        logs=logs, registry=registry, desk=desk, issues=issues, cases=issues.cases,
        requests=Requests(logs, registry, issues), addresses=Addresses(desk),
        grid_work=SimpleNamespace(changes=changes),
        timers=FiringTimers(logs, cast(DueCases, None), IssueTimers(issues)),
        escalations=Escalations(logs, registry),
        whistles=Whistles(logs, registry, issues.calendars),
    )  # fmt: skip
    return cast(Services, parts)


def replayed(log: MemoryLog) -> list[Any]:
    cases: dict[UUID, Any] = {}
    for recorded in log.recorded:
        event: Any = recorded.event
        cases[event.originator_id] = event.mutate(cases.get(event.originator_id))
    return list(cases.values())


def moved(logs: Town) -> Counter[str]:
    """How often what moved."""
    topics = (cast(Any, recorded.event).TOPIC for recorded in logs.named(DISTRICT).recorded)
    return Counter(topic for topic in topics if topic.endswith(".moved"))


@pytest.mark.parametrize("nth", range(6))
def test_whenever_it_is_loaded_every_fact_and_every_stage_occurs(nth: int) -> None:
    logs, now = town(), FIRST + nth * timedelta(days=61, hours=5)
    loaded = asyncio.run(load_demonstration(house(logs), now))
    topics = {cast(Any, recorded.event).TOPIC for recorded in logs.named(DISTRICT).recorded}
    assert topics == TOPICS
    cases = replayed(logs.named(DISTRICT))
    assert {case.stage for case in cases if isinstance(case, GridIssue)} == set(IssueStage)
    assert {case.stage for case in cases if isinstance(case, ResidentRequest)} == set(RequestStage)
    assert loaded.issues + loaded.requests == sum(not isinstance(case, DutyAttempt | Whistle) for case in cases)
    assert moved(logs) == {"issue.moved": 3, "request.moved": 2}


def test_a_larger_district_is_told_without_a_refusal() -> None:
    loaded = asyncio.run(load_demonstration(house(town()), FIRST, scale=4))
    assert loaded.issues > 1_000


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_what_broke_off_goes_on_where_it_was_and_not_again(share: float) -> None:
    logs = town()

    def break_off(done: int, total: int) -> None:
        if done == int(total * share):
            raise BrokenOff

    with pytest.raises(ExceptionGroup):
        asyncio.run(load_demonstration(house(logs), FIRST, scale=0.2, progress=break_off))
    later = FIRST + timedelta(days=3)
    completed = asyncio.run(load_demonstration(house(logs), later, scale=0.2))
    assert completed.entries == 0
    whole = town()
    asyncio.run(load_demonstration(house(whole), FIRST, scale=0.2))
    assert len(logs.named(DISTRICT).recorded) == len(whole.named(DISTRICT).recorded)
    assert asyncio.run(load_demonstration(house(logs), later)) == Loaded()


def test_what_broke_off_while_cases_moved_is_moved_by_the_next_load(monkeypatch: pytest.MonkeyPatch) -> None:
    logs = town()
    save = logs.named(DISTRICT).save

    async def break_off_at_a_request(*cases: Any, **how: Any) -> Receipt:
        if any(event.TOPIC == "request.moved" for case in cases for event in case.pending_events):
            raise BrokenOff
        return await save(*cases, **how)

    with monkeypatch.context() as patched:
        patched.setattr(logs.named(DISTRICT), "save", break_off_at_a_request)
        with pytest.raises(BrokenOff):
            asyncio.run(load_demonstration(house(logs), FIRST, scale=0.1))
    assert moved(logs) == {"issue.moved": 3}
    asyncio.run(load_demonstration(house(logs), FIRST + timedelta(days=3), scale=0.1))
    assert moved(logs) == {"issue.moved": 3, "request.moved": 2}
