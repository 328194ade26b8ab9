"""Figures of webhooks for the operator: how far behind each is, what it set aside, which have halted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from prometheus_client import Gauge

from application.feed.webhooks import HookStanding

NAMES = ["webhook", "log"]
BACKLOG = Gauge("wangge_webhook_backlog_events", "Positions of a log that a webhook has not been through", NAMES)
PARKED = Gauge("wangge_webhook_parked", "Deliveries set aside and not yet sent again", NAMES)
FAILED = Gauge("wangge_webhook_failed_attempts", "Failed attempts of the event that is tried now", NAMES)
HALTED = Gauge("wangge_webhook_halted", "1 when a webhook waits for somebody to resume it", NAMES)


def report(standings: Mapping[str, Sequence[HookStanding]]) -> None:
    """Show where they stand; of one that has ended nothing is shown."""
    for gauge in (BACKLOG, PARKED, FAILED, HALTED):
        gauge.clear()
    for code, logs in standings.items():
        for one in logs:
            names = {"webhook": code, "log": one.log}
            BACKLOG.labels(**names).set(one.backlog)
            PARKED.labels(**names).set(one.parked)
            FAILED.labels(**names).set(one.attempts)
            HALTED.labels(**names).set(one.halted)
