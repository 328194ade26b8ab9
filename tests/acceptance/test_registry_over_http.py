"""登记 over HTTP: each command lets through and refuses, with the status and type a client can rely on."""

from __future__ import annotations

import httpx
import pytest

from tests.registry_calls import accepted, case_type, division, grid, member, refused, send, square, unit
from tests.served import Served
from tests.town import CITY, COMMUNITY, GRID, LAMPS, NEXT_GRID, NOISE, ROADS, RUBBISH, STREET, WATER


@pytest.fixture(scope="module")
def admin(served: Served) -> httpx.Client:
    return served.client("admin")


# --- divisions 区划 -----------------------------------------------------------------------------


def test_a_division_is_registered_renamed_and_abolished(admin: httpx.Client) -> None:
    code, path = "150785101", "/divisions/150785101"
    assert accepted(send(admin, "/divisions", **division(code, reason="年度调整"))) == 1
    seen = admin.get(path)
    assert seen.headers["ETag"] == '"1"'
    assert seen.json() == {
        "code": code, "name": f"区划{code}", "level": "street", "parent": "150785", "source": "test",
        "valid_from": "2015-01-01", "valid_until": None, "version": 1,
    }  # fmt: skip
    accepted(send(admin, f"{path}/rename", 1, name="南街道", source="民政部 2026"))
    accepted(send(admin, f"{path}/abolish", 2, last_day="2026-06-30"))
    kept = admin.get(path).json()
    assert (kept["name"], kept["source"], kept["valid_until"]) == ("南街道", "民政部 2026", "2026-06-30")
    refused(send(admin, f"{path}/rename", 3, name="北街道", source="test"), 409, "no-longer-kept")


def test_a_division_that_cannot_be_is_refused(admin: httpx.Client) -> None:
    refused(send(admin, "/divisions", **division(STREET)), 409, "already-registered")
    refused(send(admin, "/divisions", **division("150785999001")), 404, "no-such-entry")
    refused(send(admin, "/divisions", **division("110101001")), 403, "outside-area")
    ends = division("150785102", valid_until="2014-12-31")
    refused(send(admin, "/divisions", **ends), 422, "bad-period")
    early = division("150785103", valid_from="2014-12-31")
    refused(send(admin, "/divisions", **early), 422, "not-valid-then")
    refused(send(admin, "/divisions", **division("150785104", name="  ")), 422, "bad-text")
    refused(admin.get("/divisions/150785102"), 404, "no-such-entry")


def test_a_division_in_use_is_not_abolished_and_a_name_it_has_is_no_change(admin: httpx.Client) -> None:
    path = f"/divisions/{CITY}"
    refused(send(admin, f"{path}/abolish", 1, last_day="2026-06-30"), 409, "still-in-use")
    refused(send(admin, f"{path}/rename", 1, name="测试市", source="test"), 409, "nothing-changed")


# --- grids 网格 ---------------------------------------------------------------------------------


def test_a_grid_is_defined_redrawn_staffed_and_retired(admin: httpx.Client) -> None:
    body = grid(101)
    path = f"/grids/{body['code']}"
    accepted(send(admin, "/grids", **body))
    first = admin.get(path).json()
    assert (first["geometry"], first["edition"], first["worker"]) == (body["geometry"], 1, None)
    assert (first["kind"], first["community"]) == ("综合", COMMUNITY)
    wider = square(121.61, 50.6, side=0.008)
    accepted(send(admin, f"{path}/redraw", 1, geometry=wider))
    accepted(send(admin, "/staff", **member("grid-101", roles=["worker"], areas=[body["code"]])))
    accepted(send(admin, f"{path}/assign-worker", 2, worker="grid-101"))
    seen = admin.get(path).json()
    assert (seen["geometry"], seen["edition"], seen["worker"]) == (wider, 2, "grid-101")
    accepted(send(admin, f"{path}/assign-worker", 3, worker=None))
    accepted(send(admin, f"{path}/retire", 4, last_day="2026-06-30"))
    refused(send(admin, f"{path}/redraw", 5, geometry=body["geometry"]), 409, "no-longer-kept")


def test_a_drawing_that_is_not_a_grid_is_refused(admin: httpx.Client) -> None:
    bow = {
        "type": "Polygon",
        "coordinates": [[[121.6, 50.6], [121.7, 50.7], [121.7, 50.6], [121.6, 50.7], [121.6, 50.6]]],
    }
    refused(send(admin, "/grids", **grid(102, geometry=bow)), 422, "bad-polygon")
    swapped = {"type": "Polygon", "coordinates": [[[y, x] for x, y in bow["coordinates"][0]]]}
    problem = refused(send(admin, "/grids", **grid(102, geometry=swapped)), 422, "bad-polygon")
    assert "颠倒" in problem["detail"]
    taken = admin.get(f"/grids/{GRID}").json()["geometry"]
    problem = refused(send(admin, "/grids", **grid(102, geometry=taken)), 409, "grids-overlap")
    assert GRID in problem["detail"]
    ring = square(121.6, 50.7)["coordinates"][0]
    refused(
        send(admin, "/grids", **grid(102, geometry={"type": "Polygon", "coordinates": [ring[:-1]]})), 422, "bad-polygon"
    )


def test_a_grid_needs_its_community_a_phone_and_another_drawing(admin: httpx.Client) -> None:
    refused(send(admin, "/grids", **grid(103, code="150785001999001")), 404, "no-such-entry")
    refused(send(admin, "/grids", **grid(103, supervision_phone="电话")), 422, "malformed")
    refused(send(admin, "/grids", **grid(103, supervision_phone="()()")), 422, "bad-phone")
    seen = admin.get(f"/grids/{GRID}").json()
    same = send(admin, f"/grids/{GRID}/redraw", seen["version"], geometry=seen["geometry"])
    refused(same, 409, "nothing-changed")
    far = send(admin, f"/grids/{GRID}/assign-worker", seen["version"], worker="roads")
    refused(far, 422, "not-a-grid-worker")
    early = send(admin, f"/grids/{GRID}/retire", seen["version"], last_day="2014-01-01")
    refused(early, 422, "bad-period")


# --- units 承办单位 -------------------------------------------------------------------------------


def test_a_unit_is_registered_renamed_given_duties_and_closed(admin: httpx.Client) -> None:
    path = "/units/U-201"
    accepted(send(admin, "/units", **unit("U-201")))
    accepted(send(admin, f"{path}/rename", 1, name="南街道办事处"))
    accepted(send(admin, f"{path}/admit-duty", 2, category=RUBBISH, since="2020-01-01"))
    accepted(send(admin, f"{path}/revoke-duty", 3, category=RUBBISH, last_day="2020-12-31"))
    accepted(send(admin, f"{path}/admit-duty", 4, category=RUBBISH, since="2022-01-01"))
    seen = admin.get(path).json()
    assert (seen["name"], seen["level"], seen["has_duty_list"]) == ("南街道办事处", "street", True)
    assert seen["duties"] == [
        {"category": RUBBISH, "since": "2020-01-01", "last_day": "2020-12-31"},
        {"category": RUBBISH, "since": "2022-01-01", "last_day": None},
    ]
    accepted(send(admin, f"{path}/close", 5, last_day="2099-12-31"))
    assert admin.get(path).json()["valid_until"] == "2099-12-31"
    refused(send(admin, f"{path}/close", 6, last_day="2099-12-31"), 409, "no-longer-kept")


def test_a_unit_that_cannot_be_is_refused(admin: httpx.Client) -> None:
    refused(send(admin, "/units", **unit(ROADS)), 409, "already-registered")
    refused(send(admin, "/units", **unit("U-202", level="community")), 422, "bad-code")
    refused(send(admin, "/units", **unit("U-202", place="150785999")), 404, "no-such-entry")
    refused(send(admin, "/units", **unit("U-202", phone="()()")), 422, "bad-phone")


def test_duties_follow_the_list_of_a_street_and_the_catalogue(admin: httpx.Client) -> None:
    department, street = f"/units/{WATER}", "/units/U-203"
    since, until = {"category": RUBBISH, "since": "2020-01-01"}, {"category": RUBBISH, "last_day": "2020-12-31"}
    refused(send(admin, f"{department}/admit-duty", 1, **since), 422, "no-duty-list")
    accepted(send(admin, "/units", **unit("U-203")))
    refused(send(admin, f"{street}/revoke-duty", 1, **until), 409, "duty-not-on-list")
    refused(send(admin, f"{street}/admit-duty", 1, category="matter-99999", since="2020-01-01"), 404, "no-such-entry")
    accepted(send(admin, f"{street}/admit-duty", 1, **since))
    refused(send(admin, f"{street}/admit-duty", 2, **since), 409, "duty-on-list")
    refused(send(admin, f"{street}/revoke-duty", 2, category=RUBBISH, last_day="2019-12-31"), 422, "bad-period")


# --- staff 人员 ---------------------------------------------------------------------------------


def test_a_member_of_staff_joins_is_granted_moved_and_leaves(admin: httpx.Client) -> None:
    path = "/staff/crew-301"
    accepted(send(admin, "/staff", **member("crew-301", phone="0470-5220301")))
    accepted(send(admin, f"{path}/grant-roles", 1, roles=["worker", "handler"]))
    accepted(send(admin, f"{path}/assign-areas", 2, areas=[GRID, NEXT_GRID]))
    accepted(send(admin, f"{path}/move", 3, unit=WATER))
    seen = admin.get(path).json()
    assert (sorted(seen["roles"]), seen["areas"], seen["unit"]) == (["handler", "worker"], [GRID, NEXT_GRID], WATER)
    assert (seen["phone"], seen["left_on"]) == ("0470-5220301", None)
    accepted(send(admin, f"{path}/leave", 4))
    assert admin.get(path).json()["left_on"]
    refused(send(admin, f"{path}/leave", 5), 409, "no-longer-kept")


def test_staff_need_a_unit_an_area_and_another_administrator(admin: httpx.Client) -> None:
    refused(send(admin, "/staff", **member("roads")), 409, "already-registered")
    refused(send(admin, "/staff", **member("crew-302", unit="U-NONE")), 404, "no-such-entry")
    refused(send(admin, "/staff", **member("crew-302", areas=["150785999"])), 404, "no-such-entry")
    refused(send(admin, "/staff", **member("crew-302", areas=["11"])), 403, "outside-area")
    refused(send(admin, "/staff", **member("crew-302", areas=["150"])), 422, "bad-code")
    refused(send(admin, "/staff/admin/grant-roles", 1, roles=["auditor"]), 403, "self-grant")
    refused(send(admin, "/staff/admin/leave", 1), 403, "self-grant")
    refused(send(admin, "/staff/roads/move", 1, unit=ROADS), 409, "nothing-changed")
    refused(send(admin, "/staff/roads/move", 1, unit="U-NONE"), 404, "no-such-entry")
    refused(send(admin, "/staff/roads/grant-roles", 1, roles=["handler"]), 409, "nothing-changed")
    refused(send(admin, "/staff/roads/assign-areas", 1, areas=["150785999"]), 404, "no-such-entry")


# --- catalogue 编目 -----------------------------------------------------------------------------


def test_a_filing_condition_is_published_revised_and_withdrawn(admin: httpx.Client) -> None:
    code, path = "matter-06401-2", "/catalogue/matter-06401-2"
    accepted(send(admin, "/catalogue", **case_type(code)))
    accepted(send(admin, f"{path}/set-limit", 1, limit_amount=2, limit_unit="workday", edition="2026.2"))
    accepted(send(admin, f"{path}/set-lead", 2, lead=ROADS, edition="2026.3"))
    seen = admin.get(path).json()
    assert (seen["kind"], seen["class_code"], seen["edition"], seen["lead"]) == ("matter", "06401", "2026.3", ROADS)
    assert seen["limit"] == {"amount": 2, "unit": "workday"}
    accepted(send(admin, f"{path}/set-lead", 3, lead=None, edition="2026.4"))
    accepted(send(admin, f"{path}/withdraw", 4, last_day="2026-06-30"))
    refused(send(admin, f"{path}/withdraw", 5, last_day="2026-06-30"), 409, "no-longer-kept")


def test_a_filing_condition_that_cannot_be_is_refused(admin: httpx.Client) -> None:
    refused(send(admin, "/catalogue", **case_type(LAMPS)), 409, "already-registered")
    refused(send(admin, "/catalogue", **case_type("matter-06402", lead="U-NONE")), 404, "no-such-entry")
    refused(send(admin, "/catalogue", **case_type("matter-06402-1")), 422, "bad-code")
    refused(send(admin, "/catalogue", **case_type("matter-06402", limit_amount=99_999)), 422, "bad-limit")
    limit = {"limit_amount": 5, "limit_unit": "natural_day"}
    refused(send(admin, f"/catalogue/{NOISE}/set-limit", 1, **limit, edition="2026.1"), 409, "nothing-changed")
    refused(send(admin, f"/catalogue/{NOISE}/set-lead", 1, lead=ROADS, edition="2015.1"), 409, "nothing-changed")
    refused(send(admin, f"/catalogue/{NOISE}/set-lead", 1, lead="U-NONE", edition="2026.1"), 404, "no-such-entry")
    refused(send(admin, f"/catalogue/{NOISE}/withdraw", 1, last_day="2014-01-01"), 422, "bad-period")
