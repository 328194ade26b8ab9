"""Numbers of another city's reports: the city's own column says which were on time, so nobody here has to count it."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.case_id import new_case_id
from domain.grid_issue import GridIssue
from tests import case_log, numbers_town, town
from tests.case_log import Telling
from tests.numbers_town import asked_by, facts_apart, numbers_apart, replay
from tests.statistics_oracle.asked import Asked
from tests.statistics_oracle.told import Told

LATE, HANDED_OVER = "OVERDUE", timedelta(seconds=1)
END = datetime(2018, 1, 1, tzinfo=UTC)
YEARS = Asked(datetime(2013, 1, 1, tzinfo=UTC), END, END, cut="month")
QUEUES = (town.ROADS, town.WATER, town.STREET_OFFICE)


@dataclass
class Boston:
    """A log with the reports that had a promised instant; `on_time` and `late` as the city judged them, by unit."""

    url: str
    events: list[Told] = field(default_factory=list)
    on_time: Counter[str] = field(default_factory=Counter)
    late: Counter[str] = field(default_factory=Counter)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def told(row: dict[str, str], telling: Telling, nth: int) -> Iterator[tuple[datetime, type[Any], dict[str, Any]]]:
    """The life of one report: filed and assigned as it came in, due when the city promised, closed when it was."""
    at, due = instant(row["open_dt"]), instant(row["sla_target_dt"])
    issue, unit = new_case_id(town.DISTRICT, at, nth.to_bytes(8, "big")), QUEUES[int(row["ward"][-1:]) % 3]
    grid = case_log.GRIDS[nth % 3]
    channel = "hotline" if row["source"] == "Constituent Call" else "web"
    yield at, GridIssue.Reported, {
        "id": issue, "grid": grid, "grid_edition": 1, "category": "", "channel": channel, "urgency": "normal",
        "subject": UUID(int=nth + 1), "longitude": None, "latitude": None,
    }  # fmt: skip
    yield at, GridIssue.Filed, {"id": issue, "category": town.RUBBISH, "edition": "2013"}
    clock = {
        "lead": unit, "limit_amount": 1, "limit_unit": "workday", "calendar": "boston", "calendar_version": "1",
        "provisional": False, "edition": "2013", "clock_start": at, "due": due, "case_due": due,
    }  # fmt: skip
    yield at, GridIssue.Assigned, {
        "id": issue, "copies": [], "assists": [], "nth": 1, "again": False, "off_list": False, "off_list_units": [],
        "basis": "person", "rules": "", "rule": "", **clock,
    }  # fmt: skip
    if row["closed_dt"]:
        done = instant(row["closed_dt"])
        yield min(at + HANDED_OVER, done), GridIssue.Accepted, {"id": issue}
        yield done, GridIssue.Resolved, {
            "id": issue, "measure": "已处置", "evidence": [], "level": "street", "overdue": done > due,
        }  # fmt: skip
        yield done, GridIssue.Checked, {"id": issue, "passed": True, "evidence": []}
        yield done, GridIssue.Closed, {"id": issue}


@pytest.fixture(scope="module")
def boston(module_database_url: str, shared_data: Path) -> Boston:
    city, telling = Boston(module_database_url), Telling()
    with gzip.open(shared_data / "boston311_animals.csv.gz", "rt", encoding="utf-8") as file:
        rows = (row for row in csv.DictReader(file) if row["sla_target_dt"] and row["ward"][-1:].isdigit())
        early = (row for row in rows if row["sla_target_dt"] < END.isoformat(" "))
        usual = [row for row in early if not row["closed_dt"] or row["closed_dt"] >= row["open_dt"]]
    steps: list[tuple[datetime, int, int, type[Any], dict[str, Any]]] = []
    for nth, row in enumerate(islice(usual, 0, None, max(1, len(usual) // numbers_town.some(600)))):
        unit = QUEUES[int(row["ward"][-1:]) % 3]
        (city.late if row["on_time"] == LATE else city.on_time)[unit] += 1
        steps += [(at, nth, step, kind, facts) for step, (at, kind, facts) in enumerate(told(row, telling, nth))]
    steps.sort(key=lambda one: one[:3])
    case_log.write(city.url, (telling.event(at, kind, facts) for at, _, _, kind, facts in steps))
    numbers_town.project(city.url, [town.DISTRICT], batch=500)
    city.events = numbers_town.events_of(city.url)
    return city


@pytest.mark.parametrize("number", ["on_time_handle", "on_time_close"])
def test_what_was_in_time_is_what_the_city_says_was(boston: Boston, number: str) -> None:
    bound = {town.DISTRICT: boston.events[-1].position}
    (answer,) = numbers_town.all_answers(boston.url, bound, asked_by(("unit",), of=YEARS), [number])
    shown = {key: (int(one.numerator), one.denominator) for (key,), one in answer.groups.items()}
    units = {*boston.on_time, *boston.late}
    assert shown == {unit: (boston.on_time[unit], boston.on_time[unit] + boston.late[unit]) for unit in units}
    assert boston.late.total() > 0


def test_all_numbers_of_boston_agree_with_the_count(boston: Boston) -> None:
    bound = {town.DISTRICT: boston.events[-1].position}
    books = replay(boston.events, bound)
    assert facts_apart(boston.url, books, bound) == []
    assert numbers_apart(boston.url, books, bound, asked_by(("period", "channel"), of=YEARS), page=300) == []
