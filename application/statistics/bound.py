"""Bound 已知范围: up to which position of each log facts are taken as known, and which moment counts as the present."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

AsOf = datetime | Mapping[str, int] | None
"""A past moment, or positions by log, or the present."""


@dataclass(frozen=True)
class Bound:
    """What was known at `moment`: of each log, the events up to its position.

    Given as a moment, a log's position is that of its last event recorded not later. Given as positions, the moment
    is when the last of them was recorded, and other logs go by that moment.
    """

    moment: datetime
    positions: Mapping[str, int]
    past: bool = False
