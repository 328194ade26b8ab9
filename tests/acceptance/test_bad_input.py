"""Whatever a caller sends: a clear Chinese answer with a stable type, and nothing half written."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.case_calls import ASKED, at, call, done, nothing_written, receive, refused, report
from tests.served import Served
from tests.town import GRID, NEXT_GRID, POINT, STREET

NOBODYS = "15078500-0000-8000-8000-0123456789ab"

MEBIBYTE = 1_048_576


def body(**given: Any) -> str:
    return json.dumps(ASKED | given, ensure_ascii=False)


def located(longitude: object, latitude: object) -> dict[str, Any]:
    return {"place": None, "longitude": longitude, "latitude": latitude}


def send(client: httpx.Client, content: str | bytes, path: str = "/requests", **headers: str) -> httpx.Response:
    content = content if isinstance(content, bytes) else content.encode()
    return client.post(path, content=content, headers={"Content-Type": "application/json"} | headers)


# --- bodies that are none ------------------------------------------------------------------------

UNREADABLE: dict[str, str | bytes] = {
    "nothing": b"",
    "half of it": '{"kind": "help", ',
    "a list": "[]",
    "null": "null",
    "a text": '"诉求"',
    "not UTF-8": b'{"kind": "help", "text": "\xff"}',
    "a lone surrogate in a text": r'{"kind": "help", "text": "\ud800"}',
    "a lone surrogate in a name": r'{"kind": "help", "text": "x", "requester": {"name": "\udfff"}}',
    "a lone surrogate as a field": r'{"kind": "help", "text": "x", "\ud800": 1}',
    "nested without end": "[" * 100_000,
    "nested very deep": '{"requester":' * 20_000 + "1" + "}" * 20_000,
    "an integer of 5000 digits": '{"kind": "help", "text": "x", "longitude": ' + "9" * 5000 + "}",
    "not a number": '{"kind": "help", "text": "x", "longitude": NaN, "latitude": 50}',
    "infinity": '{"kind": "help", "text": "x", "longitude": Infinity, "latitude": 50}',
    "beyond any float": '{"kind": "help", "text": "x", "longitude": 1e999, "latitude": 50}',
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_a_body_that_is_no_order_is_malformed(served: Served, content: str | bytes) -> None:
    with nothing_written(served):
        refused(send(served.client("receiver"), content), 422, "malformed")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_body_of_another_type_is_malformed(served: Served, kind: str) -> None:
    with nothing_written(served):
        answer = served.client("receiver").post("/requests", content=body().encode(), headers={"Content-Type": kind})
        assert "application/json" in refused(answer, 422, "malformed")["detail"]


@pytest.mark.parametrize("size", [MEBIBYTE + 1, 5 * MEBIBYTE])
def test_a_body_over_a_mebibyte_is_too_large(served: Served, size: int) -> None:
    with nothing_written(served):
        refused(send(served.client("receiver"), b" " * size), 413, "too-large")


def test_a_body_of_a_mebibyte_is_read(served: Served) -> None:
    content = body().encode()
    assert send(served.client("receiver"), content + b" " * (MEBIBYTE - len(content))).status_code == 201


# --- fields --------------------------------------------------------------------------------------

WRONG_FIELDS: dict[str, dict[str, Any]] = {
    "unknown": {"colour": "red"},
    "a very long name": {"x" * 900_000: 1},
    "no such kind": {"kind": "nonsense"},
    "no such channel": {"channel": "smoke"},
    "a number as text": {"text": 5},
    "an empty text": {"text": ""},
    "a blank text": {"text": " \n\t\u3000"},
    "100 000 characters": {"text": "长" * 100_000},
    "NUL": {"text": "前\x00后"},
    "a control character": {"text": "前\x1b[2J后"},
    "a late control character": {"reason": "前\x85后"},
    "a title of 501": {"title": "长" * 501},
    "a phone of words": {"requester": {"phone": "没有电话"}},
    "an unknown detail": {"requester": {"wechat": "x"}},
    "a number for yes": {"confidential": 1},
    "a word for yes": {"confidential": "yes"},
    "half a point": {"longitude": 121.5},
    "the other half": {"latitude": 50.7},
    "a point as text": {"longitude": "121.5", "latitude": "50.7"},
    "a point as yes": {"longitude": True, "latitude": True},
    "off the globe": {"longitude": 181, "latitude": 91},
    "a code of full-width digits": {"place": "１５０７８５"},
    "a code and a line break": {"place": "150785\n"},
    "a category of another form": {"category": "路灯"},
    "a unit with a blank": {"complained_about": "U ROADS"},
    "a source without its number": {"source": "12345"},
    "a number without its source": {"external_id": "A-1"},
    "time without zone": {"happened_at": "2026-11-02T09:00:00"},
    "a date": {"happened_at": "2026-11-02"},
    "seconds since 1970": {"happened_at": 1_700_000_000},
    "seconds as text": {"happened_at": "1700000000"},
    "a thirtieth of February": {"happened_at": "2026-02-30T09:00:00+08:00"},
}


@pytest.mark.parametrize("given", WRONG_FIELDS.values(), ids=WRONG_FIELDS)
def test_a_field_of_the_wrong_form_is_named(served: Served, given: dict[str, Any]) -> None:
    with nothing_written(served):
        problem = refused(send(served.client("receiver"), body(**given)), 422, "malformed")
        assert problem["errors"]
        assert all(one["where"].startswith("正文") and one["problem"] for one in problem["errors"])
        assert len(json.dumps(problem)) < 2_000


REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    "an unknown place": ({"place": "150785999"}, 404, "no-such-entry"),
    "another city": ({"place": "110101"}, 404, "no-such-entry"),
    "a code of eleven digits": ({"place": "15078500100"}, 422, "bad-code"),
    "a place above one's own": ({"place": "1507"}, 403, "outside-area"),
    "an unknown category": ({"category": "matter-99999"}, 404, "no-such-entry"),
    "an unknown unit": ({"complained_about": "U-NONE"}, 404, "no-such-entry"),
    "swapped coordinates": (located(50.785, 121.505), 422, "bad-coordinates"),
    "the Gulf of Guinea": (located(0, 0), 422, "bad-coordinates"),
    "outside China": (located(139.69, 35.69), 422, "bad-coordinates"),
    "in no grid": (located(100.5, 30.5), 422, "nowhere"),
    "a point outside the place": ({"place": NEXT_GRID} | POINT, 422, "bad-coordinates"),
    "the far future": ({"happened_at": "9999-12-31T23:59:59Z"}, 422, "implausible-time"),
    "beyond the calendar": ({"happened_at": "9999-12-31T23:59:59-12:00"}, 422, "implausible-time"),
    "the far past": ({"happened_at": "1999-12-31T23:59:59Z"}, 422, "implausible-time"),
    "before the calendar": ({"happened_at": "0001-01-01T00:00:00+14:00"}, 422, "implausible-time"),
    "before the place was": ({"happened_at": "2001-01-01T00:00:00Z"}, 422, "not-valid-then"),
}


@pytest.mark.parametrize(("given", "status", "code"), REFUSED.values(), ids=REFUSED)
def test_what_makes_no_sense_in_the_field_is_refused(
    served: Served, given: dict[str, Any], status: int, code: str
) -> None:
    with nothing_written(served):
        refused(send(served.client("receiver"), body(**given)), status, code)


# --- commands ------------------------------------------------------------------------------------


def test_a_command_to_nobodys_case_finds_none(served: Served) -> None:
    receiver, issue = served.client("receiver"), report(served)
    with nothing_written(served):
        for path in (f"/issues/{uuid4()}", f"/issues/15078500-0000-8000-8000-{uuid4().hex[:12]}"):
            refused(call(receiver, f"{path}/file", 1), 404, "no-such-case")
        refused(call(receiver, issue.replace("issues", "requests") + "/answer", 1, reply="好"), 404, "no-such-case")
        refused(call(receiver, "/issues/7/file", 1), 422, "malformed")


def test_a_step_that_is_not_next_is_refused(served: Served) -> None:
    request, issue = receive(served), report(served)
    with nothing_written(served):
        refused(call(served.client("receiver"), f"{issue}/close", 1), 409, "wrong-stage")
        refused(call(served.client("dispatcher"), f"{issue}/assign", 1), 409, "wrong-stage")
        refused(call(served.client("verifier"), f"{request}/call-back", 1, valid=False), 409, "no-deadline")
        refused(call(served.client("receiver"), f"{issue}/void", 1), 422, "reason-missing")


def test_who_may_not_is_refused(served: Served) -> None:
    request, issue = receive(served), report(served)
    with nothing_written(served):
        refused(call(served.client("worker"), f"{request}/answer", 1, reply="好"), 403, "wrong-role")
        refused(call(served.client("elsewhere"), f"{request}/answer", 1, reply="好"), 403, "outside-area")
        refused(call(served.client("auditor"), f"{issue}/file", 1), 403, "wrong-role")
        refused(call(served.client("receiver"), "/issues", grid=STREET + "999999", text="x"), 404, "no-such-entry")
        refused(call(served.client("elsewhere"), "/issues", grid=GRID, text="x"), 403, "outside-area")


def test_a_code_nobody_registered_is_refused_in_every_command(served: Served) -> None:
    request, issue = receive(served), report(served)
    dispatcher = served.client("dispatcher")
    with nothing_written(served):
        refused(call(dispatcher, f"{issue}/file", 1, category="matter-99999"), 404, "no-such-entry")
        refused(call(dispatcher, f"{request}/open-issue", 1, category="matter-99999"), 404, "no-such-entry")
        refused(call(dispatcher, f"{request}/dispatch", 1, lead="U-NONE"), 404, "no-such-entry")
        refused(call(dispatcher, f"{request}/dispatch", 1, copies=["U-NONE"]), 404, "no-such-entry")
        refused(call(dispatcher, f"{request}/attach", 1, issue=str(uuid4())), 404, "no-such-case")
        refused(call(dispatcher, f"{issue}/merge", 1, into=issue.removeprefix("/issues/")), 409, "merge-with-self")
        refused(call(dispatcher, f"{request}/divert", 1, code="lazy", reply="好"), 422, "malformed")
    done(dispatcher, f"{issue}/file", 1)
    with nothing_written(served):
        refused(call(dispatcher, f"{issue}/open-consultation", 2, units=["U-NONE"]), 404, "no-such-entry")
        refused(call(dispatcher, f"{issue}/assign", 2, lead="U-NONE"), 404, "no-such-entry")


def test_a_step_before_the_one_before_is_refused(served: Served) -> None:
    request, issue = receive(served, minutes=5), report(served, minutes=5)
    with nothing_written(served):
        early = {"happened_at": at(4)}
        refused(call(served.client("receiver"), f"{request}/answer", 1, reply="好", **early), 422, "out-of-order")
        refused(call(served.client("receiver"), f"{issue}/file", 1, **early), 422, "out-of-order")
        refused(call(served.client("dispatcher"), f"{request}/open-issue", 1, **early), 422, "out-of-order")


# --- versions and keys ---------------------------------------------------------------------------


def test_who_saw_another_version_is_told_so(served: Served) -> None:
    receiver, issue = served.client("receiver"), report(served)
    done(receiver, f"{issue}/file", 1)
    with nothing_written(served):
        for version in (0, 1, 3, 999_999_999):
            problem = refused(call(receiver, f"{issue}/void", version, reason="误报"), 412, "stale")
            assert problem["facts"] == {"expected": version, "actual": 2}


@pytest.mark.parametrize("value", ["", "*", "1", '"x"', '"1", "2"', '"-1"', '"9999999999"', '"１"'])
def test_a_change_names_the_version_it_saw(served: Served, value: str) -> None:
    receiver, issue = served.client("receiver"), report(served)
    headers = {"If-Match": value.encode()} if value else {}
    with nothing_written(served):
        answer = receiver.post(f"{issue}/file", json={}, headers=headers)  # type: ignore[arg-type]  # bytes, sent as they are
        refused(answer, 428, "version-missing")


def test_a_retry_gets_the_first_answer_and_records_nothing(served: Served) -> None:
    receiver = served.client("receiver")
    first = call(receiver, "/requests", key="retry-1", **ASKED)
    assert first.status_code == 201
    request = f"/requests/{first.json()['id']}"
    answered = call(receiver, f"{request}/answer", 1, key="retry-2", reply="已答复")
    assert answered.status_code == 200
    with nothing_written(served):
        for before, again in [
            (first, call(receiver, "/requests", key="retry-1", **ASKED)),
            (answered, call(receiver, f"{request}/answer", 1, key="retry-2", reply="已答复")),
        ]:
            assert (again.status_code, again.json()) == (before.status_code, before.json())
            assert again.headers["ETag"] == before.headers["ETag"]


def test_a_key_is_for_one_order(served: Served) -> None:
    receiver, issue, other = served.client("receiver"), report(served), report(served)
    done(receiver, f"{issue}/file", 1, key="one-order")
    with nothing_written(served):
        refused(call(receiver, f"{issue}/file", 1, key="one-order", reason="另一内容"), 422, "key-reused")
        refused(call(receiver, f"{other}/file", 1, key="one-order"), 422, "key-reused")
        refused(call(receiver, f"{issue}/file", 2, key="one-order"), 422, "key-reused")
        refused(call(receiver, "/requests", key="one-order", **ASKED), 422, "key-reused")
    done(served.client("dispatcher"), f"{other}/file", 1, key="one-order")


def test_a_refused_order_may_come_again_under_its_key(served: Served) -> None:
    receiver, issue = served.client("receiver"), report(served)
    with nothing_written(served):
        refused(call(receiver, f"{issue}/file", 2, key="too-early"), 412, "stale")
    done(receiver, f"{issue}/file", 1, key="in-time")
    done(served.client("dispatcher"), f"{issue}/open-consultation", 2, key="too-early", units=["U-ROADS"])


@pytest.mark.parametrize("key", ["键".encode(), b"a b", b"\xff", b"x" * 201, b""])
def test_a_key_is_a_line_of_plain_signs(served: Served, key: bytes) -> None:
    with nothing_written(served):
        answer = served.client("receiver").post("/requests", json=ASKED, headers={b"Idempotency-Key": key})
        refused(answer, 422, "malformed")


@pytest.mark.parametrize("name", ["If-Match", "Idempotency-Key", "Authorization"])
def test_a_header_that_decides_comes_once(served: Served, name: str) -> None:
    issue, url = report(served), f"{served.url}/api/v1"
    signed = served.client("receiver").headers["Authorization"]
    headers = [("Authorization", signed), ("If-Match", '"1"'), ("Idempotency-Key", "k"), (name, '"2"')]
    with nothing_written(served):
        problem = refused(httpx.post(f"{url}{issue}/file", json={}, headers=headers), 422, "header-repeated")
        assert name.lower() in problem["detail"]


# --- addresses, questions, tokens ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nonsense", 404, "no-such-path"),
        ("POST", "/issues/", 404, "no-such-path"),
        ("GET", "/issues/..%2f..%2fetc", 404, "no-such-path"),
        ("GET", "/%ff%fe/%00", 404, "no-such-path"),
        ("POST", f"/issues/{NOBODYS}/paint", 404, "no-such-path"),
        ("DELETE", "/issues", 405, "method-not-allowed"),
        ("OPTIONS", "/requests", 405, "method-not-allowed"),
        ("PATCH", f"/issues/{NOBODYS}", 405, "method-not-allowed"),
        ("GET", "/issues?cursor=nonsense", 422, "bad-cursor"),
        ("GET", "/issues?cursor=%E6%B8%B8%E6%A0%87", 422, "bad-cursor"),
        ("GET", "/requests?cursor=MjAyNi0wMS0wMSB4", 422, "bad-cursor"),
        ("GET", "/issues?wait=yesterday", 422, "malformed"),
        ("GET", "/issues?wait=999999:1", 404, "no-such-log"),
        ("GET", "/issues?limit=0", 422, "malformed"),
        ("GET", f"/issues?limit={'9' * 5000}", 422, "malformed"),
        ("GET", "/issues?status=nonsense", 422, "malformed"),
        ("GET", "/issues?status=%00", 422, "malformed"),
        ("GET", "/issues?channel=%00", 422, "malformed"),
        ("GET", "/issues?text=%00", 422, "malformed"),
        ("GET", "/requests?external_id=%00", 422, "malformed"),
        ("GET", "/issues?due=1e10", 422, "malformed"),
        ("GET", "/issues?due=2026-11-02T09:00:00", 422, "malformed"),
        ("GET", "/stats/rates", 422, "malformed"),
        ("GET", "/stats/rates?start=2026-02-01T00:00:00Z&end=2026-01-01T00:00:00Z", 422, "bad-period-asked"),
    ],
)
def test_a_question_that_cannot_be_answered(served: Served, method: str, path: str, status: int, code: str) -> None:
    with nothing_written(served):
        refused(served.client("receiver").request(method, path), status, code)


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer x", "Basic eDp5", "Bearer " + "a" * 9_000, "Bearer é"])
def test_a_stranger_is_nobody_and_does_not_wait(served: Served, token: str) -> None:
    headers = {"Authorization": token.encode("latin-1")} if token else {}
    with nothing_written(served):
        path = f"{served.url}/api/v1/issues?wait=150785:999999999"
        answer = httpx.get(path, headers=headers, timeout=2)  # type: ignore[arg-type]  # bytes, as above
        refused(answer, 401, "not-signed-in")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("login", [r'"\ud800"', r'"\u0000"', "5", '""', '"' + "x" * 101 + '"', r'"a\u0000b"'])
def test_a_login_nobody_can_have_opens_nothing(served: Served, login: str) -> None:
    with httpx.Client(base_url=f"{served.url}/api/v1") as stranger:
        answer = send(stranger, f'{{"login": {login}, "password": "x"}}', "/tokens")
    assert answer.status_code in (401, 422)
    refused(answer, answer.status_code, "bad-credentials" if answer.status_code == 401 else "malformed")
