"""工作日历 over HTTP: opened, published, imported, in use; open deadlines re-set and decided ones never."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from domain.registry.entry import civil_day
from tests.registry_calls import accepted, refused, send
from tests.served import Served
from tests.town import DISTRICT, GRID, LAMPS, ROADS

OFFICE = [["08:30", "12:00"], ["14:00", "17:30"]]
TODAY = civil_day(datetime.now(UTC))


def opened(served: Served, code: str, **other: Any) -> int:
    body = {"code": code, "name": f"日历{code}", "periods": OFFICE, **other}
    return accepted(send(served.client("admin"), "/calendars", **body))


def standing(client: httpx.Client) -> dict[str, dict[str, Any]]:
    items = client.get("/calendars").raise_for_status().json()["items"]
    return {one["code"]: one for one in items}


def in_force(client: httpx.Client, **asked: str) -> str:
    calendar: str = client.get("/calendars-in-force", params=asked).raise_for_status().json()["calendar"]
    return calendar


def year_of(first: date, last: date) -> dict[str, Any]:
    """A notice by which every day from `first` to `last` is off."""
    days = [date.fromordinal(one) for one in range(first.toordinal(), last.toordinal() + 1)]
    named = [{"name": "放假", "date": day.isoformat(), "isOffDay": True} for day in days if day.year == first.year]
    return {"year": first.year, "papers": [], "days": named}


def test_a_calendar_is_opened_published_and_seen(served: Served) -> None:
    admin = served.client("admin")
    version = opened(served, "seen", with_known_years=True)
    seen = admin.get("/calendars/seen").json()
    assert seen["version"] == version
    assert [one["year"] for one in seen["years"]][-2:] == [2025, 2026]
    notice = {"year": 2027, "holidays": ["2027-01-01"], "workdays": ["2027-01-03"], "source": "通知"}
    refused(send(admin, "/calendars/seen/publish-year", 1, **notice), 412, "stale")
    accepted(send(admin, "/calendars/seen/publish-year", version, **notice))
    told = standing(admin)["seen"]
    assert (told["runs_out_on"], told["built_in"]) == ("2027-12-31", False)
    assert told["alarm"] is ((date(2027, 12, 31) - TODAY).days <= 60)
    assert told["edition"] == f"2027.{len(seen['years']) + 1}"


@pytest.mark.parametrize(
    "body", [{"periods": [["09:00", "09:00"]]}, {"weekend": [0, 1, 2, 3, 4, 5, 6]}, {"zone": "Asia/Nowhere"}]
)
def test_a_calendar_without_working_time_or_zone_is_refused(served: Served, body: dict[str, Any]) -> None:
    order = {"code": "none", "name": "无", "periods": OFFICE, **body}
    problem = refused(send(served.client("admin"), "/calendars", **order), 422, "no-working-calendar")
    assert "none" in problem["detail"]


def test_others_than_administrators_open_none(served: Served) -> None:
    order: dict[str, Any] = {"code": "none", "name": "无", "periods": OFFICE}
    refused(send(served.client("receiver"), "/calendars", **order), 403, "wrong-role")


def test_periods_put_right_are_seen_and_years_taken_over(served: Served) -> None:
    admin = served.client("admin")
    version = opened(served, "right")
    version = accepted(send(admin, "/calendars/right/correct", version, periods=[["09:00", "24:00"]], weekend=[6]))
    assert admin.get("/calendars/right").json()["periods"] == [["09:00", "00:00"]]
    version = accepted(send(admin, "/calendars/right/take-over-known-years", version))
    refused(send(admin, "/calendars/right/take-over-known-years", version), 409, "nothing-changed")


def test_a_file_is_imported_and_what_is_wrong_in_it_told(served: Served) -> None:
    admin = served.client("admin")
    opened(served, "filed")
    ics = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270101\r\nSUMMARY:元旦（休）\r\n"
    ics += "END:VEVENT\r\nEND:VCALENDAR\r\n"
    for content in (json.dumps(year_of(date(2026, 1, 1), date(2026, 1, 3))), ics):
        report = admin.post("/calendars/filed/import", content=content.encode()).raise_for_status().json()
        assert report["taken"], report
    assert [one["holidays"] for one in admin.get("/calendars/filed").json()["years"]] == [
        ["2026-01-01", "2026-01-02", "2026-01-03"],
        ["2027-01-01"],
    ]
    assert refused(admin.post("/calendars/filed/import", content=b"no file"), 422, "bad-file")


def test_a_unit_uses_its_own_calendar_from_its_day_on(served: Served) -> None:
    admin = served.client("admin")
    opened(served, "shifts")
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    put: dict[str, Any] = {"kind": "unit", "target": "U-WATER", "calendar": "shifts", "since": tomorrow}
    accepted(send(admin, "/calendar-uses", **put))
    assert in_force(admin, kind="unit", target="U-WATER") != "shifts"
    assert in_force(admin, kind="unit", target="U-WATER", on=tomorrow) == "shifts"
    past: dict[str, Any] = {**put, "target": ROADS, "since": (TODAY - timedelta(days=1)).isoformat()}
    refused(send(admin, "/calendar-uses", **past), 422, "in-use-before")
    uses = admin.get("/calendar-uses").json()["items"]
    assert [one["uses"] for one in uses if one["code"] == "unit:U-WATER"] == [[[tomorrow, "shifts"]]]


def test_a_year_published_re_sets_open_deadlines_and_no_decided_one(served: Served) -> None:
    admin, roads = served.client("admin"), served.client("roads")
    opened(served, "lamps")
    put: dict[str, Any] = {"kind": "unit", "target": ROADS, "calendar": "lamps", "since": TODAY.isoformat()}
    accepted(send(admin, "/calendar-uses", **put))
    first, second = (assigned(served) for _ in range(2))
    version = accepted(send(roads, f"{second}/accept", 3))
    decided = accepted(send(roads, f"{second}/resolve", version, measure="更换灯具"))
    before = {case: view(served, case) for case in (first, second)}
    for year in sorted({TODAY.year, (TODAY + timedelta(days=30)).year}):
        first_day = max(TODAY, date(year, 1, 1))
        content = json.dumps(year_of(first_day, TODAY + timedelta(days=30))).encode()
        assert admin.post("/calendars/lamps/import", content=content).raise_for_status().json()["taken"]
    order = {"reason": "公布放假安排", "limit": 1}
    done, after = 0, None
    for _ in range(5):
        told = admin.post("/calendars/lamps/recalculate", json={**order, "after": after}).raise_for_status().json()
        done, after = done + told["changed"], told["after"]
        if after is None:
            break
    assert done == 1
    again = admin.post("/calendars/lamps/recalculate", json={}).raise_for_status().json()
    assert (again["changed"], again["busy"], again["after"]) == (0, [], None)
    steps = admin.get(f"{first}/timeline", params={"wait": position(served)}).json()
    assert "时限重算" in steps[-1]["what"]
    assert steps[-1]["why"] == "公布放假安排"
    assert view(served, first)["due"] > before[first]["due"]
    kept = ("stage", "due", "overdue", "version")
    assert [view(served, second)[name] for name in kept] == [before[second][name] for name in kept]
    assert before[second]["version"] == decided
    assert before[first]["due"] < (TODAY + timedelta(days=30)).isoformat() < view(served, first)["due"]


def test_who_is_no_administrator_of_the_city_recalculates_nothing(served: Served) -> None:
    refused(served.client("receiver").post("/calendars/cn-office/recalculate", json={}), 403, "wrong-role")
    refused(served.client("admin").post("/calendars/nobody-knows/recalculate", json={}), 404, "no-such-entry")


def assigned(served: Served) -> str:
    """The path of an issue of the roads unit, with two workdays from now."""
    worker, receiver, dispatcher = map(served.client, ["worker", "receiver", "dispatcher"])
    answer = send(worker, "/issues", grid=GRID, category=LAMPS, text="路灯不亮")
    assert answer.is_success, answer.text
    path = f"/issues/{answer.json()['id']}"
    accepted(send(receiver, f"{path}/file", 1))
    accepted(send(dispatcher, f"{path}/assign", 2, lead=ROADS))
    return path


def position(served: Served) -> str:
    last = served.run(lambda services: services.logs.named(DISTRICT).last_position())
    return f"{DISTRICT}:{last}"


def view(served: Served, path: str) -> dict[str, Any]:
    found: dict[str, Any] = (
        served.client("admin").get(path, params={"wait": position(served)}).raise_for_status().json()
    )
    return found
