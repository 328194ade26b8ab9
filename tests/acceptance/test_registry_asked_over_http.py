"""登记 over HTTP: who may write and read, what a retry and a stale version get, lists, points, malformed calls."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.registry_calls import accepted, case_type, division, grid, member, refused, send, unit
from tests.served import Served
from tests.town import COMMUNITY, DISTRICT, GRID, LAMPS, NEXT_GRID, POINT, ROADS, STREET, STREET_OFFICE

RESOURCES = ("divisions", "grids", "units", "staff", "catalogue")
CREATING: list[tuple[str, dict[str, Any]]] = [
    ("divisions", division("150785801")), ("grids", grid(801)), ("units", unit("U-801")),
    ("staff", member("crew-801")), ("catalogue", case_type("matter-06801")),
]  # fmt: skip
CHANGING: list[tuple[str, dict[str, Any]]] = [
    (f"divisions/{DISTRICT}/rename", {"name": "新县", "source": "test"}),
    ("divisions/150785001002/abolish", {"last_day": "2099-12-31"}),
    (f"grids/{GRID}/redraw", {"geometry": grid(802)["geometry"]}),
    (f"grids/{GRID}/assign-worker", {"worker": "worker"}),
    (f"grids/{GRID}/retire", {"last_day": "2099-12-31"}),
    (f"units/{ROADS}/rename", {"name": "新所"}),
    (f"units/{STREET_OFFICE}/admit-duty", {"category": LAMPS, "since": "2020-01-01"}),
    (f"units/{STREET_OFFICE}/revoke-duty", {"category": LAMPS, "last_day": "2020-01-01"}),
    (f"units/{ROADS}/close", {"last_day": "2099-12-31"}),
    ("staff/water/grant-roles", {"roles": ["worker"]}),
    ("staff/water/assign-areas", {"areas": [STREET]}),
    ("staff/water/move", {"unit": ROADS}),
    ("staff/water/leave", {}),
    (f"catalogue/{LAMPS}/set-limit", {"limit_amount": 3, "limit_unit": "workday", "edition": "2026.1"}),
    (f"catalogue/{LAMPS}/set-lead", {"lead": None, "edition": "2026.1"}),
    (f"catalogue/{LAMPS}/withdraw", {"last_day": "2099-12-31"}),
]


@pytest.fixture(scope="module")
def admin(served: Served) -> httpx.Client:
    return served.client("admin")


@pytest.fixture(scope="module")
def worker(served: Served) -> httpx.Client:
    return served.client("worker")


# --- who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "body"), CREATING)
def test_only_an_administrator_registers(worker: httpx.Client, path: str, body: dict[str, Any]) -> None:
    refused(send(worker, f"/{path}", **body), 403, "wrong-role")


@pytest.mark.parametrize(("path", "body"), CHANGING)
def test_only_an_administrator_changes_and_with_the_version_seen(
    served: Served, worker: httpx.Client, admin: httpx.Client, path: str, body: dict[str, Any]
) -> None:
    resource, code, _ = path.split("/")
    version = worker.get(f"/{resource}/{code}").json()["version"]
    refused(send(worker, f"/{path}", version, **body), 403, "wrong-role")
    refused(send(admin, f"/{path}", **body), 428, "version-missing")
    refused(send(admin, f"/{path}", 99, **body), 412, "stale")
    unsigned = httpx.post(f"{served.url}/api/v1/{path}", json=body, headers={"If-Match": f'"{version}"'})
    refused(unsigned, 401, "not-signed-in")
    assert worker.get(f"/{resource}/{code}").json()["version"] == version


@pytest.mark.parametrize("resource", RESOURCES)
def test_all_who_are_signed_in_read_and_nobody_else(served: Served, worker: httpx.Client, resource: str) -> None:
    first = worker.get(f"/{resource}").json()["items"][0]
    one = worker.get(f"/{resource}/{first['code']}")
    assert one.json() == first
    assert one.headers["ETag"] == f'"{first["version"]}"'
    for path in (resource, f"{resource}/{first['code']}", "grids/locate"):
        refused(httpx.get(f"{served.url}/api/v1/{path}"), 401, "not-signed-in")


def test_a_telephone_of_staff_is_for_themselves_and_for_who_covers_their_unit(
    served: Served, admin: httpx.Client
) -> None:
    phone = "0470-5220803"
    accepted(send(admin, "/staff", **member("crew-803", phone=phone)))
    for reader, read in [("admin", phone), ("receiver", phone), ("worker", None), ("elsewhere", None)]:
        client = served.client(reader)
        assert client.get("/staff/crew-803").json()["phone"] == read
        listed = client.get("/staff", params={"unit": ROADS, "name": "养护"}).json()["items"]
        assert [each["phone"] for each in listed if each["code"] == "crew-803"] == [read]
    served.passwords["crew-804"] = "a long enough password"
    accepted(send(admin, "/staff", **member("crew-804", unit=STREET_OFFICE, areas=[GRID], phone=phone)))
    served.run(lambda services: services.sign_in.register("crew-804", "crew-804", served.passwords["crew-804"]))
    assert served.client("crew-804").get("/staff/crew-804").json()["phone"] == phone


# --- retries and versions -------------------------------------------------------------------------


def test_a_retry_with_its_key_gets_the_first_answer_and_another_body_is_refused(admin: httpx.Client) -> None:
    def ask(path: str, match: str = "", **body: Any) -> httpx.Response:
        headers = {"Idempotency-Key": f"key of {path}".replace(" ", "-")} | ({"If-Match": match} if match else {})
        return admin.post(path, json=body, headers=headers)

    first = ask("/units", **unit("U-811"))
    assert ask("/units", **unit("U-811")).json() == first.json()
    refused(ask("/units", **unit("U-812")), 422, "key-reused")
    renamed = ask("/units/U-811/rename", '"1"', name="改名")
    assert accepted(renamed) == 2
    assert ask("/units/U-811/rename", '"1"', name="改名").json() == renamed.json()
    refused(ask("/units/U-811/rename", '"1"', name="又改名"), 422, "key-reused")
    refused(send(admin, "/units/U-811/rename", 1, name="再改名"), 412, "stale")
    assert admin.get("/units/U-811").json()["version"] == 2


def test_a_deed_has_its_own_time_and_reason_and_none_before_the_last(admin: httpx.Client) -> None:
    monday = "2026-01-05T09:00:00+08:00"
    accepted(send(admin, "/units", **unit("U-821"), happened_at=monday, reason="机构改革"))
    early = send(admin, "/units/U-821/rename", 1, name="新名", happened_at="2026-01-04T09:00:00+08:00")
    refused(early, 422, "out-of-order")
    refused(send(admin, "/units", **unit("U-822"), happened_at="1999-01-04T09:00:00+08:00"), 422, "implausible-time")
    refused(send(admin, "/units", **unit("U-822"), happened_at="2026-01-04T09:00:00"), 422, "malformed")


# --- lists ----------------------------------------------------------------------------------------


def test_pages_follow_one_another_by_code_without_a_gap_or_a_repeat(admin: httpx.Client) -> None:
    codes = [f"150785{number}" for number in range(830, 837)]
    for code in codes:
        accepted(send(admin, "/divisions", **division(code, name="翻页街道")))
    found: list[str] = []
    after = ""
    while True:
        page = admin.get(f"/divisions?name=翻页&parent={DISTRICT}&limit=3&after={after}").json()
        found += [item["code"] for item in page["items"]]
        if page["next"] is None:
            break
        after = page["next"]
        assert after == found[-1]
    assert found == codes


@pytest.mark.parametrize(
    ("path", "codes"),
    [
        ("divisions?parent=150785001", [COMMUNITY, "150785001002"]),
        ("divisions?parent=", []),
        ("divisions?parent=150785001&valid_on=2014-12-31", []),
        (f"grids?within={COMMUNITY}&limit=2", [GRID, NEXT_GRID]),
        ("grids?within=150785002&name=第3", ["150785002002001"]),
        ("units?level=department&within=150785", ["U-ROADS", "U-WATER"]),
        ("staff?role=dispatcher&covering=150785001", ["dispatcher", "dispatcher-2"]),
        ("catalogue?kind=asset", [LAMPS]),
        ("catalogue?lead=U-ROADS&valid_on=2026-01-01", [LAMPS]),
    ],
)
def test_a_list_is_narrowed_by_what_is_asked(worker: httpx.Client, path: str, codes: list[str]) -> None:
    assert [item["code"] for item in worker.get(f"/{path}").json()["items"]] == codes


# --- points ---------------------------------------------------------------------------------------


def test_a_point_finds_its_grid_on_a_day_it_is_valid(worker: httpx.Client) -> None:
    found = worker.get("/grids/locate", params=POINT)
    assert found.json()["code"] == GRID
    assert found.headers["ETag"] == f'"{found.json()["version"]}"'
    refused(worker.get("/grids/locate", params=POINT | {"valid_on": "2014-12-31"}), 422, "nowhere")


@pytest.mark.parametrize(
    ("point", "code", "says"),
    [
        ({"longitude": 121.499, "latitude": 50.785}, "nowhere", f"最近的网格是 {GRID}"),
        ({"longitude": 116.4, "latitude": 39.9}, "nowhere", "不在已登记的网格内"),
        ({"longitude": 121.505}, "bad-coordinates", "须同时给出"),
        ({"latitude": 50.785}, "bad-coordinates", "须同时给出"),
        ({}, "bad-coordinates", "须同时给出"),
        ({"longitude": 50.785, "latitude": 121.505}, "bad-coordinates", "颠倒"),
        ({"longitude": 2.35, "latitude": 48.85}, "bad-coordinates", "不在我国范围"),
        ({"longitude": 1215.05, "latitude": 50.785}, "malformed", "不得大于 180"),
        ({"longitude": "nan", "latitude": "inf"}, "malformed", "有限"),
        ({"longitude": "东经121度", "latitude": 50.785}, "malformed", "应为数字"),
    ],
)
def test_a_point_that_finds_no_grid_says_why(worker: httpx.Client, point: dict[str, Any], code: str, says: str) -> None:
    assert says in refused(worker.get("/grids/locate", params=point), 422, code)["detail"]


# --- malformed ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "divisions/15078", "divisions/%00", "divisions/１５０７", "grids/150785", "units/U%20ROADS", "staff/.hidden",
        "catalogue/matter-1", "staff/" + "x" * 65, "divisions?limit=0", "divisions?limit=201", "divisions?parent=x",
        "divisions?valid_on=2026-02-30", "divisions?valid_on=9999-12-31", "units?level=village", "staff?role=king",
        "staff?covering=x", "catalogue?kind=none", "grids?after=" + "x" * 65, "grids?after=%00", "units?name=%07",
    ],
)  # fmt: skip
def test_an_address_without_sense_is_malformed(worker: httpx.Client, path: str) -> None:
    refused(worker.get(f"/{path}"), 422, "malformed")


TEXTS = [("divisions", "name"), ("grids", "name"), ("units", "phone"), ("staff", "name"), ("catalogue", "condition")]
WRONG: list[tuple[str, str, Any]] = [
    *((name, field, value) for name, field in TEXTS for value in ("长" * 100_000, "响\u0007铃", "\ud800", "", None, 7)),
    ("divisions", "code", "１５０７８５８０１"), ("divisions", "valid_from", "昨天"), ("divisions", "parent", "150785"),
    ("divisions", "valid_until", "9999-12-31"), ("grids", "kind", "其他"), ("grids", "geometry", {"type": "Point"}),
    ("grids", "geometry", {"type": "Polygon", "coordinates": []}), ("units", "level", "village"),
    ("grids", "geometry", {"type": "Polygon", "coordinates": [[[float("nan"), 50.6]] * 5]}),
    ("grids", "geometry", {"type": "Polygon", "coordinates": [[[121.6, 50.6, 700.0]] * 5]}),
    ("grids", "geometry", {"type": "Polygon", "coordinates": [[[121.6, 50.6]] * 5001]}),
    ("grids", "geometry", {"type": "Polygon", "coordinates": [[[1e400, 50.6]] * 5]}),
    ("staff", "roles", ["king"]), ("staff", "areas", []), ("staff", "areas", [GRID] * 201), ("staff", "code", "网格员"),
    ("catalogue", "code", "matter-1"), ("catalogue", "limit_unit", "fortnight"), ("catalogue", "limit_amount", 0),
    ("catalogue", "limit_amount", 2.5), ("catalogue", "limit_amount", 10**30), ("catalogue", "reason", "\u0000"),
]  # fmt: skip


@pytest.mark.parametrize(("resource", "field", "value"), WRONG)
def test_a_body_without_sense_is_refused_and_nothing_is_written(
    admin: httpx.Client, resource: str, field: str, value: Any
) -> None:
    body = dict(CREATING)[resource] | {field: value}
    raw = json.dumps(body).encode()
    answer = admin.post(f"/{resource}", content=raw, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422, answer.text
    assert answer.json()["type"].rpartition(":")[2] in {"malformed", "bad-text", "bad-phone"}
    refused(admin.get(f"/{resource}/{dict(CREATING)[resource]['code']}"), 404, "no-such-entry")
