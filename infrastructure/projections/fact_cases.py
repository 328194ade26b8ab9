"""What is remembered of cases between batches: fetched with those they hang together with, and kept as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import orjson

from infrastructure import sql
from infrastructure.projections.fact_sheet import CHANGED, Case, Cases
from infrastructure.projections.fact_telling import FRESH, begun
from infrastructure.projections.folding import BEGUN
from infrastructure.projections.read_model import Connection, Happened, Place, Tell

QUERY = sql.load("facts.sql")
_NAMED = {
    "request.attached": "issue",
    "issue.request_attached": "request",
    "issue.request_detached": "request",
    "issue.merged_into": "into",
}
"""Topics whose rules ask for another case, and the fact that names it."""
_BESIDE = frozenset({BEGUN, CHANGED, "id", "number", "kind"})


async def fetch(connection: Connection, place: Place, events: Sequence[Happened], tell: Tell) -> Cases:
    """The cases that `events` touch, and those that handle them."""
    cases: Cases = {}
    wanted = {event.stream_id for event in events} | set(_named(events, tell))
    asked: set[str] = set()
    while wanted:
        asked |= wanted
        cursor = await connection.execute(QUERY["cases"], {**place._asdict(), "ids": array(wanted)})
        found = {case_id: _read(case_id, state) for case_id, state in await cursor.fetchall()}
        cases.update(found)
        wanted = set(_handlers(found.values())) - asked
    return cases


async def keep(connection: Connection, place: Place, cases: Iterable[Case]) -> None:
    """Write those that changed, each once."""
    changed = [case for case in cases if CHANGED in case]
    new = [case for case in changed if BEGUN in case]
    if new:
        async with connection.cursor() as cursor, cursor.copy(QUERY["begin_cases"]) as copy:
            for case in new:
                await copy.write_row((*place, case["id"], case["number"], orjson.dumps(_kept(case)).decode()))
    if len(new) < len(changed):
        kept = orjson.dumps([(case["id"], _kept(case)) for case in changed if BEGUN not in case]).decode()
        await connection.execute(QUERY["change_cases"], {**place._asdict(), "cases": kept})


def array(values: Iterable[object]) -> str:
    """Ids, counts, instants and kinds as PostgreSQL reads an array of them: none of these wants quoting."""
    return "{" + ",".join(map(str, values)) + "}"


def _named(events: Sequence[Happened], tell: Tell) -> Iterator[str]:
    for event in events:
        if name := _NAMED.get(event.topic):
            yield tell(event)[name]


def _handlers(cases: Iterable[Case]) -> Iterator[str]:
    for case in cases:
        if other := case["issue"] if case["kind"] == "request" else case["merged_into"]:
            yield other


def _read(case_id: str, state: str) -> Case:
    kept = orjson.loads(state)
    return {**begun(kept["kind"], case_id, 0), **kept}


def _kept(case: Case) -> Case:
    """What is not as it was at the beginning. There are as many of these as there are cases."""
    fresh = FRESH[case["kind"]]
    told = {name: value for name, value in case.items() if name not in _BESIDE and fresh.get(name, fresh) != value}
    return {"kind": case["kind"], **told}
