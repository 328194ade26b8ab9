"""案件编号: a case's id names the log that holds it, so it routes itself without a look-up.

A UUID of version 8 (RFC 9562, 5.8) laid out as: 24 bits of log id (its digits read as hex, filled
with zeros), 36 bits of time in sixteenths of a second, 62 bits of randomness.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

_RANDOM_BITS = 62


def new_case_id(log_id: str, at: datetime, randomness: bytes) -> UUID:
    """A fresh id in `log_id` (2 to 6 digits); `randomness` gives at least 8 bytes."""
    ticks = int(at.timestamp() * 16) & 0xF_FFFF_FFFF
    return _compose(log_id, ticks, int.from_bytes(randomness[:8], "big"))


def imported_case_id(log_id: str, source: str, external_id: str) -> UUID:
    """The one id that case `external_id` of system `source` has in `log_id`: a repeat meets itself."""
    digest = sha256(f"{len(source)}:{source}{external_id}".encode()).digest()
    ticks = int.from_bytes(digest[8:13], "big") & 0xF_FFFF_FFFF
    return _compose(log_id, ticks, int.from_bytes(digest[:8], "big"))


def whistle_id(log_id: str, issue: UUID, units: Sequence[str], nth: int) -> UUID:
    """The one id that the `nth` whistle for an issue has that calls these units: two at once meet each other."""
    digest = sha256(f"whistle:{issue}:{','.join(sorted(units))}:{nth}".encode()).digest()
    ticks = int.from_bytes(digest[8:13], "big") & 0xF_FFFF_FFFF
    return _compose(log_id, ticks, int.from_bytes(digest[:8], "big"))


def erasure_id(case: UUID) -> UUID:
    """The one id that the erasures and holds of a case have, in the case's log."""
    digest = sha256(f"erasure:{case}".encode()).digest()
    ticks = int.from_bytes(digest[8:13], "big") & 0xF_FFFF_FFFF
    return _compose(log_of(case), ticks, int.from_bytes(digest[:8], "big"))


def bulletin_id(log_id: str, kind: str, scope: str, start: datetime) -> UUID:
    """The one id of a kind of bulletin about a place over the period from `start`: a second one meets the first."""
    digest = sha256(f"bulletin:{kind}:{scope}:{start.timestamp()}".encode()).digest()
    ticks = int.from_bytes(digest[8:13], "big") & 0xF_FFFF_FFFF
    return _compose(log_id, ticks, int.from_bytes(digest[:8], "big"))


def log_of(case_id: UUID) -> str:
    """The log id an id was made for, e.g. "150785", "1507" or "11"; any other UUID names a log nobody has.

    No county or city has a code that ends in 00, so the zeros are filling.
    """
    digits = case_id.hex[:6]
    return digits.removesuffix("00").removesuffix("00")


def _compose(log_id: str, ticks: int, randomness: int) -> UUID:
    value = int(log_id.ljust(6, "0"), 16) << 104
    value |= (ticks >> 12) << 80 | 0x8 << 76 | (ticks & 0xFFF) << 64
    value |= 0b10 << 62 | randomness & ((1 << _RANDOM_BITS) - 1)
    return UUID(int=value)
