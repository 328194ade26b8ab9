"""通报 over HTTP: issued once a period is over, frozen, held against what becomes known, issued again with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests import town
from tests.case_calls import at, call, dispatch, done, nothing_written, receive, refused, seen
from tests.served import Served

CONTENT: dict[str, Any] = {"valid": True, "contacted": True, "solved": "solved", "satisfaction": "satisfied"}
DAY, A_WEEK = 24 * 60, 7 * 24 * 60


@pytest.fixture(scope="module")
def supervisor(served: Served) -> httpx.Client:
    return served.client("supervisor")


def called_back(served: Served, minutes: float, **answers: Any) -> str:
    """The id of a request of that minute, called back three days later."""
    request = receive(served, minutes)
    issue = dispatch(served, request, minutes=minutes + 5, lead=town.ROADS)
    roads, verifier = served.client("roads"), served.client("verifier")
    done(roads, f"{issue}/accept", 4, happened_at=at(minutes + 10))
    done(roads, f"{request}/contact", 2, reached=True, happened_at=at(minutes + 15))
    done(roads, f"{issue}/resolve", 5, measure="更换灯具", happened_at=at(minutes + 20))
    done(roads, f"{request}/feed-back", 3, reply="已更换", happened_at=at(minutes + 25))
    done(verifier, f"{request}/call-back", 4, **CONTENT | answers, happened_at=at(minutes + 3 * DAY))
    return request.rpartition("/")[2]


@dataclass(frozen=True)
class Week:
    """A week with one request with which all went well, and the receipt of its bulletin."""

    order: dict[str, Any]
    began: float
    first: str
    issued: dict[str, Any]

    @property
    def path(self) -> str:
        return f"/stats/bulletins/{self.issued['id']}"


def a_week(served: Served, nth: int) -> Week:
    """The `nth` week before the one of 2 November 2026: each test has one of its own."""
    began = -nth * A_WEEK
    first = called_back(served, began)
    order: dict[str, Any] = {"kind": "weekly", "scope": town.DISTRICT, "day": at(began)[:10]}
    return Week(order, began, first, done(served.client("supervisor"), "/stats/bulletins", **order))


@pytest.fixture(scope="module")
def week(served: Served) -> Week:
    """One that no test changes."""
    return a_week(served, 0)


def numbers(bulletin: dict[str, Any]) -> dict[str, Any]:
    return {one["number"]: one for one in bulletin["numbers"]}


def test_a_bulletin_tells_the_numbers_of_its_place_and_period(supervisor: httpx.Client, week: Week) -> None:
    shown = seen(supervisor, week.path, week.issued)
    assert shown["title"] == "测试县2026年第45周周报"
    assert (shown["period"]["start"], shown["period"]["end"]) == ("2026-11-01T16:00:00Z", "2026-11-08T16:00:00Z")
    assert (shown["policy"], shown["grouped_by"], shown["nth"]) == ("2026.1", "street", 1)
    assert [one["who"] for one in shown["issuances"]] == ["supervisor岗"]
    assert shown["as_of"][town.DISTRICT] == week.issued["position"] - 1
    told = numbers(shown)
    assert told["received"]["pooled"]["value"] == 1
    assert told["composite_score"]["pooled"]["value"] == 100
    assert told["composite_score"]["groups"] == [
        {"key": town.STREET, "name": "东街道", "numerator": 1.0, "denominator": 1, "excluded": 0, "value": 100.0}
    ]
    assert told["composite_score"]["mean_of_groups"] == 100
    # Nothing was closed, so nothing could have been solved in the grid: no data is not 0.
    assert (told["closed"]["pooled"]["value"], told["solved_in_grid"]["pooled"]["value"]) == (0, None)


def test_it_is_issued_once_by_who_may_and_only_when_the_period_is_over(
    served: Served, supervisor: httpx.Client, week: Week
) -> None:
    with nothing_written(served):
        problem = refused(call(supervisor, "/stats/bulletins", **week.order), 409, "already-issued")
        assert week.issued["id"] in problem["detail"]
        asked = week.order | {"day": "2999-01-01"}
        refused(call(supervisor, "/stats/bulletins", **asked), 409, "period-not-over")
        refused(call(served.client("dispatcher"), "/stats/bulletins", **week.order), 403, "wrong-role")
        refused(call(supervisor, "/stats/bulletins", **week.order | {"scope": town.CITY}), 403, "outside-area")
        refused(call(supervisor, "/stats/bulletins", **week.order | {"scope": "150784"}), 404, "no-such-log")
        refused(call(supervisor, "/stats/bulletins", **week.order | {"scope": "15078"}), 422, "malformed")


def test_a_retry_gets_the_first_answer_and_issues_nothing_twice(served: Served, supervisor: httpx.Client) -> None:
    order: dict[str, Any] = {"kind": "monthly", "scope": town.STREET, "day": "2026-08-01"}
    receipt = done(supervisor, "/stats/bulletins", key="august", **order)
    with nothing_written(served):
        assert done(supervisor, "/stats/bulletins", key="august", **order) == receipt
        refused(call(supervisor, "/stats/bulletins", key="august", **order | {"day": "2026-07-01"}), 422, "key-reused")
    shown = seen(supervisor, f"/stats/bulletins/{receipt['id']}", receipt)
    assert (shown["title"], shown["grouped_by"]) == ("东街道2026年8月（上月19日起）月报", "community")


def test_what_becomes_known_later_shows_as_a_difference_down_to_the_cases(
    served: Served, supervisor: httpx.Client
) -> None:
    week = a_week(served, 1)
    frozen = seen(supervisor, week.path, week.issued)
    assert changes_of(supervisor, week) == []
    second = called_back(served, week.began + 60, satisfaction="dissatisfied", solved="unsolved")
    last = served.run(lambda services: services.logs.named(town.DISTRICT).last_position())
    changed = changes_of(supervisor, week, wait=f"{town.DISTRICT}:{last}")
    changes = {(one["number"], one["key"]): one for one in changed}
    score = changes["composite_score", town.STREET]
    assert (score["then"]["value"], score["now"]["value"]) == (100.0, 55.0)
    now = [{"answer": "yes/unsolved/dissatisfied", "excluded": False}]
    assert [(one["case_id"], one["then"], one["now"]) for one in score["cases"]] == [(second, [], now)]
    assert changes["received", "*"]["now"]["value"] == 2
    assert changes["received", "*"]["cases"] is None
    # What was frozen is what the numbers answer about that position.
    then = [f"{log}:{position}" for log, position in frozen["as_of"].items()]
    asked = {"start": frozen["period"]["start"], "end": frozen["period"]["end"], "as_of": then, "log": town.DISTRICT}
    answer = supervisor.get("/stats/numbers/composite_score", params=asked).raise_for_status().json()
    assert answer["pooled"]["value"] == numbers(frozen)["composite_score"]["pooled"]["value"] == 100.0
    assert week.first not in {case["case_id"] for one in changed for case in one["cases"] or []}
    assert supervisor.get(week.path).json() == frozen


def test_a_correction_is_issued_again_with_its_reason_and_the_first_stays_readable(
    served: Served, supervisor: httpx.Client
) -> None:
    week = a_week(served, 2)
    again = f"{week.path}/reissue"
    called_back(served, week.began + 60)
    refused(call(supervisor, again, 1, reason=" "), 422, "reason-missing")
    refused(call(served.client("auditor"), again, 1, reason="补录"), 403, "wrong-role")
    receipt = done(supervisor, again, 1, "correction", reason="补录回访")
    assert done(supervisor, again, 1, "correction", reason="补录回访") == receipt
    refused(call(supervisor, again, 1, reason="补录"), 412, "stale")
    refused(call(supervisor, again, 2, reason="再来"), 409, "nothing-changed")
    shown = seen(supervisor, week.path, receipt)
    assert (shown["version"], shown["nth"]) == (2, 2)
    assert [(one["nth"], one["reason"]) for one in shown["issuances"]] == [(1, ""), (2, "补录回访")]
    assert numbers(shown)["received"]["pooled"]["value"] == 2
    before = supervisor.get(week.path, params={"nth": 1}).json()
    assert numbers(before)["received"]["pooled"]["value"] == 1
    assert changes_of(supervisor, week) == []
    assert changes_of(supervisor, week, nth="1") != []
    refused(supervisor.get(week.path, params={"nth": 3}), 404, "no-such-issuance")


def changes_of(client: httpx.Client, week: Week, **asked: str) -> list[dict[str, Any]]:
    answer = client.get(f"{week.path}/difference", params=asked)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["changes"]
    return found


def test_every_issuance_is_listed_page_by_page(served: Served, supervisor: httpx.Client) -> None:
    order: dict[str, Any] = {"kind": "daily", "scope": town.DISTRICT}
    receipts = [done(supervisor, "/stats/bulletins", **order, day=day) for day in ("2026-09-01", "2026-09-02")]
    last = receipts[-1]
    asked: dict[str, Any] = {"kind": "daily", "limit": 1, "wait": f"{last['log']}:{last['position']}"}
    first = supervisor.get("/stats/bulletins", params=asked).raise_for_status().json()
    assert [(one["bulletin"]["id"], one["who"]) for one in first["items"]] == [(last["id"], "supervisor岗")]
    rest = supervisor.get("/stats/bulletins", params=asked | {"cursor": first["next"]}).json()
    assert [(one["bulletin"]["id"], one["bulletin"]["period"]) for one in rest["items"]] == [
        (receipts[0]["id"], "2026年9月1日（前一日12时起）")
    ]
    assert rest["next"] is None
    assert supervisor.get("/stats/bulletins", params={"scope": town.OTHER_STREET}).json()["items"] == []
    refused(supervisor.get("/stats/bulletins", params={"cursor": "abc"}), 422, "bad-cursor")


def test_who_works_in_the_place_reads_it_and_only_who_sees_all_of_it_asks_for_differences(
    served: Served, week: Week
) -> None:
    worker = served.client("worker")
    assert worker.get(week.path).status_code == 200
    refused(worker.get(f"{week.path}/difference"), 403, "wrong-role")
    assert served.client("auditor").get(f"{week.path}/difference").status_code == 200
    missing = week.path[:-1] + ("0" if week.path[-1] != "0" else "1")
    refused(worker.get(missing), 404, "no-such-case")


def test_streets_and_units_are_ranked_against_the_week_before(supervisor: httpx.Client, week: Week) -> None:
    asked = {"number": "received", "period": "week", "on": "2026-11-04", "by": "street", "place": town.DISTRICT}
    ranking = supervisor.get("/stats/rankings", params=asked).raise_for_status().json()
    assert (ranking["policy"], ranking["better"], ranking["before"]["label"]) == ("2026.1", "highest", "2026年第44周")
    assert [(row["rank"], row["key"], row["value"]) for row in ranking["rows"]] == [(1, town.STREET, 1)]
    units = supervisor.get("/stats/rankings", params=asked | {"by": "unit", "number": "composite_score"}).json()
    assert [(row["rank"], row["name"], row["volume"]) for row in units["rows"]] == [(1, "道路照明所", 1)]
    empty = supervisor.get("/stats/rankings", params=asked | {"on": "2026-06-11"}).raise_for_status().json()
    assert empty["rows"] == []
    refused(supervisor.get("/stats/rankings", params=asked | {"number": "no_such"}), 404, "no-such-number")
    refused(supervisor.get("/stats/rankings", params=asked | {"place": town.CITY}), 403, "outside-area")
    refused(supervisor.get("/stats/rankings", params=asked | {"number": "backlog"}), 422, "bad-grouping")
