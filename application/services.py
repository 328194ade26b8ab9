"""Services: everything a face calls, wired once at the start of the process."""

from __future__ import annotations

from dataclasses import dataclass

from application.attachments import Attachments
from application.audit.desk import AuditDesk
from application.audit.replaying import Replaying
from application.clock_views import CaseClocks
from application.command import Cases
from application.dispatch.trial import Trial
from application.duty_report import AttemptReport
from application.escalations import Escalations
from application.feed.feed import Feed
from application.feed.streams import FeedStreams
from application.feed.webhooks import Webhooks
from application.following.following import Following
from application.importing.calendars import ImportingCalendars
from application.importing.duties import ImportingDuties
from application.issues import Issues
from application.keeping_accounts import KeepingAccounts
from application.near.near_cases import NearCases
from application.open311.office import Open311
from application.ports import Clock, Logs
from application.privacy.erasing import Erasing
from application.privacy.phone_search import PhoneSearch
from application.privacy.readings import ReadingReport, Readings
from application.privacy.rotation import KeyRotation
from application.proof.proving import Proving
from application.reaching import reach
from application.recalculating import Recalculating
from application.registry.addresses import Addresses, Surroundings
from application.registry.admission_policies import AdmissionPolicies
from application.registry.calendars import Calendars
from application.registry.catalogue import Catalogue
from application.registry.contacts import Contacts
from application.registry.desk import RegistryDesk
from application.registry.dispatch_rules import RuleEditions
from application.registry.division_moves import DivisionMoves
from application.registry.divisions import Divisions
from application.registry.duty_admissions import DutyAdmissions
from application.registry.editions import Editions
from application.registry.grid_work import GridWork
from application.registry.grids import Grids
from application.registry.leaving import Leaving
from application.registry.limit_rules import LimitEditions
from application.registry.registry import Registry
from application.registry.relations import UnitRelations
from application.registry.rosters import Rosters
from application.registry.staff import StaffRoll
from application.registry.statistics_policies import StatisticsEditions
from application.registry.trials import Trials
from application.registry.unit_names import UnitNames
from application.registry.units import Units
from application.requests import Requests
from application.search import Search
from application.sign_in import SignIn
from application.statistics.bulletin_list import BulletinList
from application.statistics.bulletins import Bulletins
from application.statistics.glances import Glances
from application.statistics.ledgers import Ledgers
from application.statistics.policies import PoliciesInForce
from application.statistics.rankings import Rankings
from application.statistics.statistics import Statistics
from application.statistics.what_if import WhatIfs
from application.timers import FiringTimers
from application.views import Boards
from application.whistles import Whistles


@dataclass(frozen=True)
class Services:
    """Use cases, boards and the clock."""

    clock: Clock
    logs: Logs
    registry: Registry
    cases: Cases
    issues: Issues
    requests: Requests
    following: Following
    near: NearCases
    escalations: Escalations
    whistles: Whistles
    attachments: Attachments
    boards: Boards
    case_clocks: CaseClocks
    readings: Readings
    reading_report: ReadingReport
    phone_search: PhoneSearch
    erasing: Erasing
    keys: KeyRotation
    audit: AuditDesk
    timers: FiringTimers
    sign_in: SignIn
    accounts: KeepingAccounts
    divisions: Divisions
    division_moves: DivisionMoves
    grids: Grids
    grid_work: GridWork
    units: Units
    unit_relations: UnitRelations
    staff: StaffRoll
    leaving: Leaving
    rosters: Rosters
    contacts: Contacts
    calendars: Calendars
    importing_calendars: ImportingCalendars
    recalculating: Recalculating
    catalogue: Catalogue
    editions: Editions
    unit_names: UnitNames
    edition_trials: Trials
    duty_admissions: DutyAdmissions
    duty_attempts: AttemptReport
    importing_duties: ImportingDuties
    admission_policies: AdmissionPolicies
    desk: RegistryDesk
    rule_editions: RuleEditions
    dispatch_trial: Trial
    limit_editions: LimitEditions
    addresses: Addresses
    surroundings: Surroundings
    search: Search
    proving: Proving
    statistics_editions: StatisticsEditions
    policies: PoliciesInForce
    statistics: Statistics
    glances: Glances
    rankings: Rankings
    bulletins: Bulletins
    bulletin_list: BulletinList
    what_ifs: WhatIfs
    ledgers: Ledgers
    feed: Feed
    feed_streams: FeedStreams
    webhooks: Webhooks
    open311: Open311

    @property
    def replaying(self) -> Replaying:
        """The past, without proofs."""
        return self.audit.replaying

    async def reach(self, log_id: str, position: int, *, within_seconds: float = 5.0) -> None:
        """Wait until the boards of a log show `position`. Refuses `NotYetVisible` when they do not in time."""
        await reach(self.boards, log_id, position, within_seconds=within_seconds)
