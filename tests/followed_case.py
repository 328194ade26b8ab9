"""A request with its number and code, handled as far as a test wants: material of tests about who follows one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.case_calls import ASKED, at, dispatch, done
from tests.served import Served

MEASURE = "更换灯具一盏，夜间复查已亮"


def received(served: Served, minutes: float = 0, **given: Any) -> dict[str, Any]:
    """The receipt of a new request, with its number and code, once the boards show it."""
    receipt = done(served.client("receiver"), "/requests", **ASKED | given, happened_at=at(minutes))
    caught_up(served, receipt)
    return receipt


def handled(
    served: Served, *, minutes: float = 0, resolve: bool = True, evidence: Sequence[str] = ()
) -> dict[str, Any]:
    """A request whose issue was dispatched, and resolved long before now; its limit has ended."""
    receipt = received(served, minutes)
    issue = dispatch(served, f"/requests/{receipt['id']}", minutes=minutes + 10)
    roads = served.client("roads")
    last = done(roads, f"{issue}/accept", 4, happened_at=at(minutes + 20))
    if resolve:
        told: dict[str, Any] = {"measure": MEASURE, "evidence": list(evidence), "happened_at": at(minutes + 60)}
        last = done(roads, f"{issue}/resolve", last["version"], **told)
    caught_up(served, last)
    return receipt


def caught_up(served: Served, receipt: dict[str, Any]) -> None:
    """Wait until the boards show a write."""
    served.run(lambda services: services.reach(receipt["log"], receipt["position"]))
