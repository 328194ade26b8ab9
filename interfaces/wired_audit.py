"""Wired audit desk: replaying, filming and attesting, built for `interfaces.wired_services`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from psycopg_pool import AsyncConnectionPool

from application.audit.desk import AuditDesk
from application.audit.erasures import Erasures
from application.audit.exports import Exports
from application.audit.filming import Filming
from application.audit.replaying import Replaying
from application.ports import Clock, Logs
from application.proof.attesting import Attesting
from application.proof.proving import Proving
from application.registry.registry import Registry
from domain.case_clocks import CalendarOf
from infrastructure.audit.export_work import ExportWork
from infrastructure.audit.replays import PostgresReplays
from infrastructure.audit.shelf import ExportShelf
from infrastructure.audit.stored_events import PostgresStoredEvents
from infrastructure.privacy.erasure_register import PostgresErasureRegister
from infrastructure.proof.exporting import Exporter
from infrastructure.proof.published import PublishedFiles
from infrastructure.proof.ring import KeyRing
from infrastructure.proof.sealed_logs import PostgresSealedLogs
from infrastructure.proof.sealer import Sealer
from infrastructure.settings import Settings
from interfaces.cli import verifier

EXPORTS = "exports"
"""The folder of the data folder that exports are kept in."""


def audit_desk(
    settings: Settings, pool: AsyncConnectionPool, logs: Logs, trees: Sequence[str], calendar_of: CalendarOf,
    registry: Registry, now: Clock,
) -> AuditDesk:  # fmt: skip
    """`trees` are the ids of all logs' trees."""
    published, log_ids = PublishedFiles(settings.checkpoint_path), [log.log_id for log in logs.every()]
    ring, sealed = KeyRing(settings.signing_key_path, now), PostgresSealedLogs(pool, trees)
    replaying = Replaying(PostgresReplays(pool), log_ids, calendar_of, registry)
    filming = Filming(replaying, PostgresStoredEvents(pool), Attesting(sealed, published, ring, settings.log_origin))
    exports = Exports(shelf(settings, ring), logs, replaying, Proving(sealed, log_ids, trees))
    return AuditDesk(replaying, filming, exports, Erasures(PostgresErasureRegister(pool), logs))


def export_work(settings: Settings, sealer: Sealer, exporter: Exporter, ring: KeyRing, now: Clock) -> ExportWork:
    """What writes the exports that were asked for, in the processes that work."""
    published = PublishedFiles(settings.checkpoint_path)
    return ExportWork(shelf(settings, ring), sealer, exporter, published, Path(verifier.__file__), now)


def shelf(settings: Settings, ring: KeyRing) -> ExportShelf:
    """The shelf of this house."""

    def keys(log_id: str) -> list[str]:
        return [str(key.named(f"{settings.log_origin}/{log_id}")) for key in ring.all_keys()]

    return ExportShelf(settings.data_dir / EXPORTS, keys)
