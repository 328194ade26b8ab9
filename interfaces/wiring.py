"""Wiring: the only module that names infrastructure. Joins ports and their implementations, once a process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import anyio.to_thread
import structlog
from psycopg_pool import AsyncConnectionPool

from application.command import Cases
from application.issues import DutyPolicy, Issues
from application.keeping_accounts import KeepingAccounts
from application.registry_catalogue import Catalogue
from application.registry_desk import RegistryDesk
from application.registry_divisions import Divisions
from application.registry_grids import Grids
from application.registry_staff import StaffRoll
from application.registry_units import Units
from application.requests import Requests
from application.services import Services
from application.sign_in import SignIn
from domain.actor import Actor, Role
from domain.case_type import CaseType
from domain.division import Division
from domain.grid import Grid
from domain.grid_issue import GridIssue
from domain.rates import RatePolicy
from domain.resident_request import ResidentRequest
from domain.staff import Staff
from domain.unit import Unit
from infrastructure import embedded
from infrastructure.accounts import PostgresAccounts
from infrastructure.calendars import chinese_office_calendar
from infrastructure.embedded_home import EmbeddedPostgresError
from infrastructure.grid_map import flaw
from infrastructure.migrate import DatabaseUnreachable, migrate
from infrastructure.postgres_logs import PostgresLogs
from infrastructure.projections.boards import PostgresBoards
from infrastructure.projections.projector import Projector
from infrastructure.registry_view import RegistryView
from infrastructure.secret_key import secret_key
from infrastructure.settings import Settings, WrongSettings, load
from infrastructure.telemetry import configure
from infrastructure.tokens import SignedTokens

AGGREGATES = (ResidentRequest, GridIssue, Division, Grid, Unit, Staff, CaseType)
REGISTRY_REFRESH_SECONDS = 0.5
OPERATING: tuple[type[Exception], ...] = (WrongSettings, EmbeddedPostgresError, DatabaseUnreachable)
"""What an operator can mend: a setting, the data folder, the address of the database."""
logger = structlog.get_logger(__name__)

__all__ = ["OPERATING", "House", "Settings", "cli_actor", "configure", "load", "open_house"]


class House:
    """One wired process: settings, services and the projector that follows the logs."""

    def __init__(self, settings: Settings, services: Services, projector: Projector) -> None:
        self.settings, self.services, self.projector = settings, services, projector

    async def work(self) -> None:
        """Follow the logs until cancelled: boards and the registry."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.projector.run())
            group.create_task(self._refresh_registry())

    async def _refresh_registry(self) -> None:
        while True:
            try:
                await self.services.registry.refresh()
            except Exception:
                logger.exception("registry_refresh_failed")
            await asyncio.sleep(REGISTRY_REFRESH_SECONDS)


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
        logs = await anyio.to_thread.run_sync(PostgresLogs, url, settings.city, settings.districts, AGGREGATES)
        stack.callback(logs.close)
        pool = AsyncConnectionPool(url, min_size=1, max_size=12, timeout=5, open=False)
        await stack.enter_async_context(pool)
        house = await _wire(settings, logs, pool)
        if workers:
            task = asyncio.create_task(house.work())
            stack.push_async_callback(_stop, task)
        yield house


async def _wire(settings: Settings, logs: PostgresLogs, pool: AsyncConnectionPool) -> House:
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
    return House(settings, services, Projector(pool, logs.every()))


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
