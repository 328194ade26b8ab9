"""试算 over HTTP: asked, followed, read page by page, cancelled; nothing of it in a log."""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

import httpx

from interfaces.wiring import now
from tests.case_calls import NINE, at, dispatch, done, nothing_written, receive, refused
from tests.served import Served

LATELY = (now() - NINE).total_seconds() / 60 - 10
PERIOD = {"start": at(-60), "end": at(LATELY + 60)}


def followed(client: httpx.Client, location: str) -> dict[str, Any]:
    """The job once it is over."""
    for _ in range(300):
        job: dict[str, Any] = client.get(location.removeprefix("/api/v1")).json()
        if job["finished_at"]:
            return job
        time.sleep(0.1)
    raise AssertionError(job)


def test_who_would_have_been_late_under_a_shorter_limit(served: Served) -> None:
    admin, supervisor = served.client("admin"), served.client("supervisor")
    # Now, since by now whatever was assigned on that Monday is late anyway.
    case = dispatch(served, receive(served, LATELY), minutes=LATELY + 1)
    rule = {"number": "1", "rank": 9, "limits": {"handle": {"amount": 1, "unit": "minute"}}}
    drafted = done(admin, "/limit-rules", code="at-once", name="立办")
    done(admin, "/limit-rules/at-once/lay", drafted["version"], rules=[rule])
    with nothing_written(served):
        asked = supervisor.post("/stats/what-if", json={**PERIOD, "limits": "at-once"})
        assert asked.status_code == 202, asked.text
        assert asked.json()["state"] in ("waiting", "running")
        location = asked.headers["Location"]
        job = followed(supervisor, location)
    assert (job["state"], job["failure"]) == ("done", "")
    assert job["done"] >= 1
    assert job["positions"]["150785"] > 0
    result = job["result"]
    assert result["newly_late"] >= 1
    assert [row["clock"] for row in result["clocks"] if row["then"] != row["now"]] == ["handle", "case"]
    page = supervisor.get(f"{location.removeprefix('/api/v1')}/cases", params={"late": True, "clock": "handle"}).json()
    assert case.removeprefix("/issues/") in [one["case_id"] for one in page["items"]]
    assert page["next"] is None
    refused(served.client("admin").get(location.removeprefix("/api/v1")), 404, "no-such-what-if")
    assert location.endswith(supervisor.get("/stats/what-if").json()[0]["id"])


def test_other_weights_are_asked_for_alone(served: Served) -> None:
    supervisor = served.client("supervisor")
    weights = {"basically_satisfied": 0.5, "partly_solved": 1}
    asked = supervisor.post("/stats/what-if", json={**PERIOD, "weights": weights})
    job = followed(supervisor, asked.headers["Location"])
    assert job["state"] == "done"
    assert job["result"]["weights"]["weights_now"] == {"basically_satisfied": "0.5", "partly_solved": "1.0"}


def test_what_cannot_be_asked_is_refused(served: Served) -> None:
    supervisor = served.client("supervisor")
    refused(supervisor.post("/stats/what-if", json=PERIOD), 422, "what-if-empty")
    refused(supervisor.post("/stats/what-if", json={**PERIOD, "limits": "never"}), 404, "no-such-entry")
    refused(supervisor.post("/stats/what-if", json={**PERIOD, "calendar": "never"}), 404, "no-such-entry")
    backwards = {"start": PERIOD["end"], "end": PERIOD["start"], "limits": "graded-2021"}
    refused(supervisor.post("/stats/what-if", json=backwards), 422, "bad-period-asked")
    asked = {**PERIOD, "weights": {"basically_satisfied": 2, "partly_solved": 0}}
    refused(supervisor.post("/stats/what-if", json=asked), 422, "malformed")
    worker = served.client("worker")
    weights = {"basically_satisfied": 0.5, "partly_solved": 1}
    refused(worker.post("/stats/what-if", json={**PERIOD, "weights": weights}), 403, "wrong-role")
    refused(supervisor.get(f"/stats/what-if/{uuid4()}"), 404, "no-such-what-if")


def test_one_that_is_over_is_not_cancelled_any_more(served: Served) -> None:
    supervisor = served.client("supervisor")
    weights = {"basically_satisfied": 0.5, "partly_solved": 1}
    asked = supervisor.post("/stats/what-if", json={**PERIOD, "weights": weights})
    job = followed(supervisor, asked.headers["Location"])
    refused(supervisor.post(f"/stats/what-if/{job['id']}/cancel"), 409, "what-if-over")
