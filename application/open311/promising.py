"""承诺时限: how long a request of a category may take, said to the requester at once; nothing is set by it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from application.issues import Issues
from domain.limit import deadline
from domain.limit_stages import LimitStage
from domain.registry.entry import civil_day
from domain.vocabulary import Channel, Urgency

ZONE = ZoneInfo("Asia/Shanghai")


def promise(issues: Issues, *, category: str, place: str, at: datetime) -> str:
    """承诺, with the deadline it would have if it were handed to a unit now."""
    day = civil_day(at)
    limit = issues.limiting.answer(
        category=category, channel=Channel.WEB.value, urgency=Urgency.NORMAL.value, at=at,
        filed=issues.registry.case_type(category).on(day),
    ).of(LimitStage.HANDLE).limit  # fmt: skip
    if limit is None:
        return "已受理，办理时限由派遣员核定。"
    try:
        due = deadline(limit, at, issues.calendars.of_place(place, day)).due
    except ValueError:  # no calendar reaches that far
        return f"已受理，承办单位自派遣之时起应在 {limit}内办结。"
    when = due.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
    return f"已受理，承办单位自派遣之时起应在 {limit}内办结；如即时派遣，为 {when} 前。"
