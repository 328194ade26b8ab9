"""Open311: every no in the format of the address, with the statuses of the standard."""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from defusedxml import ElementTree
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interfaces.open311 import cases
from tests import town
from tests.open311_desk import ERRORS, TYPES, Sender, anybody, fits, root, sender
from tests.served import Served

PATHS: list[tuple[str, int]] = [
    ("services/nothing.{}", 404), ("services.{}?jurisdiction_id=nowhere", 404), ("requests.{}?service_code=x", 404),
    (f"services/{town.LAMPS}/more.{{}}", 404), ("nothing.{}", 404), ("requests/0.{}", 404), ("tokens/0.{}", 404),
    ("requests/1507856a-fa57-8e80-8000-000000000000.{}", 404), (".{}", 404), ("requests/.{}", 404),
    ("requests.{}?start_date=2026-01-01T00:00:00Z%26end_date=2026-06-01T00:00:00Z", 400),
    ("requests.{}?start_date=2026-01-01T00:00:00Z&end_date=2026-04-02T00:00:00Z", 400),
    ("requests.{}?start_date=2026-01-02T00:00:00Z&end_date=2026-01-01T00:00:00Z", 400),
    ("requests.{}?start_date=2026-01-01", 400), ("requests.{}?start_date=9999-12-31T23:59:59-14:00", 400),
    ("requests.{}?start_date=0001-01-01T00:00:00%2B14:00", 400), ("requests.{}?end_date=2026-02-30T00:00:00Z", 400),
    ("requests.{}?page_size=1001", 400), ("requests.{}?page_size=0", 400), ("requests.{}?page=-1", 400),
    ("requests.{}?page=99999999999999999999", 400), ("requests.{}?page=%C2%B2", 400), ("requests.{}?status=done", 400),
    ("requests.{}?bbox=1,2,3", 400), ("requests.{}?bbox=a,b,c,d", 400), ("requests.{}?lat=NaN&long=1&radius=1", 400),
    ("requests.{}?lat=1e999&long=1&radius=1", 400), ("requests.{}?status=%00", 400),
    ("servicerequestupdates.{}?start_date=now", 400), ("services.{}?jurisdiction_id=%00", 404),
    ("requests.{}?service_request_id=" + ",".join(map(str, range(1001))), 400),
]  # fmt: skip


@pytest.fixture(scope="module")
def app(served: Served) -> Sender:
    """A client with a key for the district."""
    return sender(served, "errors")


def no(answer: httpx.Response, status: int, format: str) -> list[str]:
    """The problems an answer tells, which must be errors of that status in that format."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == TYPES[format]
    if format == "json":
        found: list[dict[str, Any]] = answer.json()
        fits(ERRORS, found)
    else:
        root = ElementTree.fromstring(answer.content)
        assert root.tag == "errors"
        found = [{each.tag: each.text for each in error} for error in root.iterfind("error")]
    assert {str(one["code"]) for one in found} == {str(status)}
    return [one["description"] for one in found]


@pytest.mark.parametrize("format", ["xml", "json"])
@pytest.mark.parametrize(("path", "status"), PATHS)
def test_a_read_that_is_refused_is_told_in_its_format(served: Served, path: str, status: int, format: str) -> None:
    assert all("：" in told for told in no(anybody(served).get(root(served) + path.format(format)), status, format))


@pytest.mark.parametrize(
    "path",
    ["a%0Ab.html", "services", "services.html", "services.JSON", "requests/1", "nothing", "", "requests.", "x.y"],
)
def test_an_unknown_ending_is_not_found_and_told_in_xml(served: Served, path: str) -> None:
    no(anybody(served).get(root(served) + path), 404, "xml")


@pytest.mark.parametrize("format", ["xml", "json"])
def test_a_key_that_is_no_good_is_forbidden(served: Served, app: Sender, format: str) -> None:
    for key in (None, "", "wrong", "\x00", "密钥" * 200):
        no(app.post(format, api_key=key), 403, format)


@pytest.mark.parametrize("format", ["xml", "json"])
def test_each_problem_of_a_report_is_an_error_of_its_own(app: Sender, format: str) -> None:
    told = no(app.post(format, service_code=None, lat=None, long=None), 400, format)
    assert [one.partition("：")[0] for one in told] == ["missing-service-code", "missing-location"]


WRONG: list[tuple[dict[str, Any], int, str]] = [
    ({"service_code": "matter-99999"}, 404, "no-such-service"),
    ({"service_code": "'; DROP TABLE event;--"}, 404, "no-such-service"),
    ({"jurisdiction_id": "elsewhere"}, 404, "no-such-jurisdiction"),
    ({"lat": None}, 400, "half-location"),
    ({"lat": "91"}, 400, "bad-lat"),
    ({"lat": "abc", "long": "1,5"}, 400, "bad-lat"),
    ({"lat": "30.0", "long": "120.0"}, 400, "nowhere"),
    ({"lat": "121.505", "long": "50.785"}, 400, "bad-lat"),
    ({"lat": None, "long": None, "address_id": "#NOTPINPOINTED#"}, 400, "missing-location"),
    ({"lat": None, "long": None, "address_id": "A-404"}, 400, "bad-address-id"),
    ({"description": "a\x00b"}, 400, "bad-description"),
    ({"attribute[x]": "长" * 12_001}, 400, "bad-attribute"),
]


@pytest.mark.parametrize("format", ["xml", "json"])
@pytest.mark.parametrize(("given", "status", "code"), WRONG)
def test_what_cannot_be_taken_says_why(app: Sender, given: dict[str, Any], status: int, code: str, format: str) -> None:
    assert no(app.post(format, **given), status, format)[0].partition("：")[0] == code


@pytest.mark.parametrize("format", ["xml", "json"])
def test_bodies_that_cannot_be_read_are_told_in_the_format(served: Served, format: str) -> None:
    url = f"{root(served)}requests.{format}"
    urlencoded, multipart = "application/x-www-form-urlencoded", "multipart/form-data"
    client = anybody(served)
    no(client.post(url, json={"service_code": town.LAMPS}), 400, format)
    no(client.post(url, content=b"x", headers={"Content-Type": multipart}), 400, format)
    no(
        anybody(served).post(url, content=b"--b\r\nrubbish", headers={"Content-Type": f"{multipart}; boundary=b"}),
        403,
        format,
    )
    no(client.post(url, content=b"&".join([b"a=1"] * 400), headers={"Content-Type": urlencoded}), 400, format)
    no(client.post(url, content=b"a=" + b"1" * 1_100_000, headers={"Content-Type": urlencoded}), 413, format)
    no(client.post(url, content=b"a=" + b"1" * 17_000_000, headers={"Content-Type": urlencoded}), 413, format)


@pytest.mark.parametrize("format", ["xml", "json"])
def test_errors_of_the_framework_follow_the_format_too(
    served: Served, app: Sender, format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"{root(served)}requests.{format}"
    refused = anybody(served).put(url)
    no(refused, 405, format)
    assert refused.headers["Allow"] == "GET, POST"
    no(anybody(served).request("OPTIONS", f"{root(served)}services.{format}"), 405, format)
    keys = [("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    no(anybody(served).get(url, headers=keys), 400, format)
    no(app.post(format, headers={"Idempotency-Key": "a b"}), 400, format)
    monkeypatch.setattr(cases, "window", None)
    (told,) = no(anybody(served).get(url), 500, format)
    assert told.startswith("fault：系统内部错误")


@pytest.mark.parametrize("format", ["xml", "json"])
def test_too_many_reports_a_minute_are_told_to_wait(served: Served, format: str) -> None:
    few = sender(served, f"few-{format}", per_minute=2)
    # Whatever minute it is: of seven in a row at most two times two fit into two minutes.
    answers = [few.post(format, service_code="matter-99999") for _ in range(7)]
    late = [one for one in answers if one.status_code == 429]
    assert len(late) >= 3
    no(late[-1], 429, format)
    assert 1 <= int(late[-1].headers["Retry-After"]) <= 60


def test_a_key_that_ended_and_a_key_of_elsewhere_open_nothing(served: Served) -> None:
    ended = sender(served, "ended")
    served.run(lambda services: services.open311.keys.end("ended"))
    assert ended.post().status_code == 403
    west = sender(served, "west", area=town.OTHER_STREET)
    (told,) = no(west.post(), 400, "json")
    assert told.startswith("outside-area：")


NAMES = [
    "service_request_id", "service_code", "status", "start_date", "end_date", "page", "page_size", "bbox", "lat",
    "long", "radius", "updated_after", "updated_before", "jurisdiction_id", "extensions", "api_key",
    "attribute[x]", "\x00",
]  # fmt: skip
LIKELY = ["open", "closed", "1", "-1", "1e308", "nan", "2026-11-02T00:00:00Z", ",", "%"]
WORDS = st.text(max_size=40) | st.sampled_from(LIKELY)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["requests", "services", "servicerequestupdates", "discovery"]) | st.text(max_size=20),
    ending=st.sampled_from(["xml", "json"]), query=st.dictionaries(st.sampled_from(NAMES), WORDS, max_size=6),
)  # fmt: skip
def test_whatever_is_asked_is_answered_in_its_format(served: Served, path: str, ending: str, query: Any) -> None:
    address = f"{root(served)}{quote(path, safe='')}.{ending}"
    answer = anybody(served).get(address, params={name: one.encode(errors="replace") for name, one in query.items()})
    assert answer.status_code in (200, 400, 404), answer.text
    assert answer.headers["Content-Type"] == TYPES[ending]
    assert answer.json() is not None if ending == "json" else len(ElementTree.fromstring(answer.content)) >= 0


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(form=st.dictionaries(st.sampled_from([*NAMES, "description", "address_string", "phone"]), WORDS, max_size=6))
def test_whatever_is_sent_in_is_answered(app: Sender, form: dict[str, str]) -> None:
    sent = {name: one.encode(errors="replace") for name, one in form.items() if name != "api_key"}
    answer = app.post("xml", **sent)
    assert answer.status_code in (200, 400, 404), answer.text
    ElementTree.fromstring(answer.content)


def test_a_query_string_of_rubbish_is_answered(served: Served) -> None:
    host, port = served.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 10) as raw:
        line = b"GET /open311/v2/requests.xml?%ff%fe=%c0%80&status=%F0%28%8C%28&page[]=%00&;;&=%=& HTTP/1.1\r\n"
        raw.sendall(line + b"Host: x\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: raw.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"<errors><error><code>400</code>" in answer
