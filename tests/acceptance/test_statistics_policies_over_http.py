"""考核办法 over HTTP: drafted, revised, published for ever; every statistic names the edition it is counted by."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from domain.registry.entry import civil_day
from interfaces.wiring import now
from tests.case_calls import call, done, nothing_written, refused
from tests.served import Served

TODAY = civil_day(now())
TERMS: dict[str, Any] = {"response": 0.3, "resolution": "0.35", "satisfaction": 0.35, "partly_solved": 0.5}


@pytest.fixture(scope="module")
def admin(served: Served) -> httpx.Client:
    return served.client("admin")


def draft(admin: httpx.Client, code: str, **terms: Any) -> dict[str, Any]:
    return done(admin, "/stats/policies", code=code, name="试行办法", policy=TERMS | terms)


def test_an_edition_is_drafted_revised_and_published_for_ever(served: Served, admin: httpx.Client) -> None:
    version = draft(admin, "trial")["version"]
    terms = TERMS | {"day_hour": 0, "ties": "shared", "excluded_channels": ["imported"]}
    version = done(admin, "/stats/policies/trial/revise", version, policy=terms)["version"]
    refused(call(admin, "/stats/policies/trial/revise", version, policy=terms), 409, "nothing-changed")
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    refused(call(admin, "/stats/policies/trial/publish", version, valid_from=yesterday), 422, "not-retroactive")
    past: dict[str, Any] = {"valid_from": "2026-01-01", "happened_at": "2026-01-01T00:00:00Z"}
    refused(call(admin, "/stats/policies/trial/publish", version, **past), 422, "malformed")
    first = (TODAY + timedelta(days=1200)).isoformat()
    version = done(admin, "/stats/policies/trial/publish", version, valid_from=first)["version"]
    with nothing_written(served):
        refused(call(admin, "/stats/policies/trial/revise", version, policy=TERMS), 409, "edition-published")
    shown = admin.get("/stats/policies/trial").json()
    assert (shown["valid_from"], shown["policy"]["edition"]) == (first, "trial")
    weights = [shown["policy"][rate] for rate in ("response", "resolution", "satisfaction", "basically_satisfied")]
    assert weights == [0.3, 0.35, 0.35, 0.9]
    assert (shown["policy"]["ties"], shown["policy"]["excluded_channels"]) == ("shared", ["imported"])
    assert "trial" in [one["code"] for one in admin.get("/stats/policies").json()["items"]]


def test_a_statistic_names_the_edition_in_force_at_the_end_of_its_period(served: Served, admin: httpx.Client) -> None:
    version = draft(admin, "next")["version"]
    first = TODAY + timedelta(days=800)
    done(admin, "/stats/policies/next/publish", version, valid_from=first.isoformat())
    supervisor = served.client("supervisor")
    begins = f"{first.isoformat()}T00:00:00+08:00"
    for end, policy in [(begins, "2026.1"), (f"{first.isoformat()}T00:00:01+08:00", "next")]:
        asked = {"start": "2026-11-01T00:00:00+08:00", "end": end}
        assert supervisor.get("/stats/rates", params=asked).raise_for_status().json()["policy"] == policy
    in_force = admin.get("/stats/policies/in-force", params={"at": begins}).json()
    assert (in_force["edition"], in_force["partly_solved"]) == ("next", 0.5)
    assert admin.get("/stats/policies/in-force", params={"at": "2020-01-01T00:00:00Z"}).json()["edition"] == "2026.1"


def test_unsound_policies_and_those_without_the_right_are_refused(served: Served, admin: httpx.Client) -> None:
    with nothing_written(served):
        sent: dict[str, Any] = {"code": "bad", "name": "x"}
        refused(call(admin, "/stats/policies", **sent, policy={"response": 0.2}), 422, "bad-weights")
        refused(call(admin, "/stats/policies", **sent, policy={"response": 1.2}), 422, "malformed")
        refused(call(admin, "/stats/policies", **sent, policy={"partly_solved": 0.33333}), 422, "malformed")
        refused(call(admin, "/stats/policies", **sent, policy={"month_day": 31}), 422, "malformed")
        refused(call(admin, "/stats/policies", **sent, policy={"zone": "Mars/Olympus"}), 422, "bad-choice")
        refused(call(served.client("supervisor"), "/stats/policies", **sent, policy=TERMS), 403, "wrong-role")
        default: dict[str, Any] = {"code": "2026.1", "name": "x", "policy": TERMS}
        refused(call(admin, "/stats/policies", **default), 409, "already-registered")
        refused(admin.get("/stats/policies/none"), 404, "no-such-entry")
