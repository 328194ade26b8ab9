"""A projection written for the event library runs through our runner unchanged, each event once."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from eventsourcing.dispatch import singledispatchmethod
from eventsourcing.persistence import Tracking
from eventsourcing.popo import POPOTrackingRecorder
from eventsourcing.projection import Projection

from domain import issue_events
from domain.grid_issue import GridIssue
from domain.resident_request import ResidentRequest
from infrastructure.event_mapper import EventMapper
from infrastructure.projections import advancing
from infrastructure.projections.projector import Projector
from infrastructure.projections.read_model import Place
from infrastructure.projections.stock import StockProjection
from tests import case_log, town
from tests.projecting import ask, with_projector


class Counts(POPOTrackingRecorder):
    """How many events there were of each kind; remembered and tracked in one step."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()

    def count(self, kind: str, tracking: Tracking) -> None:
        with self._database_lock:
            self._assert_tracking_uniqueness(tracking)
            self._insert_tracking(tracking)
            self.counts[kind] += 1


class Counting(Projection[Counts]):
    topics = (issue_events.Reported.TOPIC, issue_events.Closed.TOPIC)

    @singledispatchmethod
    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        raise AssertionError(type(domain_event))

    @process_event.register
    def reported(self, domain_event: issue_events.Reported, tracking: Tracking) -> None:
        self.view.count("reported", tracking)

    @process_event.register
    def closed(self, domain_event: issue_events.Closed, tracking: Tracking) -> None:
        self.view.count("closed", tracking)


def test_it_runs_unchanged_and_counts_each_event_once(database_url: str) -> None:
    newest = case_log.write(database_url, case_log.Telling().events(12))
    views: dict[Place, Counts] = {}

    def make(place: Place) -> Counting:
        return Counting(views.setdefault(place, Counts()))

    stock = StockProjection("counting", make, EventMapper((GridIssue, ResidentRequest)))

    async def story(one: Projector) -> None:
        await one.catch_up()
        # Our position is lost, its tracking is not: what it has seen it is not told again.
        ask(database_url, "UPDATE projection_progress SET position = 3")
        await one.catch_up()
        await one.rebuild()
        assert await one.position(town.DISTRICT, "counting") == newest

    with_projector(database_url, story, models=[stock], batch=10)
    assert [view.counts for view in views.values()] == [{"reported": 12, "closed": 12}] * 2


def test_an_event_it_cannot_take_stops_it_for_it_takes_none_out_of_order(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(advancing, "FIRST_PAUSE_SECONDS", 0.001)
    case_log.write(database_url, case_log.Telling().events(3))
    ((position,),) = ask(database_url, "SELECT max(position) FROM event WHERE topic = 'issue.closed'")
    monkeypatch.setattr(Counting, "topics", (*Counting.topics, "issue.accepted"))
    ((accepted,),) = ask(database_url, "SELECT min(position) FROM event WHERE topic = 'issue.accepted'")
    stock = StockProjection("counting", lambda _: Counting(Counts()), EventMapper((GridIssue, ResidentRequest)))

    async def story(one: Projector) -> None:
        with pytest.raises(AssertionError):
            await one.catch_up()
        assert await one.position(town.DISTRICT, "counting") == accepted - 1 < position
        assert await one.letters.shown() == []

    with_projector(database_url, story, models=[stock])
