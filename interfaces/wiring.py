"""Wiring: opens the house of one process. With `wired_services` and `wired_audit` it alone names infrastructure."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime

import anyio.to_thread
import structlog
from psycopg_pool import AsyncConnectionPool

from application.command import deed
from application.registry.registry import KINDS
from application.services import Services
from domain.actor import Actor, Role
from domain.duty_attempt import DutyAttempt
from domain.erasure import Erasure
from domain.grid_issue import GridIssue
from domain.reading import Reading
from domain.resident_request import ResidentRequest
from domain.statistics.bulletin import Bulletin
from domain.whistle import Whistle
from infrastructure import embedded
from infrastructure.calendar_watch import CalendarWatch
from infrastructure.embedded_home import EmbeddedPostgresError
from infrastructure.event_mapper import schema_of
from infrastructure.eventstore import bulk
from infrastructure.eventstore.log import RECONNECT_SECONDS, EventLogs, open_logs
from infrastructure.eventstore.snapshots import snapshot_long_streams
from infrastructure.feed.tail import Tail
from infrastructure.feed.webhook_work import WebhookWork
from infrastructure.guards import guarded
from infrastructure.migrate import DatabaseUnreachable, migrate
from infrastructure.own_server import own_server
from infrastructure.privacy.file_keys import FileKeys
from infrastructure.privacy.sealing_late import seal_what_is_in_the_clear
from infrastructure.privacy.vault import Vault, WrongKeyFile
from infrastructure.projections.comparing import Comparing
from infrastructure.projections.filling import fill_models
from infrastructure.projections.generations import DeadLettersLeft
from infrastructure.projections.projector import Projector
from infrastructure.proof.exporting import Exporter
from infrastructure.proof.published import PublishedFiles
from infrastructure.proof.ring import BadKeyFile, KeyRing, signed_with
from infrastructure.proof.sealer import Sealer, heads_of
from infrastructure.proof.witness import Witness
from infrastructure.repeating import every
from infrastructure.settings import Settings, WrongSettings, load
from infrastructure.statistics.what_if_work import WhatIfWork
from infrastructure.telemetry import configure
from infrastructure.timer_work import TimerWork
from interfaces.wired_audit import export_work
from interfaces.wired_services import wire

AGGREGATES = (ResidentRequest, GridIssue, Whistle, DutyAttempt, Reading, Erasure, Bulletin, *KINDS)
REGISTRY_REFRESH_SECONDS = 0.5
RECENT_USE_SECONDS = 2.0
SNAPSHOT_SECONDS = 60.0
READING_SECONDS = 5.0
CALENDAR_SECONDS = 60.0
WHAT_IF_SECONDS = 1.0
EXPORT_SECONDS = 0.5
ATTACHMENT_SECONDS = 600.0
OPERATING: tuple[type[Exception], ...] = (
    WrongSettings, EmbeddedPostgresError, DatabaseUnreachable, DeadLettersLeft, WrongKeyFile,
    BadKeyFile,
)  # fmt: skip
"""What an operator can mend: a setting, the data folder, the address of the database, events set aside."""
logger = structlog.get_logger(__name__)

__all__ = [
    "OPERATING", "House", "Settings", "bulk", "cli_actor", "configure", "fill_models", "key_ring", "load", "log_names",
    "open_house", "own_server", "signed_with",
]  # fmt: skip


class House:
    """One wired process: settings, services, the logs and the projector that follows them."""

    def __init__(
        self, settings: Settings, services: Services, logs: EventLogs, projector: Projector, timer_work: TimerWork,
        sealer: Sealer, witness: Witness | None, exporter: Exporter, what_if_work: WhatIfWork, tail: Tail,
        webhook_work: WebhookWork,
    ) -> None:  # fmt: skip
        self.settings, self.services, self.logs, self.projector = settings, services, logs, projector
        self.sealer, self.witness, self.exporter, self.comparing = sealer, witness, exporter, Comparing(projector)
        self.timer_work, self.timers_may_fire = timer_work, asyncio.Event()
        self.timers_may_fire.set()
        self.what_if_work, self.tail, self.webhook_work = what_if_work, tail, webhook_work
        self.export_work = export_work(settings, sealer, exporter, key_ring(settings), now)

    async def work(self) -> None:
        """Follow the logs until cancelled: boards, the registry, what was used lately, snapshots."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._finish_erasures())
            group.create_task(self.projector.run())
            group.create_task(self.tail.run())
            group.create_task(self.webhook_work.run())
            group.create_task(every(REGISTRY_REFRESH_SECONDS, self.services.registry.refresh))
            group.create_task(every(RECENT_USE_SECONDS, self.services.search.refresh))
            group.create_task(every(SNAPSHOT_SECONDS, self._write_snapshots))
            group.create_task(every(READING_SECONDS, self.services.readings.flush))
            if self.settings.timer_seconds:
                group.create_task(self._fire_timers())
            if self.settings.seal_seconds:
                group.create_task(every(self.settings.seal_seconds, self.sealer.look))
                if self.witness:
                    group.create_task(every(self.settings.seal_seconds, self.witness.look))
            watch = CalendarWatch(self.services.calendars.in_force, now)
            group.create_task(every(CALENDAR_SECONDS, watch.look))
            group.create_task(every(WHAT_IF_SECONDS, self.what_if_work.look))
            group.create_task(every(EXPORT_SECONDS, self.export_work.look))
            group.create_task(every(ATTACHMENT_SECONDS, self.services.attachments.sweep))

    async def _finish_erasures(self) -> None:
        """What an earlier process was stopped in the middle of. A fault is logged; who asks again goes on as well."""
        try:
            await self.services.erasing.resume(deed(cli_actor(self.settings), now=now()))
        except Exception:
            logger.exception("erasure_failed")

    async def _fire_timers(self) -> None:
        await self.timers_may_fire.wait()
        await every(self.settings.timer_seconds, self.timer_work.look)

    async def _write_snapshots(self) -> None:
        for log in self.logs.every():
            await snapshot_long_streams(log)


@asynccontextmanager
async def open_house(settings: Settings, *, workers: bool = False) -> AsyncIterator[House]:
    """Start what the settings name, migrate, wire; with `workers` also follow the logs meanwhile."""
    async with AsyncExitStack() as stack:
        url = settings.database_url
        if url is None:
            server = await anyio.to_thread.run_sync(embedded.start, settings.data_dir / "postgres")
            stack.push_async_callback(anyio.to_thread.run_sync, server.leave)
            url = server.url()
        owner = settings.migration_database_url or url
        for name in await anyio.to_thread.run_sync(migrate, owner):
            logger.info("migrated", migration=name)
        url = await anyio.to_thread.run_sync(guarded, url)
        pool = AsyncConnectionPool(
            url, min_size=1, max_size=12, timeout=5, reconnect_timeout=RECONNECT_SECONDS, open=False
        )
        await stack.enter_async_context(pool)
        vault = Vault(pool, FileKeys(settings.kek_path))
        logs = await stack.enter_async_context(open_logs(url, settings.city, settings.districts, AGGREGATES, vault))
        await seal_what_is_in_the_clear(owner, vault)
        house = await _house(settings, logs, pool, vault, url)
        if workers:
            task = asyncio.create_task(house.work())
            stack.push_async_callback(_stop, task)
        stack.push_async_callback(house.services.readings.flush)
        yield house


async def _house(settings: Settings, logs: EventLogs, pool: AsyncConnectionPool, vault: Vault, url: str) -> House:
    ring, folder, origin = key_ring(settings), settings.checkpoint_path, settings.log_origin
    sealer = Sealer(url, settings.city, [log.log_id for log in logs.every()], ring, folder, origin, now)
    witness = Witness(url, sealer.log_ids, settings.witness_url) if settings.witness_url else None
    exporter = Exporter(url, ring, PublishedFiles(folder), origin, schema_of(AGGREGATES))
    wired = await wire(settings, logs, pool, vault, sealer.log_ids, now)
    return House(
        settings, wired.services, logs, wired.projector, wired.timer_work, sealer, witness, exporter,
        wired.what_if_work, wired.tail, wired.webhook_work,
    )  # fmt: skip


def now() -> datetime:
    """The present, aware. The one clock of the program."""
    return datetime.now(UTC)


def key_ring(settings: Settings) -> KeyRing:
    """The keys that checkpoints are signed with."""
    return KeyRing(settings.signing_key_path, now)


def log_names(settings: Settings) -> dict[str, str]:
    """The name in checkpoints of each log, by its id, and of the city's tree over them."""
    log_ids = (settings.city, *settings.districts, heads_of(settings.city))
    return {log_id: f"{settings.log_origin}/{log_id}" for log_id in log_ids}


def cli_actor(settings: Settings) -> Actor:
    """Who acts at the command line: the operator, with the reference data of the whole city."""
    return Actor(id="operator", roles=frozenset({Role.ADMIN}), unit="", areas=(settings.city,))


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
