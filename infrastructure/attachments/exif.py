"""When and where a photo was taken, as it says of itself: kept apart, and never in a picture that is shown."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from PIL import ExifTags, Image

ZONE = ZoneInfo("Asia/Shanghai")
"""Of a camera that does not say which."""
_DATE = "%Y:%m:%d %H:%M:%S"
_FIRST_YEAR = 1990
Place = tuple[float, float]


def taken(picture: Image.Image) -> tuple[datetime | None, Place | None]:
    """The instant, and (longitude, latitude) in degrees; None for what is missing or makes no sense."""
    try:
        exif = picture.getexif()
        camera, gps = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
    except Exception:  # a parser fed with what anybody may have written fails in ways of its own
        return None, None
    return _instant(camera), _place(gps)


def _instant(camera: Mapping[int, Any]) -> datetime | None:
    text = str(camera.get(ExifTags.Base.DateTimeOriginal, "")).strip("\0 ")
    offset = str(camera.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\0 ")
    try:
        told = datetime.strptime(text, _DATE).replace(tzinfo=ZONE)
        if offset:
            told = told.replace(tzinfo=datetime.strptime(offset, "%z").tzinfo)
    except ValueError:
        return None
    return told.astimezone(UTC) if told.year >= _FIRST_YEAR else None


def _place(gps: Mapping[int, Any]) -> Place | None:
    longitude = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "E", "W", 180)
    latitude = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "N", "S", 90)
    if longitude is None or latitude is None or (longitude, latitude) == (0, 0):  # zeros: no fix yet
        return None
    return longitude, latitude


def _degrees(parts: Any, reference: Any, plus: str, minus: str, most: float) -> float | None:
    if not isinstance(parts, Sequence) or len(parts) != 3 or reference not in (plus, minus):
        return None
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value) or not 0 <= value <= most:
        return None
    return round(value if reference == plus else -value, 6)
