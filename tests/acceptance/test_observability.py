"""What the operator learns: every request and write, by id and position, and nothing a resident ever said."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from time import sleep
from typing import Any

import httpx
import psycopg
import pytest
import structlog
from psycopg.sql import SQL, Identifier

from domain.registry.entry import civil_day
from infrastructure import telemetry
from tests.case_calls import REPORTED, at, call, done, hire_colleague, receive, refused, report
from tests.served import Served
from tests.town import CITY, COMMUNITY, DISTRICT, GRID, NEXT_GRID, ROADS, RUBBISH, STREET_OFFICE, WATER

DAY = 24 * 60
PERSONAL = {"name": "反映人欧阳某", "phone": "13912345678", "address": "向阳里七号楼", "title": "标题里的话"}
TEXT, REPLY = "正文里的话", "答复里的话"
TOLD = [*PERSONAL.values(), TEXT, REPLY]
REASON = "理由里的话"
DONE: dict[str, Any] = {"measure": "措施里的话", "evidence": ["证据里的话"]}
"""What staff write about the case, not about the resident: in events, and not in the service's own log."""
REQUESTER = {field: PERSONAL[field] for field in ("name", "phone", "address")}
ASKED: dict[str, Any] = {"text": TEXT, "title": PERSONAL["title"], "requester": REQUESTER}
UNHAPPY: dict[str, Any] = {"valid": True, "contacted": True, "solved": "unsolved", "satisfaction": "dissatisfied"}
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What the service logs meanwhile."""
    stream, root, before = StringIO(), logging.getLogger(), logging.getLogger().handlers[:]
    telemetry.configure("INFO", stream)
    logging.getLogger("httpx").disabled = True  # the caller's own, which happens to be in this process
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)
    for name in ("httpx", "uvicorn.access"):
        logging.getLogger(name).disabled = False
    root.handlers[:] = before
    root.setLevel(logging.WARNING)


def told_of(answer: httpx.Response, lines: Lines) -> list[dict[str, Any]]:
    """The lines about one request, the last of which is written when the caller already has the answer."""
    for _ in range(200):
        told = [line for line in lines() if line.get("request") == answer.headers["X-Request-ID"]]
        if told and told[-1]["event"] == "answered":
            return told
        sleep(0.01)
    raise AssertionError(lines())


class Case:
    """A case under one hand after another: each step a minute after the one before, on the version left by it."""

    def __init__(self, served: Served, path: str, version: int = 1, minutes: int = 0) -> None:
        self.served, self.path, self.version, self.minutes = served, path, version, minutes

    def __call__(self, staff: str, step: str, *, after: int = 1, **body: Any) -> dict[str, Any]:
        self.minutes += after
        body |= {"happened_at": at(self.minutes), "reason": REASON}
        receipt = done(self.served.client(staff), f"{self.path}/{step}", self.version, **body)
        self.version = receipt["version"] if receipt["id"] in self.path else self.version + 1
        return receipt


def live(served: Served) -> None:
    """Every command there is about requests and issues, by whoever may give it."""
    answered, diverted = Case(served, receive(served, **ASKED)), Case(served, receive(served, **ASKED))
    answered("receiver", "answer", reply=REPLY)
    diverted("receiver", "divert", code="beyond_duty", reply=REPLY)
    sent = Case(served, receive(served, **ASKED))
    made = sent("dispatcher", "dispatch")
    issue = f"/issues/{made['id']}"
    tied = Case(served, receive(served, **ASKED), minutes=2)
    tied("receiver", "attach", issue=made["id"])
    tied("receiver", "detach", issue=made["id"])
    sent("roads", "ask-exemption")
    sent("supervisor", "refuse-exemption")
    sent("roads", "ask-exemption")
    sent("supervisor", "grant-exemption")
    wrong, solved = Case(served, report(served, text=TEXT)), Case(served, report(served, text=TEXT))
    wrong("receiver", "void")
    solved("worker", "solve-on-spot", **DONE)
    double = Case(served, report(served, text=TEXT), minutes=20)
    double("dispatcher", "merge", into=issue.removeprefix("/issues/"))
    double("dispatcher", "unmerge", into=issue.removeprefix("/issues/"))
    _round_and_round(served)
    _given_time(served)
    _late(served)
    _moved(served)


def _moved(served: Served) -> None:
    """Of a grid that has another code since today; nobody may say when a case moved."""
    cases = [report(served, text=TEXT, grid=NEXT_GRID), receive(served, place=NEXT_GRID, **ASKED)]
    new, yesterday = f"{COMMUNITY}009", civil_day(datetime.now(UTC)) - timedelta(days=1)
    done(served.client("admin"), f"/grids/{NEXT_GRID}/renumber", 1, new_code=new, last_day=str(yesterday))
    for case in cases:
        done(served.client("dispatcher"), f"{case}/move", 1, grid=new, reason=REASON)


def _round_and_round(served: Served) -> None:
    voice = Case(served, receive(served, **ASKED))
    issue = Case(served, f"/issues/{voice('receiver', 'open-issue')['id']}", version=2, minutes=1)
    issue("receiver", "file")
    issue("dispatcher", "open-consultation", units=[ROADS, WATER])
    issue("dispatcher", "conclude-consultation", proposed_lead=ROADS)
    issue("dispatcher", "assign", lead=WATER)
    issue("water", "ask-return", code="not_our_duty")
    issue("dispatcher", "refuse-return")
    issue("water", "ask-return", code="not_our_duty")
    issue("dispatcher", "grant-return")
    issue("dispatcher-2", "assign", lead=ROADS)
    issue("roads", "ask-exemption")
    issue("supervisor", "refuse-exemption")
    issue("roads", "ask-exemption")
    issue("supervisor", "grant-exemption")
    for passed in (False, True):
        issue("roads", "accept")
        issue("roads", "resolve", **DONE)
        issue("verifier", "check", passed=passed, evidence=DONE["evidence"])
        if not passed:
            issue("verifier", "order-rework")
    issue("receiver", "close")
    voice.minutes = issue.minutes
    voice("roads", "contact", reached=True)
    voice("roads", "feed-back", reply=REPLY)
    voice("verifier", "call-back", after=4 * DAY, **UNHAPPY)
    voice("verifier", "order-redo")
    voice("verifier", "call-back", after=4 * DAY, **UNHAPPY)
    voice("verifier", "close")


def _given_time(served: Served) -> None:
    """More time, no time for a while, an order from above, a level up and down again."""
    hire_colleague(served, "roads-2")
    issue = Case(served, report(served, text=TEXT))
    issue("receiver", "file")
    issue("dispatcher", "assign", lead=ROADS)
    issue("roads", "accept")
    issue("roads", "ask-extension")
    issue("roads-2", "refuse-extension")
    issue("roads", "ask-extension")
    issue("roads-2", "endorse-extension")
    issue("dispatcher", "grant-extension")
    issue("supervisor", "order-supervision", kind="leader")
    issue("roads", "answer-supervision", nth=1, answer=REASON)
    issue("supervisor", "close-supervision", nth=1)
    until = at(9 * DAY)
    issue("roads", "ask-suspension", until=until)
    issue("supervisor", "refuse-suspension")
    issue("roads", "ask-suspension", until=until)
    issue("supervisor", "grant-suspension")
    issue("dispatcher", "resume", after=9 * DAY)
    found = Case(served, report(served, text=TEXT, category=RUBBISH))
    found("receiver", "file")
    found("dispatcher", "assign", lead=STREET_OFFICE)
    found("dispatcher", "escalate")
    found("dispatcher", "send-down")


def _late(served: Served) -> None:
    for decision in ("refuse-appeal", "grant-appeal"):
        issue = Case(served, report(served, text=TEXT))
        issue("receiver", "file")
        issue("dispatcher", "assign", lead=ROADS)
        issue("roads", "accept")
        issue("roads", "resolve", after=9 * DAY, **DONE)
        issue("verifier", "check", passed=True)
        issue("receiver", "close")
        issue("roads", "appeal-overdue")
        issue("dispatcher", "endorse-appeal")
        issue("receiver", decision)


def mistreat(served: Served) -> None:
    """Personal values wherever they do not belong."""
    receiver = served.client("receiver")
    for wrong in ({"requester": {"phone": PERSONAL["name"]}}, {"kind": TEXT}, {PERSONAL["phone"]: REPLY}):
        refused(receiver.post("/requests", json={"kind": "help", "text": TEXT} | wrong), 422, "malformed")
    refused(receiver.post("/requests", content=f'{{"text": "{TEXT}'.encode()), 422, "malformed")
    refused(call(receiver, "/requests", kind="help", place="150785999", **ASKED), 404, "no-such-entry")
    refused(call(receiver, f"/issues/{PERSONAL['phone']}/file", 1), 422, "malformed")
    asked = {"phone": PERSONAL["phone"], "reason": REASON}
    assert receiver.post("/phone-searches", json=asked).status_code == 200
    agent = {"User-Agent": PERSONAL["phone"]}
    refused(receiver.get(f"/{TEXT}", params={TEXT: REPLY}, headers=agent), 404, "no-such-path")
    assert receiver.get("/requests", params={"text": TEXT}).status_code == 200
    key = {"Idempotency-Key": PERSONAL["phone"]}
    for text in (TEXT, REPLY):
        last = receiver.post("/requests", json={"kind": "help", "place": GRID, "text": text}, headers=key)
    refused(last, 422, "key-reused")
    login = {"login": PERSONAL["phone"], "password": TEXT}
    refused(httpx.post(f"{served.url}/api/v1/tokens", json=login), 401, "bad-credentials")


# --- what nobody may learn -----------------------------------------------------------------------


def test_what_a_resident_said_stands_in_no_table_in_the_clear_and_in_no_log(served: Served, lines: Lines) -> None:
    live(served)
    mistreat(served)
    logged = lines()
    routes = {line["route"] for line in logged if line["event"] == "recorded"}
    written = served.client("receiver").get("/openapi.json").json()
    about_cases = {path for path in written["paths"] if path.startswith(("/api/v1/requests", "/api/v1/issues"))}
    assert routes >= {path for path in about_cases if "post" in written["paths"][path]} | _taking_words(written)
    everything = json.dumps(logged, ensure_ascii=False)
    assert [word for word in (*TOLD, REASON, "措施里的话", "证据里的话") if word in everything] == []

    served.run(_caught_up)
    kept = _tables(served)
    assert kept["public.personal_detail"]
    assert "措施里的话" in "".join(kept.values())
    kept.pop("public.request_answer")  # a caller's own word, scoped to the caller
    assert [(word, table) for table, text in kept.items() for word in TOLD if word in text] == []


def _taking_words(described: dict[str, Any]) -> set[str]:
    """The routes that take what a resident says."""
    bodies, found = described["components"]["schemas"], set[str]()
    for path, methods in described["paths"].items():
        content = methods.get("post", {}).get("requestBody", {}).get("content", {}).get("application/json", {})
        body = bodies.get(content.get("schema", {}).get("$ref", "").rpartition("/")[2], {})
        if {"text", "title", "requester", "reply"} & body.get("properties", {}).keys():
            found.add(path)
    assert len(found) >= 5
    return found


async def _caught_up(services: Any) -> None:
    for log in services.logs.every():
        await services.reach(log.log_id, await log.last_position())


def _tables(served: Served) -> dict[str, str]:
    """All that stands in each table, as text."""
    with psycopg.connect(served.house.settings.database_url or "") as connection:
        names = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT LIKE 'pg_%'"
            " AND schemaname <> 'information_schema'"
        ).fetchall()
        return {
            f"{schema}.{name}": "\n".join(
                value.decode(errors="replace") if isinstance(value, bytes) else str(value)
                for row in connection.execute(SQL("SELECT * FROM {}").format(Identifier(schema, name))).fetchall()
                for value in row
            )
            for schema, name in names
        }


# --- what the operator learns --------------------------------------------------------------------


def test_a_write_is_logged_with_who_and_where(served: Served, lines: Lines) -> None:
    answer = call(served.client("worker"), "/issues", **REPORTED)
    receipt, told = answer.json(), told_of(answer, lines)
    recorded, answered = told
    for line in told:
        assert (line["actor"], line["route"], line["level"]) == ("worker", "/api/v1/issues", "info")
        assert line["timestamp"].endswith("Z")
    assert {name: recorded[name] for name in ("event", "log", "position", "case")} == {
        "event": "recorded", "log": DISTRICT, "position": receipt["position"], "case": receipt["id"],
    }  # fmt: skip
    assert (answered["event"], answered["method"], answered["status"]) == ("answered", "POST", 201)
    assert answered["ms"] > 0


def test_a_refusal_is_logged_with_its_code(served: Served, lines: Lines) -> None:
    answer = call(served.client("worker"), f"{report(served)}/file", 1)
    told = told_of(answer, lines)
    assert [(line["event"], line.get("code"), line.get("status")) for line in told] == [
        ("refused", "wrong-role", None),
        ("answered", None, 403),
    ]
    assert told[1]["route"] == "/api/v1/issues/{issue_id}/file"


def test_every_request_has_an_id_of_its_own(served: Served) -> None:
    client = served.client("receiver")
    asked = [client.get(path, headers={"X-Request-ID": "mine"}) for path in ("/issues", "/nonsense", "/work")]
    ids = [answer.headers["X-Request-ID"] for answer in asked]
    assert len(set(ids)) == 3
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in ids)
    assert all(answer.headers["X-Content-Type-Options"] == "nosniff" for answer in asked)


def test_a_fault_is_answered_and_logged_by_its_place_alone(
    served: Served, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise ValueError(TEXT)

    monkeypatch.setattr(served.house.services.boards, "issues", broken)
    answer = served.client("receiver").get("/issues")
    problem = refused(answer, 500, "fault")
    assert "X-Request-ID" in problem["detail"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    fault, answered = told_of(answer, lines)
    assert (fault["event"], fault["actor"], fault["level"]) == ("fault", "receiver", "error")
    assert fault["exception"][0]["type"] == "ValueError"
    assert (answered["route"], answered["status"]) == ("/api/v1/issues", 500)
    assert TEXT not in json.dumps(lines(), ensure_ascii=False)


def test_the_process_says_whether_it_lives_and_serves(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    report(served)
    served.run(_caught_up)
    assert httpx.get(f"{served.url}/healthz").json() == {"status": "ok"}
    assert httpx.get(f"{served.url}/readyz").json() == {"lag": {CITY: 0, DISTRICT: 0}}

    async def behind(_log: str) -> int:
        return 0

    monkeypatch.setattr(served.house.services.boards, "position", behind)
    lag = httpx.get(f"{served.url}/readyz").json()["lag"]
    assert min(lag.values()) >= 1


def test_the_figures_tell_of_requests_writes_and_lag(served: Served) -> None:
    call(served.client("worker"), f"{report(served)}/file", 1)
    served.client("worker").get("/nonsense")
    served.run(_caught_up)
    answer = httpx.get(f"{served.url}/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain")
    counted = "wangge_http_request_seconds_count"
    for sample in [
        counted + r'\{method="POST",route="/api/v1/issues",status="201"\} [1-9]',
        counted + r'\{method="POST",route="/api/v1/issues/\{issue_id\}/file",status="403"\} [1-9]',
        counted + r'\{method="GET",route="unknown",status="404"\} [1-9]',
        r'wangge_commands_total\{route="/api/v1/issues"\} [1-9]',
        rf'wangge_projection_lag_events\{{log="{DISTRICT}",projection="[a-z_]+"\}} 0\.0',
    ]:
        assert re.search(sample, answer.text), sample
