"""Lag: how far the served read models are behind their logs, as figures for the operator."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import Gauge

from infrastructure.projections.generations import Standing
from infrastructure.telemetry import LOG_POSITION, PROJECTION_LAG

PROJECTION_LAG_SECONDS = Gauge(
    "wangge_projection_lag_seconds", "Age of the oldest event a projection has not seen", ["log", "projection"]
)
DEAD_LETTERS = Gauge(
    "wangge_projection_dead_letters", "Events set aside or waiting behind one that is", ["log", "projection"]
)


def report(standing: Iterable[Standing]) -> None:
    """Show where the served generations stand."""
    for one in standing:
        if one.state == "active":
            names = {"log": one.log_id, "projection": one.projection}
            LOG_POSITION.labels(log=one.log_id).set(one.position + one.lag_events)
            PROJECTION_LAG.labels(**names).set(one.lag_events)
            PROJECTION_LAG_SECONDS.labels(**names).set(one.lag_seconds)
            DEAD_LETTERS.labels(**names).set(one.poison + one.waiting)
