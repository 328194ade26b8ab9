"""Wired services: every use case with what it needs from outside, built once a process for `interfaces.wiring`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

from psycopg_pool import AsyncConnectionPool

from application.attachments import Attachments
from application.dispatch.trial import Trial
from application.escalations import Escalations
from application.feed.feed import Feed
from application.feed.streams import FeedStreams
from application.feed.webhooks import Webhooks
from application.following.following import Following
from application.following.self_rating import SelfRating
from application.following.tickets import FollowTickets
from application.importing.calendars import ImportingCalendars
from application.importing.duties import ImportingDuties
from application.issues import Issues
from application.keeping_accounts import KeepingAccounts
from application.near.near_cases import NearCases
from application.open311.keys import KeepingApiKeys
from application.open311.offered import ServiceList
from application.open311.office import About, Open311
from application.open311.reporting import Reporting
from application.ports import Clock
from application.privacy.erasing import Erasing
from application.privacy.phone_search import PhoneSearch
from application.privacy.readings import Readings
from application.proof.proving import Proving
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
from application.statistics.glances import Glances
from application.statistics.ledgers import Ledgers
from application.statistics.policies import PoliciesInForce
from application.statistics.rankings import Rankings
from application.statistics.statistics import Statistics
from application.statistics.unit_ledger import UnitLedger
from application.statistics.what_if import WhatIfs
from application.timers import FiringTimers, IssueTimers
from application.whistles import Whistles
from domain.registry.admission_policy import OffList
from infrastructure.accounts import PostgresAccounts
from infrastructure.attachments.examining import PillowExaminer
from infrastructure.attachments.objects import Objects, open_store
from infrastructure.attachments.store import SealedStore
from infrastructure.calendars import chinese_office_calendar, chinese_years
from infrastructure.eventstore.log import EventLogs
from infrastructure.feed.case_events import PostgresCaseEvents
from infrastructure.feed.outside import Outside
from infrastructure.feed.tail import Tail
from infrastructure.feed.webhook_rows import PostgresDeliveries
from infrastructure.feed.webhook_secrets import PostgresHookSecrets
from infrastructure.feed.webhook_sending import Sender
from infrastructure.feed.webhook_work import WebhookWork
from infrastructure.icalendar_days import read_icalendar
from infrastructure.open311.api_keys import PostgresApiKeys
from infrastructure.open311.public_cases import PostgresPublicCases
from infrastructure.privacy.follow_codes import FollowCodes
from infrastructure.privacy.forgetting import PostgresForgetting
from infrastructure.privacy.guesses import PostgresGuesses
from infrastructure.privacy.reading_report import PostgresReadings
from infrastructure.privacy.rotating import PostgresRotation
from infrastructure.privacy.vault import Vault
from infrastructure.projections.assigned_cases import PostgresAssignedCases
from infrastructure.projections.boards import PostgresBoards
from infrastructure.projections.duty_attempts import PostgresAttempts
from infrastructure.projections.feed import Feed as LogFeed
from infrastructure.projections.filed_cases import PostgresFiledCases
from infrastructure.projections.followed_cases import PostgresFollowedCases
from infrastructure.projections.in_hand import PostgresInHand
from infrastructure.projections.measured_cases import PostgresMeasuredCases
from infrastructure.projections.near import PostgresNear
from infrastructure.projections.open_cases import PostgresOpenCases
from infrastructure.projections.projection import read_models
from infrastructure.projections.projector import Projector
from infrastructure.projections.shown_clocks import PostgresCaseClocks
from infrastructure.projections.timers import PostgresDueCases
from infrastructure.projections.waking import Waking
from infrastructure.proof.sealed_logs import PostgresSealedLogs
from infrastructure.registry.address_map import AddressMap
from infrastructure.registry.surveying import ShapelySurveyor
from infrastructure.registry.view import RegistryView
from infrastructure.search.index import SearchIndex
from infrastructure.search.recent_use import RecentUse
from infrastructure.secret_key import secret_key
from infrastructure.settings import Settings
from infrastructure.statistics.bulletin_changes import PostgresFactChanges
from infrastructure.statistics.bulletins import PostgresBulletins
from infrastructure.statistics.facts import PostgresFacts
from infrastructure.statistics.ledger_files import LedgerFiles
from infrastructure.statistics.ledger_rows import PostgresLedgerRows
from infrastructure.statistics.what_if_histories import PostgresHistories
from infrastructure.statistics.what_if_jobs import PostgresJobs
from infrastructure.statistics.what_if_work import WhatIfWork
from infrastructure.timer_work import TimerWork
from infrastructure.tokens import SignedTokens
from interfaces.wired_audit import audit_desk


@dataclass(frozen=True)
class Wired:
    """The services of a process, and its workers."""

    services: Services
    projector: Projector
    timer_work: TimerWork
    what_if_work: WhatIfWork
    tail: Tail
    webhook_work: WebhookWork


async def wire(
    settings: Settings, logs: EventLogs, pool: AsyncConnectionPool, vault: Vault, trees: Sequence[str], now: Clock
) -> Wired:  # fmt: skip
    """Join use cases and implementations. `trees` are the ids of all logs' trees, `now` the one clock."""
    search, surroundings = SearchIndex(RecentUse(logs.every())), AddressMap()
    registry = await _registry(logs, search, surroundings)
    desk, ground = RegistryDesk(logs.city, registry), GroundRules(registry, ShapelySurveyor())
    duties = AdmissionRules(registry, OffList(settings.duty_list_policy))
    sign_in, readings = _sign_in(settings, pool, registry, now), Readings(logs, now)
    boards = PostgresBoards(pool, [log.log_id for log in logs.every()], vault)
    store, attachments = _attachments(settings, vault, boards, readings, now)
    issues = Issues(logs, registry, chinese_office_calendar(), duties, settings.redo_policy, attachments)
    requests, escalations = Requests(logs, registry, issues), Escalations(logs, registry)
    issue_timers = IssueTimers(issues, passing_up=escalations if settings.escalate_missed else None)
    jobs, histories, due_cases = PostgresJobs(pool), PostgresHistories(pool, logs.city.log_id), PostgresDueCases(pool)
    tail, webhooks, pushing = _feed(settings, pool, vault, logs, desk, now)
    statistics, glances, policies = _statistics(PostgresFacts(pool, boards.log_ids), registry)
    services = Services(
        clock=now, logs=logs, registry=registry, cases=issues.cases, issues=issues, escalations=escalations,
        requests=requests, timers=FiringTimers(logs, due_cases, issue_timers), boards=boards,
        following=_following(settings, logs, boards, readings, attachments, registry, now),
        open311=_open311(settings, boards, requests, search, attachments, now),
        readings=readings, reading_report=PostgresReadings(pool), phone_search=PhoneSearch(boards, readings),
        keys=PostgresRotation(vault), erasing=_erasing(settings, logs, vault, store), attachments=attachments,
        unit_relations=UnitRelations(desk), rosters=Rosters(desk, chinese_office_calendar()), contacts=Contacts(desk),
        leaving=Leaving(desk, logs, boards, PostgresInHand(pool, boards.log_ids)), statistics=statistics,
        sign_in=sign_in, accounts=KeepingAccounts(sign_in, registry), units=Units(desk, duties), staff=StaffRoll(desk),
        divisions=Divisions(desk), division_moves=DivisionMoves(desk), grids=Grids(desk, ground),
        grid_work=GridWork.of(desk, ground, logs, PostgresOpenCases(pool, logs)),
        calendars=Calendars(desk, issues.calendars, chinese_years), whistles=Whistles(logs, registry, issues.calendars),
        importing_calendars=ImportingCalendars(desk, read_icalendar), rankings=Rankings(statistics, policies),
        recalculating=Recalculating(logs, registry, issues.calendars, PostgresMeasuredCases(pool)),
        catalogue=Catalogue(desk), editions=Editions(desk), unit_names=UnitNames(desk),
        edition_trials=Trials(Editions(desk), registry, PostgresFiledCases(pool, boards.log_ids), issues.calendars),
        audit=audit_desk(settings, pool, logs, trees, issue_timers.calendar_of, registry, now),
        desk=desk, addresses=Addresses(desk), surroundings=surroundings, search=search, feed_streams=_streams(tail),
        near=NearCases(PostgresNear(boards), boards, registry, readings), duty_admissions=DutyAdmissions(desk, duties),
        admission_policies=AdmissionPolicies(desk), duty_attempts=PostgresAttempts(pool, boards.log_ids),
        importing_duties=ImportingDuties(desk, duties), statistics_editions=StatisticsEditions(desk), policies=policies,
        bulletins=Bulletins(logs, boards, statistics, policies, PostgresFactChanges(pool)), glances=glances,
        bulletin_list=PostgresBulletins(pool, boards.log_ids), what_ifs=WhatIfs(jobs, logs, registry, issues.calendars),
        ledgers=_ledgers(boards, registry, statistics, policies, readings), webhooks=webhooks,
        limit_editions=LimitEditions(desk), rule_editions=RuleEditions(desk), feed=Feed(tail.events, boards.log_ids),
        proving=Proving(PostgresSealedLogs(pool, trees), boards.log_ids, trees), case_clocks=PostgresCaseClocks(pool),
        dispatch_trial=Trial(PostgresAssignedCases(pool), logs, issues.dispatching),
    )  # fmt: skip
    projector = Projector(pool, logs.every(), read_models(issue_timers.calendar_of))
    what_if_work = WhatIfWork(jobs, histories, registry, issues.calendars, statistics, policies)
    timer_work = TimerWork(services.timers, due_cases, boards.log_ids, now)
    return Wired(services, projector, timer_work, what_if_work, tail, pushing)


def _statistics(facts: PostgresFacts, registry: RegistryView) -> tuple[Statistics, Glances, PoliciesInForce]:
    return Statistics(facts, registry), Glances(facts, registry, monotonic), PoliciesInForce(registry)


def _attachments(
    settings: Settings, vault: Vault, boards: PostgresBoards, readings: Readings, now: Clock
) -> tuple[SealedStore, Attachments]:
    store = SealedStore(vault, Objects(open_store(settings.attachment_store, settings.data_dir)))
    return store, Attachments(store, PillowExaminer.of_this_machine(), boards, readings, now)


async def _registry(logs: EventLogs, search: SearchIndex, surroundings: AddressMap) -> RegistryView:
    registry = RegistryView(logs.city, search, surroundings)
    await registry.refresh()
    return registry


def _sign_in(settings: Settings, pool: AsyncConnectionPool, registry: RegistryView, now: Clock) -> SignIn:
    lifetime = timedelta(minutes=settings.token_minutes)
    return SignIn(PostgresAccounts(pool), registry, SignedTokens(secret_key(settings)), now, lifetime=lifetime)


def _streams(tail: Tail) -> FeedStreams:
    return FeedStreams(Feed(tail, tail.log_ids), tail)


def _following(
    settings: Settings, logs: EventLogs, boards: PostgresBoards, readings: Readings, attachments: Attachments,
    registry: RegistryView, now: Clock,
) -> Following:  # fmt: skip
    codes, cases = FollowCodes(secret_key(settings)), PostgresFollowedCases(boards.pool)
    guesses, rating = PostgresGuesses(boards.pool, codes), SelfRating(logs)
    tickets = FollowTickets(codes, boards, readings, now)
    return Following(cases, codes, guesses, rating, attachments, tickets, registry, now)


def _open311(
    settings: Settings, boards: PostgresBoards, requests: Requests, search: SearchIndex, attachments: Attachments,
    now: Clock,
) -> Open311:  # fmt: skip
    registry, public = requests.registry, PostgresPublicCases(boards.pool, boards.log_ids, boards.vault)
    keys = KeepingApiKeys(PostgresApiKeys(boards.pool), registry, now)
    about = About(settings.open311_contact, settings.open311_key_service, settings.open311_type)
    reporting = Reporting(requests, registry, search, attachments)
    return Open311(requests.logs, keys, ServiceList(registry), public, reporting, about)


def _ledgers(
    boards: PostgresBoards, registry: RegistryView, statistics: Statistics, policies: PoliciesInForce,
    readings: Readings,
) -> Ledgers:  # fmt: skip
    unit_ledger = UnitLedger(statistics, policies)
    return Ledgers(PostgresLedgerRows(boards), LedgerFiles(), registry, unit_ledger, readings)


def _feed(
    settings: Settings, pool: AsyncConnectionPool, vault: Vault, logs: EventLogs, desk: RegistryDesk, now: Clock
) -> tuple[Tail, Webhooks, WebhookWork]:  # fmt: skip
    log_ids = [log.log_id for log in logs.every()]
    tail = Tail(PostgresCaseEvents(pool), LogFeed(pool), Waking(pool, log_ids), log_ids)
    rows, secrets = PostgresDeliveries(pool), PostgresHookSecrets(pool, vault.keeper)
    outside = Outside(settings.webhook_networks)
    work = WebhookWork(desk.registry, tail, rows, secrets, Sender(outside, now))
    return tail, Webhooks(desk, logs, secrets, rows, outside.require_allowed), work


def _erasing(settings: Settings, logs: EventLogs, vault: Vault, store: SealedStore) -> Erasing:
    retention = timedelta(days=settings.retention_days)
    return Erasing(logs, PostgresForgetting(vault, settings.data_dir, store), retention)
