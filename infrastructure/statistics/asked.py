"""A question to the statistics as the facts its queries take: whose, what, up to where, in which groups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from application.disclosure import sees_whole_area
from application.statistics.filter import mark
from application.statistics.reading import Asked
from domain.statistics.number import Shape, Told, Window


def of_outcomes(asked: Asked) -> dict[str, object]:
    """What the queries over outcomes take."""
    number = asked.number
    start, until = _window(asked)
    return {
        **_within(asked),
        "kinds": list(number.kinds),
        "case_kind": number.case_kind or None,
        "values": list(number.values) or None,
        "told": number.told.value,
        "exempts": number.exempts,
        "excluded_channels": sorted(asked.excluded_channels) if number.told is Told.VOICE else [],
        "timed": number.shape is Shape.SPREAD,
        "from": start,
        "until": until,
    }


def of_holdings(asked: Asked, windows: Sequence[tuple[datetime, datetime]]) -> dict[str, object]:
    """What the queries over spans of holding take: windows of time, none of which reaches beyond the moment."""
    moment = asked.bound.moment
    return {
        **_within(asked),
        "past": asked.bound.past,
        "begins": [begins for begins, _ in windows],
        "ends": [min(ends, moment) for _, ends in windows],
    }


def _window(asked: Asked) -> tuple[datetime, datetime]:
    start, end, moment = asked.filter.start, asked.filter.end, asked.bound.moment
    match asked.number.window:
        case Window.PERIOD:
            return start, end
        case Window.FALLEN_DUE:
            return start, min(end, moment)
        case Window.AHEAD:
            return moment, moment + timedelta(hours=asked.filter.hours)


def _within(asked: Asked) -> dict[str, object]:
    of, actor, positions = asked.filter, asked.actor, asked.bound.positions
    logs = sorted(log for log in positions if not of.logs or log in of.logs)
    buckets = asked.grouping.buckets
    return {
        "logs": logs,
        "positions": [positions[log] for log in logs],
        "areas": [f"{area}%" for area in actor.areas],
        "own_units": None if sees_whole_area(actor) else sorted(actor.units),
        "places": [f"{place}%" for place in (of.street, of.community, of.grid) if place] or None,
        "unit": of.unit,
        "category": of.category,
        "channel": of.channel,
        "by": asked.grouping.by and asked.grouping.by.value,
        "then": asked.grouping.then and asked.grouping.then.value,
        "starts": [one.start for one in buckets],
        "marks": [mark(one) for one in buckets],
    }
