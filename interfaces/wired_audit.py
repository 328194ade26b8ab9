"""Wired audit desk: replaying, filming and attesting, built for `interfaces.wired_services`."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg_pool import AsyncConnectionPool

from application.audit.desk import AuditDesk
from application.audit.filming import Filming
from application.audit.replaying import Replaying
from application.ports import Clock
from application.proof.attesting import Attesting
from application.registry.registry import Registry
from domain.case_clocks import CalendarOf
from infrastructure.audit.replays import PostgresReplays
from infrastructure.audit.stored_events import PostgresStoredEvents
from infrastructure.proof.published import PublishedFiles
from infrastructure.proof.ring import KeyRing
from infrastructure.proof.sealed_logs import PostgresSealedLogs
from infrastructure.settings import Settings


def audit_desk(
    settings: Settings, pool: AsyncConnectionPool, log_ids: Sequence[str], trees: Sequence[str],
    calendar_of: CalendarOf, registry: Registry, now: Clock,
) -> AuditDesk:  # fmt: skip
    """`log_ids` are the logs of events, `trees` the ids of all logs' trees."""
    published, ring = PublishedFiles(settings.checkpoint_path), KeyRing(settings.signing_key_path, now)
    attesting = Attesting(PostgresSealedLogs(pool, trees), published, ring, settings.log_origin)
    replaying = Replaying(PostgresReplays(pool), log_ids, calendar_of, registry)
    return AuditDesk(replaying, Filming(replaying, PostgresStoredEvents(pool), attesting))
