"""时限预览 over HTTP: the service's own calendar, several limits at once, and nothing written."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from infrastructure.calendars import chinese_office_calendar
from tests import town
from tests.case_calls import nothing_written, refused
from tests.served import Served

ASKED: dict[str, Any] = {"start": "2026-09-30T16:40:00+08:00", "amount": 2, "unit": "workday"}


def ask(client: httpx.Client, *limits: dict[str, Any]) -> httpx.Response:
    return client.post("/deadlines/preview", json={"limits": list(limits)})


@pytest.mark.parametrize("staff", sorted(town.STAFF))
def test_whoever_is_signed_in_is_told_when_a_limit_is_due_and_why(served: Served, staff: str) -> None:
    with nothing_written(served):
        answer = ask(served.client(staff), ASKED).raise_for_status().json()
    calendar = chinese_office_calendar()
    assert (answer["calendar"], answer["calendar_version"]) == (calendar.name, calendar.version)
    assert answer["known_until"] == calendar.known_until.isoformat()
    [limit] = answer["limits"]
    assert (limit["due"], limit["provisional"]) == ("2026-10-09T16:40:00+08:00", False)
    assert limit["explanation"]["sentence"] == (
        "2个工作日：2026-09-30 16:40起，其间节假日7天不计，2026-10-09 16:40到期。"
    )
    assert limit["explanation"]["spans"][2] == {
        "from": "2026-10-01T00:00:00+08:00", "to": "2026-10-08T00:00:00+08:00", "counted": False,
        "counted_seconds": 0, "reason": "holiday", "label": "节假日",
    }  # fmt: skip


def test_several_limits_are_answered_in_their_order_with_pauses_extensions_and_ways_of_counting(
    served: Served,
) -> None:
    pause = {"start": "2026-09-30T17:00:00+08:00", "end": "2026-10-08T09:30:00+08:00"}
    answer = ask(
        served.client("receiver"),
        ASKED | {"pauses": [pause]},
        ASKED | {"extended": 1},
        ASKED | {"counting": "civil_code"},
        ASKED | {"pauses": [{"start": "2026-10-08T09:30:00+08:00"}]},
        ASKED | {"unit": "urgent_hour"},
    ).json()
    assert [one["due"] for one in answer["limits"]] == [
        "2026-10-10T09:10:00+08:00", "2026-10-10T16:40:00+08:00", "2026-10-09T17:30:00+08:00", None,
        "2026-09-30T18:40:00+08:00",
    ]  # fmt: skip
    assert [one["provisional"] for one in answer["limits"]] == [False, False, False, True, False]
    standing = answer["limits"][3]["explanation"]["spans"][-1]
    assert (standing["to"], standing["label"]) == (None, "第1次暂停")


@pytest.mark.parametrize(
    ("limit", "code"),
    [
        ({"amount": 0}, "malformed"),
        ({"amount": 2.5}, "malformed"),
        ({"unit": "fortnight"}, "malformed"),
        ({"start": "2026-09-30T16:40:00"}, "malformed"),
        ({"pause": []}, "malformed"),
        ({"pauses": [{"start": ASKED["start"]}] * 101}, "malformed"),
        ({"amount": 2_501}, "limit-out-of-bounds"),
        ({"extended": 2_499}, "limit-out-of-bounds"),
        ({"start": "1999-09-30T16:40:00+08:00"}, "implausible-time"),
        ({"pauses": [{"start": ASKED["start"], "end": "2200-01-01T00:00:00Z"}]}, "implausible-time"),
        ({"pauses": [{"start": ASKED["start"], "end": "2026-09-30T16:39:59+08:00"}]}, "pause-backwards"),
        ({"pauses": [{"start": ASKED["start"], "end": "2099-01-01T00:00:00Z"}]}, "calendar-exhausted"),
    ],
)
def test_a_limit_that_cannot_be_reckoned_is_refused(served: Served, limit: dict[str, Any], code: str) -> None:
    refused(ask(served.client("receiver"), ASKED, ASKED | limit), 422, code)


def test_limits_asked_at_once_are_bounded_and_strangers_are_not_answered(served: Served) -> None:
    refused(ask(served.client("receiver")), 422, "malformed")
    refused(ask(served.client("receiver"), *[ASKED] * 101), 422, "malformed")
    assert len(ask(served.client("receiver"), *[ASKED] * 100).json()["limits"]) == 100
    with httpx.Client(base_url=f"{served.url}/api/v1") as stranger:
        refused(ask(stranger, ASKED), 401, "not-signed-in")
