"""Clocks over HTTP: on lists, on the case with the reason, by themselves with spans; due tomorrow is a query."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.registry.entry import CIVIL_TIME, civil_day
from interfaces.wiring import now
from tests import town
from tests.case_calls import call, done, refused, seen
from tests.served import Served

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def issue_assigned(served: Served, at: datetime, category: str = town.RUBBISH, lead: str = town.STREET_OFFICE) -> str:
    """The path of an issue reported, filed and assigned at an instant; it is at version 3."""
    when: dict[str, Any] = {"happened_at": at.isoformat()}
    reported = done(served.client("worker"), "/issues", grid=town.GRID, category=category, text="垃圾", **when)
    issue = f"/issues/{reported['id']}"
    done(served.client("receiver"), f"{issue}/file", 1, **when)
    seen(served.client("dispatcher"), issue, done(served.client("dispatcher"), f"{issue}/assign", 2, lead=lead, **when))
    return issue


@pytest.fixture(scope="module")
def late_case(served: Served) -> str:
    """Four urgent hours that began a day ago, with all that fired since."""
    issue = issue_assigned(served, now() - DAY)
    served.run(lambda services: services.timers.settle(UUID(issue.rpartition("/")[2]), now()))
    return issue


def test_an_issue_shows_each_clock_with_state_used_left_colour_and_why(served: Served) -> None:
    issue = issue_assigned(served, now() - HOUR)
    lead, case = served.client("dispatcher").get(issue).json()["clocks"]
    assert (lead["name"], lead["label"], case["name"]) == ("lead", "办理时限", "case")
    assert (lead["state"], lead["state_label"], lead["colour"]) == ("running", "计时中", "green")
    assert (lead["limit"], lead["total_seconds"], lead["percent"]) == ("4个紧急工作时", 4 * 3600, 25)
    assert 3600 <= lead["used_seconds"] < 3700
    assert lead["left_text"].startswith("2小时5")
    assert lead["why"].startswith("4个紧急工作时：")
    assert lead["why"].endswith("到期。")


def test_an_issue_that_is_late_is_red_and_its_timeline_tells_what_fired(served: Served, late_case: str) -> None:
    shown = served.client("dispatcher").get(late_case).json()
    lead, _ = shown["clocks"]
    assert (lead["state"], lead["colour"], lead["late"]) == ("overdue", "red", True)
    assert lead["left_text"].startswith("超 20小时")
    waited = {
        "wait": f"{town.DISTRICT}:{served.run(lambda services: services.logs.named(town.DISTRICT).last_position())}"
    }
    told = served.client("dispatcher").get(f"{late_case}/timeline", params=waited).json()
    said = [
        (step["who"], step["what"].partition("，")[0]) for step in told if step["topic"].startswith("issue.deadline_")
    ]
    assert said == [
        ("系统", "办理时限已用50%"), ("系统", "办理时限已用80%"), ("系统", "办理时限已用100%"),
        ("系统", "案件时限已超时"), ("系统", "办理时限已超时"),
    ]  # fmt: skip


def test_whoever_saw_the_case_before_a_timer_fired_may_go_on(served: Served, late_case: str) -> None:
    issue = issue_assigned(served, now() - DAY)
    served.run(lambda services: services.timers.settle(UUID(issue.rpartition("/")[2]), now()))
    refused(call(served.client("dispatcher"), f"{issue}/assign", 2, lead=town.ROADS), 412, "stale")
    refused(call(served.client("dispatcher"), f"{issue}/assign", 3, lead=town.ROADS), 409, "wrong-stage")


def test_lists_show_clocks_and_issues_without_one_have_none(served: Served, late_case: str) -> None:
    reported = done(served.client("worker"), "/issues", grid=town.GRID, category=town.RUBBISH, text="垃圾")
    wait: dict[str, Any] = {"wait": f"{reported['log']}:{reported['position']}", "limit": 200}
    rows = served.client("dispatcher").get("/issues", params=wait).json()["items"]
    clocks = {f"/issues/{row['id']}": row["clocks"] for row in rows}
    assert clocks[f"/issues/{reported['id']}"] == []
    assert [clock["colour"] for clock in clocks[late_case]] == ["red", "red"]
    assert "why" not in clocks[late_case][0]


def test_the_clocks_of_an_issue_come_with_the_spans_that_sum_to_the_limit(served: Served, late_case: str) -> None:
    shown = served.client("dispatcher").get(f"{late_case}/clocks").json()
    lead, _ = shown["clocks"]
    assert lead["clock"]["name"] == "lead"
    assert sum(span["counted_seconds"] for span in lead["spans"]) == 4 * 3600
    refused(served.client("elsewhere").get(f"{late_case}/clocks"), 404, "no-such-case")


def due(served: Served, what: str) -> set[str]:
    rows = served.client("dispatcher").get("/issues", params={"due": what, "limit": 200}).json()["items"]
    return {f"/issues/{row['id']}" for row in rows}


def test_due_today_tomorrow_and_overdue_are_questions_in_the_city_s_days(served: Served, late_case: str) -> None:
    noon = datetime.combine(civil_day(now()), datetime.min.time(), CIVIL_TIME) + 12 * HOUR
    # Five natural days end at the time of day they began.
    tomorrow, today, in_two_days = (
        issue_assigned(served, noon + (days - 5) * DAY, town.NOISE, town.ROADS) for days in (1, 0, 2)
    )
    decided = issue_assigned(served, noon - 4 * DAY, town.NOISE, town.ROADS)
    roads = served.client("roads")
    done(roads, f"{decided}/accept", 3, happened_at=(noon - 4 * DAY).isoformat())
    receipt = done(roads, f"{decided}/resolve", 4, measure="劝离", happened_at=(noon - 3 * DAY).isoformat())
    seen(roads, decided, receipt)
    assert due(served, "tomorrow") & {tomorrow, today, in_two_days, decided} == {tomorrow}
    assert due(served, "today") & {tomorrow, today, in_two_days, decided} == {today}
    assert late_case in due(served, "overdue")
    assert tomorrow not in due(served, "overdue")
    answer = served.client("dispatcher").get("/issues", params={"due": "someday"})
    assert "tomorrow" in refused(answer, 422, "malformed")["detail"]


def test_the_worker_fires_by_itself(served: Served) -> None:
    issue = issue_assigned(served, now() - DAY)

    async def look(_services: Any) -> int:
        await asyncio.sleep(0)
        await served.house.timer_work.look()
        last: int = await served.house.logs.named(town.DISTRICT).last_position()
        return last

    wait = {"wait": f"{town.DISTRICT}:{served.run(look)}"}
    told = served.client("dispatcher").get(f"{issue}/timeline", params=wait).json()
    assert [step["topic"] for step in told][-1] == "issue.deadline_missed"
    figures = served.client("dispatcher").get(served.url + "/metrics").text
    assert "wangge_timers_fired_total" in figures
