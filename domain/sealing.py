"""Sealing 密封: what an event says of words that are kept outside it: a digest of each field as it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

NOTHING_SEALED: Mapping[str, str] = {}


def commitment(kept: Mapping[str, bytes]) -> dict[str, str]:
    """Field to the SHA-256, in hex, of its bytes as they are kept. Of encrypted bytes it tells nothing."""
    return {field: sha256(value).hexdigest() for field, value in sorted(kept.items())}
