"""Cursors 游标: the key of the last row of a page as one opaque word, for pages ordered by several keys."""

from __future__ import annotations

import base64
import binascii

from interfaces.http.statuses import BadCursor

_BETWEEN = "\n"


def packed(*keys: str) -> str:
    """The keys as a cursor."""
    return base64.urlsafe_b64encode(_BETWEEN.join(keys).encode()).decode().rstrip("=")


def unpacked(cursor: str, count: int) -> list[str]:
    """The `count` keys of a cursor. Refuses `BadCursor`."""
    try:
        keys = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)).decode().split(_BETWEEN)
    except (ValueError, binascii.Error):
        raise BadCursor() from None
    if len(keys) != count or any("\0" in key for key in keys):
        raise BadCursor()
    return keys
