"""Attachments 附件: pictures and papers, which events name by the SHA-256 of their bytes and never hold."""

from __future__ import annotations

import re
from collections.abc import Iterable

DIGEST = re.compile("[0-9a-f]{64}")
"""SHA-256 in lower-case hexadecimal."""


def named_by(events: Iterable[object]) -> list[str]:
    """The digests that events name: as `attachments`, or as lines of `evidence`, whose other lines say other things."""
    lines = [
        line for event in events for field in ("attachments", "evidence") for line in getattr(event, field, ())
    ]  # fmt: skip
    return list(dict.fromkeys(line for line in lines if DIGEST.fullmatch(line)))
