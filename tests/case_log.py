"""A long log for tests of projections: lives of cases by the hundred, interleaved, written straight into `event`."""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import psycopg

from domain import issue_ties
from domain.case_id import new_case_id
from domain.duty_attempt import DutyAttempt
from domain.grid_issue import GridIssue
from domain.resident_request import ResidentRequest
from domain.whistle import Whistle
from infrastructure.event_mapper import EventMapper
from tests import town

BEGAN = datetime(2026, 1, 5, 1, tzinfo=UTC)
MAPPER = EventMapper((GridIssue, ResidentRequest, Whistle, DutyAttempt))
GRIDS = (town.GRID, town.NEXT_GRID, town.OTHER_GRID)
UNITS = (town.ROADS, town.WATER, town.STREET_OFFICE)
COLUMNS = "log_id, position, stream_id, version, event_id, request_id, topic, schema_version, state, actor_ref, "
COPY = f"COPY event ({COLUMNS}correlation_id, recorded_at, leaf_hash) FROM STDIN"
Step = tuple[datetime, int, Any]


class Telling:
    """One city's cases, the same for the same seed."""

    def __init__(self, seed: int = 7) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - nothing secret hangs on it
        self.versions: dict[UUID, int] = {}
        self.nth = 0

    def events(self, cases: int, open_at_once: int = 2_000) -> Iterator[Any]:
        """The events of `cases` cases in the order they happened, each with its stream's next version."""
        waiting: list[Step] = []
        for case in range(cases):
            at = BEGAN + timedelta(minutes=case)
            for when, kind, facts in self._case(at, timedelta(minutes=open_at_once)):
                self.nth += 1
                heapq.heappush(waiting, (when, self.nth, (kind, facts)))
            while waiting and waiting[0][0] <= at:
                yield self._next(waiting)
        while waiting:
            yield self._next(waiting)

    def _case(self, at: datetime, spread: timedelta) -> Iterator[tuple[datetime, type[Any], dict[str, Any]]]:
        """A request, the issue it opens, and what becomes of both."""
        i, r = GridIssue, ResidentRequest
        issue, request = self._id(at), self._id(at)
        grid, unit = self.dice.choice(GRIDS), self.dice.choice(UNITS)
        point = {"longitude": 121.5 + self.dice.random() / 100, "latitude": 50.785}
        moments = sorted(at + self.dice.random() * spread for _ in range(14))
        yield at, r.Received, {
            "id": request, "subject": self._id(at), "kind": "help", "channel": "hotline", "place": grid,
            "place_id": None, "place_version": None,
            "category": town.LAMPS, "complained_about": "", "confidential": False, "source": "", "external_id": "",
            **point,
        }  # fmt: skip
        yield at, i.Reported, {
            "id": issue, "grid": grid, "grid_edition": 1, "category": town.LAMPS, "channel": "hotline",
            "urgency": "normal", "subject": self._id(at), **point,
        }  # fmt: skip
        yield at, issue_ties.RequestAttached, {"id": issue, "request": request, "complained_about": ""}
        yield at, r.Attached, {"id": request, "issue": issue}
        yield moments[0], i.Filed, {"id": issue, "category": town.LAMPS, "edition": "2015.1"}
        clock = {
            "lead": unit, "limit_amount": 2, "limit_unit": "workday", "calendar": "office", "calendar_version": "2026",
            "provisional": False, "edition": "2015.1", "clock_start": moments[1], "due": moments[1] + spread,
            "case_due": moments[1] + spread,
        }  # fmt: skip
        yield moments[1], i.Assigned, {
            "id": issue, "copies": [town.WATER], "assists": [], "nth": 1, "again": False, "off_list": False,
            "off_list_units": [], "basis": "person", "rules": "", "rule": "", **clock,
        }  # fmt: skip
        yield moments[2], i.Accepted, {"id": issue}
        if self.dice.random() < 0.2:
            yield moments[3], i.ReturnAsked, {"id": issue, "code": "not_ours"}
            yield moments[4], i.ReturnRefused, {"id": issue, "back_to": "accepted", **clock}
        yield moments[5], r.RequesterContacted, {"id": request, "reached": self.dice.random() < 0.9}
        yield moments[6], i.Resolved, {
            "id": issue, "measure": "更换灯泡", "evidence": ["photo-1"], "level": "street", "overdue": False,
        }  # fmt: skip
        yield moments[7], r.FedBack, {"id": request}
        yield moments[8], i.Checked, {"id": issue, "passed": True, "evidence": []}
        yield moments[9], i.Closed, {"id": issue}
        yield moments[10], r.CalledBack, {
            "id": request, "valid": True, "contacted": True, "solved": "solved", "satisfaction": "satisfied",
            "due": moments[1] + spread,
        }  # fmt: skip
        yield moments[11], r.Closed, {"id": request}

    def whistle(self, at: datetime) -> Iterator[Any]:
        """A whistle from its call to the last rating; one came late, one not at all."""
        whistle, minute = self._id(at), timedelta(minutes=1)
        for minutes, kind, facts in (
            (0, Whistle.Blown, {
                "issue": self._id(at), "grid": town.GRID, "caller": town.STREET_OFFICE, "occasion": "emergency",
                "called": list(UNITS[:2]), "limit_amount": 30, "limit_unit": "minute", "calendar": "office",
                "calendar_version": "2026", "provisional": False, "clock_start": at, "due": at + 30 * minute,
            }),
            (40, Whistle.Arrived, {"unit": UNITS[0], "arrived_at": at + 40 * minute, "late": True}),
            (60, Whistle.Ended, {"measure": "围挡抢修", "absent": [UNITS[1]], "spared": []}),
            (70, Whistle.UnitRated, {"unit": UNITS[0], "stars": 3, "remarks": ["tardy"]}),
            (80, Whistle.UnitRated, {"unit": UNITS[1], "stars": 1, "remarks": []}),
            (90, Whistle.Rated, {"unit": UNITS[0], "justified": True}),
        ):  # fmt: skip
            yield self.event(at + minutes * minute, kind, {"id": whistle, **facts})

    def _next(self, waiting: list[Step]) -> Any:
        at, _, (kind, facts) = heapq.heappop(waiting)
        return self.event(at, kind, facts)

    def event(self, at: datetime, kind: type[Any], facts: dict[str, Any]) -> Any:
        """The next event of stream `facts["id"]`."""
        stream = facts.pop("id")
        self.versions[stream] = version = self.versions.get(stream, 0) + 1
        begins = {"originator_topic": kind.TOPIC.partition(".")[0]} if version == 1 else {}
        if "sealed" in vars(kind).get("__annotations__", {}):
            facts.setdefault("sealed", {})
        if "attachments" in vars(kind).get("__annotations__", {}):
            facts.setdefault("attachments", [])
        who = {"by": "worker", "role": "worker", "of_unit": town.ROADS, "reason": ""}
        return kind(originator_id=stream, originator_version=version, timestamp=at, **begins, **who, **facts)

    def _id(self, at: datetime) -> UUID:
        return new_case_id(town.DISTRICT, at, self.dice.randbytes(8))


def write(url: str, events: Iterator[Any], log_id: str = town.DISTRICT, chunk: int = 5_000) -> int:
    """Add `events` to the log at its next positions; the last position."""
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO log (log_id) VALUES (%s) ON CONFLICT DO NOTHING", (log_id,))
        found = connection.execute("SELECT coalesce(max(position), 0) FROM event WHERE log_id = %s", (log_id,))
        row = found.fetchone()
        position = int(row[0]) if row else 0
        while some := list(islice(events, chunk)):
            with connection.cursor() as cursor, cursor.copy(COPY.encode()) as copy:
                for event in some:
                    position += 1
                    copy.write_row(_row(log_id, position, event))
            connection.commit()
    return position


def _row(log_id: str, position: int, event: Any) -> tuple[Any, ...]:
    topic, schema_version, state = MAPPER.encode(event)
    unused = UUID(int=position)
    return (
        log_id, position, event.originator_id, event.originator_version, unused, unused, topic, schema_version, state,
        "", unused, datetime.now(UTC), b"",
    )  # fmt: skip
