"""How tests speak to the registry over HTTP, and bodies it accepts."""

from __future__ import annotations

from typing import Any

import httpx

from tests.town import COMMUNITY, DISTRICT, ROADS, STREET

SINCE = "2015-01-01"


def send(client: httpx.Client, path: str, version: int | None = None, **body: Any) -> httpx.Response:
    """POST, with the version seen as `If-Match`."""
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return client.post(path, json=body, headers=headers)


def accepted(answer: httpx.Response) -> int:
    """The version that what was written has now."""
    assert answer.is_success, answer.text
    version: int = answer.json()["version"]
    assert answer.headers["ETag"] == f'"{version}"'
    return version


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem, which must be this one."""
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["type"]) == (status, f"urn:wangge:problem:{code}"), answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert problem["title"]
    return problem


def square(west: float, south: float, side: float = 0.005) -> dict[str, Any]:
    """A GeoJSON polygon."""
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def division(code: str, **other: Any) -> dict[str, Any]:
    return {"code": code, "name": f"区划{code}", "source": "test", "valid_from": SINCE} | other


def grid(number: int, **other: Any) -> dict[str, Any]:
    """Grid `number` of the community, on ground of its own."""
    phone, where = "0470-5220000", square(121.6 + 0.01 * (number % 100), 50.6)
    return {
        "code": f"{COMMUNITY}{number}", "name": f"网格{number}", "kind": "综合", "geometry": where,
        "supervision_phone": phone, "valid_from": SINCE,
    } | other  # fmt: skip


def unit(code: str, **other: Any) -> dict[str, Any]:
    return {"code": code, "name": f"单位{code}", "level": "street", "place": STREET, "phone": "0470-5220002"} | other


def member(code: str, **other: Any) -> dict[str, Any]:
    """Staff of the roads unit in the whole district."""
    return {"code": code, "name": "养护岗", "unit": ROADS, "roles": ["handler"], "areas": [DISTRICT]} | other


def case_type(code: str, **other: Any) -> dict[str, Any]:
    return {
        "code": code, "name": "绿地脏乱", "class_name": "市容环境", "condition": "有垃圾",
        "closing_condition": "清理干净", "limit_amount": 4, "limit_unit": "work_hour",
        "edition": "2026.1", "valid_from": SINCE,
    } | other  # fmt: skip
