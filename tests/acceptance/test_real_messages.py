"""The main job on real input: what residents wrote in 2019 is imported and carried from intake to call-back.

Boards, timelines and rates are then compared with a count of its own, made from the event table alone.
Slow: some twenty-five thousand commands over HTTP.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, LiteralString

import httpx
import psycopg
import pytest

from application.services import Services
from tests.acceptance.operator import wangge
from tests.served import Served
from tests.town import DISTRICT, GRID, LAMPS, NOISE, ROADS, STREET, WATER

pytestmark = pytest.mark.timeout(900)  # whichever test comes first waits for all the commands
AT_ONCE = 16
PERIOD = {"start": "2015-01-01T00:00:00+08:00", "end": "2020-01-01T00:00:00+08:00"}
SOLVED = ["solved", "solved", "partly", "unsolved", "solved"]
CONTENT = ["satisfied", "basically", "satisfied", "dissatisfied", "unrated", "satisfied", "satisfied"]
Row = tuple[str, str, int, dict[str, Any]]


@pytest.fixture(scope="module")
def imported(
    served: Served, module_database_url: str, shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """The file of real messages, imported by the command an operator would type."""
    file = str(shared_data / "cn_messages_2019.csv.gz")
    order = ["import", "messages", file, "--source", "ask-2019", "--place", STREET, "--json"]
    done = wangge(module_database_url, tmp_path_factory.mktemp("operator"), order)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


@pytest.fixture(scope="module")
def carried(served: Served, imported: dict[str, Any]) -> None:
    """Every imported request, opened as an issue, assigned, resolved, checked, closed and called back over HTTP."""
    served.run(_seen)
    asyncio.run(_carry_all(served))
    served.run(_seen)


async def _seen(services: Services) -> None:
    """Wait until the boards show all that is recorded."""
    log = services.logs.named(DISTRICT)
    await services.reach(DISTRICT, await log.last_position(), within_seconds=60)


def test_every_message_became_a_request_of_the_right_time(imported: dict[str, Any], rows: list[Row]) -> None:
    assert (imported["lines"], imported["received"], imported["rejected"]) == (2109, 2109, 0)
    received = [facts for _, topic, _, facts in rows if topic == "request.received"]
    assert len(received) == len({facts["external_id"] for facts in received}) == 2109
    times = {facts["external_id"]: datetime.fromisoformat(facts["timestamp"]) for facts in received}
    assert times["360114"] == datetime.fromisoformat("2017-06-08T17:31:20+08:00")


def test_the_boards_agree_with_the_events(served: Served, carried: None, rows: list[Row]) -> None:
    expected = _stages(rows)
    for path, kind in (("/issues", "issue"), ("/requests", "request")):
        shown = {row["id"]: row["stage"] for row in _pages(served.client("dispatcher"), path)}
        assert shown == expected[kind]
        assert len(shown) == 2109


def test_the_timelines_are_the_events(served: Served, carried: None, rows: list[Row]) -> None:
    by_case: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for case, topic, version, _ in rows:
        by_case[case].append((version, topic))
    auditor = served.client("auditor")
    for case in sorted(by_case)[::97]:
        kind = by_case[case][0][1].split(".")[0]
        told = auditor.get(f"/{kind}s/{case}/timeline").json()
        assert [(step["version"], step["topic"]) for step in told] == sorted(by_case[case])
        assert all(step["what"] and step["who"] and step["role"] for step in told)


def test_the_rates_agree_with_the_events(served: Served, carried: None, rows: list[Row]) -> None:
    counted = _counts(rows)
    answer = served.client("supervisor").get("/stats/rates", params=PERIOD | {"by": "unit"}).json()
    shown = {group["group"]: group["counts"] for group in answer["groups"]}
    assert shown == counted
    for group in [*answer["groups"], answer["pooled"]]:
        counts, rates = group["counts"], group["rates"]
        base = counts["valid_call_backs"]
        assert rates["response"] == pytest.approx(counts["contacted"] / base)
        assert rates["resolution"] == pytest.approx(counts["solved"] / base)
        content = counts["satisfied"] + 0.9 * counts["basically_satisfied"]
        assert rates["satisfaction"] == pytest.approx(content / base)
        assert rates["on_time_close"] == pytest.approx(counts["closed_on_time"] / counts["due"])
    by_street = served.client("supervisor").get("/stats/rates", params=PERIOD | {"by": "street"}).json()
    assert by_street["pooled"]["counts"] == answer["pooled"]["counts"]


def test_the_read_models_are_dropped_and_rebuilt_to_the_same(
    served: Served, carried: None, module_database_url: str, tmp_path: Path
) -> None:
    before = _read_models(module_database_url)
    done = wangge(module_database_url, tmp_path, ["rebuild"])
    assert "已重放" in done.stderr
    served.run(_seen)
    after = _read_models(module_database_url)
    assert all(len(rows) >= 2109 for rows in after.values())
    for table, rows in before.items():
        assert after[table] == rows, table


@pytest.fixture
def rows(module_database_url: str, imported: dict[str, Any], carried: None) -> Iterator[list[Row]]:
    """The event table as it is, without any of our code: case, topic, version, facts. Who read what is no case."""
    query = """SELECT stream_id, topic, version, state FROM event
                WHERE log_id = '150785' AND topic ~ '^(issue|request)[.]' ORDER BY position"""
    with psycopg.connect(module_database_url) as connection:
        yield [
            (str(case), topic, version, json.loads(bytes(state)))
            for case, topic, version, state in connection.execute(query)
        ]


def _read_models(url: str) -> dict[str, list[Any]]:
    queries: dict[str, LiteralString] = {
        "issue_board": "SELECT to_jsonb(b) - 'generation' FROM issue_board b JOIN projection_generation g"
        " USING (log_id, generation) WHERE g.projection = 'board' AND g.state = 'active' ORDER BY b.log_id, b.id",
        "request_board": "SELECT to_jsonb(b) - 'generation' FROM request_board b JOIN projection_generation g"
        " USING (log_id, generation) WHERE g.projection = 'board' AND g.state = 'active' ORDER BY b.log_id, b.id",
        "timeline": "SELECT to_jsonb(b) - 'generation' FROM timeline b JOIN projection_generation g"
        " USING (log_id, generation) WHERE g.projection = 'timeline' AND state = 'active' ORDER BY log_id, position",
    }
    with psycopg.connect(url) as connection:
        return {table: connection.execute(query).fetchall() for table, query in queries.items()}


async def _carry_all(served: Served) -> None:
    roles = ["receiver", "dispatcher", "roads", "water", "verifier"]
    base = f"{served.url}/api/v1"
    headers = {role: dict(served.client(role).headers) for role in roles}
    limits = httpx.Limits(max_connections=AT_ONCE)
    async with httpx.AsyncClient(base_url=base, timeout=60, limits=limits) as client:
        waiting = list(enumerate(_pages(served.client("receiver"), "/requests")))[::-1]

        async def carry_some() -> None:
            while waiting:
                number, request = waiting.pop()
                await _carry(client, headers, number, request)

        await asyncio.gather(*(carry_some() for _ in range(AT_ONCE)))


async def _carry(client: httpx.AsyncClient, headers: dict[str, Any], number: int, request: dict[str, Any]) -> None:
    start = datetime.fromisoformat(request["received_at"])
    lead, handler = ((ROADS, "roads"), (WATER, "water"))[number % 2]
    late = timedelta(days=9) if number % 6 == 0 else timedelta()

    async def order(role: str, path: str, version: int, after: timedelta, **facts: Any) -> str:
        body = facts | {"happened_at": (start + after).isoformat()}
        answer = await client.post(path, json=body, headers=headers[role] | {"If-Match": f'"{version}"'})
        assert answer.is_success, (path, answer.text)
        return str(answer.json()["id"])

    own, minute, day = f"/requests/{request['id']}", timedelta(minutes=1), timedelta(days=1)
    category = (LAMPS, NOISE)[number % 3 == 0]
    issue = "/issues/" + await order("receiver", f"{own}/open-issue", 1, minute, grid=GRID, category=category)
    await order("receiver", f"{issue}/file", 2, 2 * minute)
    await order("dispatcher", f"{issue}/assign", 3, 3 * minute, lead=lead)
    await order(handler, f"{issue}/accept", 4, 9 * minute)
    await order(handler, f"{own}/contact", 2, 20 * minute, reached=True)
    await order(handler, f"{issue}/resolve", 5, day + late, measure="已到场处置")
    await order(handler, f"{own}/feed-back", 3, day + late + minute, reply="已办理，谢谢反映")
    await order("verifier", f"{issue}/check", 6, day + late + 2 * minute, passed=True)
    if number % 13:
        await order("receiver", f"{issue}/close", 7, day + late + 3 * minute)
    answers: dict[str, Any] = {"valid": number % 11 != 0}
    if answers["valid"]:
        answers |= {"contacted": number % 8 != 0, "solved": SOLVED[number % 5], "satisfaction": CONTENT[number % 7]}
    await order("verifier", f"{own}/call-back", 4, 20 * day, **answers)


def _pages(client: httpx.Client, path: str) -> Iterator[dict[str, Any]]:
    cursor = None
    while True:
        page = client.get(path, params={"limit": 200} | ({"cursor": cursor} if cursor else {})).json()
        yield from page["items"]
        cursor = page["next"]
        if cursor is None:
            return


def _stages(rows: list[Row]) -> dict[str, dict[str, str]]:
    last = {
        "issue.reported": "reported", "issue.filed": "filed", "issue.assigned": "assigned",
        "issue.accepted": "accepted", "issue.resolved": "resolved", "issue.checked": "checked",
        "issue.closed": "closed", "request.received": "received", "request.attached": "attached",
        "request.requester_contacted": "contacted", "request.fed_back": "fed_back",
        "request.called_back": "called_back",
    }  # fmt: skip
    stages: dict[str, dict[str, str]] = {"issue": {}, "request": {}}
    for case, topic, _, _ in rows:
        if topic != "issue.request_attached":
            stages[topic.split(".")[0]][case] = last[topic]
    return stages


def _counts(rows: list[Row]) -> dict[str, dict[str, int]]:
    lead: dict[str, str] = {}
    due: dict[str, datetime] = {}
    resolved: dict[str, datetime] = {}
    closed: set[str] = set()
    issue_of: dict[str, str] = {}
    said: dict[str, dict[str, Any]] = {}
    for case, topic, _, facts in rows:
        if topic == "issue.assigned":
            lead[case], due[case] = facts["lead"], datetime.fromisoformat(facts["due"])
        elif topic == "issue.resolved":
            resolved[case] = datetime.fromisoformat(facts["timestamp"])
        elif topic == "issue.closed":
            closed.add(case)
        elif topic == "request.attached":
            issue_of[case] = facts["issue"]
        elif topic == "request.called_back":
            said[case] = facts
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for issue, unit in lead.items():
        counts[unit]["due"] += 1
        counts[unit]["closed_on_time"] += issue in closed and resolved[issue] <= due[issue]
    for request, facts in said.items():
        unit = lead[issue_of[request]]
        if facts["valid"]:
            counts[unit]["valid_call_backs"] += 1
            counts[unit]["contacted"] += facts["contacted"]
            counts[unit]["solved"] += facts["solved"] == "solved"
            counts[unit]["partly_solved"] += facts["solved"] == "partly"
            counts[unit]["satisfied"] += facts["satisfaction"] == "satisfied"
            counts[unit]["basically_satisfied"] += facts["satisfaction"] == "basically"
    none = {"exempt_requests": 0, "exempt_issues": 0}
    return {unit: dict(count) | none for unit, count in counts.items()}
