"""What tests of the auditor's pages share: sealed cases, and the hands of somebody who owns the database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from tests import case_calls as calls
from tests import town
from tests.served import Served
from tests.tampering import tamper

ACCEPTED, FORGED = "2026-11-02T01:20:00Z", "2026-11-02T01:11:00Z"
"""When a case of `resolved` was accepted, and what somebody would rather have it say."""


def resolved(served: Served, *, measure: str = "更换灯泡", **given: Any) -> str:
    """A case dispatched, accepted and resolved, of six steps; the boards know it."""
    issue = calls.dispatch(served, calls.receive(served, **given))
    roads = served.client("roads")
    calls.done(roads, f"{issue}/accept", 4, happened_at=calls.at(20))
    receipt = calls.done(roads, f"{issue}/resolve", 5, measure=measure, happened_at=calls.at(60))
    calls.seen(served.client("auditor"), issue, receipt)
    return issue.rpartition("/")[2]


def storied(served: Served) -> str:
    """A case that was asked back, resolved, failed its check, was done again and closed: twelve steps and more."""
    issue = calls.dispatch(served, calls.receive(served))
    roads, dispatcher, verifier = (served.client(staff) for staff in ("roads", "dispatcher", "verifier"))
    version = 4
    steps: list[tuple[httpx.Client, str, int, dict[str, Any]]] = [
        (roads, "ask-return", 20, {"code": "not_our_duty", "reason": "灯杆属供电公司"}),
        (dispatcher, "refuse-return", 30, {"reason": "移交协议在册，仍由你单位办理"}),
        (roads, "accept", 40, {}),
        (roads, "resolve", 200, {"measure": "更换灯泡"}),
        (verifier, "check", 260, {"passed": False, "reason": "夜间复看，仍不亮"}),
        (dispatcher, "order-rework", 300, {"reason": "重查线路"}),
        (roads, "accept", 320, {}),
        (roads, "resolve", 420, {"measure": "更换电缆接头和灯泡，夜间试亮正常"}),
        (verifier, "check", 500, {"passed": True}),
        (served.client("receiver"), "close", 520, {}),
    ]
    for client, step, minutes, given in steps:
        receipt = calls.done(client, f"{issue}/{step}", version, happened_at=calls.at(minutes), **given)
        version = receipt["version"]
    calls.seen(served.client("auditor"), issue, receipt)
    return issue.rpartition("/")[2]


def newest(served: Served) -> int:
    """The last position of the district's log."""
    return int(served.run(lambda services: services.logs.named(town.DISTRICT).last_position()))


def sealed(served: Served) -> None:
    """All there is; the service seals too, and of two at once one goes without."""
    for _ in range(100):
        served.house.sealer.seal()
        standing = served.run(lambda services: services.proving.standing())
        if all(one.sealed == one.newest for one in standing):
            return
        time.sleep(0.1)
    pytest.fail("not sealed in time")


def positions(served: Served, case: str) -> list[int]:
    """Where the steps of a case stand, in their order."""
    with psycopg.connect(served.house.settings.database_url or "") as connection:
        query = "SELECT position FROM event WHERE stream_id = %s ORDER BY version"
        return [position for (position,) in connection.execute(query, [UUID(case)]).fetchall()]


@contextmanager
def forged(served: Served, position: int, was: str = ACCEPTED, told: str = FORGED) -> Iterator[None]:
    """Somebody who owns the database writes another thing into an event; afterwards it is put back."""
    url = served.house.settings.database_url or ""
    change = (
        "UPDATE event SET state = convert_to(replace(convert_from(state, 'UTF8'), %s, %s), 'UTF8')"
        " WHERE log_id = %s AND position = %s"
    )
    tamper(url, change, was, told, town.DISTRICT, position)
    try:
        yield
    finally:
        tamper(url, change, told, was, town.DISTRICT, position)


@contextmanager
def broken(served: Served, position: int, was: str, told: str) -> Iterator[None]:
    """As `forged`, with whatever text; what stood there is kept and put back."""
    url = served.house.settings.database_url or ""
    here = (town.DISTRICT, position)
    with psycopg.connect(url) as connection:
        query = "SELECT state FROM event WHERE log_id = %s AND position = %s"
        ((before,),) = connection.execute(query, here).fetchall()
    put = "UPDATE event SET state = %s WHERE log_id = %s AND position = %s"
    tamper(url, put, before.replace(was.encode(), told.encode(), 1), *here)
    try:
        yield
    finally:
        tamper(url, put, before, *here)
