"""`wangge replay` and /audit: an auditor looks at a case, a board and a unit's work as they stood."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.operator import typing
from tests.case_calls import at, done, refused, report
from tests.served import Served
from tests.town import DISTRICT, GRID, ROADS


@pytest.fixture(scope="module")
def case(served: Served) -> tuple[str, list[int]]:
    """The path of an issue that roads has accepted, and the position of each order."""
    issue = report(served)
    positions = []
    for version, (staff, command, more) in enumerate(
        [("receiver", "file", {}), ("dispatcher", "assign", {"lead": ROADS}), ("roads", "accept", {})], 1
    ):
        body: dict[str, Any] = {**more, "happened_at": at(version)}
        positions.append(int(done(served.client(staff), f"{issue}/{command}", version, **body)["position"]))
    served.client("auditor").get(issue, params={"wait": f"{DISTRICT}:{positions[-1]}"}).raise_for_status()
    return issue, positions


def then(served: Served, path: str, **asked: Any) -> Any:
    return served.client("auditor").get(f"/audit{path}", params=asked).raise_for_status().json()


def test_a_case_is_shown_as_it_stood_and_stepped_through(served: Served, case: tuple[str, list[int]]) -> None:
    issue, (filed, assigned, accepted) = case
    path = f"/cases/{issue.removeprefix('/issues/')}"
    found = then(served, path, at=assigned)
    assert (found["state"]["stage"], found["state"]["lead"], found["previous"]) == ("assigned", ROADS, filed)
    assert found["next"] == accepted
    assert found["clocks"][0]["name"] == "lead"
    now = served.client("auditor").get(issue).json()
    last = then(served, path, at="2099-01-01T00:00:00Z")
    assert (last["state"]["stage"], last["version"], last["next"]) == (now["stage"], now["version"], None)
    changed = {
        one["name"]: one["after"] for one in then(served, f"{path}/difference", start=filed, end=assigned)["changes"]
    }
    assert changed["stage"] == "assigned"
    assert "subject" not in found["state"]
    refused(served.client("auditor").get(f"/audit{path}", params={"at": filed - 2}), 404, "no-such-case")
    refused(served.client("roads").get(f"/audit{path}", params={"at": filed}), 403, "wrong-role")
    refused(served.client("auditor").get(f"/audit{path}", params={"at": "yesterday"}), 422, "malformed")


def test_a_board_a_units_work_and_what_was_recorded_between(served: Served, case: tuple[str, list[int]]) -> None:
    issue, (filed, assigned, accepted) = case
    mine = issue.removeprefix("/issues/")
    logs = f"/logs/{DISTRICT}"
    found = then(served, f"{logs}/board", at=filed, place=GRID)
    assert next((one["id"], one["state"]["stage"]) for one in found["items"]) == (mine, "filed")
    assert mine not in {one["id"] for one in then(served, f"{logs}/work", at=filed, unit=ROADS)["items"]}
    assert mine in {one["id"] for one in then(served, f"{logs}/work", at=assigned, unit=ROADS)["items"]}
    steps = then(served, f"{logs}/events", after=filed, upto=accepted)
    assert steps[0]["topic"] == "issue.assigned"
    assert [step["position"] for step in steps] == sorted(step["position"] for step in steps)
    refused(served.client("auditor").get("/audit/logs/999999/board", params={"at": 1}), 404, "no-such-log")


def test_the_same_at_the_command_line(
    served: Served, case: tuple[str, list[int]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue, (filed, assigned, _) = case
    url = served.house.settings.database_url or ""
    wangge = typing(url, tmp_path, monkeypatch)
    mine = issue.removeprefix("/issues/")
    told = json.loads(wangge("replay", "case", mine, "--at", str(assigned), "--json").stdout)
    assert told["state"]["lead"] == ROADS
    assert "assigned" in wangge("replay", "difference", mine, "--from", str(filed), "--to", str(assigned)).stdout
    assert mine in wangge("replay", "board", DISTRICT, "--at", str(filed)).stdout
    assert mine in wangge("replay", "work", DISTRICT, "--at", str(assigned), "--unit", ROADS).stdout
    assert "时区" in wangge("replay", "board", DISTRICT, "--at", "2026-11-02T09:00:00", code=2).output
    compared = wangge("replay", "compare", DISTRICT).stdout
    assert compared.count("一致") == 3
