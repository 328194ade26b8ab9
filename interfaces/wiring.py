"""Wiring: the only module that names infrastructure. Joins ports and their implementations, once a process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import anyio.to_thread
import structlog
from psycopg_pool import AsyncConnectionPool

from application.audit.replaying import Replaying
from application.dispatch.trial import Trial
from application.escalations import Escalations
from application.importing.calendars import ImportingCalendars
from application.importing.duties import ImportingDuties
from application.issues import Issues
from application.keeping_accounts import KeepingAccounts
from application.recalculating import Recalculating
from application.registry.addresses import Addresses
from application.registry.admission_policies import AdmissionPolicies
from application.registry.admission_rules import AdmissionRules
from application.registry.calendars import Calendars
from application.registry.catalogue import Catalogue
from application.registry.contacts import Contacts
from application.registry.desk import RegistryDesk
from application.registry.dispatch_rules import RuleEditions
from application.registry.division_moves import DivisionMoves
from application.registry.divisions import Divisions
from application.registry.duty_admissions import DutyAdmissions
from application.registry.editions import Editions
from application.registry.grid_checks import GroundRules
from application.registry.grid_work import GridWork
from application.registry.grids import Grids
from application.registry.leaving import Leaving
from application.registry.limit_rules import LimitEditions
from application.registry.registry import KINDS
from application.registry.relations import UnitRelations
from application.registry.rosters import Rosters
from application.registry.staff import StaffRoll
from application.registry.statistics_policies import StatisticsEditions
from application.registry.trials import Trials
from application.registry.unit_names import UnitNames
from application.registry.units import Units
from application.requests import Requests
from application.services import Services
from application.sign_in import SignIn
from application.statistics.bulletins import Bulletins
from application.statistics.ledgers import Ledgers
from application.statistics.policies import PoliciesInForce
from application.statistics.rankings import Rankings
from application.statistics.statistics import Statistics
from application.statistics.unit_ledger import UnitLedger
from application.statistics.what_if import WhatIfs
from application.timers import FiringTimers, IssueTimers
from application.whistles import Whistles
from domain.actor import Actor, Role
from domain.duty_attempt import DutyAttempt
from domain.grid_issue import GridIssue
from domain.registry.admission_policy import OffList
from domain.resident_request import ResidentRequest
from domain.statistics.bulletin import Bulletin
from domain.whistle import Whistle
from infrastructure import embedded
from infrastructure.accounts import PostgresAccounts
from infrastructure.audit.replays import PostgresReplays
from infrastructure.calendar_watch import CalendarWatch
from infrastructure.calendars import chinese_office_calendar, chinese_years
from infrastructure.embedded_home import EmbeddedPostgresError
from infrastructure.eventstore import bulk
from infrastructure.eventstore.log import RECONNECT_SECONDS, EventLogs, open_logs
from infrastructure.eventstore.snapshots import snapshot_long_streams
from infrastructure.icalendar_days import read_icalendar
from infrastructure.migrate import DatabaseUnreachable, migrate
from infrastructure.own_server import own_server
from infrastructure.projections.assigned_cases import PostgresAssignedCases
from infrastructure.projections.boards import PostgresBoards
from infrastructure.projections.comparing import Comparing
from infrastructure.projections.duty_attempts import PostgresAttempts
from infrastructure.projections.filed_cases import PostgresFiledCases
from infrastructure.projections.filling import fill_models
from infrastructure.projections.generations import DeadLettersLeft
from infrastructure.projections.in_hand import PostgresInHand
from infrastructure.projections.measured_cases import PostgresMeasuredCases
from infrastructure.projections.open_cases import PostgresOpenCases
from infrastructure.projections.projection import read_models
from infrastructure.projections.projector import Projector
from infrastructure.projections.shown_clocks import PostgresCaseClocks
from infrastructure.projections.timers import PostgresDueCases
from infrastructure.registry.address_map import AddressMap
from infrastructure.registry.surveying import ShapelySurveyor
from infrastructure.registry.view import RegistryView
from infrastructure.search.index import SearchIndex
from infrastructure.search.recent_use import RecentUse
from infrastructure.secret_key import secret_key
from infrastructure.settings import Settings, WrongSettings, load
from infrastructure.statistics.bulletin_changes import PostgresFactChanges
from infrastructure.statistics.bulletins import PostgresBulletins
from infrastructure.statistics.facts import PostgresFacts
from infrastructure.statistics.ledger_files import LedgerFiles
from infrastructure.statistics.ledger_rows import PostgresLedgerRows
from infrastructure.statistics.what_if_histories import PostgresHistories
from infrastructure.statistics.what_if_jobs import PostgresJobs
from infrastructure.statistics.what_if_work import WhatIfWork
from infrastructure.telemetry import configure
from infrastructure.timer_work import TimerWork
from infrastructure.tokens import SignedTokens

AGGREGATES = (ResidentRequest, GridIssue, Whistle, DutyAttempt, Bulletin, *KINDS)
REGISTRY_REFRESH_SECONDS = 0.5
RECENT_USE_SECONDS = 2.0
SNAPSHOT_SECONDS = 60.0
CALENDAR_SECONDS = 60.0
WHAT_IF_SECONDS = 1.0
OPERATING: tuple[type[Exception], ...] = (
    WrongSettings, EmbeddedPostgresError, DatabaseUnreachable, DeadLettersLeft,
)  # fmt: skip
"""What an operator can mend: a setting, the data folder, the address of the database, events set aside."""
logger = structlog.get_logger(__name__)

__all__ = [
    "OPERATING", "House", "Settings", "bulk", "cli_actor", "configure", "fill_models", "load", "open_house",
    "own_server",
]  # fmt: skip


class House:
    """One wired process: settings, services, the logs and the projector that follows them."""

    def __init__(
        self, settings: Settings, services: Services, logs: EventLogs, projector: Projector, timer_work: TimerWork,
        what_if_work: WhatIfWork,
    ) -> None:  # fmt: skip
        self.settings, self.services, self.logs, self.projector = settings, services, logs, projector
        self.comparing = Comparing(projector)
        self.timer_work, self.timers_may_fire = timer_work, asyncio.Event()
        self.timers_may_fire.set()
        self.what_if_work = what_if_work

    async def work(self) -> None:
        """Follow the logs until cancelled: boards, the registry, what was used lately, snapshots."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.projector.run())
            group.create_task(_every(REGISTRY_REFRESH_SECONDS, self.services.registry.refresh))
            group.create_task(_every(RECENT_USE_SECONDS, self.services.search.refresh))
            group.create_task(_every(SNAPSHOT_SECONDS, self._write_snapshots))
            if self.settings.timer_seconds:
                group.create_task(self._fire_timers())
            watch = CalendarWatch(self.services.calendars.in_force, now)
            group.create_task(_every(CALENDAR_SECONDS, watch.look))
            group.create_task(_every(WHAT_IF_SECONDS, self.what_if_work.look))

    async def _fire_timers(self) -> None:
        await self.timers_may_fire.wait()
        await _every(self.settings.timer_seconds, self.timer_work.look)

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
        pool = AsyncConnectionPool(
            url, min_size=1, max_size=12, timeout=5, reconnect_timeout=RECONNECT_SECONDS, open=False
        )
        await stack.enter_async_context(pool)
        house = await _wire(settings, logs, pool)
        if workers:
            task = asyncio.create_task(house.work())
            stack.push_async_callback(_stop, task)
        yield house


async def _wire(settings: Settings, logs: EventLogs, pool: AsyncConnectionPool) -> House:
    search, surroundings = SearchIndex(RecentUse(logs.every())), AddressMap()
    registry = RegistryView(logs.city, search, surroundings)
    await registry.refresh()
    desk = RegistryDesk(logs.city, registry)
    ground = GroundRules(registry, ShapelySurveyor())
    grid_work = GridWork.of(desk, ground, logs, PostgresOpenCases(pool, logs))
    duties = AdmissionRules(registry, OffList(settings.duty_list_policy))
    issues = Issues(logs, registry, chinese_office_calendar(), duties, settings.redo_policy)
    sign_in = _sign_in(settings, pool, registry)
    boards = PostgresBoards(pool, [log.log_id for log in logs.every()])
    escalations, due_cases = Escalations(logs, registry), PostgresDueCases(pool)
    issue_timers = IssueTimers(issues, passing_up=escalations if settings.escalate_missed else None)
    editions = Editions(desk)
    statistics, policies = Statistics(PostgresFacts(pool, boards.log_ids), registry), PoliciesInForce(registry)
    jobs, histories = PostgresJobs(pool), PostgresHistories(pool, logs.city.log_id)
    services = Services(
        clock=now, logs=logs, registry=registry, cases=issues.cases, issues=issues,
        requests=Requests(logs, registry, issues),
        escalations=escalations, whistles=Whistles(logs, registry, issues.calendars),
        boards=boards, timers=FiringTimers(logs, due_cases, issue_timers), case_clocks=PostgresCaseClocks(pool),
        unit_relations=UnitRelations(desk), rosters=Rosters(desk, chinese_office_calendar()), contacts=Contacts(desk),
        leaving=Leaving(desk, logs, boards, PostgresInHand(pool, boards.log_ids)),
        sign_in=sign_in, accounts=KeepingAccounts(sign_in, registry),
        divisions=Divisions(desk), division_moves=DivisionMoves(desk), grids=Grids(desk, ground), grid_work=grid_work,
        units=Units(desk, duties), staff=StaffRoll(desk),
        calendars=Calendars(desk, issues.calendars, chinese_years),
        importing_calendars=ImportingCalendars(desk, read_icalendar),
        recalculating=Recalculating(logs, registry, issues.calendars, PostgresMeasuredCases(pool)),
        catalogue=Catalogue(desk), editions=editions, unit_names=UnitNames(desk),
        edition_trials=Trials(editions, registry, PostgresFiledCases(pool, boards.log_ids), issues.calendars),
        replaying=Replaying(PostgresReplays(pool), boards.log_ids, issue_timers.calendar_of, registry),
        desk=desk, addresses=Addresses(desk), surroundings=surroundings, search=search,
        duty_admissions=DutyAdmissions(desk, duties), admission_policies=AdmissionPolicies(desk),
        duty_attempts=PostgresAttempts(pool, [log.log_id for log in logs.every()]),
        importing_duties=ImportingDuties(desk, duties),
        statistics_editions=StatisticsEditions(desk), policies=policies,
        statistics=statistics, rankings=Rankings(statistics, policies),
        bulletins=Bulletins(logs, boards, statistics, policies, PostgresFactChanges(pool)),
        bulletin_list=PostgresBulletins(pool, boards.log_ids),
        what_ifs=WhatIfs(jobs, logs, registry, issues.calendars),
        ledgers=Ledgers(PostgresLedgerRows(boards), LedgerFiles(), registry, UnitLedger(statistics, policies)),
        limit_editions=LimitEditions(desk), rule_editions=RuleEditions(desk),
        dispatch_trial=Trial(PostgresAssignedCases(pool), logs, issues.dispatching),
    )  # fmt: skip
    projector = Projector(pool, logs.every(), read_models(issue_timers.calendar_of))
    return House(
        settings, services, logs, projector, TimerWork(services.timers, due_cases, boards.log_ids, now),
        WhatIfWork(jobs, histories, registry, issues.calendars, statistics, policies),
    )  # fmt: skip


def _sign_in(settings: Settings, pool: AsyncConnectionPool, registry: RegistryView) -> SignIn:
    lifetime = timedelta(minutes=settings.token_minutes)
    return SignIn(PostgresAccounts(pool), registry, SignedTokens(secret_key(settings)), now, lifetime=lifetime)


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
