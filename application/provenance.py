"""来由: what a save follows from, for as long as it is being decided. Whoever begins work says so here."""

from __future__ import annotations

from contextvars import ContextVar
from uuid import UUID

CORRELATION: ContextVar[UUID | None] = ContextVar("correlation", default=None)
"""The request or run all of this began with."""
CAUSATION: ContextVar[UUID | None] = ContextVar("causation", default=None)
"""The event that led to this, None when a person did."""
