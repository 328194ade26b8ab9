"""Numbers over HTTP: in groups, as known then and now, opened into their cases; public ones hide small groups."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from domain.statistics.numbers import NUMBERS
from tests import town
from tests.case_calls import CHINESE, at, call, dispatch, done, receive, refused, report, seen
from tests.served import Served

NOVEMBER = {"start": "2026-11-01T00:00:00+08:00", "end": "2026-12-01T00:00:00+08:00", "category": town.LAMPS}


@pytest.fixture(scope="module")
def told(served: Served) -> dict[str, Any]:
    """One request answered for and called back, another still with its unit, and an issue a worker found."""
    first, second = receive(served), receive(served, minutes=1)
    issue = dispatch(served, first)
    dispatch(served, second, minutes=12)
    roads, verifier = served.client("roads"), served.client("verifier")
    done(roads, f"{issue}/accept", 4, happened_at=at(20))
    done(roads, f"{first}/contact", 2, reached=True, happened_at=at(30))
    resolved = done(roads, f"{issue}/resolve", 5, measure="更换灯泡", level="grid", happened_at=at(60))
    done(roads, f"{first}/feed-back", 3, reply="已更换", happened_at=at(61))
    done(verifier, f"{issue}/check", 6, passed=True, happened_at=at(90))
    closed = done(served.client("receiver"), f"{issue}/close", 7, happened_at=at(100))
    answers: dict[str, Any] = {"valid": True, "contacted": True, "solved": "solved", "satisfaction": "basically"}
    done(verifier, f"{first}/call-back", 4, **answers, happened_at=at(60 * 24 * 3))
    found = report(served, minutes=200)
    last = seen(served.client("worker"), found, {"log": closed["log"], "position": closed["position"] + 2})
    assert last["stage"] == "reported"
    return {"first": first, "issue": issue, "found": found, "resolved": resolved, "closed": closed}


def asked(client: httpx.Client, number: str, **more: Any) -> Any:
    answer = client.get(f"/stats/numbers/{number}", params=NOVEMBER | more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def cases(client: httpx.Client, number: str, **more: Any) -> list[dict[str, Any]]:
    answer = client.get(f"/stats/numbers/{number}/cases", params=NOVEMBER | more)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_a_number_comes_in_named_groups_with_all_together(served: Served, told: dict[str, Any]) -> None:
    answer = asked(served.client("supervisor"), "satisfaction_rate", by="street", then="unit")
    (group,) = answer["groups"]
    assert (group["key"], group["name"], group["then_key"], group["then_name"]) == (
        town.STREET, "东街道", town.ROADS, "道路照明所",
    )  # fmt: skip
    assert (group["numerator"], group["denominator"], group["value"]) == (0.9, 1, 0.9)
    assert answer["pooled"]["value"] == answer["mean_of_groups"] == 0.9
    assert (answer["name"], answer["unit"], answer["as_known_then"]) == ("满意率", "rate", False)


def test_no_data_is_told_apart_from_nothing(served: Served, told: dict[str, Any]) -> None:
    elsewhere = asked(served.client("supervisor"), "satisfaction_rate", street=town.OTHER_STREET)["pooled"]
    assert (elsewhere["value"], elsewhere["no_data"], elsewhere["denominator"]) == (None, True, 0)
    none = asked(served.client("supervisor"), "returned")["pooled"]
    assert (none["value"], none["no_data"]) == (0, False)


def test_a_number_opens_into_its_cases(served: Served, told: dict[str, Any]) -> None:
    supervisor = served.client("supervisor")
    assert asked(supervisor, "before_complaint")["pooled"]["value"] == pytest.approx(1 / 3)
    (first,) = cases(supervisor, "before_complaint", part="numerator")
    assert f"/issues/{first['case_id']}" == told["found"]
    assert len(cases(supervisor, "before_complaint", part="denominator")) == 3
    (closed,) = cases(supervisor, "closed", by="period", cut="month", key="2026-10-31T16:00:00+00:00")
    assert f"/issues/{closed['case_id']}" == told["issue"]


def test_cases_come_in_pages(served: Served, told: dict[str, Any]) -> None:
    supervisor, found, cursor = served.client("supervisor"), [], None
    for _ in range(3):
        params = NOVEMBER | {"limit": 1} | ({"cursor": cursor} if cursor else {})
        page = supervisor.get("/stats/numbers/reported/cases", params=params).json()
        found += page["items"]
        cursor = page["next"]
    assert cursor is None
    assert [one["case_id"] for one in found] == [one["case_id"] for one in cases(supervisor, "reported")]


def test_what_was_known_then_stands_beside_what_is_known_now(served: Served, told: dict[str, Any]) -> None:
    before = f"{told['closed']['log']}:{told['closed']['position'] - 1}"
    answer = asked(served.client("supervisor"), "closed", as_of=before, compare="now", by="street")
    assert (answer["as_known_then"], answer["pooled"]["value"]) == (True, 0)
    assert answer["as_of"]["positions"][town.DISTRICT] == told["closed"]["position"] - 1
    assert answer["as_known_now"]["pooled"]["value"] == 1
    assert cases(served.client("supervisor"), "closed", as_of=before) == []


def test_a_past_moment_is_that_of_the_recording(served: Served, told: dict[str, Any]) -> None:
    then = asked(served.client("supervisor"), "reported", as_of=NOVEMBER["start"])
    assert then["pooled"]["value"] == 0
    assert set(then["as_of"]["positions"].values()) == {0}


def test_time_held_and_backlog_tell_who_holds(served: Served, told: dict[str, Any]) -> None:
    held = asked(served.client("supervisor"), "time_held", by="holder_kind", then="stage")
    seconds = {(group["key"], group["then_key"]): group["value"] for group in held["groups"]}
    assert seconds["check", "resolved"] == 30 * 60
    assert all(CHINESE.search(group["name"]) for group in held["groups"])
    backlog = asked(served.client("supervisor"), "backlog", by="period", then="holder_kind")
    monday = {group["then_key"]: group["value"] for group in backlog["groups"] if group["key"].startswith("2026-11-02")}
    assert monday["grid"] == 1
    assert asked(served.client("supervisor"), "backlog")["pooled"]["value"] == backlog["pooled"]["value"]


def test_everybody_sees_their_area_and_a_handler_their_unit(served: Served, told: dict[str, Any]) -> None:
    assert asked(served.client("supervisor"), "reported")["pooled"]["value"] == 3
    assert asked(served.client("elsewhere"), "reported")["pooled"]["value"] == 0
    assert cases(served.client("elsewhere"), "reported") == []
    assert asked(served.client("roads"), "closed")["pooled"]["value"] == 1
    assert asked(served.client("water"), "closed")["pooled"]["value"] == 0


@pytest.mark.parametrize(
    ("path", "params", "status", "code"),
    [
        ("happiness", {}, 404, "no-such-number"),
        ("closed", {"end": "2026-10-01T00:00:00Z"}, 422, "bad-period-asked"),
        ("closed", {"start": "2011-01-01T00:00:00Z"}, 422, "period-too-long"),
        ("closed", {"by": "stage"}, 422, "bad-grouping"),
        ("closed", {"by": "street", "then": "street"}, 422, "bad-grouping"),
        ("closed", {"by": "mood"}, 422, "malformed"),
        ("due_soon", {"by": "period"}, 422, "bad-grouping"),
        ("closed", {"log": "999999"}, 404, "no-such-log"),
        ("closed", {"as_of": "2100-01-01T00:00:00Z"}, 422, "bad-moment"),
        ("closed", {"as_of": f"{town.DISTRICT}:99999999"}, 422, "bad-moment"),
        ("closed", {"as_of": ["2026-11-02T00:00:00Z", f"{town.DISTRICT}:1"]}, 422, "bad-moment"),
        ("closed/cases", {"part": "denominator"}, 422, "no-such-part"),
        ("closed/cases", {"cursor": "bm9uZQ"}, 422, "bad-cursor"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    served: Served, path: str, params: dict[str, Any], status: int, code: str
) -> None:
    refused(served.client("supervisor").get(f"/stats/numbers/{path}", params=NOVEMBER | params), status, code)


def test_the_list_of_numbers_says_what_each_counts(served: Served) -> None:
    numbers = served.client("worker").get("/stats/numbers").json()
    assert [one["id"] for one in numbers] == list(NUMBERS)
    assert all(one["counted"] and one["instant"] and one["source"] for one in numbers)


def test_anybody_reads_public_figures_but_no_small_group(served: Served, told: dict[str, Any]) -> None:
    answer = httpx.get(f"{served.url}/api/v1/stats/public/reported", params={"month": "2026-11"}).json()
    (street,) = answer["groups"]
    assert (street["key"], street["suppressed"], street["value"], street["denominator"]) == (
        town.STREET, True, None, None,
    )  # fmt: skip
    assert answer["pooled"]["suppressed"]
    for minutes in range(300, 303):
        last = done(
            served.client("worker"), "/issues", grid=town.GRID, category=town.NOISE, text="吵", happened_at=at(minutes)
        )
    seen(served.client("worker"), f"/issues/{last['id']}", last)
    answer = httpx.get(f"{served.url}/api/v1/stats/public/reported", params={"month": "2026-11"}).json()
    assert [(one["value"], one["suppressed"]) for one in (*answer["groups"], answer["pooled"])] == [(6, False)] * 2


@pytest.mark.parametrize(
    ("number", "month", "code"),
    [("happiness", "2026-10", "no-such-number"), ("time_held", "2026-10", "not-published"),
     ("reported", "2099-01", "month-not-over")],
)  # fmt: skip
def test_what_is_not_published_is_not_shown(served: Served, number: str, month: str, code: str) -> None:
    answer = httpx.get(f"{served.url}/api/v1/stats/public/{number}", params={"month": month})
    refused(answer, 404, code)


def test_a_stranger_does_not_get_to_ask(served: Served) -> None:
    answer = httpx.get(f"{served.url}/api/v1/stats/numbers/closed", params=NOVEMBER)
    refused(answer, 401, "not-signed-in")
    assert call(served.client("supervisor"), "/stats/numbers/closed").status_code == 405
