"""Files as bodies of imports: read for who signed in, up to 16 MB, on every route that takes one."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import httpx
import pytest

from tests import town
from tests.served import Served

MB = 1_048_576
ADDRESSES = "/addresses/import"
LOADED = "地址代码,地址名称,经度,纬度,备注\n" + "".join(
    f"A{number},光明路{number}号,{town.POINT['longitude']},{town.POINT['latitude']},{'x' * 100_000}\n"
    for number in range(1, 22)
)


@pytest.fixture(scope="module")
def admin(served: Served) -> httpx.Client:
    return served.client("admin")


def files_of(admin: httpx.Client) -> list[str]:
    """The paths that take a file, as the service describes itself."""
    paths = admin.get("/openapi.json").raise_for_status().json()["paths"]
    bodies = {path: told.get("post", {}).get("requestBody", {}).get("content", {}) for path, told in paths.items()}
    return [path.removeprefix("/api/v1") for path, content in bodies.items() if content.keys() - {"application/json"}]


def test_a_file_of_17_mb_is_refused_and_one_of_2_mb_is_taken(admin: httpx.Client) -> None:
    refused = admin.post(ADDRESSES, content=b" " * (17 * MB))
    assert (refused.status_code, refused.json()["type"]) == (413, "urn:wangge:problem:too-large")
    assert refused.json()["facts"] == {"bytes": 16 * MB}
    assert len(LOADED) > 2 * MB
    report = admin.post(ADDRESSES, content=LOADED.encode()).raise_for_status().json()
    assert (report["taken"], report["counts"]["added"]) == (True, 21)


def test_every_route_that_takes_a_file_takes_more_than_other_bodies_may_have(admin: httpx.Client) -> None:
    paths = files_of(admin)
    assert {ADDRESSES, "/divisions/import-townships", "/divisions/import-changes", "/grids/import"} <= set(paths)
    for path in paths:
        asked: dict[str, str | bool] = {"source": "x", "kind": "matter", "dry_run": True}
        answer = admin.post(path.replace("{code}", "none"), params=asked, content=b" " * (MB + 1))
        told = (answer.status_code, answer.json()["type"].rpartition(":")[2])
        # Where the path names what the file is for, that is looked for first.
        assert told in {(422, "bad-file"), (404, "no-such-entry"), (415, "unsupported-file")}, path


@pytest.mark.parametrize("authorization", ["", "Authorization: Bearer nobody\r\n"], ids=["none", "unknown"])
def test_who_has_not_signed_in_is_told_so_before_the_file_is_read(served: Served, authorization: str) -> None:
    server = urlsplit(served.url)
    head = (
        f"POST /api/v1{ADDRESSES} HTTP/1.1\r\nHost: {server.netloc}\r\nContent-Length: {17 * MB}\r\n{authorization}\r\n"
    )
    with socket.create_connection((server.hostname, server.port), timeout=30) as connection:
        connection.sendall(head.encode())  # and nothing of the file
        assert connection.recv(1_000).startswith(b"HTTP/1.1 401 ")
