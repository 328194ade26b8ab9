"""From a resident's request to its call-back, over HTTP: the main job."""

from __future__ import annotations

from typing import Any

import httpx

from tests.served import Served
from tests.town import GRID, LAMPS, ROADS


def post(client: httpx.Client, path: str, version: int | None = None, **body: Any) -> dict[str, Any]:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    answer = client.post(path, json=body, headers=headers)
    assert answer.is_success, answer.text
    receipt: dict[str, Any] = answer.json()
    assert answer.headers["ETag"] == f'"{receipt["version"]}"'
    return receipt


def test_a_request_goes_from_report_to_call_back(served: Served) -> None:
    receiver, dispatcher, roads, verifier = map(served.client, ["receiver", "dispatcher", "roads", "verifier"])
    asked = post(
        receiver, "/requests", kind="help", place=GRID, category=LAMPS, text="路灯三天不亮",
        requester={"name": "反映人甲", "phone": "13800000000"}, happened_at="2026-11-02T09:00:00+08:00",
    )  # fmt: skip
    request = f"/requests/{asked['id']}"
    opened = post(receiver, f"{request}/open-issue", 1, happened_at="2026-11-02T09:05:00+08:00")
    issue = f"/issues/{opened['id']}"
    post(receiver, f"{issue}/file", 2, happened_at="2026-11-02T09:06:00+08:00")
    post(dispatcher, f"{issue}/assign", 3, happened_at="2026-11-02T09:10:00+08:00")
    post(roads, f"{issue}/accept", 4, happened_at="2026-11-02T09:30:00+08:00")
    post(roads, f"{request}/contact", 2, reached=True, happened_at="2026-11-02T10:00:00+08:00")
    post(roads, f"{issue}/resolve", 5, measure="更换灯具", happened_at="2026-11-03T10:00:00+08:00")
    post(roads, f"{request}/feed-back", 3, reply="已更换", happened_at="2026-11-03T10:10:00+08:00")
    post(verifier, f"{issue}/check", 6, passed=True, happened_at="2026-11-03T15:00:00+08:00")
    post(receiver, f"{issue}/close", 7, happened_at="2026-11-03T15:10:00+08:00")
    answers = {"valid": True, "contacted": True, "solved": "solved", "satisfaction": "satisfied"}
    post(verifier, f"{request}/call-back", 4, **answers, happened_at="2026-11-04T10:00:00+08:00")
    last = post(verifier, f"{request}/close", 5, happened_at="2026-11-04T10:01:00+08:00")

    wait = {"wait": f"{last['log']}:{last['position']}"}
    view = receiver.get(issue, params=wait).json()
    assert (view["stage"], view["lead"], view["due"]) == ("closed", ROADS, "2026-11-04T01:10:00Z")
    assert view["overdue"] is False
    shown = receiver.get(request, params=wait).json()
    assert shown["request"]["stage"] == "closed"
    assert shown["details"]["name"] == "反映人甲"
    told = receiver.get(f"{issue}/timeline").json()
    assert [step["version"] for step in told] == list(range(1, 9))
    assert told[3]["what"] == "第 1 次派遣，主办：道路照明所（依编目），时限 2个工作日，2026-11-04 09:10 前办结"
    period = {"start": "2026-11-01T00:00:00+08:00", "end": "2026-12-01T00:00:00+08:00", "by": "unit"}
    rates = served.client("supervisor").get("/stats/rates", params=period).json()
    assert rates["pooled"]["rates"] == {"response": 1.0, "resolution": 1.0, "satisfaction": 1.0, "on_time_close": 1.0}
