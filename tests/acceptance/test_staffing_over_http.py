"""单位和人员 over HTTP: relations, rosters, stand-ins, contacts, and leaving without losing anything."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.case_calls import done, report, seen
from tests.registry_calls import accepted, division, member, refused, send, unit
from tests.served import Served
from tests.town import COMMUNITY, DISTRICT, GRID, LAMPS, NEXT_GRID, ROADS, STREET_OFFICE, WATER

TODAY = (datetime.now(UTC) + timedelta(hours=8)).date()
SINCE = "2020-01-01"


@pytest.fixture(scope="module")
def admin(served: Served) -> httpx.Client:
    return served.client("admin")


def joined(served: Served, code: str, **other: Any) -> httpx.Client:
    """A new member of the roads unit, signed in."""
    accepted(send(served.client("admin"), "/staff", **member(code, **other)))
    served.passwords[code] = secrets.token_urlsafe(16)
    served.run(lambda services: services.sign_in.register(code, code, served.passwords[code]))
    return served.client(code)


def assigned(served: Served) -> str:
    """The path of an issue that the roads unit leads; it is at version 3."""
    path = report(served)
    done(served.client("dispatcher"), f"{path}/file", 1)
    done(served.client("dispatcher"), f"{path}/assign", 2, lead=ROADS)
    return path


def in_hand(served: Served, path: str, by: httpx.Client) -> dict[str, Any]:
    """The receipt of accepting an assigned issue."""
    return done(by, f"{path}/accept", 3)


# --- relations 单位关系 -------------------------------------------------------------------------


def test_units_stand_under_one_another_and_a_circle_is_refused_by_name(admin: httpx.Client) -> None:
    for code in ("U-501", "U-502"):
        accepted(send(admin, "/units", **unit(code)))
    path = "/units/U-501"
    accepted(send(admin, f"{path}/place-under", 1, above="U-502", since=SINCE))
    problem = refused(send(admin, "/units/U-502/place-under", 1, above="U-501", since=SINCE), 409, "supervision-cycle")
    assert problem["facts"]["units"] == ["U-502", "U-501", "U-502"]
    refused(send(admin, f"{path}/place-under", 2, above="U-502", since=SINCE), 409, "nothing-changed")
    refused(send(admin, f"{path}/place-under", 2, above=WATER, since="2019-01-01"), 409, "supervised-since")
    accepted(send(admin, f"{path}/set-copy", 2, to=WATER, since=SINCE))
    refused(send(admin, f"{path}/set-copy", 3, to=WATER, since=SINCE), 409, "copy-on-record")
    refused(send(admin, f"{path}/set-copy", 3, to="U-501", since=SINCE), 422, "copy-to-itself")
    found = admin.get(f"{path}/relations")
    assert found.headers["ETag"] == '"3"'
    told = found.json()
    assert (told["above"], told["below"], told["copied_to"]) == (["U-502"], [], [WATER])
    assert admin.get("/units/U-502/relations").json()["below"] == ["U-501"]
    accepted(send(admin, f"{path}/end-supervision", 3, last_day="2020-12-31"))
    refused(send(admin, f"{path}/end-supervision", 4, last_day="2021-12-31"), 409, "not-supervised")
    accepted(send(admin, f"{path}/end-copy", 4, to=WATER, last_day="2020-12-31"))
    refused(send(admin, f"{path}/end-copy", 5, to=WATER, last_day="2020-12-31"), 409, "no-copy-relation")
    told = admin.get(f"{path}/relations").json()
    assert (told["above"], told["copied_to"]) == ([], [])
    assert told["supervision"] == [{"unit": "U-502", "since": SINCE, "last_day": "2020-12-31"}]


def test_what_a_unit_leads_is_copied_as_its_relations_say(served: Served, admin: httpx.Client) -> None:
    version = admin.get(f"/units/{ROADS}").json()["version"]
    accepted(send(admin, f"/units/{ROADS}/set-copy", version, to=STREET_OFFICE, since=SINCE))
    path = report(served)
    done(served.client("dispatcher"), f"{path}/file", 1)
    receipt = done(served.client("dispatcher"), f"{path}/assign", 2, lead=ROADS, copies=[WATER])
    assert seen(admin, path, receipt)["copies"] == [WATER, STREET_OFFICE]
    accepted(send(admin, f"/units/{ROADS}/end-copy", version + 1, to=STREET_OFFICE, last_day=SINCE))


# --- rosters 值班表 -----------------------------------------------------------------------------


def test_a_roster_says_who_signs_and_when_nobody_does(served: Served, admin: httpx.Client) -> None:
    accepted(send(admin, "/rosters", code=WATER))
    refused(send(admin, "/rosters", code=WATER), 409, "already-registered")
    path = f"/rosters/{WATER}"
    night = {"member": "water", "begins": "17:30", "ends": "08:30", "weekdays": [0, 1, 2, 3, 4], "first_day": SINCE}
    accepted(send(admin, f"{path}/set-shift", 1, **night))
    refused(send(admin, f"{path}/set-shift", 2, **night), 409, "shifts-overlap")
    noon = night | {"member": "roads", "begins": "12:00", "ends": "14:00"}
    refused(send(admin, f"{path}/set-shift", 2, **noon), 422, "not-of-the-unit")
    refused(send(admin, f"{path}/set-shift", 2, member="water", begins="17:30", ends="08:30"), 422, "bad-shift")
    accepted(send(admin, f"{path}/set-shift", 2, member="water", begins="20:00", ends="21:00", day="2099-01-01"))
    shifts = admin.get(f"{path}/shifts", params={"limit": 1}).json()
    assert ([shift["number"] for shift in shifts["items"]], shifts["next"]) == ([1], 1)
    assert admin.get(f"{path}/shifts", params={"after": 1}).json()["items"][0]["first_day"] == "2099-01-01"
    asked = admin.get(f"/units/{WATER}/on-duty", params={"at": "2026-03-02T22:00:00+08:00"}).json()
    assert (asked["reason"], asked["shift"]["number"]) == ("on_shift", 1)
    assert asked["signers"] == [{"staff": "water", "name": "water岗", "phone": None, "instead_of": None}]
    ten = admin.get(f"/units/{WATER}/on-duty", params={"at": "2026-03-02T10:00:00+08:00"}).json()
    assert (ten["reason"], "water" in [one["staff"] for one in ten["signers"]]) == ("office_hours", True)
    saturday = {"from": "2026-03-07T00:00:00+08:00", "to": "2026-03-08T00:00:00+08:00"}
    (gap,) = admin.get(f"/units/{WATER}/roster/gaps", params=saturday).json()["items"]
    assert (gap["reason"], gap["begins"]) == ("no_shift", "2026-03-07T00:30:00Z")
    backwards = {"from": saturday["to"], "to": saturday["from"]}
    refused(admin.get(f"/units/{WATER}/roster/gaps", params=backwards), 422, "bad-period-asked")
    years = saturday | {"to": "2029-03-08T00:00:00+08:00"}
    refused(admin.get(f"/units/{WATER}/roster/gaps", params=years), 422, "range-too-long")
    accepted(send(admin, f"{path}/withdraw-shift", 3, shift=1))
    refused(send(admin, f"{path}/withdraw-shift", 4, shift=1), 404, "no-such-shift")
    refused(send(admin, f"{path}/pass-shift", 4, shift=2, to="roads"), 422, "not-of-the-unit")
    listed = admin.get("/rosters", params={"within": DISTRICT}).json()["items"]
    assert WATER in [roster["code"] for roster in listed]
    assert served.client("worker").get(path).json()["name"] == "供水公司值班表"
    refused(send(served.client("worker"), f"{path}/withdraw-shift", 4, shift=2), 403, "wrong-role")


def test_a_roster_is_imported_as_a_body(admin: httpx.Client) -> None:
    file = "单位,日期,起,止,值班人员\nU-CENTRE,每天,17:30,08:30,admin\n".encode()
    tried = admin.post("/rosters/import", params={"dry_run": True}, content=file).json()
    assert (tried["taken"], tried["counts"]["rejected"], tried["lines"][0]["number"]) == (False, 1, 2)
    assert "承办人" in tried["lines"][0]["note"]
    skipped = admin.post("/rosters/import", params={"skip_rejected": True}, content=file).json()
    assert (skipped["taken"], skipped["position"]) == (True, None)
    refused(admin.post("/rosters/import", content=b"x"), 422, "bad-file")


# --- standing in 代班 ---------------------------------------------------------------------------


def test_a_stand_in_of_another_unit_sees_and_handles_the_units_cases_while_it_lasts(served: Served) -> None:
    admin, helper = served.client("admin"), joined(served, "helper-511", unit=WATER)
    joined(served, "crew-511")
    first, second = assigned(served), assigned(served)
    refused(helper.post(f"{first}/accept", json={}, headers={"If-Match": '"3"'}), 403, "not-lead")
    days = {"stand_in": "helper-511", "first_day": str(TODAY), "last_day": str(TODAY + timedelta(days=1))}
    accepted(send(admin, "/staff/crew-511/name-stand-in", 1, **days))
    refused(send(admin, "/staff/crew-511/name-stand-in", 2, **days), 409, "stood-in-for")
    refused(send(admin, "/staff/helper-511/name-stand-in", 1, **(days | {"stand_in": "roads"})), 409, "stand-in-chain")
    narrow = days | {"stand_in": "worker"}
    refused(send(admin, "/staff/roads/name-stand-in", 1, **narrow), 422, "not-fit-to-stand-in")
    receipt = in_hand(served, first, helper)
    view = seen(helper, first, receipt)
    assert (view["lead"], view["handler"]) == (ROADS, "helper-511")
    assert second.removeprefix("/issues/") in [item["id"] for item in helper.get("/work").json()]
    named = admin.get("/staff/crew-511").json()["stand_ins"]
    assert [(one["stand_in"], one["unit"], one["roles"]) for one in named] == [("helper-511", ROADS, ["handler"])]
    eve = str(TODAY - timedelta(days=1))
    accepted(send(admin, "/staff/crew-511/end-stand-in", 2, first_day=str(TODAY), last_day=eve))
    refused(send(admin, "/staff/crew-511/end-stand-in", 3, first_day=str(TODAY), last_day=eve), 404, "no-such-stand-in")
    refused(helper.post(f"{second}/accept", json={}, headers={"If-Match": '"3"'}), 403, "not-lead")


# --- contacts 包联 ------------------------------------------------------------------------------


def test_a_community_has_a_leader_who_is_passed_on(served: Served, admin: httpx.Client) -> None:
    code = "150785001501"
    accepted(send(admin, "/divisions", **division(code)))
    accepted(send(admin, "/contacts", community=code, leader="supervisor", since=SINCE))
    refused(send(admin, "/contacts", community=code, leader="supervisor", since=SINCE), 409, "already-registered")
    refused(send(admin, "/contacts", community=COMMUNITY, leader="elsewhere", since=SINCE), 422, "not-in-hand")
    path = f"/contacts/{code}"
    accepted(send(admin, f"{path}/pass-on", 1, leader="admin", since="2022-01-01"))
    refused(send(admin, f"{path}/pass-on", 2, leader="auditor", since="2021-01-01"), 409, "contact-taken")
    told = served.client("worker").get(path, params={"on": "2021-12-31"}).json()
    assert (told["leader"], told["name"], told["version"]) == ("supervisor", f"区划{code}", 2)
    assert [one["leader"] for one in told["held"]] == ["supervisor", "admin"]
    found = admin.get("/contacts", params={"within": "150785001", "leader": "admin"}).json()["items"]
    assert [one["code"] for one in found] == [code]
    accepted(send(admin, f"{path}/end", 2, last_day="2022-12-31"))
    refused(send(admin, f"{path}/end", 3, last_day="2023-12-31"), 409, "no-contact")
    assert admin.get(path).json()["leader"] is None


# --- leaving 离岗 -------------------------------------------------------------------------------


def test_nobody_leaves_with_work_in_hand_until_it_is_handed_over(served: Served, admin: httpx.Client) -> None:
    leaver = joined(served, "crew-521", roles=["handler", "worker"])
    joined(served, "crew-522", roles=["handler", "worker"])
    path = assigned(served)
    receipt = in_hand(served, path, leaver)
    version = admin.get(f"/grids/{NEXT_GRID}").json()["version"]
    accepted(send(admin, f"/grids/{NEXT_GRID}/assign-worker", version, worker="crew-521"))
    work = admin.get("/staff/crew-521/open-work").json()
    assert [(item["kind"], item["code"]) for item in work["items"]] == [
        ("grid", NEXT_GRID), ("issue", path.removeprefix("/issues/")),
    ]  # fmt: skip
    assert leaver.get("/staff/crew-521/open-work").json()["total"] == 2
    refused(served.client("elsewhere").get("/staff/crew-521/open-work"), 403, "outside-area")
    problem = refused(send(admin, "/staff/crew-521/leave", 1), 409, "open-work-left")
    assert path.removeprefix("/issues/") in problem["detail"]
    refused(send(admin, "/staff/crew-521/leave", 1, successor="verifier"), 409, "open-work-left")
    accepted(send(admin, "/staff/crew-521/leave", 1, successor="crew-522"))
    assert admin.get(f"/grids/{NEXT_GRID}").json()["worker"] == "crew-522"
    log = receipt["log"]
    last = served.run(lambda services: services.logs.named(log).last_position())
    view = seen(admin, path, {"log": log, "position": last})
    assert (view["handler"], view["stage"]) == ("crew-522", "accepted")
    told = admin.get(f"{path}/timeline").json()[-1]
    assert (told["topic"], told["what"]) == ("issue.handed_over", "交接：由 养护岗 交 养护岗 继续办理")
    assert (told["facts"], told["who"]) == ({"from_staff": "crew-521", "to_staff": "crew-522"}, "admin岗")
    assert admin.get("/staff/crew-521/open-work").json() == {"total": 0, "items": []}
    refused(leaver.get("/work"), 401, "not-signed-in")


def test_a_request_that_was_contacted_is_handed_over_and_only_what_is_left(served: Served, admin: httpx.Client) -> None:
    giver, taker = joined(served, "crew-531"), joined(served, "crew-532")
    receiver, dispatcher = served.client("receiver"), served.client("dispatcher")
    request = done(receiver, "/requests", kind="help", place=GRID, category=LAMPS, text="路灯不亮")
    path = f"/requests/{request['id']}"
    issue = f"/issues/{done(dispatcher, f'{path}/dispatch', 1, lead=ROADS)['id']}"
    done(giver, f"{issue}/accept", 4)
    done(giver, f"{path}/contact", 2, reached=True)
    done(giver, f"{issue}/resolve", 5, measure="修复", level="street")
    kinds = [(item["kind"], item["code"]) for item in admin.get("/staff/crew-531/open-work").json()["items"]]
    assert kinds == [("request", request["id"])]
    order = {"successor": "crew-532"}
    handed = send(admin, "/staff/crew-531/hand-over", 1, **order).json()["items"]
    assert [(one["work"]["kind"], one["taker"]) for one in handed] == [("request", "crew-532")]
    assert send(admin, "/staff/crew-531/hand-over", 1, **order).json() == {"items": []}
    assert admin.get("/staff/crew-532/open-work").json()["total"] == 1
    accepted(send(admin, "/staff/crew-531/leave", 1))
    receipt = done(taker, f"{path}/feed-back", 4, reply="已修复")
    assert seen(admin, path, receipt)["request"]["stage"] == "fed_back"
    assert admin.get("/staff/crew-532/open-work").json()["total"] == 0
