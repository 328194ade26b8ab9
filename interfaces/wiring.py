"""Wiring: the only module that names infrastructure. Joins ports and their implementations, once a process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import anyio.to_thread
import structlog
from psycopg_pool import AsyncConnectionPool

from application.command import Cases
from application.issues import DutyPolicy, Issues
from application.keeping_accounts import KeepingAccounts
from application.registry.catalogue import Catalogue
from application.registry.desk import RegistryDesk
from application.registry.divisions import Divisions
from application.registry.grids import Grids
from application.registry.registry import KINDS
from application.registry.staff import StaffRoll
from application.registry.units import Units
from application.requests import Requests
from application.services import Services
from application.sign_in import SignIn
from domain.actor import Actor, Role
from domain.grid_issue import GridIssue
from domain.rates import RatePolicy
from domain.resident_request import ResidentRequest
from infrastructure import embedded
from infrastructure.accounts import PostgresAccounts
from infrastructure.calendars import chinese_office_calendar
from infrastructure.embedded_home import EmbeddedPostgresError
from infrastructure.eventstore.log import EventLogs, open_logs
from infrastructure.eventstore.snapshots import snapshot_long_streams
from infrastructure.migrate import DatabaseUnreachable, migrate
from infrastructure.projections.boards import PostgresBoards
from infrastructure.projections.generations import DeadLettersLeft
from infrastructure.projections.projector import Projector
from infrastructure.registry.grid_map import flaw
from infrastructure.registry.view import RegistryView
from infrastructure.secret_key import secret_key
from infrastructure.settings import Settings, WrongSettings, load
from infrastructure.telemetry import configure
from infrastructure.tokens import SignedTokens

AGGREGATES = (ResidentRequest, GridIssue, *KINDS)
REGISTRY_REFRESH_SECONDS = 0.5
SNAPSHOT_SECONDS = 60.0
OPERATING: tuple[type[Exception], ...] = (
    WrongSettings, EmbeddedPostgresError, DatabaseUnreachable, DeadLettersLeft,
)  # fmt: skip
"""What an operator can mend: a setting, the data folder, the address of the database, events set aside."""
logger = structlog.get_logger(__name__)

__all__ = ["OPERATING", "House", "Settings", "cli_actor", "configure", "load", "open_house"]


class House:
    """One wired process: settings, services, the logs and the projector that follows them."""

    def __init__(self, settings: Settings, services: Services, logs: EventLogs, projector: Projector) -> None:
        self.settings, self.services, self.logs, self.projector = settings, services, logs, projector

    async def work(self) -> None:
        """Follow the logs until cancelled: boards, the registry, snapshots."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.projector.run())
            group.create_task(_every(REGISTRY_REFRESH_SECONDS, self.services.registry.refresh))
            group.create_task(_every(SNAPSHOT_SECONDS, self._write_snapshots))

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
        for name in await anyio.to_thread.run_sync(migrate, url):
            logger.info("migrated", migration=name)
        logs = await stack.enter_async_context(open_logs(url, settings.city, settings.districts, AGGREGATES))
        pool = AsyncConnectionPool(url, min_size=1, max_size=12, timeout=5, open=False)
        await stack.enter_async_context(pool)
        house = await _wire(settings, logs, pool)
        if workers:
            task = asyncio.create_task(house.work())
            stack.push_async_callback(_stop, task)
        yield house


async def _wire(settings: Settings, logs: EventLogs, pool: AsyncConnectionPool) -> House:
    registry = RegistryView(logs.city)
    await registry.refresh()
    desk = RegistryDesk(logs.city, registry)
    duties = DutyPolicy(refuses=settings.duty_list_policy == "refuse")
    issues = Issues(logs, registry, chinese_office_calendar(), duties)
    tokens = SignedTokens(secret_key(settings))
    lifetime = timedelta(minutes=settings.token_minutes)
    sign_in = SignIn(PostgresAccounts(pool), registry, tokens, now, lifetime=lifetime)
    services = Services(
        clock=now, logs=logs, registry=registry, cases=Cases(logs), issues=issues,
        requests=Requests(logs, registry, issues),
        boards=PostgresBoards(pool, [log.log_id for log in logs.every()]),
        sign_in=sign_in, accounts=KeepingAccounts(sign_in, registry),
        divisions=Divisions(desk), grids=Grids(desk, flaw), units=Units(desk), staff=StaffRoll(desk),
        catalogue=Catalogue(desk), desk=desk, rate_policy=RatePolicy(),
    )  # fmt: skip
    return House(settings, services, logs, Projector(pool, logs.every()))


async def _every(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    """Do `work` again and again until cancelled. A fault is logged, and the next turn tries again."""
    while True:
        try:
            await work()
        except Exception:
            logger.exception("worker_failed", worker=work.__qualname__)
        await asyncio.sleep(seconds)


def now() -> datetime:
    """The present, aware. The one clock of the program."""
    return datetime.now(UTC)


def cli_actor(settings: Settings) -> Actor:
    """Who acts at the command line: the operator, with the reference data of the whole city."""
    return Actor(id="operator", roles=frozenset({Role.ADMIN}), unit="", areas=(settings.city,))


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
