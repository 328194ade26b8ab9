"""职责准入 over HTTP: a duty comes down by review, an attempt past the list is answered, recorded and counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests import town
from tests.case_calls import NINE, at, call, done, receive, refused, report
from tests.registry_calls import accepted, send, unit
from tests.served import Served

ADMISSIONS, POLICIES, ATTEMPTS = "/duties/admissions", "/duties/policies", "/duties/attempts"
STREETS = SOUTH, NORTH, FIRST, SECOND, GRADED, LISTED = [f"U-S{nth}" for nth in range(6)]
COMMUNITIES = VILLAGE, REJECTED, PENDING = [f"U-V{nth}" for nth in range(3)]
LATER = "2099-01-01"
WINDOW = {"start": at(0), "end": at(50)}
"""When the attempts happen that are counted; others come later."""


@pytest.fixture(scope="module")
def admin(served: Served) -> httpx.Client:
    """The administrator, who has registered a unit for each thing that happens to lists."""
    client, early = served.client("admin"), "2026-01-01T09:00:00+08:00"
    for code in STREETS:
        accepted(send(client, "/units", **unit(code, happened_at=early)))
    for code in COMMUNITIES:
        body = unit(code, level="community", place=town.COMMUNITY, happened_at=early)
        accepted(send(client, "/units", **body))
    return client


def asking(code: str, *units: str, **other: Any) -> dict[str, Any]:
    return {
        "code": code, "name": "路灯日常巡查", "category": town.LAMPS, "units": list(units), "since": LATER,
        "basis": "城市照明管理规定第十条", "powers": "随事下放巡查、告知权限", "funding": "不涉及经费",
    } | other  # fmt: skip


def asked(served: Served, code: str, *units: str, **other: Any) -> str:
    """The path of a request of the roads unit."""
    accepted(send(served.client("roads"), ADMISSIONS, **asking(code, *units, **other)))
    return f"{ADMISSIONS}/{code}"


# --- 申请与审核 ---------------------------------------------------------------------------------


def test_a_duty_is_asked_for_approved_and_revoked_with_its_lists(served: Served, admin: httpx.Client) -> None:
    path = asked(served, "A-1", FIRST, SECOND)
    waiting = admin.get(path)
    assert waiting.headers["ETag"] == '"1"'
    assert waiting.json() == asking("A-1", FIRST, SECOND) | {
        "stage": "requested", "level": "street", "until": None, "asked_by": "roads", "asking_unit": town.ROADS,
        "decided_by": "", "document": "", "decision": "", "version": 1,
    }  # fmt: skip
    accepted(send(admin, f"{path}/approve", 1, document="测政发〔2026〕1号"))
    lists = [admin.get(f"/units/{code}").json()["duties"] for code in (FIRST, SECOND)]
    assert lists == [[{"category": town.LAMPS, "since": LATER, "last_day": None}]] * 2
    accepted(send(admin, f"{path}/revoke", 2, last_day="2099-12-31", reason="收回"))
    revoked = admin.get(path).json()
    assert (revoked["stage"], revoked["until"], revoked["decision"]) == ("revoked", "2099-12-31", "收回")
    assert admin.get(f"/units/{FIRST}").json()["duties"][0]["last_day"] == "2099-12-31"
    refused(send(admin, f"{path}/revoke", 3, last_day="2099-11-30", reason="收回"), 409, "wrong-stage")


def test_a_request_is_rejected_with_a_reason_and_found_by_its_stage(served: Served, admin: httpx.Client) -> None:
    path = asked(served, "A-2", REJECTED)
    refused(send(served.client("supervisor"), f"{path}/reject", 1), 422, "reason-missing")
    accepted(send(served.client("supervisor"), f"{path}/reject", 1, reason="未附经费安排"))
    found = admin.get(ADMISSIONS, params={"stage": "rejected", "unit": REJECTED}).json()
    assert [one["code"] for one in found["items"]] == ["A-2"]
    assert admin.get(ADMISSIONS, params={"stage": "requested", "unit": REJECTED}).json()["items"] == []
    asked(served, "A-2-2", REJECTED, category=town.NOISE)
    first = admin.get(ADMISSIONS, params={"limit": 1, "unit": REJECTED, "asking_unit": town.ROADS}).json()
    assert ([one["code"] for one in first["items"]], first["next"]) == (["A-2"], "A-2")
    rest = admin.get(ADMISSIONS, params={"after": "A-2", "unit": REJECTED}).json()
    assert ([one["code"] for one in rest["items"]], rest["next"]) == (["A-2-2"], None)


def test_reviews_are_graded_and_kept_from_who_asked(served: Served, admin: httpx.Client) -> None:
    path = asked(served, "A-3", GRADED, category=town.NOISE)
    order: dict[str, Any] = {"document": "测政发〔2026〕2号"}
    refused(send(served.client("supervisor"), f"{path}/approve", 1, **order), 403, "outside-area")
    refused(send(served.client("dispatcher"), f"{path}/approve", 1, **order), 403, "wrong-role")
    own = send(admin, ADMISSIONS, **asking("A-4", GRADED, category=town.RUBBISH))
    accepted(own)
    refused(send(admin, f"{ADMISSIONS}/A-4/approve", 1, **order), 403, "duty-conflict")
    refused(send(admin, f"{path}/approve", 2, **order), 412, "stale")
    refused(send(admin, f"{path}/approve", **order), 428, "version-missing")
    refused(send(admin, f"{path}/approve", 1, **order, since="2020-01-01"), 422, "dated-back")
    once = {"If-Match": '"1"', "Idempotency-Key": "approve-once"}
    answers = [admin.post(f"{path}/approve", json=order, headers=once) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert accepted(answers[1]) == 2


def test_a_request_that_cannot_be_is_refused(served: Served, admin: httpx.Client) -> None:
    roads = served.client("roads")
    refused(send(roads, ADMISSIONS, **asking("A-5", town.WATER)), 422, "no-duty-list")
    refused(send(roads, ADMISSIONS, **asking("A-5", town.STREET_OFFICE, PENDING)), 422, "mixed-levels")
    refused(send(roads, ADMISSIONS, **asking("A-5", PENDING, PENDING)), 422, "too-many-units")
    refused(send(roads, ADMISSIONS, **asking("A-5", town.STREET_OFFICE, category=town.RUBBISH)), 409, "duty-on-list")
    refused(send(roads, ADMISSIONS, **asking("A-5", "U-NONE")), 404, "no-such-entry")
    refused(send(roads, ADMISSIONS, **asking("A-5", PENDING, funding=" ")), 422, "bad-text")
    asked(served, "A-6", PENDING, category=town.RUBBISH)
    refused(send(roads, ADMISSIONS, **asking("A-7", PENDING, category=town.RUBBISH)), 409, "admission-pending")
    refused(roads.get(f"{ADMISSIONS}/A-7"), 404, "no-such-entry")


# --- 清单导入 -----------------------------------------------------------------------------------


def test_a_list_is_brought_in_after_a_dry_run_and_not_by_others(served: Served, admin: httpx.Client) -> None:
    content = f"单位,小类,起,止,文号\n{LISTED},{town.RUBBISH},2026-01-01,2026-02-01,〔2025〕1号\n".encode()
    path = "/duties/import"
    refused(served.client("roads").post(path, content=content), 403, "wrong-role")
    refused(admin.post(path, content=b"not a list"), 422, "bad-file")
    tried = admin.post(path, content=content, params={"dry_run": True}).json()
    assert (tried["taken"], tried["counts"]["added"]) == (False, 1)
    taken = admin.post(path, content=content).json()
    assert (taken["taken"], taken["lines"][0]["outcome"]) == (True, "added")
    assert admin.post(path, content=content).json()["counts"]["unchanged"] == 1
    duties = admin.get(f"/units/{LISTED}").json()["duties"]
    assert {"category": town.RUBBISH, "since": "2026-01-01", "last_day": "2026-02-01"} in duties


# --- 清单外派遣 ---------------------------------------------------------------------------------


def filed(served: Served, category: str, minutes: float) -> str:
    path = report(served, minutes, category=category)
    done(served.client("receiver"), f"{path}/file", 1, happened_at=at(minutes + 1))
    return path


def reported(client: httpx.Client, receipt: dict[str, Any], **wanted: str) -> list[dict[str, Any]]:
    """The attempts a page lists once the timeline has reached a write."""
    answer = client.get(ATTEMPTS, params=wanted | {"wait": f"{receipt['log']}:{receipt['position']}"})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


@dataclass
class Pushed:
    """Three attempts: one to have a street assist, one to pass a request to a community, and one that was flagged."""

    request: str
    flagged: str
    receipt: dict[str, Any]


@pytest.fixture(scope="module")
def pushed(served: Served, admin: httpx.Client) -> Pushed:
    dispatcher, first = served.client("dispatcher"), filed(served, town.LAMPS, 0)
    order: dict[str, Any] = {"lead": town.ROADS, "assists": [SOUTH], "happened_at": at(5)}
    for _ in range(2):
        problem = refused(call(dispatcher, f"{first}/assign", 2, key="push", **order), 409, "not-admitted")
    assert SOUTH in problem["detail"]
    request = receive(served, 10)
    push: dict[str, Any] = {"lead": VILLAGE, "happened_at": at(12)}
    refused(call(dispatcher, f"{request}/dispatch", 1, **push), 409, "not-admitted")
    policy: dict[str, Any] = {
        "code": town.DISTRICT, "name": "试行办法", "edition": "2026.2", "since": "2026-11-02", "street": "flag",
        "community": "refuse", "happened_at": "2026-10-01T09:00:00+08:00",
    }  # fmt: skip
    accepted(send(admin, POLICIES, **policy))
    second = filed(served, town.NOISE, 20)
    receipt = done(dispatcher, f"{second}/assign", 2, lead=NORTH, assists=[SOUTH], happened_at=at(30))
    return Pushed(request, second, receipt)


def test_attempts_refused_and_flagged_are_listed_with_names_the_newest_first(served: Served, pushed: Pushed) -> None:
    listed = reported(served.client("supervisor"), pushed.receipt, **WINDOW)
    told = [(one["attempt"]["outcome"], one["attempt"]["units"], one["attempt"]["category"]) for one in listed]
    assert told == [
        ("flagged", [NORTH, SOUTH], town.NOISE), ("refused", [VILLAGE], town.LAMPS), ("refused", [SOUTH], town.LAMPS),
    ]  # fmt: skip
    newest, second, _ = listed
    assert (newest["who"], newest["asking_unit_name"], newest["category_name"]) == (
        "dispatcher岗", "指挥中心", "噪声扰民",
    )  # fmt: skip
    assert newest["attempt"]["case"] in pushed.flagged
    assert second["attempt"]["case"] in pushed.request


def test_attempts_are_paged(served: Served, pushed: Pushed) -> None:
    supervisor = served.client("supervisor")
    listed = reported(supervisor, pushed.receipt, **WINDOW)
    first = supervisor.get(ATTEMPTS, params=WINDOW | {"limit": 2}).json()
    rest = supervisor.get(ATTEMPTS, params=WINDOW | {"cursor": first["next"]}).json()
    assert (first["items"], rest["items"], rest["next"]) == (listed[:2], listed[2:], None)


def test_attempts_are_counted_by_what_they_are_to_be_told_apart_by(served: Served, pushed: Pushed) -> None:
    supervisor = served.client("supervisor")
    reported(supervisor, pushed.receipt)

    def counted(**asked: Any) -> tuple[list[dict[str, Any]], str | None]:
        page = supervisor.get(f"{ATTEMPTS}/counts", params=WINDOW | asked).json()
        return [one["group"] for one in page["items"]], page["next"]

    groups, _ = counted()
    assert [(one["unit"], one["refused"], one["flagged"]) for one in groups] == [
        (SOUTH, 1, 0), (SOUTH, 0, 1), (NORTH, 0, 1), (VILLAGE, 1, 0),
    ]  # fmt: skip
    (total,), _ = counted(by="asking_unit")
    assert (total["asking_unit"], total["refused"], total["flagged"]) == ("U-CENTRE", 2, 1)
    assert total["month"] == total["unit"] == ""
    first, after = counted(by=["unit", "month"], limit=2)
    last, end = counted(by=["unit", "month"], limit=2, cursor=after)
    assert [(one["unit"], one["month"]) for one in (*first, *last)] == [
        (code, "2026-11") for code in (SOUTH, NORTH, VILLAGE)
    ]
    assert end is None


def test_attempts_are_filtered_and_seen_within_ones_area(served: Served, admin: httpx.Client) -> None:
    issue = filed(served, town.LAMPS, 60)
    order: dict[str, Any] = {"lead": town.ROADS, "assists": [VILLAGE], "happened_at": at(65)}
    refused(call(served.client("dispatcher"), f"{issue}/assign", 2, **order), 409, "not-admitted")
    done_since = done(served.client("dispatcher"), f"{issue}/assign", 2, lead=town.ROADS, happened_at=at(66))

    def found(staff: str, **wanted: str) -> list[str]:
        listed = reported(served.client(staff), done_since, **wanted)
        return [one["attempt"]["units"][0] for one in listed if one["attempt"]["case"] in issue]

    assert found("supervisor") == found("auditor", unit=VILLAGE, category=f"{town.LAMPS}-2") == [VILLAGE]
    assert found("supervisor", outcome="flagged") == found("supervisor", asking_unit=town.ROADS) == []
    assert found("supervisor", start=(NINE.replace(year=2027)).isoformat()) == []
    assert found("elsewhere") == found("roads") == []


def test_a_broken_cursor_or_period_is_refused(served: Served, admin: httpx.Client) -> None:
    supervisor = served.client("supervisor")
    for cursor in ("x", "eA", "MjAyNi0xMS0wMgoxNTA3ODUKMQ"):
        refused(supervisor.get(ATTEMPTS, params={"cursor": cursor}), 422, "bad-cursor")
        refused(supervisor.get(f"{ATTEMPTS}/counts", params={"cursor": cursor}), 422, "bad-cursor")
    backwards = {"start": WINDOW["end"], "end": WINDOW["start"]}
    refused(supervisor.get(ATTEMPTS, params=backwards), 422, "bad-period-asked")


# --- 准入办法 -----------------------------------------------------------------------------------


def test_a_policy_is_adopted_and_revised_and_holds_from_its_day(served: Served, admin: httpx.Client) -> None:
    first: dict[str, Any] = {"edition": "1", "since": "2015-01-01", "street": "refuse", "community": "refuse"}
    accepted(send(admin, POLICIES, code=town.CITY, name="职责准入办法", **first))
    path = f"{POLICIES}/{town.CITY}"
    refused(send(admin, f"{path}/revise", 1, **first | {"since": LATER}), 409, "nothing-changed")
    refused(send(admin, f"{path}/revise", 1, **first | {"edition": "2"}), 422, "dated-back")
    odd: dict[str, Any] = {"edition": "2", "since": LATER, "street_review": "street"}
    refused(send(admin, f"{path}/revise", 1, **first | odd), 422, "bad-choice")
    accepted(send(admin, f"{path}/revise", 1, **first | {"edition": "2", "since": LATER}))
    rules = admin.get(path).json()["rules"]
    assert [(rule["edition"], rule["street_review"], rule["community_review"]) for rule in rules] == [
        ("1", "city", "district"), ("2", "city", "district"),
    ]  # fmt: skip
    assert town.CITY in [one["code"] for one in admin.get(POLICIES).json()["items"]]
    refused(send(admin, POLICIES, code=town.CITY, name="又一办法", **first), 409, "already-registered")
    refused(send(served.client("supervisor"), POLICIES, code=town.CITY, name="x", **first), 403, "wrong-role")
