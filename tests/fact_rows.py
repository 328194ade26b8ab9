"""Facts made up by dice, written as the projection would, for tests that ask the statistics about them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
from psycopg.sql import SQL, Identifier, Placeholder

from domain.case_id import new_case_id
from domain.statistics.numbers import NUMBERS
from tests import town

LOGS = (town.CITY, town.DISTRICT)
BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
SPAN = timedelta(days=60)
LAST = 400
"""Positions of each log; one is recorded every 60 days / 400."""
PLACES = (town.GRID, town.NEXT_GRID, town.OTHER_GRID, town.COMMUNITY, town.STREET, town.DISTRICT)
UNITS = (town.ROADS, town.WATER, town.STREET_OFFICE, "")
CATEGORIES, CHANNELS = (town.LAMPS, town.RUBBISH), ("hotline", "patrol", "web")
VALUES = {
    "called_back": ("valid", "invalid"), "reported": ("patrol_first", None), "assigned": ("again", None),
    "closed": ("grid", "community", "street"), "checked": ("passed", "failed"), "escalated": ("street", "district"),
}  # fmt: skip
KINDS = tuple(sorted({kind for number in NUMBERS.values() for kind in number.kinds}))


@dataclass(frozen=True)
class Outcome:
    """A row of `outcome`."""

    log_id: str
    case_id: UUID
    case_kind: str
    kind: str
    nth: int
    at: datetime
    place: str
    unit: str
    category: str
    channel: str
    done_at: datetime | None
    done_in: int | None
    exempt_in: int | None
    value: str | None
    seconds: int | None
    contacted: bool | None
    solved: str | None
    satisfaction: str | None
    known_from: int
    known_to: int | None
    generation: int = 1


@dataclass(frozen=True)
class Holding:
    """A row of `holding`."""

    log_id: str
    case_id: UUID
    case_kind: str
    nth: int
    holder_kind: str
    holder: str
    stage: str
    level: str
    place: str
    unit: str
    category: str
    channel: str
    started_at: datetime
    known_from: int
    ended_at: datetime | None
    known_to: int | None
    round: int = 1
    clock: str = ""
    rules: str = ""
    generation: int = 1


def recorded_at(position: int) -> datetime:
    """When a position was recorded, in every log."""
    return BEGAN + SPAN * position / LAST


def outcomes(dice: random.Random, count: int) -> list[Outcome]:
    """Facts of every kind, some withdrawn, done, exempt later than they were known."""
    return [_outcome(dice, nth) for nth in range(1, count + 1)]


def _outcome(dice: random.Random, nth: int) -> Outcome:
    log_id, kind, known_from = dice.choice(LOGS), dice.choice(KINDS), dice.randint(1, LAST)
    at = recorded_at(known_from) + timedelta(hours=dice.randint(-24, 24 * 12 if kind.startswith("clock:") else 0))
    done_in = dice.choice([None, dice.randint(known_from, LAST)])
    said = kind == "called_back"
    return Outcome(
        log_id=log_id, case_id=new_case_id(log_id, at, dice.randbytes(8)),
        case_kind="request" if kind in {"received", "repeat", "called_back"} else dice.choice(["issue", "request"]),
        kind=kind, nth=nth, at=at, place=dice.choice(PLACES), unit=dice.choice(UNITS),
        category=dice.choice(CATEGORIES), channel=dice.choice(CHANNELS),
        # One that is done at the very instant it is due is in time.
        done_at=dice.choice([at, recorded_at(done_in)]) if done_in else None, done_in=done_in,
        exempt_in=dice.choice([None, None, dice.randint(known_from, LAST)]),
        value=dice.choice(VALUES.get(kind, (None,))), seconds=dice.choice([None, dice.randint(0, 70 * 86_400)]),
        contacted=dice.choice([True, False, None]) if said else None,
        solved=dice.choice(["solved", "partly", "unsolved", None]) if said else None,
        satisfaction=dice.choice(["satisfied", "basically", "dissatisfied", "unrated", None]) if said else None,
        known_from=known_from, known_to=dice.choice([None, None, dice.randint(known_from, LAST)]),
    )  # fmt: skip


def holdings(dice: random.Random, cases: int) -> list[Holding]:
    """The spans of cases, one after another without a gap, some still held."""
    return [span for _ in range(cases) for span in _spans(dice)]


def _spans(dice: random.Random) -> Iterator[Holding]:
    log_id, known = dice.choice(LOGS), dice.randint(1, LAST - 60)
    at = recorded_at(known) - timedelta(minutes=dice.randint(0, 600))
    case_id, place = new_case_id(log_id, at, dice.randbytes(8)), dice.choice(PLACES)
    count, lasts = dice.randint(1, 6), dice.random() < 0.3
    for nth in range(1, count + 1):
        known_to = min(known + dice.choice([0, 1, 3, 12, 60]), LAST)
        # Some ends are written down weeks after they happened.
        ended = max(at, recorded_at(known_to) - timedelta(minutes=dice.choice([0, 30, 60 * 24 * 12])))
        ongoing = nth == count and lasts
        yield Holding(
            log_id=log_id, case_id=case_id, case_kind="issue", nth=nth,
            holder_kind=dice.choice(["grid", "desk", "unit", "check"]), holder="",
            stage=dice.choice(["reported", "filed", "assigned", "resolved"]), level=dice.choice(["grid", "street"]),
            place=place, unit=dice.choice(UNITS), category=dice.choice(CATEGORIES), channel=dice.choice(CHANNELS),
            started_at=at, known_from=known,
            ended_at=None if ongoing else ended, known_to=None if ongoing else known_to,
        )  # fmt: skip
        at, known = ended, known_to


def write(url: str, rows: Sequence[Outcome | Holding]) -> None:
    """Have the facts served, the last position reached, and events recorded up to it."""
    with psycopg.connect(url) as connection:
        for log_id in LOGS:
            connection.execute(
                "INSERT INTO projection_generation (log_id, projection, generation, state, edition, shards)"
                " VALUES (%s, 'facts', 1, 'active', 1, 1)", (log_id,),
            )  # fmt: skip
            connection.execute(
                "INSERT INTO projection_progress (log_id, projection, generation, shard, position)"
                " VALUES (%s, 'facts', 1, 0, %s)", (log_id, LAST),
            )  # fmt: skip
            connection.execute(
                "INSERT INTO event (log_id, position, stream_id, version, event_id, request_id, topic, schema_version,"
                " state, actor_ref, correlation_id, recorded_at, leaf_hash)"
                " SELECT %(log)s, n, gen_random_uuid(), 1, gen_random_uuid(), gen_random_uuid(), 'made.up', 1, '', '',"
                " gen_random_uuid(), %(began)s + %(span)s * n / %(last)s, '' FROM generate_series(1, %(last)s) AS n",
                {"log": log_id, "began": BEGAN, "span": SPAN, "last": LAST},
            )
        for table, kind in (("outcome", Outcome), ("holding", Holding)):
            columns = [Identifier(one.name) for one in fields(kind)]
            insert = SQL("INSERT INTO {} ({}) VALUES ({})").format(
                Identifier(table), SQL(", ").join(columns), SQL(", ").join([Placeholder()] * len(columns))
            )
            connection.cursor().executemany(insert, [astuple(row) for row in rows if isinstance(row, kind)])
