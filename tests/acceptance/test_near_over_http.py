"""附近相似案件 over HTTP: within metres, hours and one's area, with reasons, and what was opened is on record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.case_calls import ASKED, REPORTED, at, done, receive, refused, report, seen
from tests.served import Served
from tests.town import GRID, NEXT_GRID, OTHER_GRID, RUBBISH, STREET

EAST, NORTH = 121.5031, 50.7831
METRE = 1 / 111_195
"""Of latitude, in degrees."""


def ago(minutes: float) -> str:
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()


def found(served: Served, staff: str = "dispatcher", **asked: Any) -> list[dict[str, Any]]:
    asked = {"longitude": EAST, "latitude": NORTH} | asked
    answer = served.client(staff).get("/issues/near", params=asked)
    assert answer.status_code == 200, answer.text
    near: list[dict[str, Any]] = answer.json()
    return near


def reported(served: Served, north_m: float = 0, minutes: float = 30, **given: Any) -> dict[str, Any]:
    point = {"longitude": EAST, "latitude": NORTH + north_m * METRE}
    body = REPORTED | {"grid": None} | point | given | {"happened_at": ago(minutes)}
    receipt = done(served.client("worker"), "/issues", **{name: one for name, one in body.items() if one is not None})
    served.run(lambda services: services.reach(receipt["log"], receipt["position"]))
    return receipt


@pytest.fixture(scope="module")
def lamps(served: Served) -> dict[str, str]:
    """Reported around one point: id by what it is."""
    made = {
        "there": reported(served, 10), "other words": reported(served, 5, text="井盖松动"),
        "rubbish": reported(served, 1, category=RUBBISH), "far": reported(served, 60),
        "yesterday": reported(served, 2, minutes=25 * 60),
        "pointless": done(served.client("worker"), "/issues", **REPORTED, happened_at=ago(20)),
    }  # fmt: skip
    solved = reported(served, 3)
    done(served.client("worker"), f"/issues/{solved['id']}/solve-on-spot", 1, measure="已换灯泡")
    voided = reported(served, 4)
    last = done(served.client("receiver"), f"/issues/{voided['id']}/void", 1, reason="误报")
    served.run(lambda services: services.reach(last["log"], last["position"]))
    return {receipt["id"]: name for name, receipt in made.items()}


def named(lamps: dict[str, str], near: list[dict[str, Any]]) -> list[str]:
    return [lamps[one["id"]] for one in near if one["id"] in lamps]


def test_the_same_class_and_words_come_first_with_the_reason(served: Served, lamps: dict[str, str]) -> None:
    near = found(served, category=REPORTED["category"], text=REPORTED["text"])
    assert named(lamps, near) == ["there", "pointless", "other words", "rubbish"]
    assert near[0]["why"] == "同类，相距 10 米，30 分钟前上报，文字相近 100%"
    assert near[0]["text"] == REPORTED["text"]
    assert 29 * 60 <= near[0]["age_seconds"] <= 35 * 60
    assert all(one["id"] in lamps for one in near)  # neither solved nor voided


def test_farther_and_longer_ago_is_found_when_asked_for(served: Served, lamps: dict[str, str]) -> None:
    assert set(named(lamps, found(served, metres=100))) == {"there", "other words", "rubbish", "far", "pointless"}
    assert "yesterday" in named(lamps, found(served, hours=48))
    assert named(lamps, found(served, metres=2, hours=1)) == ["rubbish", "pointless"]
    assert found(served, latitude=NORTH + 0.004)[0]["metres"] is None


def test_everybody_finds_in_their_own_area_and_reads_at_their_own_level(served: Served, lamps: dict[str, str]) -> None:
    assert found(served, "elsewhere") == []
    assert found(served, "roads") == []
    assert {one["text_state"] for one in found(served, "supervisor")} == {"sealed"}
    assert {one["similarity"] for one in found(served, "supervisor", text=REPORTED["text"])} == {None}
    assert named(lamps, found(served, "worker", category=REPORTED["category"]))[0] in ("other words", "there")


def test_what_was_opened_is_on_record(served: Served, lamps: dict[str, str]) -> None:
    case = next(case for case, name in lamps.items() if name == "far")
    found(served, "dispatcher-2", metres=100)
    served.run(lambda services: services.readings.flush())
    reads = served.client("auditor").get("/audit/reads", params={"case": case}).json()
    assert ("dispatcher-2", ["text"]) in [(one["by"], one["fields"]) for one in reads]


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"longitude": 121.9}, 422, "nowhere"), ({"metres": 0}, 422, "malformed"), ({"hours": 9999}, 422, "malformed"),
        ({"latitude": "x"}, 422, "malformed"), ({"category": "lamps"}, 422, "malformed"),
        ({"text": "长" * 101}, 422, "malformed"),
    ],
)  # fmt: skip
def test_a_question_that_is_none_is_refused(served: Served, asked: dict[str, Any], status: int, code: str) -> None:
    params = {"longitude": EAST, "latitude": NORTH} | asked
    refused(served.client("dispatcher").get("/issues/near", params=params), status, code)


# --- near a request ------------------------------------------------------------------------------


def near_request(served: Served, path: str, staff: str = "dispatcher", **asked: Any) -> list[dict[str, Any]]:
    answer = served.client(staff).get(f"{path}/near", params=asked)
    assert answer.status_code == 200, answer.text
    near: list[dict[str, Any]] = answer.json()
    return near


def test_a_request_finds_by_its_own_words_what_others_asked(served: Served) -> None:
    point = {"longitude": 121.5071, "latitude": 50.7871}
    first = receive(served, 0, **point, text="幸福路路灯坏了很黑")
    issue = done(served.client("dispatcher"), f"{first}/dispatch", 1, happened_at=at(10))
    second = receive(served, 30, **point, title="路灯坏了", text="幸福路路灯坏了看不见路")
    seen(served.client("dispatcher"), f"/issues/{issue['id']}", issue)
    last = done(served.client("dispatcher"), f"{second}/attach", 1, issue=report_elsewhere(served))
    (found,) = [one for one in near_request(served, second) if one["id"] == issue["id"]]
    assert (found["text"], found["same_class"], found["metres"], found["voices"]) == (
        "幸福路路灯坏了很黑",
        True,
        0.0,
        1,
    )
    assert found["similarity"] > 0.3
    assert last


def report_elsewhere(served: Served) -> str:
    """The id of an issue far from all others."""
    return report(served, 20, grid=NEXT_GRID).removeprefix("/issues/")


def test_without_a_point_the_place_says_what_is_near(served: Served) -> None:
    street = receive(served, 5_000, place=STREET)
    grid = receive(served, 5_001, place=OTHER_GRID)
    there = report(served, 5_030, grid=NEXT_GRID).removeprefix("/issues/")
    last = done(served.client("worker"), "/issues", **REPORTED, happened_at=at(5_040))
    served.run(lambda services: services.reach(last["log"], last["position"]))
    near = near_request(served, street)
    assert {there, last["id"]} <= {one["id"] for one in near}
    assert {one["metres"] for one in near} == {None}
    assert near_request(served, grid) == []
    assert near[0]["why"].startswith("同类，同一地点范围，")


def test_the_issue_it_already_follows_is_not_near(served: Served) -> None:
    request = receive(served, 9_000, place=GRID)
    issue = done(served.client("dispatcher"), f"{request}/dispatch", 1, happened_at=at(9_010))
    seen(served.client("dispatcher"), request, issue)
    assert issue["id"] not in [one["id"] for one in near_request(served, request)]


def test_who_is_complained_about_does_not_read_the_complaint_here_either(served: Served) -> None:
    point = {"longitude": 121.5091, "latitude": 50.7891}
    request = receive(served, 0, **point, **ASKED | {"text": "指挥中心推诿", "complained_about": "U-CENTRE"})
    refused(served.client("dispatcher").get(f"{request}/near"), 404, "no-such-case")
