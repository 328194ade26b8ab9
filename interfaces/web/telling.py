"""How pages tell times, lengths and figures: as the office says them, in the office's time zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from application.clock_views import lasting as in_words
from domain.registry.entry import CIVIL_TIME
from domain.statistics.number import Unit

_DAYS = "一二三四五六日"
NO_DATA = "无数据"


def moment(at: datetime | None) -> str:
    """11月21日 16:40（周六）; the year where it is another than usual is told by `day`. Empty for None."""
    if at is None:
        return ""
    local = at.astimezone(CIVIL_TIME)
    return f"{local.month}月{local.day}日 {local:%H:%M}（周{_DAYS[local.weekday()]}）"


def local(at: object) -> str:
    """2026-11-21T16:40, as a form's field for a moment holds it; empty for what is no moment."""
    return at.astimezone(CIVIL_TIME).strftime("%Y-%m-%dT%H:%M") if isinstance(at, datetime) else ""


def day(at: datetime | date) -> str:
    """2026年11月21日（周六）."""
    on = at.astimezone(CIVIL_TIME).date() if isinstance(at, datetime) else at
    return f"{on.year}年{on.month}月{on.day}日（周{_DAYS[on.weekday()]}）"


def since(at: datetime | None, now: datetime) -> str:
    """How far `at` lies from `now`: 3小时前, 2天4小时后. Empty for None."""
    if at is None:
        return ""
    length = at - now
    if abs(length) < timedelta(minutes=1):
        return "刚刚"
    return lasting(length) + ("后" if length > timedelta() else "前")


def lasting(length: timedelta | float) -> str:
    """A length, given as such or in seconds, to two measures: 2天4小时, 35分."""
    length = abs(length if isinstance(length, timedelta) else timedelta(seconds=length))
    if length >= timedelta(days=1):
        length -= length % timedelta(hours=1)
    return in_words(length)


def hours(length: timedelta) -> str:
    """A length of time that counts, whose day has not 24 hours: 7小时, 3小时30分."""
    whole, minutes = divmod(length // timedelta(minutes=1), 60)
    return (f"{whole}小时" if whole else "") + (f"{minutes}分" if minutes else "") or "不足1分"


def percent(share: float | None) -> str:
    """0.8734 as 87.3%; what has no data is told so, never as 0."""
    return NO_DATA if share is None else f"{share * 100:.1f}%"


def figure(value: float | None, unit: Unit) -> str:
    """The value of a number by its unit; what has no data is told so."""
    if value is None:
        return NO_DATA
    match unit:
        case Unit.RATE:
            return percent(value)
        case Unit.SECONDS:
            return lasting(value)
    return amount(value)


def amount(number: float | None) -> str:
    """12345.5 as 12,345.5, whole numbers without a point."""
    if number is None:
        return NO_DATA
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,.1f}"


def size(octets: int) -> str:
    """3.2 MB, 12 KB."""
    return f"{octets / (1 << 20):,.1f} MB" if octets >= 1 << 20 else f"{max(octets >> 10, 1)} KB"
