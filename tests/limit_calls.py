"""Calls about limit rules and the cases that follow them, over HTTP: material of acceptance tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx

from domain.registry.entry import civil_day
from interfaces.wiring import now
from tests import town
from tests.case_calls import done
from tests.served import Served

TODAY = civil_day(now())


def limit(amount: int, unit: str) -> dict[str, Any]:
    return {"amount": amount, "unit": unit}


RULES: list[dict[str, Any]] = [
    {
        "number": "1",
        "limits": {
            "dispatch": limit(30, "minute"),
            "accept": limit(1, "urgent_hour"),
            "check": limit(2, "urgent_hour"),
            "case": limit(9, "natural_day"),
        },
    },
    {"number": "2", "category": "asset-01037-1", "urgency": "urgent", "limits": {"handle": limit(6, "urgent_hour")}},
    {
        "number": "3",
        "category": "asset",
        "limits": {
            "handle": limit(1, "minute"),
            "contact": limit(3, "urgent_hour"),
            "call_back": limit(1, "natural_day"),
        },
    },
]
"""Accept in an hour, check in two; what is urgent about lamps handled in six; assets contacted and called back."""


def publish(admin: httpx.Client, code: str, rules: list[dict[str, Any]], **drafted: Any) -> None:
    receipt = done(admin, "/limit-rules", code=code, name=code, **drafted)
    receipt = done(admin, f"/limit-rules/{code}/lay", receipt["version"], rules=rules)
    done(admin, f"/limit-rules/{code}/publish", receipt["version"], valid_from=TODAY.isoformat())


def filed(served: Served, **said: Any) -> tuple[str, dict[str, Any]]:
    dispatcher = served.client("dispatcher")
    body: dict[str, Any] = {"grid": town.GRID, "category": town.LAMPS, "text": "路灯不亮"} | said
    receipt = done(dispatcher, "/issues", **body)
    path = f"/issues/{receipt['id']}"
    return path, done(dispatcher, f"{path}/file", receipt["version"])


def assigned(served: Served, **said: Any) -> tuple[str, dict[str, Any]]:
    path, receipt = filed(served, **said)
    return path, done(served.client("dispatcher"), f"{path}/assign", receipt["version"], lead=town.ROADS)


def hours(row: dict[str, Any], due: str, start: str) -> float:
    span = datetime.fromisoformat(row[due]) - datetime.fromisoformat(row[start])
    return span / timedelta(hours=1)
